/* SPDX-License-Identifier: MIT
 *
 * holder_square.h - a drawing as high as its style's font-size.
 *
 * A drawing area knows no size of the stylesheet but its type's; so lengths stay in em and
 * the drawing grows with the window's type size.
 */
#ifndef UI_HOLDER_SQUARE_H
#define UI_HOLDER_SQUARE_H

#include <gtk/gtk.h>

void holder_square(GtkWidget *area);

#endif
