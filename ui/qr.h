/* SPDX-License-Identifier: MIT
 *
 * qr.h - a link as a QR code: drawn sharp, and readable without eyes.
 *
 * Main thread.
 */
#ifndef UI_QR_H
#define UI_QR_H

#include <gtk/gtk.h>

#define QR_QUIET_ZONE 4 /* modules of white on each side (ISO/IEC 18004 §6.3.8) */

/* A square as high as the style's font-size. Draws nothing before qr_set(). */
GtkWidget *qr_new(void);

/* Show `url`, called `name` by assistive technology. "" shows nothing. */
void qr_set(GtkWidget *qr, const char *url, const char *name);

/* Device pixels of a module when `side` are there for `modules` and the quiet zone; 0: too
 * small to be drawn. */
int qr_module_px(int side, int modules);

#endif
