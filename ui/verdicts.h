/* SPDX-License-Identifier: MIT
 *
 * verdicts.h - what card, directory and desk say, worst first: sign, word, sentence.
 */
#ifndef UI_VERDICTS_H
#define UI_VERDICTS_H

#include <gtk/gtk.h>

struct window;

/* Fill `box` from the view. What the check waits for has its buttons: verdicts_choose.h. */
void verdicts_show(GtkWidget *box, struct window *window, GVariant *view);

/* Is a verdict of this severity still open? */
gboolean verdicts_open(GVariant *view, const char *severity);

#endif
