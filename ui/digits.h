/* SPDX-License-Identifier: MIT
 *
 * digits.h - the number printed on the card as a row of boxes, the asked places marked.
 */
#ifndef UI_DIGITS_H
#define UI_DIGITS_H

#include <gtk/gtk.h>

/* Draw the row for the view's digits-length and digits-places. Returns how many are asked. */
guint digits_show(GtkWidget *box, GVariant *view);

/* Put what was typed so far into the marked boxes. */
void digits_fill(GtkWidget *box, const char *typed);

/* "10, 13, 17": the asked places, for a name. Free it. */
char *digits_places_text(GVariant *view);

#endif
