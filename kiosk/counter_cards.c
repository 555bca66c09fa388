/* SPDX-License-Identifier: MIT */
#include "kiosk/counter_private.h"

/* Another program holds the card: say so, and try this often for this long. */
#define BUSY_MS    300
#define BUSY_TRIES 30

static enum errand errand_of(enum visit_state state)
{
	static const enum errand errands[VISIT_STATE_COUNT] = {
		[VISIT_OFF_DUTY] = ERRAND_CLERK,
		[VISIT_READING] = ERRAND_HOLDER,
		[VISIT_LOOKUP] = ERRAND_SAME,
		[VISIT_CHECK] = ERRAND_SAME,
		[VISIT_SECOND] = ERRAND_CLERK,
		[VISIT_ROUTE] = ERRAND_SAME,
		[VISIT_CONSENT] = ERRAND_CONSENT,
		[VISIT_STATUS] = ERRAND_SAME,
		[VISIT_WITHDRAW] = ERRAND_CONSENT,
	};
	return errands[state];
}

void counter_read_field(struct counter *c)
{
	c->field.reads++;
	card_thread_read(c->cards, c->field.reader, c->visit, errand_of(c->state));
}

/* A read that ended, as the contact sees it. */
static void note_contact(struct counter *c, const struct card_report *report)
{
	struct seat_row *row = seats_find(&c->field.seats, report->reader);
	gint64 now_ms = g_get_monotonic_time() / G_TIME_SPAN_MILLISECOND;
	if (row && report->err == CARD_ERR_REMOVED)
		contact_take(&row->contact, CONTACT_SHORT, now_ms);
	else if (row && report->err != CARD_ERR_BUSY)
		contact_take(&row->contact, CONTACT_READ, now_ms);
}

/* Taken away once is a hasty hand; again and again it is a card that wants to lie still. */
static enum problem problem_of_report(struct counter *c, const struct card_report *report)
{
	gint64 now_ms = g_get_monotonic_time() / G_TIME_SPAN_MILLISECOND;
	const struct seat_row *row = seats_find(&c->field.seats, report->reader);
	if (report->err == CARD_ERR_REMOVED && row && contact_flaps(&row->contact, now_ms))
		return PROBLEM_FLAPPING;
	return problem_of_card(report->err);
}

/* What a failed read means: the end of READING, a remark where a card was only asked for. */
static void fail_read(struct counter *c, enum problem problem)
{
	gboolean broken = problem == PROBLEM_REMOVED || problem == PROBLEM_FLAPPING;
	if (c->state == VISIT_READING) {
		counter_fail(c, VISIT_ON_CARD_FAILED, problem);
		if (broken)
			counter_calm(c);
	} else if (c->state == VISIT_OFF_DUTY || c->state == VISIT_SECOND ||
		   visit_wants_tap(c->state)) {
		counter_say(c, problem);
	}
}

static gboolean on_busy(gpointer data)
{
	struct counter *c = data;
	c->field.busy_source = 0;
	if (errand_of(c->state) == c->field.busy_errand)
		counter_read_field(c);
	return G_SOURCE_REMOVE;
}

static void wait_for_card(struct counter *c, enum errand errand)
{
	c->field.busy_errand = errand;
	if (c->field.busy_tries++ >= BUSY_TRIES) {
		fail_read(c, PROBLEM_CARD_BUSY);
		return;
	}
	counter_say(c, PROBLEM_CARD_BUSY);
	g_clear_handle_id(&c->field.busy_source, g_source_remove);
	c->field.busy_source = g_timeout_add(BUSY_MS, on_busy, c);
}

