/* SPDX-License-Identifier: MIT
 *
 * mark.h - signs that say by shape what colour says too. Drawn, so sharp at any size.
 */
#ifndef UI_MARK_H
#define UI_MARK_H

#include <gtk/gtk.h>

enum mark {
	MARK_NONE,
	MARK_STOP,   /* octagon with a bar */
	MARK_DECIDE, /* triangle with an exclamation mark */
	MARK_SECOND, /* two persons */
	MARK_INFO,   /* circle with an i */
	MARK_DONE,   /* circle with a tick */
	MARK_CARD,   /* a card over a reader */
	MARK_WAIT,   /* three dots */
};

/* Square, as high as the style's font-size; in the style's colour. */
GtkWidget *mark_new(enum mark mark);
void mark_set(GtkWidget *widget, enum mark mark);

#endif
