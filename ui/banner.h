/* SPDX-License-Identifier: MIT
 *
 * banner.h - the day of an outage, on top of both windows. Its texts are data of the view.
 */
#ifndef UI_BANNER_H
#define UI_BANNER_H

#include <gtk/gtk.h>

/* Hidden until an incident is in force. */
GtkWidget *banner_new(void);
void banner_show(GtkWidget *banner, GVariant *view, const char *lang);

/* Texts of the incident in `lang`, else English, else any; FALSE: no incident in `view`.
 * The strings are borrowed from the view. */
struct banner_text {
	const char *title, *body, *advice;
};
gboolean banner_text(GVariant *view, const char *lang, struct banner_text *ret);

#endif
