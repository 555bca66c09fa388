/* SPDX-License-Identifier: MIT */
#include "tests/intake/contract.h"

#include <string.h>

#include "kiosk/net/tls.h"
#include "tests/check.h"

/* The one that is run; set before the suite begins. */
static const struct contract *far;

/* TRUE: it can be brought about there; else it is said. */
static gboolean can(gconstpointer function, const char *what)
{
	if (!function)
		printf(" (left out: %s cannot be brought about there) ", what);
	return function != NULL;
}

static struct intake *open_one(void)
{
	struct intake *intake = far->open(far->rig);
	CHECK(intake != NULL);
	struct contract_heard heard = contract_check(intake);
	if (heard.domain)
		fprintf(stderr, "check: %s\n", heard.message);
	CHECK_INT(heard.result.answer, INTAKE_ACCEPTED);
	return intake;
}

static struct contract_heard file(struct intake *intake, const struct contract_request *request)
{
	struct contract_heard heard = contract_submit(intake, request, 0);
	if (heard.domain)
		fprintf(stderr, "submit: %s\n", heard.message);
	CHECK_INT(heard.result.answer, INTAKE_ACCEPTED);
	CHECK_INT(heard.result.progress, INTAKE_WAITING);
	return heard;
}

static void what_was_accepted_is_found_from_then_on(void)
{
	struct intake *intake = open_one(), *other = open_one();
	struct contract_request r;
	contract_request_make(&r, NULL, "lost");
	struct contract_heard filed = file(intake, &r);
	CHECK_INT(far->count(far->rig, r.key), 1);
	struct contract_heard found = contract_look_up(other, r.key, "");
	CHECK_INT(found.result.answer, INTAKE_ACCEPTED);
	CHECK_INT(found.result.progress, INTAKE_WAITING);
	CHECK_STR(found.result.number, r.number);
	CHECK_STR(found.result.key, r.key);
	CHECK_STR(found.result.id, filed.result.id);
	found = contract_look_up(intake, r.key, filed.result.id);
	CHECK_INT(found.result.answer, INTAKE_ACCEPTED);
	CHECK_STR(found.result.number, r.number);
	contract_request_clear(&r);
	intake_free(intake);
	intake_free(other);
}

static void filing_again_makes_nothing_new(void)
{
	struct intake *intake = open_one();
	struct contract_request r;
	contract_request_make(&r, NULL, "lost");
	struct contract_heard first = file(intake, &r);
	for (guint tries = 1; tries < 4; tries++) {
		struct contract_heard again = contract_submit(intake, &r, tries);
		CHECK_INT(again.result.answer, INTAKE_ACCEPTED);
		CHECK_STR(again.result.id, first.result.id);
	}
	CHECK_INT(far->count(far->rig, r.key), 1);
	contract_request_clear(&r);
	intake_free(intake);
}

static void the_same_key_with_other_bytes_is_refused(void)
{
	struct intake *intake = open_one();
	struct contract_request r, other;
	contract_request_make(&r, NULL, "lost");
	file(intake, &r);
	contract_request_make(&other, r.holder, "broken");
	other.item.key = r.key;
	other.item.number = r.number;
	for (guint tries = 0; tries < 2; tries++) {
		struct contract_heard heard = contract_submit(intake, &other, tries);
		CHECK_INT(heard.result.answer, INTAKE_REFUSED);
		CHECK(heard.domain == INTAKE_ERROR);
	}
	CHECK_INT(far->count(far->rig, r.key), 1);
	contract_request_clear(&r);
	contract_request_clear(&other);
	intake_free(intake);
}

static void what_was_never_filed_is_absent(void)
{
	struct intake *intake = open_one();
	struct contract_request r;
	contract_request_make(&r, NULL, "lost");
	CHECK_INT(contract_look_up(intake, r.key, "").result.answer, INTAKE_ABSENT);
	CHECK_INT(contract_live_of(intake, r.holder).result.answer, INTAKE_ABSENT);
	contract_request_clear(&r);
	intake_free(intake);
}

