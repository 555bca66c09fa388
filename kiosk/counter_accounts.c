/* SPDX-License-Identifier: MIT
 *
 * counter_accounts.c - one person, several accounts: exactly one is acted on (R17).
 *
 * The others are looked up as soon as the first was found, so that desk and holder can tell
 * them apart by affiliation. Nothing of them is shown before the clerk's check has passed.
 */
#include "kiosk/counter_private.h"

static void on_account_done(const struct directory_result *result, guint64 visit, gpointer data)
{
	struct counter *c = data;
	struct account_ask *ask = &c->ask;
	struct case_account *account = &c->k.others[ask->i];
	if (visit != c->visit || !ask->running)
		return;
	ask->running = FALSE;
	account->problem = counter_problem_of_answer(result->answer);
	if (result->answer == DIRECTORY_ONE) {
		account->found = TRUE;
		account->person = result->person;
		account->as_of = result->as_of;
		account->fallback = result->fallback;
		account->duty = result->duty;
		g_strlcpy(account->source, result->source, sizeof account->source);
	}
	counter_ask_accounts(c);
	counter_views_changed(c);
}

/* One after the other: a server is never asked for more than one answer at a time. */
void counter_ask_accounts(struct counter *c)
{
	struct visit_case *k = &c->k;
	if (c->ask.running || k->moved || !visit_holds_person(c->state))
		return;
	for (gsize i = 0; i < k->person.n_linked; i++) {
		if (k->others[i].found || k->others[i].problem != PROBLEM_NONE)
			continue;
		c->ask = (struct account_ask){.running = TRUE, .i = i};
		directory_lookup(c->parts.directory, DIRECTORY_KEY_COMMON_ID, k->person.linked[i],
			c->visit, c->cancellable, on_account_done, c);
		return;
	}
}

void counter_forget_accounts(struct counter *c)
{
	c->ask.running = FALSE;
}

/* Not known (yet): say why, and ask again; the clerk picks once more. */
static void ask_again(struct counter *c, struct case_account *account)
{
	enum problem problem = account->problem;
	account->problem = PROBLEM_NONE;
	counter_ask_accounts(c);
	counter_say(c, problem == PROBLEM_NONE ? PROBLEM_NO_DIRECTORY : problem);
}

/* The card in the hand shows that the holder is this person; the digits are now those of the
 * chosen account's card. Whatever was decided was about the other one. */
static void move(struct counter *c, gsize i)
{
	case_move(&c->k, i);
	c->step++;
	g_message("visit %" G_GUINT64_FORMAT ": the other account was chosen", c->visit);
	if (!counter_judge(c))
		return;
	counter_draw_digits(c);
	counter_judge_route(c);
	counter_views_changed(c);
}

static void stay(struct counter *c)
{
	c->k.progress.account_chosen = true;
	counter_judge_route(c); /* its desk counts now */
	if (c->state == VISIT_CHECK && counter_gate(c) == GATE_PASS)
		counter_dispatch(c, VISIT_ON_CHECK_PASSED);
	counter_views_changed(c);
}

enum intent_answer counter_account(struct counter *c, struct intent_stamp at, const char *common_id)
{
	struct visit_case *k = &c->k;
	RETURN_UNLESS_ALLOWED(c, at, ACCOUNT);
	if (counter_gate(c) != GATE_ACCOUNT)
		return INTENT_NOT_ALLOWED;
	counter_clerk_acts(c);
	if (g_str_equal(common_id, k->person.common_id)) {
		stay(c);
		return INTENT_TAKEN;
	}
	for (gsize i = 0; i < k->person.n_linked; i++) {
		if (!g_str_equal(common_id, k->person.linked[i]))
			continue;
		if (k->others[i].found)
			move(c, i);
		else
			ask_again(c, &k->others[i]);
		return INTENT_TAKEN;
	}
	return INTENT_INVALID;
}
