/* SPDX-License-Identifier: MIT
 *
 * counter_check.c - is this the person? Verdicts, the digits check, decisions.
 */
#include "kiosk/counter_private.h"

#include <openssl/crypto.h>

#include "kiosk/record/seal.h"
#include "kiosk/record/tally.h"

#define COMMON_ID_LEN  10 /* R12 */
#define FACE_LEN       18 /* R13: its last ten digits are the common id */
#define ACCOUNT_SUFFIX "@utac.u-tokyo.ac.jp"

enum problem counter_problem_of_answer(enum directory_answer answer)
{
	static const enum problem problems[] = {
		[DIRECTORY_ONE] = PROBLEM_NONE,
		[DIRECTORY_NONE] = PROBLEM_NOT_FOUND,
		[DIRECTORY_SEVERAL] = PROBLEM_SEVERAL_FOUND,
		[DIRECTORY_UNMAPPED] = PROBLEM_UNMAPPED_KEY,
		[DIRECTORY_DOWN] = PROBLEM_NO_DIRECTORY,
	};
	return problems[answer];
}

static gint32 age_hours(gint64 as_of)
{
	return as_of == 0 ? -1 : (gint32)((counter_now() - as_of) / 3600);
}

static struct identity_card card_of(const struct visit_case *k)
{
	return (struct identity_card){
		.present = k->has_card,
		.key_kind = k->reading.key_kind,
		.number = k->reading.number,
		.class_ = k->reading.class_,
		.name = k->reading.name,
		.reissue = k->reading.reissue,
		.expires = k->reading.expires,
	};
}

/* Requests of this desk only: another counter's are known to a shared intake alone. A tally
 * that cannot be read holds up nobody. */
static struct tally tally_of(struct counter *c, gint32 date)
{
	struct tally tally = {0};
	g_autoptr(GError) error = NULL;
	if (!tally_count(c->parts.store, c->k.person.common_id, date, &tally, &error))
		g_warning("tally: %s", error->message);
	return tally;
}

static struct identity_facts facts_of(struct counter *c)
{
	struct visit_case *k = &c->k;
	struct request_row live;
	struct civil now = counter_civil();
	struct tally tally = tally_of(c, now.date);
	return (struct identity_facts){
		.card = card_of(k),
		.person = &k->person,
		.owner = k->moved ? &k->owner : NULL,
		.clerk_id = c->clerk.common_id,
		.office = c->parts.config->own_office,
		.now = now,
		.directory_age_hours = age_hours(k->as_of),
		.directory_age_limit_hours = c->parts.config->directory_say_hours,
		.directory_fallback = k->fallback,
		.directory_reason = k->duty == DUTY_REASON,
		.directory_second = k->duty == DUTY_SECOND,
		.live_request = requests_live_of(c->parts.store, k->person.common_id, &live, NULL),
		.filed_today = tally.today,
		.filed_lately = tally.lately,
	};
}

gboolean counter_judge(struct counter *c)
{
	struct identity_facts facts = facts_of(c);
	gint refuse = c->parts.config->directory_refuse_hours;
	if (refuse >= 0 && facts.directory_age_hours > refuse) {
		counter_fail(c, VISIT_ON_STOPPED, PROBLEM_OLD_DIRECTORY);
		return FALSE;
	}
	c->k.verdicts = identity_judge(&facts);
	if (counter_gate(c) != GATE_STOP)
		return TRUE;
	counter_fail(c, VISIT_ON_STOPPED, PROBLEM_REFUSED);
	return FALSE;
}

enum identity_gate counter_gate(const struct counter *c)
{
	return identity_gate(&c->k.verdicts, &c->k.progress);
}

void counter_draw_digits(struct counter *c)
{
	struct digits_format format = c->parts.config->digits;
	uint8_t random[64];
	if (!c->k.has_card || c->k.n_places > 0 || c->k.progress.digits_passed)
		return;
	seal_random(random, sizeof random);
	if (digits_draw(format, strlen(c->k.person.common_id), random, sizeof random, c->k.places))
		c->k.n_places = format.asked;
}

/* --- intents --- */

