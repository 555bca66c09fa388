/* SPDX-License-Identifier: MIT */
#include "kiosk/counter.h"

#include "kiosk/counter_private.h"

gint64 counter_now(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

struct civil counter_civil(void)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	return (struct civil){
		.date = g_date_time_get_year(now) * 10000 + g_date_time_get_month(now) * 100 +
			g_date_time_get_day_of_month(now),
		.minute = (gint16)(g_date_time_get_hour(now) * 60 + g_date_time_get_minute(now)),
	};
}

const struct incident *counter_incident(const struct counter *c)
{
	return c->incidents ? incidents_at(c->incidents, counter_civil()) : NULL;
}

static gboolean on_changed(gpointer data)
{
	struct counter *c = data;
	c->changed_source = 0;
	if (c->changed)
		c->changed(
			c->desk.sequence, c->holder.sequence, c->health_sequence, c->changed_data);
	return G_SOURCE_REMOVE;
}

/* One signal a turn of the main loop, however many events it took. */
static void announce(struct counter *c)
{
	if (!c->changed_source)
		c->changed_source = g_idle_add_full(G_PRIORITY_HIGH_IDLE, on_changed, c, NULL);
}

void counter_views_changed(struct counter *c)
{
	c->desk.sequence++;
	c->holder.sequence++;
	announce(c);
}

void counter_health_changed(struct counter *c)
{
	c->health_sequence++;
	announce(c);
}

void counter_say(struct counter *c, enum problem notice)
{
	if (notice != PROBLEM_NONE)
		g_message("notice %s", problem_row(notice)->id);
	c->notice = notice;
	c->notice_us = g_get_monotonic_time();
	counter_views_changed(c);
}

/* Enter the next state. Nothing of a person goes into the log: codes only. */
static void enter(struct counter *c, enum visit_event event, const struct visit_cell *cell)
{
	if (c->state != cell->next) {
		g_message("visit %" G_GUINT64_FORMAT ": %s -> %s on %s", c->visit,
			visit_state_word(c->state), visit_state_word(cell->next),
			visit_event_word(event));
		c->step++;
		c->notice = PROBLEM_NONE;
	}
	c->state = cell->next;
	if (c->state != VISIT_PROBLEM)
		c->problem = PROBLEM_NONE;
	for (guint bit = 0; bit < VISIT_ACTION_COUNT; bit++)
		if (cell->actions & (1u << bit))
			counter_act(c, bit);
}

/* Events that actions raise wait until the step that raised them is complete. */
void counter_dispatch(struct counter *c, enum visit_event event)
{
	g_return_if_fail(c->n_events < COUNTER_EVENTS_MAX);
	c->events[c->n_events++] = event;
	if (c->dispatching)
		return;
	c->dispatching = TRUE;
	for (guint i = 0; i < c->n_events; i++) {
		const struct visit_cell *cell = visit_cell(c->state, c->events[i]);
		if (cell->next != VISIT_STAY)
			enter(c, c->events[i], cell);
	}
	c->n_events = 0;
	c->dispatching = FALSE;
	counter_views_changed(c);
}

void counter_fail(struct counter *c, enum visit_event event, enum problem problem)
{
	g_message("problem %s", problem_row(problem)->id);
	c->problem = problem;
	counter_dispatch(c, event);
}

/* Files come and go, and so do their hours. */
void counter_incident_check(struct counter *c)
{
	const struct incident *incident = counter_incident(c);
	const char *id = incident ? incident->id : "";
	if (g_str_equal(c->incident_id, id))
		return;
	g_message("incident in force: %s", incident ? id : "none");
	g_strlcpy(c->incident_id, id, sizeof c->incident_id);
	if (c->state == VISIT_CHECK || c->state == VISIT_ROUTE)
		counter_judge_route(c);
	counter_views_changed(c);
}

static void on_incidents(gpointer data)
{
	struct counter *c = data;
	counter_health_check(c);
	counter_incident_check(c);
	counter_views_changed(c); /* the text may be another under the same id */
}

void counter_on_changed(struct counter *c, counter_changed changed, gpointer data)
{
	c->changed = changed;
	c->changed_data = data;
}

struct counter *counter_new(const struct counter_parts *parts)
{
	struct counter *c = g_new0(struct counter, 1);
	c->parts = *parts;
	c->state = VISIT_CLOSED;
	c->step = 1;
	c->cancellable = g_cancellable_new();
	c->started_us = g_get_monotonic_time();
	case_init(&c->k);
	return c;
}

void counter_start(struct counter *c)
{
	const struct config *config = c->parts.config;
	c->incidents = incidents_watch(config->incident_dir, on_incidents, c);
	counter_queue_check(c);
	counter_count_shared(c);
	counter_health_check(c);
	counter_clock_start(c);
	const struct card_job job = {
		.layouts = config->layouts,
		.n_layouts = config->n_layouts,
		.keys = c->parts.card_keys,
		.n_keys = c->parts.n_card_keys,
	};
	c->cards =
		card_thread_start(&job, (const char *const *)config->allow, counter_on_report, c);
}

struct counter *counter_free(struct counter *c)
{
	if (!c)
		return NULL;
	g_cancellable_cancel(c->cancellable);
	card_thread_stop(c->cards);
	counter_field_stop(c);
	counter_clock_stop(c);
	counter_forget_filed(c);
	counter_sheets_stop(c);
	g_clear_handle_id(&c->lookup_source, g_source_remove);
	g_clear_handle_id(&c->changed_source, g_source_remove);
	incidents_free(c->incidents);
	case_wipe(&c->k);
	clerk_wipe(&c->clerk);
	clerk_wipe(&c->pending);
	g_free(c->health.detail);
	g_object_unref(c->cancellable);
	g_free(c);
	return NULL;
}
