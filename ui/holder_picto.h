/* SPDX-License-Identifier: MIT
 *
 * holder_picto.h - a pictogram of assets/icons: as high as the style's font-size, in its colour.
 *
 * Only the drawing's opacity counts, so one file serves every colour scheme. Decoration: it
 * says nothing that no text says, and assistive technology passes it by. Main thread.
 */
#ifndef UI_HOLDER_PICTO_H
#define UI_HOLDER_PICTO_H

#include <gtk/gtk.h>

GtkWidget *holder_picto_new(const char *name);

/* Another one in the same place. */
void holder_picto_set(GtkWidget *picto, const char *name);

#endif
