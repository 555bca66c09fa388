/* SPDX-License-Identifier: MIT
 *
 * questions.h - the clerk's list of questions with yes and no.
 */
#ifndef UI_QUESTIONS_H
#define UI_QUESTIONS_H

#include <gtk/gtk.h>

struct window;

/* Fill `box` from the view's questions; buttons "desk-answer-<question>-yes" and "-no". F5
 * and F6 answer the first open one. FALSE: nothing is asked. Rows that stay keep their
 * widgets and the keyboard. */
gboolean questions_show(GtkWidget *box, struct window *window, GVariant *view);

#endif
