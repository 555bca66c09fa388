/* SPDX-License-Identifier: MIT
 *
 * sources.h - several directories in their order, each with what it may decide.
 *
 * Asked one after the other: the next one when a source is down, late or too old, or has
 * no column for what is asked; never because it knows no such person (that is an answer)
 * unless `none_asks_next` says so for it. When none of them has an answer, one that was
 * down counts before one that knew nobody. Each look-up has its own deadline at each
 * source; an answer that comes after it is dropped.
 */
#ifndef KIOSK_DIRECTORY_SOURCES_H
#define KIOSK_DIRECTORY_SOURCES_H

#include "kiosk/directory/directory.h"

struct source_policy {
	enum source_duty duty;
	gint deadline_ms;        /* of each look-up */
	gint max_age_hours;      /* data older than this counts as down; -1: any */
	gboolean none_asks_next; /* "no such person" is not its last word */
};

/* Takes the sources, at least one. `policies` (n of them) are copied. An answer carries the
 * name and the time of the source that gave it, its duty, and whether one before it was
 * down. */
struct directory *sources_new(
	struct directory *const *sources, const struct source_policy *policies, gsize n);

#endif
