/* SPDX-License-Identifier: MIT */
#include "kiosk/counter_private.h"

/* A card that IT staff left is seen by then. */
#define SETTLE_MS 500

static guint cards_lying(const struct counter *c)
{
	return seats_cards(&c->field.seats, SEAT_ALL) + seats_cards(&c->field.seats, SEAT_CLERK);
}

static void set_loan(struct counter *c, enum loan loan)
{
	static const char *const words[] = {
		[LOAN_NONE] = "over", [LOAN_OUT] = "begun", [LOAN_BACK] = "ending"};
	g_message("loan of the readers: %s", words[loan]);
	c->field.loan = loan;
	counter_health_check(c);
	counter_views_changed(c);
}

void counter_loan_check(struct counter *c)
{
	if (c->field.loan == LOAN_BACK && c->field.loan_source == 0 && cards_lying(c) == 0)
		set_loan(c, LOAN_NONE);
}

gboolean counter_has_lent(const struct counter *c)
{
	return c->field.loan == LOAN_OUT;
}

static gboolean on_loan_late(gpointer data)
{
	struct counter *c = data;
	c->field.loan_source = 0;
	counter_take_back(c);
	return G_SOURCE_REMOVE;
}

static gboolean on_settled(gpointer data)
{
	struct counter *c = data;
	c->field.loan_source = 0;
	counter_loan_check(c);
	return G_SOURCE_REMOVE;
}

static gboolean is_between_visits(enum visit_state state)
{
	return state == VISIT_CLOSED || state == VISIT_OFF_DUTY || state == VISIT_WELCOME;
}

const char *counter_lend(struct counter *c, guint seconds)
{
	if (c->field.loan == LOAN_OUT)
		return "the reader is lent to somebody else";
	if (!is_between_visits(c->state))
		return "somebody is being served; try again after the visit";
	if (c->field.reads > 0)
		return "a card is being read; try again in a moment";
	g_clear_handle_id(&c->field.busy_source, g_source_remove);
	g_clear_handle_id(&c->field.loan_source, g_source_remove);
	c->field.loan_source = g_timeout_add_seconds(seconds, on_loan_late, c);
	set_loan(c, LOAN_OUT);
	return NULL;
}

void counter_take_back(struct counter *c)
{
	if (c->field.loan != LOAN_OUT)
		return;
	g_clear_handle_id(&c->field.loan_source, g_source_remove);
	c->field.loan_source = g_timeout_add(SETTLE_MS, on_settled, c);
	set_loan(c, LOAN_BACK);
}