static void who_is_not_reached_has_neither_taken_nor_lost_anything(void)
{
	struct intake *intake;
	struct contract_request r;
	if (!can(far->away, "nobody listening"))
		return;
	intake = open_one();
	contract_request_make(&r, NULL, "lost");
	far->away(far->rig, TRUE);
	struct contract_heard heard = contract_submit(intake, &r, 0);
	/* A connection that was kept may have taken the first bytes with it. */
	CHECK(heard.result.answer == INTAKE_NOT_SENT || heard.result.answer == INTAKE_UNKNOWN);
	CHECK(heard.domain == NET_ERROR);
	heard = contract_submit(intake, &r, 1);
	CHECK_INT(heard.result.answer, INTAKE_NOT_SENT);
	heard = contract_look_up(intake, r.key, "");
	CHECK(heard.result.answer != INTAKE_ABSENT && heard.result.answer != INTAKE_ACCEPTED);
	heard = contract_live_of(intake, r.holder);
	CHECK(heard.result.answer != INTAKE_ABSENT && heard.result.answer != INTAKE_ACCEPTED);
	CHECK(contract_check(intake).domain != 0);
	far->away(far->rig, FALSE);
	CHECK_INT(far->count(far->rig, r.key), 0);
	file(intake, &r);
	CHECK_INT(far->count(far->rig, r.key), 1);
	contract_request_clear(&r);
	intake_free(intake);
}

static void an_answer_that_was_lost_is_a_doubt_that_a_look_up_ends(void)
{
	struct intake *intake;
	struct contract_request r;
	if (!can(far->lose_answers, "a lost answer"))
		return;
	intake = open_one();
	contract_request_make(&r, NULL, "lost");
	far->lose_answers(far->rig, TRUE);
	CHECK_INT(contract_submit(intake, &r, 0).result.answer, INTAKE_UNKNOWN);
	far->lose_answers(far->rig, FALSE);
	struct contract_heard found = contract_look_up(intake, r.key, "");
	CHECK_INT(found.result.answer, INTAKE_ACCEPTED);
	CHECK_STR(found.result.number, r.number);
	/* And whoever files all the same has one. */
	CHECK_INT(contract_submit(intake, &r, 1).result.answer, INTAKE_ACCEPTED);
	CHECK_INT(far->count(far->rig, r.key), 1);
	contract_request_clear(&r);
	intake_free(intake);
}

static void half_a_request_is_none(void)
{
	struct intake *intake;
	struct contract_request r;
	if (!can(far->cut_body, "half a request"))
		return;
	intake = open_one();
	contract_request_make(&r, NULL, "lost");
	far->cut_body(far->rig);
	struct contract_heard heard = contract_submit(intake, &r, 0);
	CHECK(heard.result.answer == INTAKE_UNKNOWN || heard.result.answer == INTAKE_ACCEPTED);
	if (heard.result.answer == INTAKE_UNKNOWN)
		CHECK_INT(contract_look_up(intake, r.key, "").result.answer, INTAKE_ABSENT);
	file(intake, &r);
	CHECK_INT(far->count(far->rig, r.key), 1);
	contract_request_clear(&r);
	intake_free(intake);
}

static void an_answer_without_sense_is_never_yes(void)
{
	struct intake *intake;
	struct contract_request r;
	if (!can(far->garble, "an answer without sense"))
		return;
	intake = open_one();
	contract_request_make(&r, NULL, "lost");
	far->garble(far->rig);
	struct contract_heard heard = contract_submit(intake, &r, 0);
	CHECK_INT(heard.result.answer, INTAKE_UNKNOWN);
	CHECK(heard.domain != 0);
	far->garble(far->rig);
	heard = contract_look_up(intake, r.key, "");
	CHECK(heard.result.answer != INTAKE_ABSENT && heard.result.answer != INTAKE_ACCEPTED);
	contract_request_clear(&r);
	intake_free(intake);
}

