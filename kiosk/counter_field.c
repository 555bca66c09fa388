/* SPDX-License-Identifier: MIT */
#include "kiosk/counter_private.h"

/* A card that comes so soon after another left the field was slid over it. */
#define SWAP_US (200 * G_TIME_SPAN_MILLISECOND)
/* Where the contact broke, a card is read after it has lain still for so long. */
#define CALM_MS 500

/* A card left on a reader that went comes back within this time after it: a driver takes
 * its time to find the card. */
#define RETURN_US (2 * G_TIME_SPAN_SECOND)

static gint64 empty_us(const struct counter *c)
{
	return c->field.empty_since_us == 0 ? 0 : g_get_monotonic_time() - c->field.empty_since_us;
}

/* The consent tap counts only after the payload was drawn and the card was away. */
gboolean counter_armed(const struct counter *c)
{
	return visit_wants_tap(c->state) && c->k.has_card && c->k.shown &&
	       empty_us(c) >= c->parts.config->consent_away_ms * G_TIME_SPAN_MILLISECOND;
}

static gboolean on_armed(gpointer data)
{
	struct counter *c = data;
	c->field.armed_source = 0;
	if (visit_wants_tap(c->state))
		counter_views_changed(c);
	return G_SOURCE_REMOVE;
}

void counter_arm_later(struct counter *c)
{
	gint64 left_ms = c->parts.config->consent_away_ms - empty_us(c) / 1000;
	g_clear_handle_id(&c->field.armed_source, g_source_remove);
	if (c->field.empty_since_us != 0 && left_ms > 0)
		c->field.armed_source = g_timeout_add((guint)left_ms + 1, on_armed, c);
}

struct seat_rules counter_seat_rules(const struct counter *c)
{
	return (struct seat_rules){
		.preferred = (const char *const *)c->parts.config->preferred,
		.holder = c->parts.config->holder,
	};
}

/* Two cards in the field: whose turn it is cannot be known. Once a person is on the
 * screens the second card only gets a remark: it starts nothing. */
static void on_second_card(struct counter *c)
{
	if (c->state == VISIT_WELCOME)
		counter_dispatch(c, VISIT_ON_CARD_IN);
	if (c->state == VISIT_READING)
		counter_fail(c, VISIT_ON_CARD_FAILED, PROBLEM_TWO_CARDS);
	else if (c->state == VISIT_LOOKUP)
		counter_fail(c, VISIT_ON_STOPPED, PROBLEM_TWO_CARDS);
	else
		counter_say(c, PROBLEM_TWO_CARDS);
}

static gboolean on_calm(gpointer data)
{
	struct counter *c = data;
	c->field.calm_source = 0;
	if (c->state == VISIT_PROBLEM && problem_row(c->problem)->retry == RETRY_TAP)
		counter_dispatch(c, VISIT_ON_TAP_AGAIN);
	return G_SOURCE_REMOVE;
}

/* pcscd changes a reader's state and the counter of its events one after the other: seen in
 * between, a card comes twice, and is read at the wrong moment. If it still lies there, that
 * was no hand: read it once more. */
void counter_calm(struct counter *c)
{
	const struct seat_row *row = seats_find(&c->field.seats, c->field.reader);
	if (!row || !row->card || c->field.read_again)
		return;
	c->field.read_again = TRUE;
	g_clear_handle_id(&c->field.calm_source, g_source_remove);
	c->field.calm_source = g_timeout_add(CALM_MS, on_calm, c);
}

/* The screens keep still while a contact flaps: a page that changes with each twitch of
 * the hand could not be read. */
static void on_tap_again(struct counter *c, const struct seat_row *row)
{
	g_clear_handle_id(&c->field.calm_source, g_source_remove);
	if (problem_row(c->problem)->retry != RETRY_TAP)
		return;
	if (contact_flaps(&row->contact, g_get_monotonic_time() / G_TIME_SPAN_MILLISECOND))
		c->field.calm_source = g_timeout_add(CALM_MS, on_calm, c);
	else
		counter_dispatch(c, VISIT_ON_TAP_AGAIN);
}

static void set_reader(struct counter *c, const struct seat_row *row)
{
	g_strlcpy(c->field.reader, row->reader, sizeof c->field.reader);
	c->field.busy_tries = 0;
	c->field.read_again = FALSE;
}

/* Between the first read and the consent the visit is a card's; is it still the same? */
static gboolean has_card_in_hand(const struct counter *c)
{
	return c->k.has_card &&
	       (c->state == VISIT_LOOKUP || c->state == VISIT_CHECK || c->state == VISIT_ROUTE);
}

/* On a reader that serves everybody. */
static void on_holder_side(struct counter *c, const struct seat_row *row)
{
	gboolean armed = counter_armed(c);
	gint64 away_us = empty_us(c);
	c->field.empty_since_us = 0;
	c->field.swapped = away_us > 0 && away_us <= SWAP_US;
	if (seats_cards(&c->field.seats, SEAT_ALL) > 1) {
		on_second_card(c);
		return;
	}
	set_reader(c, row);
	if (c->state == VISIT_PROBLEM)
		on_tap_again(c, row);
	else if (has_card_in_hand(c))
		counter_read_field(c);
	else if (!visit_wants_tap(c->state) || armed)
		counter_dispatch(c, VISIT_ON_CARD_IN);
}

/* On a reader for clerks only. Whose card it is would show only after reading it; where no
 * clerk's is wanted, it is taken for a holder's at the wrong reader. */
