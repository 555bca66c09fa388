/* SPDX-License-Identifier: MIT
 *
 * verdicts_choose.h - buttons below a verdict: grounds of a decision, accounts of a person.
 *
 * New widgets, shown; each button has a number key.
 */
#ifndef UI_VERDICTS_CHOOSE_H
#define UI_VERDICTS_CHOOSE_H

#include <gtk/gtk.h>

struct window;

/* "desk-decide-<verdict>-<ground>" for each ground of the view. */
GtkWidget *verdicts_grounds(struct window *window, const char *verdict);

/* "desk-account-<n>", from 1, for each account of the view; the holder says which. */
GtkWidget *verdicts_accounts(struct window *window);

#endif