/* A common id, an account name, or the printed number that ends in it (R12, R13). */
static gboolean parse_common_id(const char *typed, char ret[PERSON_ID_SIZE])
{
	g_autofree char *text = g_strstrip(g_strdup(typed));
	gboolean ok = FALSE;
	if (g_str_has_suffix(text, ACCOUNT_SUFFIX))
		text[strlen(text) - strlen(ACCOUNT_SUFFIX)] = '\0';
	gsize len = strlen(text);
	if ((len == COMMON_ID_LEN || len == FACE_LEN) && strspn(text, "0123456789") == len) {
		g_strlcpy(ret, text + len - COMMON_ID_LEN, PERSON_ID_SIZE);
		ok = TRUE;
	}
	OPENSSL_cleanse(text, strlen(text));
	return ok;
}

static gboolean is_absence(const char *reason)
{
	static const char *const reasons[] = {"lost", "broken", "forgotten", "none", NULL};
	return g_strv_contains(reasons, reason);
}

/* The office's own list, else the desk's. */
static gboolean is_accepted(const struct counter *c, const char *document)
{
	const struct office *office = c->parts.config->own_office;
	const char *const *desk = (const char *const *)c->parts.config->documents;
	if (!office->own_documents)
		return desk && g_strv_contains(desk, document);
	for (gsize i = 0; i < office->n_documents; i++)
		if (g_str_equal(office->documents[i], document))
			return TRUE;
	return FALSE;
}

/* `number` finds the person. A number of the document itself is never asked for: one that
 * was typed all the same finds nobody, and is kept nowhere. */
enum intent_answer counter_no_card(struct counter *c, struct intent_stamp at, const char *number,
	const char *document, const char *reason)
{
	char id[PERSON_ID_SIZE];
	RETURN_UNLESS_ALLOWED(c, at, NO_CARD);
	if (!parse_common_id(number, id) || !is_absence(reason) || !is_accepted(c, document))
		return INTENT_INVALID;
	case_wipe(&c->k);
	g_strlcpy(c->k.asked_id, id, sizeof c->k.asked_id);
	g_strlcpy(c->k.document, document, sizeof c->k.document);
	g_strlcpy(c->k.no_card_reason, reason, sizeof c->k.no_card_reason);
	OPENSSL_cleanse(id, sizeof id);
	counter_dispatch(c, VISIT_ON_NO_CARD);
	return INTENT_TAKEN;
}

static void go_on(struct counter *c)
{
	if (counter_gate(c) == GATE_PASS)
		counter_dispatch(c, VISIT_ON_CHECK_PASSED);
	else
		counter_views_changed(c);
}

static void pass_check(struct counter *c)
{
	c->k.progress.digits_passed = true;
	c->k.checked_at = counter_now();
	go_on(c);
}

enum intent_answer counter_check(struct counter *c, struct intent_stamp at, const char *digits)
{
	struct digits_format format = c->parts.config->digits;
	RETURN_UNLESS_ALLOWED(c, at, CHECK);
	if (c->k.progress.digits_passed)
		return INTENT_NOT_ALLOWED;
	counter_clerk_acts(c);
	if (!c->k.has_card) {
		pass_check(c);
		return INTENT_TAKEN;
	}
	if (strlen(digits) != c->k.n_places || c->k.n_places == 0)
		return INTENT_INVALID;
	if (digits_match(format, c->k.places, c->k.person.common_id, digits))
		pass_check(c);
	else if (++c->k.tries >= DIGITS_TRIES)
		counter_fail(c, VISIT_ON_DIGITS_SPENT, PROBLEM_DIGITS_SPENT);
	else
		counter_views_changed(c);
	return INTENT_TAKEN;
}

/* Which account it is (R17) is chosen, not decided: counter_account(). */
enum intent_answer counter_decide(
	struct counter *c, struct intent_stamp at, const char *word, const char *why)
{
	enum verdict verdict;
	enum ground ground;
	RETURN_UNLESS_ALLOWED(c, at, DECIDE);
	if (!verdict_find(word, &verdict) || !c->k.verdicts.set[verdict] ||
		verdict_row(verdict)->severity != VERDICT_DECIDE ||
		verdict == VERDICT_ID_TWO_ACCOUNTS || !ground_find(why, &ground))
		return INTENT_INVALID;
	c->k.progress.decided[verdict] = ground;
	counter_clerk_acts(c);
	go_on(c);
	return INTENT_TAKEN;
}

enum intent_answer counter_call_second(struct counter *c, struct intent_stamp at)
{
	RETURN_UNLESS_ALLOWED(c, at, CALL_SECOND);
	counter_clerk_acts(c);
	counter_dispatch(c, VISIT_ON_CALL_SECOND);
	return INTENT_TAKEN;
}
