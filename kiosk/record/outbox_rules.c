/* SPDX-License-Identifier: MIT
 *
 * outbox_rules.c - see outbox_rules.h.
 */
#include "kiosk/record/outbox_rules.h"

#include <string.h>

#define MILLI       1000
#define MINUTE_US   (60 * G_TIME_SPAN_SECOND)
#define BURST_SHARE 20 /* this part of a minute's units may be spent at once */
#define BURST_LEAST 5  /* units: the dearest question must fit */

/* state, event, next */
#define OUTBOX_ROWS(X)                                                                             \
	X(QUEUED, SEND, SENDING)                                                                   \
	X(QUEUED, CANCEL, CANCELLED)                                                               \
	X(QUEUED, BY_HAND, DONE)                                                                   \
	X(QUEUED, RESTART, QUEUED)                                                                 \
	/* */                                                                                      \
	X(SENDING, SAW_ACCEPTED, ACCEPTED)                                                         \
	X(SENDING, SAW_NOT_SENT, QUEUED)                                                           \
	X(SENDING, SAW_LATER, QUEUED)                                                              \
	X(SENDING, SAW_UNKNOWN, UNKNOWN)                                                           \
	X(SENDING, SAW_REFUSED, REFUSED)                                                           \
	X(SENDING, SAW_HOLDER, CANCELLED)                                                          \
	X(SENDING, RESTART, UNKNOWN)                                                               \
	/* Only the far end's word leads out of doubt. */                                          \
	X(UNKNOWN, LOOK, UNKNOWN)                                                                  \
	X(UNKNOWN, SAW_ACCEPTED, ACCEPTED)                                                         \
	X(UNKNOWN, SAW_ABSENT, QUEUED)                                                             \
	X(UNKNOWN, SAW_NOT_SENT, UNKNOWN)                                                          \
	X(UNKNOWN, SAW_LATER, UNKNOWN)                                                             \
	X(UNKNOWN, SAW_UNKNOWN, UNKNOWN)                                                           \
	X(UNKNOWN, SAW_DONE, DONE)                                                                 \
	X(UNKNOWN, SAW_DECLINED, REFUSED)                                                          \
	X(UNKNOWN, SAW_CANCELLED, CANCELLED)                                                       \
	X(UNKNOWN, RESTART, UNKNOWN)                                                               \
	/* */                                                                                      \
	X(ACCEPTED, LOOK, ACCEPTED)                                                                \
	X(ACCEPTED, SAW_ACCEPTED, ACCEPTED)                                                        \
	X(ACCEPTED, SAW_NOT_SENT, ACCEPTED)                                                        \
	X(ACCEPTED, SAW_LATER, ACCEPTED)                                                           \
	X(ACCEPTED, SAW_UNKNOWN, ACCEPTED)                                                         \
	X(ACCEPTED, SAW_ABSENT, ACCEPTED)                                                          \
	X(ACCEPTED, SAW_DONE, DONE)                                                                \
	X(ACCEPTED, SAW_DECLINED, REFUSED)                                                         \
	X(ACCEPTED, SAW_CANCELLED, CANCELLED)                                                      \
	X(ACCEPTED, RESTART, ACCEPTED)                                                             \
	/* What has ended stays so, but for a refusal that staff put right. */                     \
	X(DONE, RESTART, DONE)                                                                     \
	X(REFUSED, RETRY, QUEUED)                                                                  \
	X(REFUSED, CANCEL, CANCELLED)                                                              \
	X(REFUSED, RESTART, REFUSED)                                                               \
	X(CANCELLED, RESTART, CANCELLED)

/* Next state + 1; 0: not allowed. */
static const guint8 table[OUTBOX_STATE_COUNT][OUTBOX_EVENT_COUNT] = {
#define X(state, event, next) [OUTBOX_##state][OUTBOX_##event] = OUTBOX_##next + 1,
	OUTBOX_ROWS(X)
#undef X
};

