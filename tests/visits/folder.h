/* SPDX-License-Identifier: MIT
 *
 * folder.h - folders that a visit makes and takes away.
 */
#ifndef TESTS_VISITS_FOLDER_H
#define TESTS_VISITS_FOLDER_H

#include <glib.h>

gboolean folder_make(const char *path, GError **error);

/* Remove it with everything in it; links are not followed. */
void folder_remove(const char *path);

/* Empty, whatever was there. */
gboolean folder_make_anew(const char *path, GError **error);

#endif