/* Who may not agree as the second clerk, and why. */
static enum problem problem_of_second(const struct counter *c, const struct clerk *second)
{
	gboolean privileged = c->k.verdicts.set[VERDICT_ID_PRIVILEGED];
	if (g_str_equal(second->common_id, c->clerk.common_id) ||
		case_is_holder(&c->k, second->common_id))
		return PROBLEM_SAME_CLERK;
	return privileged && g_str_equal(second->unit, c->clerk.unit) ? PROBLEM_SAME_UNIT
								      : PROBLEM_NONE;
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
	enum problem problem =
		c->state == VISIT_SECOND ? problem_of_second(c, &clerk) : PROBLEM_NONE;
	if (problem != PROBLEM_NONE) {
		clerk_wipe(&clerk);
		counter_say(c, problem);
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

/* Another card than the one the visit began with. Slid over it, nobody saw it change: then
 * the visit ends. Otherwise the clerk has the first in hand, and the visit stays its own. */
static void on_other_card(struct counter *c)
{
	if (c->field.swapped && c->state != VISIT_ROUTE)
		counter_fail(c, VISIT_ON_SWAPPED, PROBLEM_SWAPPED);
	else
		counter_say(c, PROBLEM_OTHER_CARD);
}

/* A card of another kind is another card; one that could not be asked is unknown. */
static void compare(struct counter *c, enum card_err err, const struct card_reading *reading)
{
	switch (err) {
	case CARD_ERR_OK:
		if (!reading_same_card(&c->k.reading, reading))
			on_other_card(c);
		break;
	case CARD_ERR_UNKNOWN_CARD:
	case CARD_ERR_TRANSIT:
	case CARD_ERR_FOREIGN:
	case CARD_ERR_UNPROVEN:
	case CARD_ERR_NO_DATA:
		on_other_card(c);
		break;
	case CARD_ERR_REMOVED:
	case CARD_ERR_BUSY:
	case CARD_ERR_UNREADABLE:
	case CARD_ERR_NO_READER:
	case CARD_ERR_NO_SERVICE:
	case CARD_ERR_NOT_ALLOWED:
	case CARD_ERR_NO_DIALECT:
	case CARD_ERR_PROTOCOL:
	case CARD_ERR_LIMIT:
	case CARD_ERR_TIMEOUT:
	case CARD_ERR_CANCELLED:
	case CARD_ERR_MUTE:
		break;
	}
}

/* Nothing a card holds: what it took, and where it went wrong. */
static void log_read(const struct card_report *report)
{
	const struct card_trace *trace = &report->trace;
	g_message("card read: %s, reader \"%s\", dialect %s, %u APDUs, %.1f ms, step %s, "
		  "pcsc %lx, sw %04x, flags %04x",
		card_err_name(report->err), report->reader,
		trace->dialect ? trace->dialect : "none", trace_apdus(trace),
		(double)report->took_us / G_TIME_SPAN_MILLISECOND, trace->step ? trace->step : "-",
		(unsigned long)trace->pcsc & 0xffffffffUL, trace->sw, trace->flags);
}

static void take_reading(struct counter *c, enum errand errand, const struct card_reading *reading)
{
	switch (errand) {
	case ERRAND_HOLDER:
		read_holder(c, reading);
		break;
	case ERRAND_CLERK:
		read_clerk(c, reading);
		break;
	case ERRAND_CONSENT:
		read_consent(c, reading);
		break;
	case ERRAND_SAME:
	case ERRAND_NONE:
		break;
	}
}

/* The desk demands more than this card can prove. */
static gboolean is_unproven(const struct counter *c, const struct card_report *report)
{
	return report->err == CARD_ERR_OK && report->reading.assurance < c->parts.config->assurance;
}

static void on_read(struct counter *c, const struct card_report *report)
{
	if (report->visit != c->visit || report->errand != errand_of(c->state))
		return;
	if (report->err == CARD_ERR_NO_DIALECT)
		g_strlcpy(c->field.odd_reader, report->reader, sizeof c->field.odd_reader);
	if (report->errand == ERRAND_SAME)
		compare(c, report->err, &report->reading);
	else if (report->err == CARD_ERR_BUSY)
		wait_for_card(c, report->errand);
	else if (is_unproven(c, report))
		fail_read(c, PROBLEM_UNPROVEN);
	else if (report->err != CARD_ERR_OK)
		fail_read(c, problem_of_report(c, report));
	else
		take_reading(c, report->errand, &report->reading);
}

void counter_on_report(const struct card_report *report, gpointer data)
{
	struct counter *c = data;
	if (report->kind == CARD_REPORT_EVENT) {
		counter_on_event(c, &report->event);
		return;
	}
	c->field.reads--;
	log_read(report);
	note_contact(c, report);
	on_read(c, report);
}
