/* SPDX-License-Identifier: MIT
 *
 * sender.h - carries the outbox to the intake: one at a time, live visits first, within the
 * budget, with the delays of outbox_rules.h on the monotonic clock.
 *
 * Main thread. There is one sender for a data folder (its lock is the store's). It sends
 * what is QUEUED, looks up what is UNKNOWN, and asks now and then how far what is ACCEPTED
 * has come.
 */
#ifndef KIOSK_INTAKE_SENDER_H
#define KIOSK_INTAKE_SENDER_H

#include "kiosk/intake/intake.h"
#include "kiosk/record/outbox.h"

struct sender; /* opaque */

struct sender_settings {
	guint units_per_minute; /* of this desk; 0: no budget */
	guint follow_s;         /* how often an accepted request is asked after */
	guint backlog_gap_ms;   /* the least between two sendings of the backlog */
};

enum sender_health {
	SENDER_WELL,
	SENDER_WAITING,     /* the far end is not reached, or throttles */
	SENDER_NOT_ALLOWED, /* credentials or permissions */
	SENDER_SETUP,       /* the far end is not as it must be */
	SENDER_HEALTH_COUNT
};

/* A row changed its state; or `number` NULL: health or the count of waiting ones did. */
typedef void (*sender_changed)(struct sender *sender, const char *number, gpointer data);

/* `store` and `intake` are borrowed. Calls outbox_restart() and the intake's check(). */
struct sender *sender_new(struct store *store, struct intake *intake,
	const struct sender_settings *settings, sender_changed changed, gpointer data,
	GError **error);

/* `number` was committed a moment ago, its holder is at the counter: next in line. */
void sender_committed(struct sender *sender, const char *number);

/* Staff asked: look at everything now. The far end's Retry-After is kept all the same. */
void sender_wake(struct sender *sender);

/* `number` is asked after now, for the card that was tapped again. */
void sender_follow(struct sender *sender, const char *number);

enum sender_health sender_health(const struct sender *sender);
const GError *sender_error(const struct sender *sender); /* why it is not well; NULL */

/* Drops what is under way: a sending becomes UNKNOWN at the next start. */
struct sender *sender_free(struct sender *sender);
DEFINE_CLEANUP(sender, sender_free)

#endif
