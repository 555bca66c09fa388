/* SPDX-License-Identifier: MIT
 *
 * widgets.h - the few things every page does with its template. Main thread.
 */
#ifndef UI_WIDGETS_H
#define UI_WIDGETS_H

#include <gtk/gtk.h>

/* Build /madoguchi/ui/<name>.ui; its object "page" is returned. Objects with an id are found
 * by page_get(); those whose id begins with "desk-" or "holder-" carry it as accessible id. */
GtkWidget *page_load(const char *name);
GtkWidget *page_get(GtkWidget *page, const char *id); /* never NULL: a wrong id ends the program */

/* Back to its top, if it scrolls. */
void page_rewind(GtkWidget *page);

/* The page's headline, as its accessible name: announced when it changes. */
void page_headline(GtkWidget *page, const char *headline);

void page_text(GtkWidget *page, const char *id, const char *text);
/* Show the label with `text`; hide it when that is empty. */
void page_text_or_hide(GtkWidget *page, const char *id, const char *text);
void page_visible(GtkWidget *page, const char *id, gboolean visible);
void page_sensitive(GtkWidget *page, const char *id, gboolean sensitive);
void page_on_click(GtkWidget *page, const char *id, GCallback clicked, gpointer data);
/* Make the button the one that Enter presses. */
void page_default(GtkWidget *page, const char *id);

/* Name a widget made in C: accessible id, widget name and (if not NULL) accessible name. */
void widget_identify(GtkWidget *widget, const char *id, const char *name);
void widget_class(GtkWidget *widget, const char *class_, gboolean on);
GtkWidget *label_new(const char *text, const char *class_); /* wraps, left, not selectable */
void box_clear(GtkWidget *box);

/* Nothing typed here is ever kept: no copy, no menu, no drag; entry_wipe() empties it. */
void entry_secret(GtkWidget *entry);
void entry_digits_only(GtkWidget *entry);
void entry_wipe(GtkWidget *entry);

#endif