static void who_is_put_off_is_told_for_how_long(void)
{
	struct intake *intake;
	struct contract_request r;
	if (!can(far->put_off, "Retry-After"))
		return;
	intake = open_one();
	contract_request_make(&r, NULL, "lost");
	far->put_off(far->rig, 17);
	struct contract_heard heard = contract_submit(intake, &r, 0);
	CHECK_INT(heard.result.answer, INTAKE_LATER);
	CHECK_INT(heard.result.retry_after_s, 17);
	CHECK_INT(far->count(far->rig, r.key), 0);
	contract_request_clear(&r);
	intake_free(intake);
}

static void a_holder_has_one_live_request(void)
{
	struct intake *intake = open_one(), *other = open_one();
	struct contract_request r, second;
	contract_request_make(&r, NULL, "lost");
	contract_request_make(&second, r.holder, "broken");
	file(intake, &r);
	struct contract_heard heard = contract_submit(other, &second, 0);
	CHECK_INT(heard.result.answer, INTAKE_HOLDER);
	CHECK_STR(heard.result.number, r.number);
	CHECK_INT(far->live(far->rig, r.holder), 1);
	heard = contract_live_of(other, r.holder);
	CHECK_INT(heard.result.answer, INTAKE_ACCEPTED);
	CHECK_STR(heard.result.number, r.number);
	CHECK_STR(heard.result.key, r.key);
	contract_request_clear(&r);
	contract_request_clear(&second);
	intake_free(intake);
	intake_free(other);
}

/* Two counters at once: whichever wins, there is one, and both know which. */
static void of_two_at_once_one_is_taken(void)
{
	struct intake *a = open_one(), *b = open_one();
	for (guint round = 0; round < 10; round++) {
		struct contract_request r, s;
		struct contract_heard first = {0}, second = {0};
		contract_request_make(&r, NULL, "lost");
		contract_request_make(&s, r.holder, "broken");
		a->ops->submit(a, &r.item, NULL, contract_done, &first);
		b->ops->submit(b, &s.item, NULL, contract_done, &second);
		CHECK(contract_wait(&first.times, 1) && contract_wait(&second.times, 1));
		gboolean won = first.result.answer == INTAKE_ACCEPTED;
		CHECK_INT((won ? second : first).result.answer, INTAKE_HOLDER);
		CHECK_INT((won ? first : second).result.answer, INTAKE_ACCEPTED);
		CHECK_STR((won ? second : first).result.number, won ? r.number : s.number);
		CHECK_INT(far->live(far->rig, r.holder), 1);
		contract_request_clear(&r);
		contract_request_clear(&s);
	}
	intake_free(a);
	intake_free(b);
}

static void what_waits_can_be_taken_back(void)
{
	struct intake *intake = open_one(), *other = open_one();
	struct contract_request r, anew;
	contract_request_make(&r, NULL, "lost");
	contract_request_make(&anew, r.holder, "broken");
	struct contract_heard filed = file(intake, &r);
	/* At another counter, which knows only what live_of says. */
	struct contract_heard heard = contract_cancel(other, r.key, filed.result.id);
	CHECK_INT(heard.result.answer, INTAKE_ACCEPTED);
	CHECK_INT(heard.result.progress, INTAKE_CANCELLED);
	heard = contract_cancel(other, r.key, filed.result.id);
	CHECK_INT(heard.result.answer, INTAKE_ACCEPTED);
	CHECK_INT(contract_look_up(intake, r.key, "").result.progress, INTAKE_CANCELLED);
	CHECK_INT(contract_live_of(intake, r.holder).result.answer, INTAKE_ABSENT);
	file(other, &anew);
	CHECK_INT(far->live(far->rig, r.holder), 1);
	contract_request_clear(&r);
	contract_request_clear(&anew);
	intake_free(intake);
	intake_free(other);
}

