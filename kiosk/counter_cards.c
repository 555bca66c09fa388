/* SPDX-License-Identifier: MIT */
#include "kiosk/counter_private.h"

/* Another program holds the card: say so, and try this often for this long. */
#define BUSY_MS    300
#define BUSY_TRIES 30

static gint64 empty_us(const struct counter *c)
{
	return c->field.empty_since_us == 0 ? 0 : g_get_monotonic_time() - c->field.empty_since_us;
}

/* The consent tap counts only after the payload was drawn and the card was away. */
gboolean counter_armed(const struct counter *c)
{
	return c->state == VISIT_CONSENT && c->k.has_card && c->k.shown &&
	       empty_us(c) >= c->parts.config->consent_away_ms * G_TIME_SPAN_MILLISECOND;
}

static gboolean on_armed(gpointer data)
{
	struct counter *c = data;
	c->armed_source = 0;
	if (c->state == VISIT_CONSENT)
		counter_views_changed(c);
	return G_SOURCE_REMOVE;
}

void counter_arm_later(struct counter *c)
{
	gint64 left_ms = c->parts.config->consent_away_ms - empty_us(c) / 1000;
	g_clear_handle_id(&c->armed_source, g_source_remove);
	if (c->field.empty_since_us != 0 && left_ms > 0)
		c->armed_source = g_timeout_add((guint)left_ms + 1, on_armed, c);
}

void counter_read_field(struct counter *c)
{
	card_thread_read(c->cards, c->field.reader, c->visit);
}

