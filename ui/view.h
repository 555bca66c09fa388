/* SPDX-License-Identifier: MIT
 *
 * view.h - reading the a{sv} that the door gives, with defaults for what is absent.
 *
 * Returned strings are borrowed from the view.
 */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include <glib.h>

const char *view_str(GVariant *view, const char *key);    /* "" if absent */
guint view_uint(GVariant *view, const char *key);         /* 0 */
guint64 view_uint64(GVariant *view, const char *key);     /* 0 */
gboolean view_bool(GVariant *view, const char *key);      /* FALSE */
GVariant *view_list(GVariant *view, const char *key);     /* new reference; NULL if absent */
gboolean view_has(GVariant *view, const char *key, const char *word); /* word in an `as` */
/* "name-ja" or "name-en" by language, the other one if that is empty. */
const char *view_lang_str(GVariant *view, const char *stem, const char *lang);

#endif
