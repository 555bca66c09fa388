/* SPDX-License-Identifier: MIT
 *
 * holder_plain.h - one message in the middle of the window: picture, headline, one sentence.
 */
#ifndef UI_HOLDER_PLAIN_H
#define UI_HOLDER_PLAIN_H

#include "ui/window.h"

GtkWidget *holder_plain_build(struct window *window, const char *picto);
void holder_plain_picto(GtkWidget *page, const char *picto);

/* "" hides `lead`. */
void holder_plain_show(GtkWidget *page, const char *title, const char *lead);

#endif
