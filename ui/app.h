/* SPDX-License-Identifier: MIT
 *
 * app.h - both windows on one connection.
 */
#ifndef UI_APP_H
#define UI_APP_H

#include "ui/window.h"

struct app;

enum app_seat { SEAT_DESK, SEAT_HOLDER, SEAT_COUNT };
extern const struct window_kind app_kinds[SEAT_COUNT];

enum app_place {
	APP_PLACE_AUTO,       /* full screen if there is a monitor for each window */
	APP_PLACE_FULLSCREEN,
	APP_PLACE_WINDOWED,
};

/* After gtk_init. Runs with gtk_main(). */
struct app *app_new(const char *socket, enum app_place place);
struct app *app_free(struct app *app);

#endif
