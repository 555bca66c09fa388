/* SPDX-License-Identifier: MIT
 *
 * view.h - reading the a{sv} that the door gives, with defaults for what is absent.
 *
 * Returned strings are borrowed from the view. A value of another type counts as absent.
 */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include <glib.h>

const char *view_str(GVariant *view, const char *key);    /* "" if absent */
guint view_uint(GVariant *view, const char *key);         /* 0 */
guint64 view_uint64(GVariant *view, const char *key);     /* 0 */
gint64 view_time(GVariant *view, const char *key);        /* 0 */
gboolean view_bool(GVariant *view, const char *key);      /* FALSE */
GVariant *view_list(GVariant *view, const char *key);     /* new reference; NULL if absent */
GVariant *view_typed(GVariant *view, const char *key, const char *type); /* same, of `type` */
gboolean view_has(GVariant *view, const char *key, const char *word); /* word in an `as` */
gboolean view_may(GVariant *view, const char *intent);    /* word in `intents` */
/* "name-ja" or "name-en" by language, the other one if that is empty. */
const char *view_lang_str(GVariant *view, const char *stem, const char *lang);
/* Second string of the row of an a(ss) that begins with `first`; "". */
const char *view_pair(GVariant *view, const char *key, const char *first);
/* URL of a link in `lang` ("step1-en"), else the one for every language; "". */
const char *view_link(GVariant *view, const char *what, const char *lang);

/* An empty view, new reference: what a page is shown when it must forget. */
GVariant *view_blank(void);

#endif
