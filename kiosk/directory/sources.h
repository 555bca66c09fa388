/* SPDX-License-Identifier: MIT
 *
 * sources.h - several directories in their order, each with what it may decide.
 *
 * Asked one after the other: the next one when a source is down or late, never because
 * it knows no such person (that is an answer) unless `next-when-none` says so for it.
 */
#ifndef KIOSK_DIRECTORY_SOURCES_H
#define KIOSK_DIRECTORY_SOURCES_H

#include "kiosk/directory/directory.h"

/* What the clerk must do with an answer of this source. */
enum source_duty { DUTY_NONE, DUTY_REASON, DUTY_SECOND };

struct source_policy {
	enum source_duty duty;
	gint deadline_ms;        /* of each look-up */
	gint max_age_hours;      /* data older than this counts as down; -1: any */
	gboolean none_asks_next; /* "no such person" is not its last word */
};

/* Takes the sources. `policies` (n of them) are copied. */
struct directory *sources_new(
	struct directory *const *sources, const struct source_policy *policies, gsize n);

#endif
