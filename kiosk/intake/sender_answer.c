/* SPDX-License-Identifier: MIT
 *
 * sender_answer.c - what the far end's answers mean to a row, to the delays and to the health
 * of the way there.
 */
#include "kiosk/intake/sender_private.h"

#include <string.h>

static const char *const progress_words[INTAKE_PROGRESS_COUNT] = {
	[INTAKE_WAITING] = "waiting",
	[INTAKE_STARTED] = "started",
	[INTAKE_DONE] = "done",
	[INTAKE_DECLINED] = "declined",
	[INTAKE_CANCELLED] = "cancelled",
};

/* --- delays --- */

void sender_pause(struct sender *s, gint retry_after_s)
{
	gint64 now = g_get_monotonic_time();
	gint64 delay = outbox_delay_ms(s->fails, retry_after_s, g_rand_int(s->random));
	s->fails++;
	if (retry_after_s >= 0)
		s->retry_after_us = now + retry_after_s * G_TIME_SPAN_SECOND;
	s->not_before_us = MAX(s->retry_after_us, now + delay * G_TIME_SPAN_MILLISECOND);
	sender_wake_at(s, s->not_before_us);
}

/* This row alone waits: the far end is there and said something about it. */
static void delay_row(struct sender *s)
{
	gint64 delay = outbox_delay_ms(s->row.tries, -1, g_rand_int(s->random));
	gint64 *when = g_new(gint64, 1);
	*when = g_get_monotonic_time() + delay * G_TIME_SPAN_MILLISECOND;
	g_hash_table_replace(s->delayed, g_strdup(s->row.number), when);
}

/* --- health --- */

static enum sender_health health_of(const struct intake_result *result)
{
	if (!result->error)
		return SENDER_WELL;
	if (g_error_matches(result->error, INTAKE_ERROR, INTAKE_ERROR_ACCESS))
		return SENDER_NOT_ALLOWED;
	if (g_error_matches(result->error, INTAKE_ERROR, INTAKE_ERROR_SETUP))
		return SENDER_SETUP;
	return SENDER_WAITING;
}

static void set_health(struct sender *s, enum sender_health health, const GError *error)
{
	gboolean same = s->health == health;
	g_clear_error(&s->error);
	s->error = error ? g_error_copy(error) : NULL;
	s->health = health;
	if (same)
		return;
	g_message("far end %s: %s", s->intake->ops->name, error ? error->message : "well");
	s->changed(s, NULL, s->data);
}

/* --- rows --- */

/* Where the far end has it: what it reports. */
static enum outbox_event event_of_progress(enum intake_progress progress)
{
	static const enum outbox_event events[INTAKE_PROGRESS_COUNT] = {
		[INTAKE_WAITING] = OUTBOX_SAW_ACCEPTED,
		[INTAKE_STARTED] = OUTBOX_SAW_ACCEPTED,
		[INTAKE_DONE] = OUTBOX_SAW_DONE,
		[INTAKE_DECLINED] = OUTBOX_SAW_DECLINED,
		[INTAKE_CANCELLED] = OUTBOX_SAW_CANCELLED,
	};
	return events[progress];
}

static enum outbox_event event_of(enum flight flight, const struct intake_result *result)
{
	/* Our own doing, not the request's: it waits until the desk may file again. A doubt stays
	 * one all the same. */
	enum sender_health health = health_of(result);
	gboolean ours = health == SENDER_NOT_ALLOWED || health == SENDER_SETUP;
	if (ours && result->answer != INTAKE_UNKNOWN)
		return OUTBOX_SAW_LATER;
	switch (result->answer) {
	case INTAKE_ACCEPTED:
		return OUTBOX_SAW_ACCEPTED;
	case INTAKE_NOT_SENT:
		return OUTBOX_SAW_NOT_SENT;
	case INTAKE_LATER:
		return OUTBOX_SAW_LATER;
	case INTAKE_REFUSED:
		return flight == FLIGHT_SEND ? OUTBOX_SAW_REFUSED : OUTBOX_SAW_LATER;
	case INTAKE_HOLDER:
		return flight == FLIGHT_SEND ? OUTBOX_SAW_HOLDER : OUTBOX_SAW_LATER;
	case INTAKE_ABSENT:
		return flight == FLIGHT_SEND ? OUTBOX_SAW_UNKNOWN : OUTBOX_SAW_ABSENT;
	case INTAKE_UNKNOWN:
	case INTAKE_TAKEN_UP:
	case INTAKE_ANSWER_COUNT:
		break;
	}
	return OUTBOX_SAW_UNKNOWN;
}

