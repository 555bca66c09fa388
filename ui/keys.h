/* SPDX-License-Identifier: MIT
 *
 * keys.h - keys that press buttons wherever the focus is.
 *
 * Several buttons may wait for one key: the first that is in sight, can be pressed and has
 * not stood back gets it. Main thread.
 */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include <gtk/gtk.h>

struct keys;

struct keys *keys_new(void);
struct keys *keys_free(struct keys *keys); /* after its buttons are gone */

/* Until the button is destroyed. */
void keys_bind(struct keys *keys, GtkWidget *button, guint keyval);

/* A button that stands back leaves its key to others. */
void keys_stand_back(GtkWidget *button, gboolean back);

/* TRUE: a button was pressed. What can be written belongs to a focused entry. */
gboolean keys_press(struct keys *keys, const GdkEventKey *event, GtkWidget *focus);

#endif
