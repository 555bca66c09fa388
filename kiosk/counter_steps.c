/* SPDX-License-Identifier: MIT */
#include "kiosk/counter_private.h"

static void act_wipe(struct counter *c)
{
	g_clear_handle_id(&c->lookup_source, g_source_remove);
	g_clear_handle_id(&c->field.armed_source, g_source_remove);
	g_clear_handle_id(&c->field.calm_source, g_source_remove);
	g_cancellable_cancel(c->cancellable);
	g_set_object(&c->cancellable, NULL);
	c->cancellable = g_cancellable_new();
	counter_forget_accounts(c);
	counter_forget_filed(c);
	case_wipe(&c->k);
	clerk_wipe(&c->pending);
	c->has_pending = FALSE;
	c->pin_running = FALSE;
	c->left = 0;
}

static void act_sign_out(struct counter *c)
{
	clerk_wipe(&c->clerk);
	c->has_clerk = FALSE;
}

static void act_begin(struct counter *c)
{
	gint64 now = g_get_monotonic_time();
	c->visit++;
	c->visits++;
	c->step++;
	c->holder_us = now;
	/* A card on the reader is the holder's and the clerk's business both: the clerk's
	 * time for this visit begins with it. */
	c->clerk_us = now;
}

static void on_lookup_done(const struct directory_result *result, guint64 visit, gpointer data)
{
	struct counter *c = data;
	if (visit != c->visit || c->state != VISIT_LOOKUP)
		return;
	g_clear_handle_id(&c->lookup_source, g_source_remove);
	if (result->answer != DIRECTORY_ONE) {
		counter_fail(c, VISIT_ON_STOPPED, counter_problem_of_answer(result->answer));
		return;
	}
	c->k.person = result->person;
	c->k.found = TRUE;
	c->k.as_of = result->as_of;
	c->k.fallback = result->fallback;
	c->k.duty = result->duty;
	g_strlcpy(c->k.source, result->source, sizeof c->k.source);
	counter_ask_filed(c);
}

static gboolean on_lookup_late(gpointer data)
{
	struct counter *c = data;
	c->lookup_source = 0;
	counter_fail(c, VISIT_ON_STOPPED, PROBLEM_NO_DIRECTORY);
	return G_SOURCE_REMOVE;
}

static void act_look_up(struct counter *c)
{
	const char *kind = c->k.has_card ? c->k.reading.key_kind : DIRECTORY_KEY_COMMON_ID;
	const char *value = c->k.has_card ? c->k.reading.number : c->k.asked_id;
	c->lookup_source = g_timeout_add((guint)c->parts.config->lookup_ms, on_lookup_late, c);
	directory_lookup(
		c->parts.directory, kind, value, c->visit, c->cancellable, on_lookup_done, c);
}

static void act_check(struct counter *c)
{
	counter_draw_digits(c);
	if (counter_gate(c) == GATE_PASS)
		counter_dispatch(c, VISIT_ON_CHECK_PASSED);
}

struct route_facts counter_route_facts(const struct counter *c)
{
	const struct visit_case *k = &c->k;
	struct route_facts facts = {
		.person = k->found ? &k->person : NULL,
		.office = c->parts.config->own_office,
		.offices = &c->parts.config->offices,
		.incident = counter_incident(c),
		.now = counter_civil(),
		.has_phone = k->phone[0] != '\0',
		.reason = k->reason,
	};
	memcpy(facts.answers, k->answers, sizeof facts.answers);
	return facts;
}

/* Another desk serves this account; perhaps this one serves the other, which is chosen only
 * when the check has passed. */
static gboolean waits_for_account(const struct visit_case *k)
{
	gboolean chosen = k->progress.account_chosen;
	return k->verdicts.set[VERDICT_ID_TWO_ACCOUNTS] && !chosen &&
	       (k->route.route == ROUTE_OTHER_DESK || k->route.route == ROUTE_SUPPORT_DESK);
}

/* Ask the route rules and say where they lead. The gate stands before "here": no answer,
 * given or taken back, leads around the check. */