static void what_was_begun_cannot_be_taken_back(void)
{
	static const enum intake_progress late[] = {INTAKE_STARTED, INTAKE_DONE, INTAKE_DECLINED};
	struct intake *intake = open_one();
	for (gsize i = 0; i < G_N_ELEMENTS(late); i++) {
		struct contract_request r;
		contract_request_make(&r, NULL, "lost");
		struct contract_heard filed = file(intake, &r);
		far->report(far->rig, r.key, late[i], 1767225600, "");
		CHECK_INT(contract_cancel(intake, r.key, filed.result.id).result.answer,
			INTAKE_TAKEN_UP);
		CHECK_INT(contract_look_up(intake, r.key, "").result.progress, late[i]);
		contract_request_clear(&r);
	}
	intake_free(intake);
}

static void what_the_far_end_reports_is_what_is_said(void)
{
	static const struct {
		enum intake_progress progress;
		const char *reason;
	} rows[] = {{INTAKE_STARTED, ""}, {INTAKE_DONE, ""}, {INTAKE_DECLINED, "not-a-member"}};
	struct intake *intake = open_one();
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct contract_request r;
		contract_request_make(&r, NULL, "lost");
		struct contract_heard filed = file(intake, &r);
		far->report(far->rig, r.key, rows[i].progress, 1767225600, rows[i].reason);
		struct contract_heard heard = contract_look_up(intake, r.key, filed.result.id);
		CHECK_INT(heard.result.answer, INTAKE_ACCEPTED);
		CHECK_INT(heard.result.progress, rows[i].progress);
		CHECK_STR(heard.result.reason, far->has_reasons ? rows[i].reason : "");
		CHECK_INT(heard.result.at, far->has_reasons ? 1767225600 : 0);
		gboolean live = rows[i].progress == INTAKE_STARTED;
		CHECK_INT(contract_live_of(intake, r.holder).result.answer,
			live ? INTAKE_ACCEPTED : INTAKE_ABSENT);
		contract_request_clear(&r);
	}
	intake_free(intake);
}

static void nobody_is_called_who_is_gone(void)
{
	struct intake *intake = open_one();
	struct contract_request r;
	struct contract_heard gone = {0};
	contract_request_make(&r, NULL, "lost");
	for (guint moment = 0; moment < 2; moment++) {
		g_autoptr(GCancellable) cancellable = g_cancellable_new();
		if (moment == 0)
			g_cancellable_cancel(cancellable);
		intake->ops->look_up(intake, r.key, "", cancellable, contract_done, &gone);
		g_cancellable_cancel(cancellable);
		/* Another question, whose answer comes after. */
		CHECK_INT(contract_look_up(intake, r.key, "").result.answer, INTAKE_ABSENT);
	}
	intake->ops->submit(intake, &r.item, NULL, contract_done, &gone);
	intake_free(intake);
	intake = open_one();
	CHECK_INT(gone.times, 0);
	contract_request_clear(&r);
	intake_free(intake);
}

int contract_main(const struct contract *contract)
{
	static const struct check_case cases[] = {
		{"what was accepted is found from then on",
			what_was_accepted_is_found_from_then_on},
		{"filing again makes nothing new", filing_again_makes_nothing_new},
		{"the same key with other bytes is refused",
			the_same_key_with_other_bytes_is_refused},
		{"what was never filed is absent", what_was_never_filed_is_absent},
		{"who is not reached has neither taken nor lost anything",
			who_is_not_reached_has_neither_taken_nor_lost_anything},
		{"an answer that was lost is a doubt that a look-up ends",
			an_answer_that_was_lost_is_a_doubt_that_a_look_up_ends},
		{"half a request is none", half_a_request_is_none},
		{"an answer without sense is never yes", an_answer_without_sense_is_never_yes},
		{"who is put off is told for how long", who_is_put_off_is_told_for_how_long},
		{"a holder has one live request", a_holder_has_one_live_request},
		{"of two at once one is taken", of_two_at_once_one_is_taken},
		{"what waits can be taken back", what_waits_can_be_taken_back},
		{"what was begun cannot be taken back", what_was_begun_cannot_be_taken_back},
		{"what the far end reports is what is said",
			what_the_far_end_reports_is_what_is_said},
		{"nobody is called who is gone", nobody_is_called_who_is_gone},
	};
	far = contract;
	return CHECK_MAIN(contract->name, cases);
}
