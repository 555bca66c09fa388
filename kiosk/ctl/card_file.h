/* SPDX-License-Identifier: MIT
 *
 * card_file.h - a file that holds what a card holds.
 */
#ifndef KIOSK_CTL_CARD_FILE_H
#define KIOSK_CTL_CARD_FILE_H

#include <glib.h>
#include <stdio.h>

/* A new file of mode 0600; one that is there, or a link, is never touched. NULL with the
 * error set; else the caller closes it. */
FILE *card_file_new(const char *path, GError **error);

/* FALSE: not all that was written is on the disk's way. */
gboolean card_file_close(FILE *file, const char *path, GError **error);

#endif
