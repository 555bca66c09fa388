/* SPDX-License-Identifier: MIT
 *
 * keypad.h - a number pad in the window, for a telephone number and nothing else.
 *
 * No on-screen keyboard of the desktop is needed, and no input method learns the number.
 * Digits, '+', Backspace and Enter of a real keyboard work as well. Main thread.
 */
#ifndef UI_KEYPAD_H
#define UI_KEYPAD_H

#include <gtk/gtk.h>

/* Shortest and longest telephone number, without a leading '+' (E.164). */
#define KEYPAD_MIN 8
#define KEYPAD_MAX 15

/* The OK key was pressed on a number of a possible length. `number` is wiped afterwards. */
typedef void (*keypad_done)(GtkWidget *keypad, const char *number, gpointer data);

GtkWidget *keypad_new(keypad_done done, gpointer data);

/* Forget what was typed. */
void keypad_wipe(GtkWidget *keypad);

/* The key that should have the keyboard first. */
GtkWidget *keypad_focus(GtkWidget *keypad);

#endif
