/* SPDX-License-Identifier: MIT
 *
 * tray_face.h - a sample card, drawn.
 */
#ifndef TESTS_VIRTUAL_TRAY_FACE_H
#define TESTS_VIRTUAL_TRAY_FACE_H

#include <gtk/gtk.h>

#include "tests/virtual/vcard.h"

/* Size of a card (ID-1, 85.6 by 54 mm) in logical pixels. */
#define TRAY_FACE_WIDTH  208
#define TRAY_FACE_HEIGHT 131

/* Draw `card` at the origin. `key`: the letter that lays it on the reader. */
void tray_face_draw(cairo_t *cr, const struct vcard *card, char key);

/* A widget that shows it. `card` is borrowed and must outlive the widget. */
GtkWidget *tray_face_new(const struct vcard *card, char key);

#endif