void counter_cards_stop(struct counter *c)
{
	g_clear_handle_id(&c->armed_source, g_source_remove);
	g_clear_handle_id(&c->field.busy_source, g_source_remove);
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

static void on_card_in(struct counter *c, const char *reader)
{
	gboolean armed = counter_armed(c);
	g_strlcpy(c->field.reader, reader, sizeof c->field.reader);
	c->field.empty_since_us = 0;
	c->field.busy_tries = 0;
	if (c->field.cards > 1) {
		on_second_card(c);
	} else if (c->state == VISIT_PROBLEM) {
		if (problem_row(c->problem)->retry == RETRY_TAP)
			counter_dispatch(c, VISIT_ON_TAP_AGAIN);
	} else if (c->state != VISIT_CONSENT || armed) {
		counter_dispatch(c, VISIT_ON_CARD_IN);
	}
	counter_views_changed(c);
}

static void on_card_out(struct counter *c)
{
	g_clear_handle_id(&c->field.busy_source, g_source_remove);
	if (c->field.cards > 0)
		return;
	c->field.empty_since_us = g_get_monotonic_time();
	counter_arm_later(c);
	counter_dispatch(c, VISIT_ON_CARD_OUT);
}

/* What a failed read means: the end of READING, a remark where a card was only asked for. */
static void fail_read(struct counter *c, enum problem problem)
{
	if (c->state == VISIT_READING)
		counter_fail(c, VISIT_ON_CARD_FAILED, problem);
	else if (c->state == VISIT_OFF_DUTY || c->state == VISIT_SECOND ||
		 c->state == VISIT_CONSENT)
		counter_say(c, problem);
}

static gboolean on_busy(gpointer data)
{
	struct counter *c = data;
	c->field.busy_source = 0;
	counter_read_field(c);
	return G_SOURCE_REMOVE;
}

static void wait_for_card(struct counter *c)
{
	if (c->field.busy_tries++ >= BUSY_TRIES) {
		fail_read(c, PROBLEM_CARD_BUSY);
		return;
	}
	counter_say(c, PROBLEM_CARD_BUSY);
	g_clear_handle_id(&c->field.busy_source, g_source_remove);
	c->field.busy_source = g_timeout_add(BUSY_MS, on_busy, c);
}

static gboolean is_same_human(struct counter *c, const struct clerk *clerk)
{
	return g_str_equal(clerk->common_id, c->clerk.common_id) ||
	       g_str_equal(clerk->common_id, c->k.person.common_id);
}

/* A card in a place where only a clerk's is wanted. */
static void read_clerk(struct counter *c, const struct card_reading *reading)
{
	struct clerk clerk = {0};
	g_autoptr(GError) error = NULL;
	if (!clerks_find(c->parts.store, reading->key_kind, reading->number, &clerk, &error)) {
		if (error)
			g_warning("clerks: %s", error->message);
		counter_say(c, PROBLEM_NOT_A_CLERK);
		return;
	}
	if (c->state == VISIT_SECOND && is_same_human(c, &clerk)) {
		clerk_wipe(&clerk);
		counter_say(c, PROBLEM_SAME_CLERK);
		return;
	}
	c->pending = clerk;
	c->has_pending = TRUE;
	clerk_wipe(&clerk);
	counter_clerk_acts(c);
	counter_dispatch(c, VISIT_ON_CLERK_CARD);
}

static void read_holder(struct counter *c, const struct card_reading *reading)
{
	c->k.reading = *reading;
	c->k.has_card = TRUE;
	counter_dispatch(c, VISIT_ON_CARD_READ);
}

static void read_consent(struct counter *c, const struct card_reading *reading)
{
	if (!reading_same_card(&c->k.reading, reading)) {
		counter_say(c, PROBLEM_OTHER_CARD);
		return;
	}
	c->k.consented_at = counter_now();
	c->k.consent_by_card = TRUE;
	counter_dispatch(c, VISIT_ON_CONSENTED);
}

static void on_read(struct counter *c, const struct card_report *report)
{
	if (report->visit != c->visit)
		return;
	g_message("card read: %s, step %s, pcsc %lx, sw %04x, %" G_GINT64_FORMAT " us",
		card_err_name(report->err), report->trace.step ? report->trace.step : "-",
		(unsigned long)report->trace.pcsc & 0xffffffffUL, report->trace.sw,
		report->took_us);
	if (report->err == CARD_ERR_BUSY) {
		wait_for_card(c);
	} else if (report->err != CARD_ERR_OK) {
		fail_read(c, problem_of_card(report->err));
	} else if (c->state == VISIT_READING) {
		read_holder(c, &report->reading);
	} else if (c->state == VISIT_OFF_DUTY || c->state == VISIT_SECOND) {
		read_clerk(c, &report->reading);
	} else if (c->state == VISIT_CONSENT) {
		read_consent(c, &report->reading);
	}
}

static void forget_reader(struct counter_field *field, const char *name)
{
	for (guint i = 0; i < READER_MAX; i++)
		if (g_str_equal(field->names[i], name))
			field->names[i][0] = '\0';
}

static void note_reader(struct counter_field *field, const char *name)
{
	forget_reader(field, name);
	for (guint i = 0; i < READER_MAX; i++) {
		if (field->names[i][0] != '\0')
			continue;
		g_strlcpy(field->names[i], name, sizeof field->names[i]);
		return;
	}
}

static void on_equipment(struct counter *c, const struct watch_event *event)
{
	struct counter_field *field = &c->field;
	if (event->kind == WATCH_READER_IN)
		note_reader(field, event->reader);
	else if (event->kind == WATCH_READER_OUT)
		forget_reader(field, event->reader);
	else
		memset(field->names, 0, sizeof field->names);
	field->service = event->kind != WATCH_SERVICE_DOWN;
	c->health.wrong[PROBLEM_NOT_ALLOWED] = event->err == CARD_ERR_NOT_ALLOWED;
	if (c->state == VISIT_READING && field->cards == 0)
		counter_fail(c, VISIT_ON_CARD_FAILED, PROBLEM_REMOVED);
	counter_health_check(c);
}

static void on_event(struct counter *c, const struct watch_event *event)
{
	switch (event->kind) {
	case WATCH_CARD_IN:
	case WATCH_CARD_MUTE: /* the read will find it mute, and say so */
		on_card_in(c, event->reader);
		break;
	case WATCH_CARD_OUT:
		on_card_out(c);
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

void counter_on_report(const struct card_report *report, gpointer data)
{
	struct counter *c = data;
	if (report->kind == CARD_REPORT_READ) {
		on_read(c, report);
		return;
	}
	c->field.cards = report->cards;
	c->field.readers = report->readers;
	if (!c->field.known) {
		c->field.known = TRUE;
		c->field.empty_since_us = report->cards ? 0 : g_get_monotonic_time();
	}
	on_event(c, &report->event);
	/* A reader pulled with its card says no CARD_OUT of its own. */
	if (report->cards == 0 && c->field.empty_since_us == 0)
		on_card_out(c);
}
