/* SPDX-License-Identifier: MIT
 *
 * window.h - one of the two windows: its language, its view, its intents.
 *
 * Main thread. Pages receive a `struct window` and know nothing else. While a page or part
 * is built, shown or answered, _() speaks the window's language.
 */
#ifndef UI_WINDOW_H
#define UI_WINDOW_H

#include <gtk/gtk.h>

#include "ui/page.h"

struct window;
struct client;

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

/* An intent whose refusal the page wants to hear of: NULL means refused. */
void window_try(struct window *window, GtkWidget *owner, const char *intent, GVariant *args,
	window_answer done, gpointer data);

/* Announce a change to assistive technology, once. */
void window_announce(struct window *window, const char *sentence);

/* Put a page without state over the one of the state, with an argument it finds in
 * window_arg(). It closes by window_back(), Esc, or when state or visit change. */
void window_open(struct window *window, const char *page, GVariant *arg);
void window_back(struct window *window);
GVariant *window_arg(const struct window *window); /* borrowed; NULL if none */

/* The view and health now shown; borrowed, never NULL. */
GVariant *window_view(const struct window *window);
GVariant *window_health(const struct window *window);

/* Pressing `key` anywhere in the window clicks `button` while it can be pressed. */
void window_key(struct window *window, GtkWidget *button, guint key);

/* Next language, text size; other contrast. */
void window_next_lang(struct window *window);
void window_next_size(struct window *window);
void window_next_contrast(struct window *window);

/* --- for app.c --- */

/* A strip above or below the pages, or a sheet over everything (which hides itself); build
 * NULL: none. */
struct window_part {
	GtkWidget *(*build)(struct window *window);
	void (*show)(GtkWidget *part, struct window *window, GVariant *view, GVariant *health);
};

struct window_kind {
	const char *name; /* "desk" | "holder": seat of Touch, style class */
	const char *title;
	double em_mm; /* height of the basic type size */
	const struct page_ops *const *pages; /* NULL-terminated */
	struct window_part head, foot, over;
};

struct window *window_new(const struct window_kind *kind, struct client *client);
struct window *window_free(struct window *window);
GtkWindow *window_toplevel(const struct window *window);

/* Show `view` / `health` (a{sv}). */
void window_set_view(struct window *window, GVariant *view);
void window_set_health(struct window *window, GVariant *health);

/* Where keys go that nothing in this window wants. Borrowed. */
void window_set_heir(struct window *window, struct window *heir);

#endif
