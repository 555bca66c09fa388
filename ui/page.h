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
	const char *state;   /* visit state words it is for, separated by spaces; "": opened
	                      * by name only (window_open); several pages may share a state */
	/* Build the widgets in the window's language. Borrowed from then on by the stack. */
	GtkWidget *(*build)(struct window *window);
	/* Show `view`. Called whenever it changed while this page is visible, and with a
	 * blank view when the page must forget. */
	void (*show)(GtkWidget *page, struct window *window, GVariant *view);
	/* First widget that should have the keyboard; NULL: the first that can. */
	GtkWidget *(*focus)(GtkWidget *page);
	/* Of several pages for one state the first that fits; NULL: always. */
	gboolean (*fits)(GVariant *view);
	/* The text of health changed (left, pending, …: window_health()); NULL: no matter. */
	void (*tick)(GtkWidget *page, struct window *window, GVariant *health);
};

#endif
