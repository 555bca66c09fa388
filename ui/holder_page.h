/* SPDX-License-Identifier: MIT
 *
 * holder_page.h - what the holder's pages share. Main thread.
 */
#ifndef UI_HOLDER_PAGE_H
#define UI_HOLDER_PAGE_H

#include "ui/window.h"

/* page_load() of a holder's template: boxes named "picto-<name>" get their pictogram. */
GtkWidget *holder_load(const char *name);

/* The label "title" and the page's headline. */
void holder_title(GtkWidget *page, const char *title);

/* The label `id` greets the person of `view`; hidden without a name. */
void holder_greet(GtkWidget *page, const char *id, struct window *window, GVariant *view);

/* Fill the box `place` with the QR code of the view's link `what`, `caption` above it and the
 * address below it; hide it if there is no such link. A place of class "h-bare" has its caption
 * elsewhere. holder_qr_url() is the same for any URL. */
void holder_qr(GtkWidget *page, const char *place, struct window *window, GVariant *view,
	const char *what, const char *caption);
void holder_qr_url(GtkWidget *page, const char *place, const char *url, const char *caption);

/* The question now asked, the one answered last; "": none. Borrowed from the view. */
const char *holder_asked(GVariant *view);
const char *holder_answered(GVariant *view);

void holder_answer(struct window *window, const char *question, const char *value);

/* The button "holder-back" takes the last answer back; shown while that is possible. */
void holder_back_build(GtkWidget *page, struct window *window);
void holder_back_show(GtkWidget *page, GVariant *view);

/* FALSE for the second press of a finger or mouse that trembles: the next question would be
 * answered by it. Presses by key or assistive technology always count. */
gboolean holder_press_counts(GtkWidget *button);

#endif
