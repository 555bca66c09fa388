/* SPDX-License-Identifier: MIT
 *
 * style.h - the stylesheet, and the one generated rule: each window's type size.
 *
 * Sizes in the sheet are in em, so a window grows with its monitor's millimetres and the
 * size its user chose. Main thread.
 */
#ifndef UI_STYLE_H
#define UI_STYLE_H

#include <gtk/gtk.h>

#define STYLE_SIZES 3 /* steps of text size */

/* Load the sheet and the settings that do not depend on a desktop. Once, after gtk_init. */
void style_init(void);

/* The rule of one window. */
struct style_size;
struct style_size *style_size_new(GtkWidget *window, const char *class_, double em_mm);
struct style_size *style_size_free(struct style_size *size);

/* `step` 0 … STYLE_SIZES - 1. Also looks again where the window is. */
void style_size_set(struct style_size *size, guint step);

void style_contrast(GtkWidget *window, gboolean high);

#endif
