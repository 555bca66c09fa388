/* SPDX-License-Identifier: MIT
 *
 * sender.c - what to do next, and when. See sender.h; what an answer means: sender_answer.c.
 */
#include "kiosk/intake/sender_private.h"

#define ROWS_MAX 64 /* of the backlog looked at in one turn */
/* Units that the backlog leaves for who stands at the counter. */
#define LIVE_UNITS 4

static gboolean on_timer(gpointer data);

/* Look again at `when_us`, or earlier if that was said already. */
void sender_wake_at(struct sender *s, gint64 when_us)
{
	gint64 now = g_get_monotonic_time();
	if (s->timer && s->timer_us <= when_us)
		return;
	g_clear_handle_id(&s->timer, g_source_remove);
	s->timer_us = when_us;
	s->timer = g_timeout_add((guint)(MAX(when_us - now, 0) / 1000 + 1), on_timer, s);
}

static struct intake_item item_of(const struct outbox_row *row, GBytes *envelope, gboolean live)
{
	return (struct intake_item){
		.number = row->number,
		.key = row->key,
		.holder = row->holder,
		.envelope = envelope,
		.tries = row->tries,
		.live = live,
	};
}

static void begin(struct sender *s, enum flight flight, const struct outbox_row *row)
{
	s->flight = flight;
	g_set_object(&s->cancellable, NULL);
	s->cancellable = g_cancellable_new();
	if (row)
		s->row = *row;
}

/* It cannot be opened any more: nobody could send it. */
static void give_up(struct sender *s, const struct outbox_row *row, const GError *error)
{
	const struct outbox_news news = {.reason = "unreadable", .now = sender_now()};
	g_warning("outbox: %s", error->message);
	if (outbox_apply(s->store, row->number, OUTBOX_SEND, &news, NULL, NULL))
		outbox_apply(s->store, row->number, OUTBOX_SAW_REFUSED, &news, NULL, NULL);
	s->changed(s, row->number, s->data);
}

static void send_row(struct sender *s, const struct outbox_row *row, gboolean live)
{
	g_autoptr(GError) error = NULL;
	const struct outbox_news news = {.now = sender_now()};
	g_autoptr(GBytes) envelope = requests_envelope(s->store, row->number, &error);
	if (!envelope) {
		give_up(s, row, error);
		return;
	}
	/* Durable before the first byte leaves: a crash from here on is a doubt. */
	if (!outbox_apply(s->store, row->number, OUTBOX_SEND, &news, NULL, &error)) {
		g_warning("outbox: %s", error->message);
		sender_pause(s, -1);
		return;
	}
	struct intake_item item = item_of(row, envelope, live);
	item.fresh = s->fresh;
	s->fresh = FALSE;
	begin(s, FLIGHT_SEND, row);
	s->intake->ops->submit(s->intake, &item, s->cancellable, sender_on_answer, s);
}

static void look_up(struct sender *s, const struct outbox_row *row)
{
	begin(s, row->state == OUTBOX_ACCEPTED ? FLIGHT_FOLLOW : FLIGHT_LOOK, row);
	s->intake->ops->look_up(
		s->intake, row->key, row->outside, s->cancellable, sender_on_answer, s);
}

/* Units of the budget; FALSE: not yet, and the timer is set. */
static gboolean afford(struct sender *s, guint units, guint spare)
{
	gint64 when = 0, now = g_get_monotonic_time();
	if (outbox_budget_take(&s->budget, units, spare, now, &when))
		return TRUE;
	sender_wake_at(s, when);
	return FALSE;
}

static gboolean serve(struct sender *s, const struct outbox_row *row, gboolean live)
{
	const struct intake_ops *ops = s->intake->ops;
	gboolean send = row->state == OUTBOX_QUEUED;
	if (!afford(s, send ? ops->submit_units : ops->look_up_units, live ? 0 : LIVE_UNITS))
		return FALSE;
	if (send)
		send_row(s, row, live);
	else
		look_up(s, row);
	return TRUE;
}

/* The requests of people who stand at the counter, in their order. TRUE: there was one. */
static gboolean serve_live(struct sender *s)
{
	while (s->live->len > 0) {
		struct outbox_row row;
		const char *number = g_ptr_array_index(s->live, 0);
		gboolean known = outbox_row_of(s->store, number, &row, NULL);
		if (!known || outbox_state_ended(row.state) || row.state == OUTBOX_SENDING) {
			g_ptr_array_remove_index(s->live, 0);
			continue;
		}
		if (serve(s, &row, TRUE))
			g_ptr_array_remove_index(s->live, 0);
		return TRUE;
	}
	return FALSE;
}

