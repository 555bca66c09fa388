/* SPDX-License-Identifier: MIT
 *
 * stage.h - the private desktop a visit is played on.
 *
 * An X server without a screen, a small window manager (without one nothing has the
 * keyboard focus), a session bus with the accessibility bus on it. Nothing of the
 * surrounding session is used or touched.
 */
#ifndef TESTS_VISITS_STAGE_H
#define TESTS_VISITS_STAGE_H

#include <glib.h>

#include "tests/visits/proc.h"

#define STAGE_WIDTH  2560
#define STAGE_HEIGHT 1080
#define STAGE_WINDOW_HEIGHT 1024 /* of each window, side by side, when windowed */

struct stage {
	char *dir;    /* short path for sockets; removed at the end */
	char *logs;   /* folder of all log files */
	struct proc x, bus, wm;
};

/* Start all three and point our own environment (DISPLAY, DBUS_SESSION_BUS_ADDRESS …) at
 * them. On failure what was started is ended by stage_close(). */
gboolean stage_open(struct stage *s, const char *logs, const char *wm_config, GError **error);

void stage_close(struct stage *s);

#endif