gboolean outbox_next(enum outbox_state state, enum outbox_event event, enum outbox_state *ret)
{
	guint8 cell = table[state][event];
	if (cell == 0)
		return FALSE;
	*ret = cell - 1;
	return TRUE;
}

static const char *const words[OUTBOX_STATE_COUNT] = {
	[OUTBOX_QUEUED] = "queued",
	[OUTBOX_SENDING] = "sending",
	[OUTBOX_UNKNOWN] = "unknown",
	[OUTBOX_ACCEPTED] = "accepted",
	[OUTBOX_DONE] = "done",
	[OUTBOX_REFUSED] = "refused",
	[OUTBOX_CANCELLED] = "cancelled",
};

const char *outbox_state_word(enum outbox_state state)
{
	return words[state];
}

gboolean outbox_state_parse(const char *word, enum outbox_state *ret)
{
	for (guint i = 0; i < OUTBOX_STATE_COUNT; i++)
		if (g_strcmp0(words[i], word) == 0) {
			*ret = i;
			return TRUE;
		}
	return FALSE;
}

gboolean outbox_state_ended(enum outbox_state state)
{
	return state == OUTBOX_DONE || state == OUTBOX_REFUSED || state == OUTBOX_CANCELLED;
}

/* 0 … top - 1, from 32 random bits. */
static gint64 share(gint64 top, guint32 random)
{
	return (gint64)(((guint64)top * random) >> 32);
}

gint64 outbox_delay_ms(guint tries, gint retry_after_s, guint32 random)
{
	gint64 top = OUTBOX_CAP_MS;
	if (tries < 20)
		top = MIN(top, (gint64)OUTBOX_BASE_MS << tries);
	gint64 delay = share(top + 1, random);
	if (retry_after_s < 0)
		return delay;
	gint64 floor = (gint64)retry_after_s * 1000;
	return MAX(delay, floor + share(floor / 10 + 1, random));
}

static gint64 capacity(const struct outbox_budget *budget)
{
	return MAX(budget->per_minute / BURST_SHARE, BURST_LEAST) * (gint64)MILLI;
}

/* Thousandths a minute: no minute, wherever it begins, sees more than a full bucket and what
 * flows in, and both together are the units of a minute. */
static gint64 rate(const struct outbox_budget *budget)
{
	return MAX(budget->per_minute * (gint64)MILLI - capacity(budget), MILLI);
}

void outbox_budget_init(struct outbox_budget *budget, guint per_minute, gint64 now_us)
{
	*budget = (struct outbox_budget){.per_minute = per_minute, .at_us = now_us};
	budget->level_milli = capacity(budget);
}

static void flow_in(struct outbox_budget *budget, gint64 now_us)
{
	gint64 passed = CLAMP(now_us - budget->at_us, 0, MINUTE_US);
	gint64 gained = passed * rate(budget) / MINUTE_US;
	/* The rest of a thousandth is not lost: the time moves only by what was gained. */
	if (gained > 0)
		budget->at_us = now_us;
	budget->level_milli = MIN(budget->level_milli + gained, capacity(budget));
}

gboolean outbox_budget_take(
	struct outbox_budget *budget, guint units, guint spare, gint64 now_us, gint64 *ret_when_us)
{
	gint64 want = MIN((units + spare) * (gint64)MILLI, capacity(budget));
	if (budget->per_minute == 0)
		return TRUE;
	flow_in(budget, now_us);
	if (budget->level_milli >= want) {
		budget->level_milli -= units * (gint64)MILLI;
		return TRUE;
	}
	gint64 lacking = want - budget->level_milli;
	*ret_when_us = now_us + (lacking * MINUTE_US + rate(budget) - 1) / rate(budget);
	return FALSE;
}

void outbox_budget_told(struct outbox_budget *budget, guint units, gint64 now_us)
{
	if (budget->per_minute == 0)
		return;
	flow_in(budget, now_us);
	budget->level_milli = MIN(budget->level_milli, units * (gint64)MILLI);
}