static void on_clerk_side(struct counter *c, const struct seat_row *row)
{
	gboolean tap = c->state == VISIT_PROBLEM && problem_row(c->problem)->retry == RETRY_TAP;
	gboolean wanted = c->state == VISIT_OFF_DUTY || c->state == VISIT_SECOND;
	if (c->state == VISIT_WELCOME || visit_wants_tap(c->state) || tap) {
		counter_say(c, PROBLEM_OTHER_READER);
	} else if (wanted && seats_cards(&c->field.seats, SEAT_CLERK) > 1) {
		counter_say(c, PROBLEM_TWO_CARDS);
	} else if (wanted) {
		set_reader(c, row);
		counter_dispatch(c, VISIT_ON_CARD_IN);
	}
}

static gboolean is_within(gint64 since_us, gint64 limit_us)
{
	return g_get_monotonic_time() - since_us <= limit_us;
}

/* The card on which TAKE_CARD waits and its reader go and come: pcscd that dies, a plug that
 * is loose. That is no hand, and starts no second visit. */
static void watch_left_card(struct counter *c, const struct watch_event *event)
{
	struct left_card *left = &c->field.left;
	gboolean its = g_str_equal(left->reader, event->reader);
	if (event->kind == WATCH_CARD_OUT && event->with_reader && c->state == VISIT_TAKE_CARD)
		g_strlcpy(left->reader, event->reader, sizeof left->reader);
	else if (event->kind == WATCH_READER_IN && its && left->back_us == 0)
		left->back_us = g_get_monotonic_time();
	else if (event->kind == WATCH_READER_IN && its)
		*left = (struct left_card){0}; /* it came back without it once */
}

/* Only the first card after the reader came back can be the one that was left. */
static gboolean was_left(struct counter *c, const char *reader)
{
	struct left_card *left = &c->field.left;
	if (!g_str_equal(left->reader, reader))
		return FALSE;
	gboolean was = is_within(left->back_us, RETURN_US);
	*left = (struct left_card){0};
	return was;
}

static void on_card_in(struct counter *c, const char *reader)
{
	const struct seat_row *row = seats_find(&c->field.seats, reader);
	if (was_left(c, reader) || !row || row->seat == SEAT_NONE)
		return;
	if (row->seat == SEAT_ALL)
		on_holder_side(c, row);
	else
		on_clerk_side(c, row);
	counter_views_changed(c);
}

/* Of two cards one was taken away, as the screens asked: nobody need lift the other. */
static void on_one_left(struct counter *c)
{
	const struct seat_row *row = seats_alone(&c->field.seats, SEAT_ALL);
	if (!row || c->state != VISIT_PROBLEM)
		return;
	set_reader(c, row);
	on_tap_again(c, row);
}

static void on_card_out(struct counter *c, const char *reader)
{
	const struct seat_row *row = seats_find(&c->field.seats, reader);
	if (g_str_equal(c->field.reader, reader)) {
		g_clear_handle_id(&c->field.busy_source, g_source_remove);
		g_clear_handle_id(&c->field.calm_source, g_source_remove);
	}
	if (row && row->seat == SEAT_ALL)
		on_one_left(c);
}

static void on_equipment(struct counter *c, const struct watch_event *event)
{
	c->field.service = event->kind != WATCH_SERVICE_DOWN;
	c->health.wrong[PROBLEM_NOT_ALLOWED] = event->err == CARD_ERR_NOT_ALLOWED;
	if (c->state == VISIT_READING && seats_cards(&c->field.seats, SEAT_ALL) == 0)
		counter_fail(c, VISIT_ON_CARD_FAILED, PROBLEM_REMOVED);
	counter_health_check(c);
	counter_views_changed(c); /* the desk names its readers */
}

/* However it came to be empty: card or reader taken away, or another reader preferred. */
static void note_empty(struct counter *c)
{
	if (seats_cards(&c->field.seats, SEAT_ALL) > 0) {
		c->field.empty_since_us = 0;
	} else if (c->field.empty_since_us == 0) {
		c->field.empty_since_us = g_get_monotonic_time();
		counter_arm_later(c);
		counter_dispatch(c, VISIT_ON_CARD_OUT);
	}
}

static void take(struct counter *c, const struct watch_event *event)
{
	switch (event->kind) {
	case WATCH_CARD_IN:
	case WATCH_CARD_MUTE: /* the read will find it mute, and say so */
		on_card_in(c, event->reader);
		break;
	case WATCH_CARD_OUT:
		on_card_out(c, event->reader);
		break;
	case WATCH_SERVICE_DOWN:
	case WATCH_SERVICE_UP:
	case WATCH_READER_IN:
	case WATCH_READER_OUT:
		on_equipment(c, event);
		break;
	case WATCH_NOTHING:
	case WATCH_KIND_COUNT:
		break;
	}
}

void counter_on_event(struct counter *c, const struct watch_event *event)
{
	const struct seat_rules rules = counter_seat_rules(c);
	seats_take(&c->field.seats, event, &rules);
	c->field.known = TRUE;
	watch_left_card(c, event);
	take(c, event);
	note_empty(c);
	counter_loan_check(c);
}

void counter_field_stop(struct counter *c)
{
	g_clear_handle_id(&c->field.armed_source, g_source_remove);
	g_clear_handle_id(&c->field.busy_source, g_source_remove);
	g_clear_handle_id(&c->field.calm_source, g_source_remove);
	g_clear_handle_id(&c->field.loan_source, g_source_remove);
}
