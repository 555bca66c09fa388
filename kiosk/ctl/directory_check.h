/* SPDX-License-Identifier: MIT
 *
 * directory_check.h - what is found out about one source of the directory.
 */
#ifndef KIOSK_CTL_DIRECTORY_CHECK_H
#define KIOSK_CTL_DIRECTORY_CHECK_H

#include "kiosk/config/directories.h"
#include "kiosk/ctl/ctl.h"

#define CHECK_STEPS_MAX 12

/* enumerator, word for tools */
#define CHECK_STATE_LIST(X)                                                                        \
	X(OK, "ok")                                                                                \
	X(WARNING, "warning") /* it works, and somebody should know */                             \
	X(FAILED, "failed")                                                                        \
	X(UNKNOWN, "unknown") /* cannot be told from here, or not after what failed before */

enum check_state {
#define X(name, word) CHECK_##name,
	CHECK_STATE_LIST(X)
#undef X
};

struct check_step {
	const char *name;
	enum check_state state;
	char *text; /* no name, number or secret; may be empty */
};

struct check {
	struct check_step steps[CHECK_STEPS_MAX];
	gsize n;
	gint64 p50_us; /* of the look-ups; -1: there were none */
};

/* Takes `text`; NULL: nothing to say. */
void check_add(struct check *check, const char *name, enum check_state state, char *text);

/* A step that failed, by the cause of `error`. */
void check_add_error(struct check *check, const char *name, const GError *error);

/* One source each. Blocking; run the main loop. */
void check_snapshot(struct check *check, const struct ctl *ctl);
void check_ldap(struct check *check, const struct ctl *ctl);
void check_graph(struct check *check, const struct ctl *ctl);

#endif
