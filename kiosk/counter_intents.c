/* SPDX-License-Identifier: MIT */
#include "kiosk/counter_private.h"

#include <openssl/crypto.h>

enum intent_answer counter_check_stamp(
	const struct counter *c, struct intent_stamp at, enum visit_intent intent)
{
	if (at.visit != c->visit || at.step != c->step)
		return INTENT_STALE;
	return visit_may(c->state, intent) ? INTENT_TAKEN : INTENT_NOT_ALLOWED;
}

void counter_touch(struct counter *c, const char *seat)
{
	if (g_str_equal(seat, "desk"))
		counter_clerk_acts(c);
	else
		counter_holder_acts(c);
}

void counter_unseen(struct counter *c)
{
	if (!c->k.shown)
		return;
	c->k.shown = FALSE;
	counter_views_changed(c);
}

/* Set the clerk who proved the PIN, as first or second of this counter. */
static void admit(struct counter *c)
{
	if (c->state == VISIT_SECOND_PIN) {
		c->k.second = c->pending;
		c->k.has_second = TRUE;
		c->k.progress.second = true;
	} else {
		c->clerk = c->pending;
		c->has_clerk = TRUE;
	}
	clerk_wipe(&c->pending);
	c->has_pending = FALSE;
	counter_clerk_acts(c);
	counter_dispatch(c, VISIT_ON_SIGNED_IN);
}

static void on_pin_checked(enum clerk_pin answer, guint wait, gpointer data)
{
	struct counter *c = data;
	c->pin_running = FALSE;
	c->wait_until_us = g_get_monotonic_time() + wait * G_TIME_SPAN_SECOND;
	if (c->state != VISIT_SIGN_IN && c->state != VISIT_SECOND_PIN)
		return;
	switch (answer) {
	case CLERK_PIN_RIGHT:
		admit(c);
		break;
	case CLERK_PIN_WRONG:
	case CLERK_PIN_WAIT:
		counter_say(c, PROBLEM_WRONG_PIN);
		break;
	case CLERK_PIN_LOCKED:
		counter_dispatch(c, VISIT_ON_SIGN_IN_LOCKED);
		counter_say(c, PROBLEM_PIN_LOCKED);
		break;
	}
}

enum intent_answer counter_sign_in(struct counter *c, struct intent_stamp at, const char *pin)
{
	RETURN_UNLESS_ALLOWED(c, at, SIGN_IN);
	if (c->pin_running || !c->has_pending)
		return INTENT_NOT_ALLOWED;
	c->pin_running = TRUE;
	counter_clerk_acts(c);
	clerks_check_pin(c->parts.store, c->pending.row, pin, counter_now(), c->cancellable,
		on_pin_checked, c);
	return INTENT_TAKEN;
}

enum intent_answer counter_sign_out(struct counter *c, struct intent_stamp at)
{
	RETURN_UNLESS_ALLOWED(c, at, SIGN_OUT);
	counter_dispatch(c, VISIT_ON_SIGNED_OUT);
	return INTENT_TAKEN;
}

gboolean counter_is_code(const char *text)
{
	gsize len = strlen(text);
	return len > 0 && len < CASE_CODE_SIZE &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

/* What changed may open or close a route; before the person is known it only waits. */
static void facts_changed(struct counter *c)
{
	counter_holder_acts(c);
	if (c->state != VISIT_LOOKUP)
		counter_judge_route(c);
	counter_views_changed(c);
}

enum intent_answer counter_answer(
	struct counter *c, struct intent_stamp at, const char *word, const char *value)
{
	static const char *const words[] = {
		[ANSWER_OPEN] = "", [ANSWER_YES] = "yes", [ANSWER_NO] = "no"};
	enum question question;
	RETURN_UNLESS_ALLOWED(c, at, ANSWER);
	if (!question_find(word, &question))
		return INTENT_INVALID;
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (!g_str_equal(value, words[i]))
			continue;
		c->k.answers[question] = i;
		facts_changed(c);
		return INTENT_TAKEN;
	}
	return INTENT_INVALID;
}

enum intent_answer counter_reason(struct counter *c, struct intent_stamp at, const char *word)
{
	enum reason reason;
	RETURN_UNLESS_ALLOWED(c, at, REASON);
	if (!reason_find(word, &reason) || reason == REASON_NONE)
		return INTENT_INVALID;
	c->k.reason = reason;
	counter_clerk_acts(c);
	facts_changed(c);
	return INTENT_TAKEN;
}

enum intent_answer counter_phone(struct counter *c, struct intent_stamp at, const char *number)
{
	char phone[INCIDENT_PHONE_SIZE];
	RETURN_UNLESS_ALLOWED(c, at, PHONE);
	if (!incident_phone(number, phone))
		return INTENT_INVALID;
	memcpy(c->k.phone, phone, sizeof phone);
	OPENSSL_cleanse(phone, sizeof phone);
	facts_changed(c);
	return INTENT_TAKEN;
}

enum intent_answer counter_shown(
	struct counter *c, struct intent_stamp at, const char *digest, const char *language)
{
	RETURN_UNLESS_ALLOWED(c, at, SHOWN);
	if (!*c->k.digest || !g_str_equal(digest, c->k.digest) || !counter_is_code(language))
		return INTENT_INVALID;
	c->k.shown = TRUE;
	g_strlcpy(c->k.shown_language, language, sizeof c->k.shown_language);
	counter_arm_later(c);
	counter_views_changed(c);
	return INTENT_TAKEN;
}

enum intent_answer counter_consent(struct counter *c, struct intent_stamp at, gboolean yes)
{
	RETURN_UNLESS_ALLOWED(c, at, CONSENT);
	if (!yes && c->state == VISIT_WITHDRAW) {
		counter_dispatch(c, VISIT_ON_CANCEL);
		return INTENT_TAKEN;
	}
	if (!yes) {
		counter_fail(c, VISIT_ON_CONSENT_REFUSED, PROBLEM_NO_CONSENT);
		return INTENT_TAKEN;
	}
	if (c->k.has_card || !c->k.shown)
		return INTENT_NOT_ALLOWED;
	c->k.consented_at = counter_now();
	counter_dispatch(c, VISIT_ON_CONSENTED);
	return INTENT_TAKEN;
}

enum intent_answer counter_cancel(struct counter *c, struct intent_stamp at)
{
	RETURN_UNLESS_ALLOWED(c, at, CANCEL);
	counter_dispatch(c, VISIT_ON_CANCEL);
	return INTENT_TAKEN;
}

enum intent_answer counter_end(struct counter *c, struct intent_stamp at)
{
	RETURN_UNLESS_ALLOWED(c, at, END);
	counter_dispatch(c, VISIT_ON_END);
	return INTENT_TAKEN;
}

enum intent_answer counter_extend(struct counter *c, struct intent_stamp at)
{
	RETURN_UNLESS_ALLOWED(c, at, EXTEND);
	counter_holder_acts(c);
	c->left = 0;
	counter_views_changed(c);
	return INTENT_TAKEN;
}
