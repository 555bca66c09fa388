/* SPDX-License-Identifier: MIT
 *
 * front.h - the real screens on a private desktop, before any counter.
 *
 * Started as the supervisor does, killed, and watched through the accessibility bus. Main
 * thread; one at a time in a program.
 */
#ifndef TESTS_SCREENS_FRONT_H
#define TESTS_SCREENS_FRONT_H

#include <glib.h>

#include "tests/visits/stage.h"

#define FRONT_WAIT_MS 10000

struct front {
	struct stage stage;
	struct proc screens;
	char *log; /* what the screens printed, all their lives */
	gboolean connected;
};

/* The desktop. FALSE with the reason on stderr. */
gboolean front_open(struct front *f);

/* Start the screens before the counter of this socket; any warning of theirs ends them. Does
 * not wait for them. */
gboolean front_start(struct front *f, const char *socket);

/* Wait until the screens started last show the state's pages in both windows. FALSE after the
 * deadline, said on stderr. */
gboolean front_shows(struct front *f, const char *state, guint deadline_ms);

/* SIGKILL, and wait for the end. */
gboolean front_kill(struct front *f);

/* End the screens as the supervisor does. FALSE: they had died, would not end or printed
 * something (said on stderr). */
gboolean front_stop(struct front *f);

/* End everything. FALSE: something was left running; named on stderr. */
gboolean front_close(struct front *f);

#endif
