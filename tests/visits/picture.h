/* SPDX-License-Identifier: MIT
 *
 * picture.h - what the two windows look like, as PNG files.
 *
 * Taken from the X server's root window where each window lies, once two looks in a row
 * are the same: a page being drawn is no picture.
 */
#ifndef TESTS_VISITS_PICTURE_H
#define TESTS_VISITS_PICTURE_H

#include <glib.h>

struct picture_display;

struct picture_display *picture_open(GError **error);
struct picture_display *picture_close(struct picture_display *d);

/* Wait until nothing moves on the screens. */
void picture_settle(struct picture_display *d);

/* Write <stem>-desk.png and <stem>-holder.png; the desk's window lies left. */
gboolean picture_take(struct picture_display *d, const char *stem, GError **error);

#endif
