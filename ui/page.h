/* SPDX-License-Identifier: MIT
 *
 * page.h - one page of one window: built once per language, told each view.
 *
 * A page knows no service: it is given the view (a{sv} of counter.xml) and
 * emits intents. Main thread.
 */
#ifndef UI_PAGE_H
#define UI_PAGE_H

#include <gtk/gtk.h>

struct window; /* window.h: language, current view, intents */

struct page_ops {
	const char *name;    /* GtkStack child name; also the accessible id of the page */
	const char *state;   /* visit state word it is for; several pages may share a window */
	/* Build the widgets in the window's language. Borrowed from then on by the stack. */
	GtkWidget *(*build)(struct window *window);
	/* Show `view`. Called whenever it changed while this page is visible, and with a
	 * blank view when the page must forget. */
	void (*show)(GtkWidget *page, struct window *window, GVariant *view);
	/* First widget that should have the keyboard; NULL: the first that can. */
	GtkWidget *(*focus)(GtkWidget *page);
};

#endif