void counter_judge_route(struct counter *c)
{
	struct visit_case *k = &c->k;
	struct route_facts facts = counter_route_facts(c);
	k->route = route_decide(&facts);
	if (waits_for_account(k)) {
		facts.person = NULL;
		k->route = route_decide(&facts);
	}
	if (k->route.route != ROUTE_OPEN && k->route.route != ROUTE_HERE)
		counter_dispatch(c, VISIT_ON_ROUTED_AWAY);
	else if (counter_gate(c) != GATE_PASS)
		counter_dispatch(c, VISIT_ON_REOPENED);
	else if (k->route.route == ROUTE_HERE)
		counter_dispatch(c, VISIT_ON_ROUTED_HERE);
}

static struct case_desk here(struct counter *c)
{
	const struct config *config = c->parts.config;
	return (struct case_desk){
		.desk = config->desk,
		.office = config->office,
		.incident = counter_incident(c),
		.role = identity_role(&c->k.person, config->own_office, counter_civil()),
		.now = counter_now(),
	};
}

static void act_build(struct counter *c)
{
	struct case_desk at = here(c);
	if (at.incident && c->k.answers[QUESTION_AFFECTED] == ANSWER_YES)
		c->k.reason = REASON_INCIDENT;
	case_build_payload(&c->k, &at);
	counter_arm_later(c);
}

static void act_commit(struct counter *c)
{
	struct case_desk at = here(c);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) evidence = case_build_evidence(&c->k, &at, &c->clerk);
	const struct request_filing filing = {
		.desk = at.desk,
		.common_id = c->k.person.common_id,
		.date = counter_civil().date,
		.now = at.now,
		.payload = c->k.payload,
		.evidence = evidence,
	};
	if (!requests_file(c->parts.store, &filing, &c->k.receipt, &error)) {
		enum problem problem = counter_problem_of(error);
		g_warning("request not filed: %s", error->message);
		counter_fail(c, VISIT_ON_NOT_COMMITTED,
			problem == PROBLEM_DISK_FULL ? problem : PROBLEM_NOT_FILED);
		return;
	}
	if (c->parts.sender)
		sender_committed(c->parts.sender, c->k.receipt.number);
	counter_queue_check(c);
	counter_dispatch(c, VISIT_ON_COMMITTED);
}

static void act_ask_field(struct counter *c)
{
	if (seats_cards(&c->field.seats, SEAT_ALL) == 0)
		counter_dispatch(c, VISIT_ON_CARD_OUT);
}

static void act_ask_ready(struct counter *c)
{
	counter_health_check(c);
	if (!counter_is_ready(c))
		counter_dispatch(c, VISIT_ON_UNREADY);
}

static void act_resume(struct counter *c)
{
	if (c->has_clerk)
		counter_dispatch(c, VISIT_ON_SIGNED_IN);
	else
		act_ask_ready(c);
}

void counter_act(struct counter *c, enum visit_action_bit action)
{
	static void (*const acts[VISIT_ACTION_COUNT])(struct counter *) = {
		[VISIT_BIT_WIPE] = act_wipe,
		[VISIT_BIT_SIGN_OUT] = act_sign_out,
		[VISIT_BIT_BEGIN] = act_begin,
		[VISIT_BIT_READ] = counter_read_field,
		[VISIT_BIT_LOOK_UP] = act_look_up,
		[VISIT_BIT_CHECK] = act_check,
		[VISIT_BIT_DECIDE] = counter_judge_route,
		[VISIT_BIT_BUILD] = act_build,
		[VISIT_BIT_COMMIT] = act_commit,
		[VISIT_BIT_ASK_TAP] = counter_ask_tap,
		[VISIT_BIT_TAKE_BACK] = counter_take_back_request,
		[VISIT_BIT_ASK_FIELD] = act_ask_field,
		[VISIT_BIT_ASK_READY] = act_ask_ready,
		[VISIT_BIT_RESUME] = act_resume,
	};
	acts[action](c);
}