/* A row that was answered with trouble of its own waits; the others go on. */
static gboolean is_delayed(struct sender *s, const struct outbox_row *row, gint64 now_us)
{
	const gint64 *when = g_hash_table_lookup(s->delayed, row->number);
	if (when && *when > now_us) {
		sender_wake_at(s, *when);
		return TRUE;
	}
	g_hash_table_remove(s->delayed, row->number);
	return FALSE;
}

static gboolean serve_backlog(struct sender *s)
{
	g_autoptr(GError) error = NULL;
	gint64 now = g_get_monotonic_time();
	g_autoptr(GArray) rows = outbox_waiting(s->store, ROWS_MAX, &error);
	if (!rows) {
		g_warning("outbox: %s", error->message);
		sender_pause(s, -1);
		return TRUE;
	}
	if (rows->len > 0 && now < s->gap_until_us) {
		sender_wake_at(s, s->gap_until_us);
		return TRUE;
	}
	for (guint i = 0; i < rows->len; i++) {
		const struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
		if (is_delayed(s, row, now))
			continue;
		s->gap_until_us = now + s->settings.backlog_gap_ms * G_TIME_SPAN_MILLISECOND;
		serve(s, row, FALSE);
		return TRUE;
	}
	return FALSE;
}

/* One of those not heard of for the longest time, if it was long enough. */
static void serve_follow(struct sender *s)
{
	gint64 before = sender_now() - s->settings.follow_s;
	g_autoptr(GArray) rows = outbox_to_follow(s->store, before, 1, NULL);
	if (rows && rows->len > 0)
		serve(s, &g_array_index(rows, struct outbox_row, 0), FALSE);
	else
		sender_wake_at(s, g_get_monotonic_time() + FOLLOW_LOOK_US);
}

static void check(struct sender *s)
{
	begin(s, FLIGHT_CHECK, NULL);
	s->intake->ops->check(s->intake, s->cancellable, sender_on_checked, s);
}

void sender_step(struct sender *s)
{
	gint64 now = g_get_monotonic_time();
	if (s->flight != FLIGHT_NONE || s->intake->ops->by_hand)
		return;
	if (now < s->not_before_us)
		sender_wake_at(s, s->not_before_us);
	else if (!s->checked)
		check(s);
	else if (!serve_live(s) && !serve_backlog(s))
		serve_follow(s);
	/* What ended without a flight (an unreadable one) leaves the next to be looked at. */
	if (s->flight == FLIGHT_NONE && !s->timer)
		sender_wake_at(s, g_get_monotonic_time());
}

static gboolean on_timer(gpointer data)
{
	struct sender *s = data;
	s->timer = 0;
	sender_step(s);
	return G_SOURCE_REMOVE;
}

/* --- the door of sender.h --- */

struct sender *sender_new(struct store *store, struct intake *intake,
	const struct sender_settings *settings, sender_changed changed, gpointer data,
	GError **error)
{
	if (!outbox_restart(store, sender_now(), error))
		return NULL;
	struct sender *s = g_new0(struct sender, 1);
	s->store = store;
	s->intake = intake;
	s->settings = *settings;
	s->changed = changed;
	s->data = data;
	s->live = g_ptr_array_new_with_free_func(g_free);
	s->delayed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	s->random = g_rand_new();
	outbox_budget_init(&s->budget, settings->units_per_minute, g_get_monotonic_time());
	sender_wake_at(s, g_get_monotonic_time());
	return s;
}

static void add_live(struct sender *s, const char *number)
{
	g_ptr_array_add(s->live, g_strdup(number));
	/* Whoever stands here is served before a long silence ends, if nothing forbids it. */
	if (s->flight == FLIGHT_NONE && g_get_monotonic_time() >= s->not_before_us)
		sender_wake_at(s, g_get_monotonic_time());
}

void sender_committed(struct sender *s, const char *number)
{
	add_live(s, number);
}

void sender_follow(struct sender *s, const char *number)
{
	add_live(s, number);
}

void sender_wake(struct sender *s)
{
	gint64 now = g_get_monotonic_time();
	g_hash_table_remove_all(s->delayed);
	s->fails = 0;
	s->not_before_us = MAX(s->retry_after_us, now);
	if (s->health != SENDER_WELL)
		s->checked = FALSE;
	sender_wake_at(s, s->not_before_us);
}

enum sender_health sender_health(const struct sender *s)
{
	return s->health;
}

const GError *sender_error(const struct sender *s)
{
	return s->error;
}

struct sender *sender_free(struct sender *s)
{
	if (!s)
		return NULL;
	if (s->cancellable)
		g_cancellable_cancel(s->cancellable);
	g_clear_object(&s->cancellable);
	g_clear_handle_id(&s->timer, g_source_remove);
	g_ptr_array_unref(s->live);
	g_hash_table_unref(s->delayed);
	g_rand_free(s->random);
	g_clear_error(&s->error);
	g_free(s);
	return NULL;
}
