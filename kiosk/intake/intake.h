/* SPDX-License-Identifier: MIT
 *
 * intake.h - who takes the request? One interface, any far end.
 *
 * Main thread.
 */
#ifndef KIOSK_INTAKE_INTAKE_H
#define KIOSK_INTAKE_INTAKE_H

#include <glib.h>

struct intake; /* opaque */

struct intake_ops {
	const char *name;
	/* A request was committed under `number`; take it up (hand-off: remind the desk). */
	void (*committed)(struct intake *intake, const char *number);
	/* How many wait for a hand, and since when (seconds since 1970, 0: none). */
	gboolean (*waiting)(struct intake *intake, guint *ret_n, gint64 *ret_oldest, GError **error);
	struct intake *(*free)(struct intake *intake);
};

/* First member of every intake's struct. */
struct intake {
	const struct intake_ops *ops;
};

static inline struct intake *intake_free(struct intake *intake)
{
	return intake ? intake->ops->free(intake) : NULL;
}

#endif
