/* SPDX-License-Identifier: MIT
 *
 * window.h - one of the two windows: its language, its view, its intents.
 *
 * Main thread. Pages receive a `struct window` and know nothing else.
 */
#ifndef UI_WINDOW_H
#define UI_WINDOW_H

#include <gtk/gtk.h>

struct window;

/* "ja" or "en": the language the pages of this window are built in. */
const char *window_lang(const struct window *window);

/* Send an intent of counter.xml for the visit and step of the view now shown.
 * `args`: floating tuple of what follows visit and step ("()" or NULL: nothing). A
 * refusal is no error here: the next view tells what holds. */
void window_intent(struct window *window, const char *intent, GVariant *args);

/* Fetch something that is no view: OpenSheet and the like. `done` gets the answer or
 * NULL, on the main loop, and not at all once `owner` was destroyed. */
typedef void (*window_answer)(GtkWidget *owner, GVariant *answer, gpointer data);
void window_ask(struct window *window, GtkWidget *owner, const char *method, GVariant *args,
	window_answer done, gpointer data);

/* Announce a change to assistive technology, once. */
void window_announce(struct window *window, const char *sentence);

#endif
