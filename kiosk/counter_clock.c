/* SPDX-License-Identifier: MIT */
#include "kiosk/counter_private.h"

#include "kiosk/record/tally.h"

/* An idle card thread speaks every 5 s, and a read takes less. One silent for this long is
 * said to be; one silent for that long hangs in a call that will not return. */
#define SILENT_US (10 * G_TIME_SPAN_SECOND)
#define STUCK_US  (20 * G_TIME_SPAN_SECOND)
/* Between visits a remark on what somebody did stands for so long. */
#define NOTICE_US (15 * G_TIME_SPAN_SECOND)
/* Causes that go away by themselves are looked for this often. */
#define RECHECK_TICKS 5
/* A request that ended (entered into the menu, cancelled) keeps its content for half a day,
 * in which a clerk may still be asked about it; the promise is 24 hours. */
#define ERASE_TICKS   3600
#define COUNT_TICKS   30 /* how often a list that desks share is counted */
#define ERASE_AFTER_S (12 * 3600)

void counter_clerk_acts(struct counter *c)
{
	c->clerk_us = g_get_monotonic_time();
}

void counter_holder_acts(struct counter *c)
{
	c->holder_us = g_get_monotonic_time();
}

static guint seconds_since(gint64 us)
{
	return (guint)((g_get_monotonic_time() - us) / G_TIME_SPAN_SECOND);
}

static guint left_of(guint limit, guint used)
{
	return used >= limit ? 0 : limit - used;
}

guint counter_clerk_left(const struct counter *c)
{
	return left_of((guint)c->parts.config->clerk_idle_s, seconds_since(c->clerk_us));
}

/* In these states it is the holder's turn, or nobody's: an empty chair ends them. While
 * the clerk checks, only the clerk's own limit runs. */
static gboolean waits_for_holder(enum visit_state state)
{
	return state == VISIT_ROUTE || state == VISIT_CONSENT || state == VISIT_RECEIPT ||
	       state == VISIT_STATUS || state == VISIT_WITHDRAW || state == VISIT_PROBLEM;
}

static void check_holder(struct counter *c)
{
	const struct config *config = c->parts.config;
	guint used = MIN(seconds_since(c->holder_us), seconds_since(c->clerk_us));
	guint left = left_of((guint)config->holder_idle_s, used);
	guint shown = left <= (guint)config->holder_warn_s ? left : 0;
	if (!waits_for_holder(c->state)) {
		shown = 0;
	} else if (left == 0) {
		counter_dispatch(c, VISIT_ON_HOLDER_IDLE);
		return;
	}
	if (shown != c->left) {
		/* A ticking clock is no new view, but its first and last tick are. */
		if ((shown == 0) != (c->left == 0))
			counter_views_changed(c);
		c->left = shown;
		counter_health_changed(c);
	}
}

static void check_clerk(struct counter *c)
{
	gboolean in_visit = visit_holds_person(c->state) || c->state == VISIT_SIGN_IN;
	guint idle = seconds_since(c->clerk_us);
	if (in_visit && idle >= (guint)c->parts.config->clerk_idle_s)
		counter_dispatch(c, VISIT_ON_CLERK_IDLE);
	if (c->has_clerk && idle >= (guint)c->parts.config->clerk_gone_s)
		counter_dispatch(c, VISIT_ON_CLERK_GONE);
}

gboolean counter_cards_silent(const struct counter *c)
{
	return c->cards && card_thread_silent_us(c->cards) >= SILENT_US;
}

/* PC/SC can block without limit. Nothing in this process can help then: say so and let
 * the supervisor start a new one. What was accepted is on disk. */
static void check_cards(struct counter *c)
{
	if (counter_cards_silent(c) != c->health.wrong[PROBLEM_CARD_STUCK])
		counter_health_check(c);
	if (!c->cards || card_thread_silent_us(c->cards) < STUCK_US)
		return;
	g_warning("%s: the card thread is silent; ending so that a new service can start",
		problem_row(PROBLEM_CARD_STUCK)->id);
	_exit(EXIT_FAILURE);
}

static void check_notice(struct counter *c)
{
	if (c->state == VISIT_WELCOME && c->notice != PROBLEM_NONE &&
		g_get_monotonic_time() - c->notice_us >= NOTICE_US)
		counter_say(c, PROBLEM_NONE);
}

/* Destroy the keys of what ended long enough ago. */
static void erase_ended(struct counter *c)
{
	g_autoptr(GError) error = NULL;
	guint erased = 0;
	if (!c->parts.store)
		return;
	if (!tally_forget(c->parts.store, counter_civil().date, &error)) {
		g_warning("tally: %s", error->message);
		g_clear_error(&error);
	}
	if (!requests_erase(c->parts.store, counter_now() - ERASE_AFTER_S, &erased, &error))
		g_warning("erasing: %s", error->message);
	else if (erased > 0)
		g_message("erased the content of %u requests", erased);
}

/* A server may go, or show that its credentials allow too much, while nobody is served. */
static gboolean directory_turned(struct counter *c)
{
	return c->parts.directory && !visit_holds_person(c->state) &&
	       directory_ready(c->parts.directory, NULL) == c->health.wrong[PROBLEM_NO_DIRECTORY];
}

static gboolean on_tick(gpointer data)
{
	struct counter *c = data;
	if (++c->ticks % ERASE_TICKS == 0)
		erase_ended(c);
	if (c->ticks % COUNT_TICKS == 0)
		counter_count_shared(c);
	check_cards(c);
	check_notice(c);
	if (visit_holds_person(c->state))
		check_holder(c);
	check_clerk(c);
	counter_incident_check(c);
	if (c->ticks % RECHECK_TICKS == 0 && (!counter_is_ready(c) || directory_turned(c)))
		counter_health_check(c);
	return G_SOURCE_CONTINUE;
}

void counter_clock_start(struct counter *c)
{
	c->clerk_us = c->holder_us = g_get_monotonic_time();
	erase_ended(c);
	c->tick_source = g_timeout_add_seconds(1, on_tick, c);
}

void counter_clock_stop(struct counter *c)
{
	g_clear_handle_id(&c->tick_source, g_source_remove);
}