/* FALSE: the record would not have it; the row is looked at again. */
static gboolean apply(struct sender *s, enum outbox_event event, const struct outbox_news *news)
{
	g_autoptr(GError) error = NULL;
	if (outbox_apply(s->store, s->row.number, event, news, NULL, &error))
		return TRUE;
	g_warning("outbox: %s", error->message);
	return FALSE;
}

/* Accepted, and then what it says beyond that: two steps of the table. */
static void apply_accepted(struct sender *s, const struct intake_result *result)
{
	enum outbox_event event = event_of_progress(result->progress);
	const struct outbox_news news = {
		.outside = *result->id ? result->id : NULL,
		.progress = progress_words[result->progress],
		.progress_at = result->at,
		.reason = *result->reason ? result->reason : NULL,
		.now = sender_now(),
	};
	if (apply(s, OUTBOX_SAW_ACCEPTED, &news) && event != OUTBOX_SAW_ACCEPTED)
		apply(s, event, &news);
}

static const char *reason_of(enum outbox_event event, const struct intake_result *result)
{
	if (event == OUTBOX_SAW_HOLDER)
		return "other-request";
	return event == OUTBOX_SAW_REFUSED && *result->reason ? result->reason : NULL;
}

static void apply_other(
	struct sender *s, enum outbox_event event, const struct intake_result *result)
{
	const struct outbox_news news = {
		.outside = event == OUTBOX_SAW_HOLDER && *result->number ? result->number : NULL,
		.reason = reason_of(event, result),
		.now = sender_now(),
	};
	if (s->flight == FLIGHT_FOLLOW && event == OUTBOX_SAW_ABSENT)
		g_warning("%s: the far end does not know it any more", s->row.number);
	apply(s, event, &news);
	/* Asked after, whatever came of it: the next in line comes first. */
	if (s->flight == FLIGHT_FOLLOW)
		apply(s, OUTBOX_LOOK, &news);
}

/* --- ends of flights --- */

static void pace(struct sender *s, enum outbox_event event, const struct intake_result *result)
{
	s->fresh = result->fresh;
	if (result->units_left >= 0)
		outbox_budget_told(&s->budget, (guint)result->units_left, g_get_monotonic_time());
	if (event == OUTBOX_SAW_NOT_SENT || event == OUTBOX_SAW_LATER ||
		event == OUTBOX_SAW_UNKNOWN) {
		delay_row(s);
		sender_pause(s, result->retry_after_s);
	} else {
		s->fails = 0;
		s->not_before_us = 0;
	}
}

void sender_on_answer(struct intake *intake, const struct intake_result *result, gpointer data)
{
	struct sender *s = data;
	enum outbox_event event = event_of(s->flight, result);
	enum sender_health health = health_of(result);
	if (event == OUTBOX_SAW_ACCEPTED)
		apply_accepted(s, result);
	else
		apply_other(s, event, result);
	if (event == OUTBOX_SAW_REFUSED)
		g_warning("%s: refused: %s", s->row.number,
			result->error ? result->error->message : "no reason given");
	pace(s, event, result);
	s->flight = FLIGHT_NONE;
	if (health == SENDER_NOT_ALLOWED || health == SENDER_SETUP)
		s->checked = FALSE;
	gboolean row_only = event == OUTBOX_SAW_REFUSED || event == OUTBOX_SAW_HOLDER;
	set_health(s, row_only ? SENDER_WELL : health, row_only ? NULL : result->error);
	s->changed(s, s->row.number, s->data);
	sender_step(s);
}

void sender_on_checked(struct intake *intake, const struct intake_result *result, gpointer data)
{
	struct sender *s = data;
	s->flight = FLIGHT_NONE;
	s->checked = result->error == NULL;
	s->fresh = result->fresh;
	if (s->checked)
		s->fails = 0;
	else
		sender_pause(s, result->retry_after_s);
	set_health(s, health_of(result), result->error);
	sender_step(s);
}
