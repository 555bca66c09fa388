/* SPDX-License-Identifier: MIT
 *
 * outbox_rules.h - what becomes of a request on its way out: a table, and the delays.
 *
 * Pure: no clock, no I/O. facts/backends.md §10.
 */
#ifndef KIOSK_RECORD_OUTBOX_RULES_H
#define KIOSK_RECORD_OUTBOX_RULES_H

#include <glib.h>

enum outbox_state {
	OUTBOX_QUEUED,    /* durable here, not sent */
	OUTBOX_SENDING,   /* written before the first byte leaves; after a restart it is UNKNOWN */
	OUTBOX_UNKNOWN,   /* sent, no answer: the only exit is a look-up by key */
	OUTBOX_ACCEPTED,  /* the far end has it */
	OUTBOX_DONE,      /* the far end reported the end, or a clerk entered it by hand */
	OUTBOX_REFUSED,   /* the far end will not take it, or declined it */
	OUTBOX_CANCELLED, /* by the holder or staff; or given up for another live request */
	OUTBOX_STATE_COUNT
};

enum outbox_event {
	OUTBOX_SEND, /* a sending begins */
	OUTBOX_LOOK, /* a look-up begins; the state stays */
	OUTBOX_SAW_ACCEPTED,
	OUTBOX_SAW_ABSENT, /* by a look-up */
	OUTBOX_SAW_NOT_SENT,
	OUTBOX_SAW_UNKNOWN,
	OUTBOX_SAW_LATER,
	OUTBOX_SAW_REFUSED,
	OUTBOX_SAW_HOLDER, /* another live request of the same holder */
	OUTBOX_SAW_DONE,
	OUTBOX_SAW_DECLINED,
	OUTBOX_SAW_CANCELLED,
	OUTBOX_RESTART, /* the program began anew */
	OUTBOX_CANCEL,  /* wanted here, before anything was sent */
	OUTBOX_RETRY,   /* staff put a refused one back */
	OUTBOX_BY_HAND, /* entered into the menu by a clerk */
	OUTBOX_EVENT_COUNT
};

/* FALSE: the pair is not allowed and nothing may change. */
gboolean outbox_next(enum outbox_state state, enum outbox_event event, enum outbox_state *ret);

/* "queued", "sending" …: column `state`. */
const char *outbox_state_word(enum outbox_state state);
gboolean outbox_state_parse(const char *word, enum outbox_state *ret);
gboolean outbox_state_ended(enum outbox_state state);

#define OUTBOX_BASE_MS 1000
#define OUTBOX_CAP_MS  (5 * 60 * 1000)

/* Full jitter: random(0, min(cap, base * 2^tries)), never below `retry_after_s` (negative:
 * none) plus up to a tenth of it. `random` is uniform over 32 bits. */
gint64 outbox_delay_ms(guint tries, gint retry_after_s, guint32 random);

/* One budget of units a minute, for everything this desk sends: a token bucket. */
struct outbox_budget {
	guint per_minute;   /* units */
	gint64 at_us;       /* monotonic: when `level_milli` was true */
	gint64 level_milli; /* thousandths of a unit */
};

void outbox_budget_init(struct outbox_budget *budget, guint per_minute, gint64 now_us);
/* Take `units` now, if `spare` more are there that stay: TRUE; else FALSE with the monotonic
 * time when there will be enough. */
gboolean outbox_budget_take(
	struct outbox_budget *budget, guint units, guint spare, gint64 now_us, gint64 *ret_when_us);
/* The far end said how much is left in this minute. */
void outbox_budget_told(struct outbox_budget *budget, guint units, gint64 now_us);

#endif
