/* SPDX-License-Identifier: MIT
 *
 * fields.h - a request's fields as a table: name, value.
 */
#ifndef UI_FIELDS_H
#define UI_FIELDS_H

#include <gtk/gtk.h>

/* Fill a vertical GtkBox with rows of an a(ss) {code, value}; NULL empties it. Rows whose code is
 * `except` (may be NULL) and those that are not for people are left out. */
void fields_show(GtkWidget *box, GVariant *rows, const char *except);

#endif
