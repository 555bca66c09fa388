/* SPDX-License-Identifier: MIT
 *
 * test_https.c - each answer of the JSON interface means one thing, and no more.
 */
#include "kiosk/intake/https_answer.h"
#include "tests/check.h"
#include "tests/intake/contract.h"
#include "tests/intake/office.h"

#define PROBLEM "application/problem+json"

static void judge(enum https_question question, int status, const char *type, const char *body,
	struct contract_heard *ret)
{
	struct http_answer answer = {.status = status, .retry_after_s = -1, .units_left = -1};
	struct intake_result result;
	g_autoptr(GError) error = NULL;
	g_strlcpy(answer.content_type, type, sizeof answer.content_type);
	answer.body = g_bytes_new_static(body, strlen(body));
	https_answer_judge(
		question, "7d444840-9dc0-11d1-b245-5ffdce74fad2", &answer, &result, &error);
	result.error = error;
	contract_done(NULL, &result, ret);
	g_bytes_unref(answer.body);
}

#define ANY -1
struct row {
	int question, status;
	enum intake_answer answer;
	int error; /* of INTAKE_ERROR; ANY: none */
};

static void each_status_means_one_thing(void)
{
	static const struct row rows[] = {
		{HTTPS_SUBMIT, 400, INTAKE_REFUSED, INTAKE_ERROR_REFUSED},
		{HTTPS_SUBMIT, 401, INTAKE_LATER, INTAKE_ERROR_ACCESS},
		{HTTPS_SUBMIT, 403, INTAKE_LATER, INTAKE_ERROR_ACCESS},
		{HTTPS_SUBMIT, 404, INTAKE_LATER, INTAKE_ERROR_SETUP},
		{HTTPS_SUBMIT, 405, INTAKE_LATER, INTAKE_ERROR_SETUP},
		{HTTPS_SUBMIT, 408, INTAKE_LATER, INTAKE_ERROR_BUSY},
		{HTTPS_SUBMIT, 409, INTAKE_LATER, INTAKE_ERROR_BUSY},
		{HTTPS_SUBMIT, 413, INTAKE_REFUSED, INTAKE_ERROR_REFUSED},
		{HTTPS_SUBMIT, 415, INTAKE_LATER, INTAKE_ERROR_SETUP},
		{HTTPS_SUBMIT, 422, INTAKE_REFUSED, INTAKE_ERROR_REFUSED},
		{HTTPS_SUBMIT, 423, INTAKE_LATER, INTAKE_ERROR_BUSY},
		{HTTPS_SUBMIT, 429, INTAKE_LATER, INTAKE_ERROR_BUSY},
		/* Something may have been done before it went wrong. */
		{HTTPS_SUBMIT, 500, INTAKE_UNKNOWN, INTAKE_ERROR_BUSY},
		{HTTPS_SUBMIT, 502, INTAKE_UNKNOWN, INTAKE_ERROR_BUSY},
		{HTTPS_SUBMIT, 503, INTAKE_UNKNOWN, INTAKE_ERROR_BUSY},
		{HTTPS_SUBMIT, 504, INTAKE_UNKNOWN, INTAKE_ERROR_BUSY},
		{HTTPS_CANCEL, 503, INTAKE_UNKNOWN, INTAKE_ERROR_BUSY},
		{HTTPS_LOOK_UP, 503, INTAKE_LATER, INTAKE_ERROR_BUSY},
		{HTTPS_LOOK_UP, 400, INTAKE_LATER, INTAKE_ERROR_REFUSED},
		{HTTPS_LIVE_OF, 429, INTAKE_LATER, INTAKE_ERROR_BUSY},
		/* A page that is not there says nothing about a request. */
		{HTTPS_LOOK_UP, 404, INTAKE_LATER, INTAKE_ERROR_SETUP},
		{HTTPS_CHECK, 404, INTAKE_LATER, INTAKE_ERROR_SETUP},
		{HTTPS_SUBMIT, 204, INTAKE_UNKNOWN, INTAKE_ERROR_ANSWER},
		{HTTPS_SUBMIT, 302, INTAKE_UNKNOWN, INTAKE_ERROR_ANSWER},
		{HTTPS_LOOK_UP, 201, INTAKE_UNKNOWN, INTAKE_ERROR_ANSWER},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct contract_heard heard = {0};
		judge((enum https_question)rows[i].question, rows[i].status, "text/html", "x",
			&heard);
		if (heard.result.answer != rows[i].answer)
			fprintf(stderr, "%d to question %d:\n", rows[i].status, rows[i].question);
		CHECK_INT(heard.result.answer, rows[i].answer);
		CHECK(heard.domain == INTAKE_ERROR);
		CHECK_INT(heard.code, rows[i].error);
		CHECK_INT(heard.result.fresh, rows[i].status == 503);
	}
}

static void problems_are_known_by_type_and_status_together(void)
{
	static const struct {
		enum https_question question;
		int status;
		const char *type, *body;
		enum intake_answer answer;
	} rows[] = {
		{HTTPS_LOOK_UP, 404, PROBLEM, "{\"type\":\"" HTTPS_PROBLEM("no-such-request") "\"}",
			INTAKE_ABSENT},
		{HTTPS_LOOK_UP, 410, PROBLEM, "{\"type\":\"" HTTPS_PROBLEM("no-such-request") "\"}",
			INTAKE_LATER},
		{HTTPS_LOOK_UP, 404, "application/json",
			"{\"type\":\"" HTTPS_PROBLEM("no-such-request") "\"}", INTAKE_LATER},
		{HTTPS_LOOK_UP, 404, PROBLEM, "{\"type\":\"about:blank\"}", INTAKE_LATER},
		{HTTPS_SUBMIT, 404, PROBLEM, "{\"type\":\"" HTTPS_PROBLEM("no-such-request") "\"}",
			INTAKE_LATER},
		{HTTPS_SUBMIT, 409, PROBLEM,
			"{\"type\":\"" HTTPS_PROBLEM("holder-has-request") "\",\"number\":\"A-1\","
									   "\"other\":[{}]}",
			INTAKE_HOLDER},
		{HTTPS_SUBMIT, 409, PROBLEM,
			"{\"type\":\"" HTTPS_PROBLEM("holder-has-request") "\",\"number\":\"A 1\"}",
			INTAKE_LATER},
		{HTTPS_CANCEL, 409, PROBLEM, "{\"type\":\"" HTTPS_PROBLEM("taken-up") "\"}",
			INTAKE_TAKEN_UP},
		{HTTPS_CANCEL, 404, PROBLEM, "{\"type\":\"" HTTPS_PROBLEM("no-such-request") "\"}",
			INTAKE_ABSENT},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct contract_heard heard = {0};
		judge(rows[i].question, rows[i].status, rows[i].type, rows[i].body, &heard);
		CHECK_INT(heard.result.answer, rows[i].answer);
	}
}

#define KEY        "7d444840-9dc0-11d1-b245-5ffdce74fad2"
#define GOOD(more) "{\"key\":\"" KEY "\",\"number\":\"A-1\",\"state\":\"waiting\"" more "}"

static void a_request_that_is_not_as_described_is_none(void)
{
	static const char *const good[] = {GOOD(""), GOOD(",\"new\":{\"a\":[1]}"),
		GOOD(",\"at\":\"2026-01-01T00:00:00+09:00\",\"id\":\"x/1\",\"reason\":\"a-1\"")};
	static const char *const bad[] = {"", "{}", "[]", "null", "{\"key\":\"" KEY "\"}",
		"{\"key\":\"" KEY "\",\"number\":\"A-1\"}",
		"{\"key\":\"" KEY "\",\"number\":\"A-1\",\"state\":\"Waiting\"}",
		"{\"key\":\"" KEY "\",\"number\":7,\"state\":\"waiting\"}",
		"{\"key\":\"7d444840-9dc0-11d1-b245-5ffdce74fad3\",\"number\":\"A-1\","
		"\"state\":\"waiting\"}",
		GOOD(",\"at\":\"yesterday\""), GOOD(",\"at\":\"1960-01-01T00:00:00Z\""),
		GOOD(",\"reason\":\"<b>\""), GOOD(",\"id\":\"a b\""),
		GOOD(",\"id\":\"012345678901234567890123456789012345678901234567890123456789"
		     "01234\""),
		GOOD(",\"state\":\"done\"")};
	for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
		struct contract_heard heard = {0};
		judge(HTTPS_LOOK_UP, 200, "application/json; charset=utf-8", good[i], &heard);
		CHECK_INT(heard.result.answer, INTAKE_ACCEPTED);
		CHECK_STR(heard.result.number, "A-1");
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		struct contract_heard heard = {0};
		judge(HTTPS_SUBMIT, 201, "application/json", bad[i], &heard);
		if (heard.result.answer != INTAKE_UNKNOWN)
			fprintf(stderr, "taken: %s\n", bad[i]);
		CHECK_INT(heard.result.answer, INTAKE_UNKNOWN);
		CHECK_INT(heard.code, INTAKE_ERROR_ANSWER);
		CHECK_STR(heard.result.number, "");
	}
}

/* What cancelled means is said by the far end, not taken for granted. */
static void a_cancel_that_did_not_cancel_is_a_doubt(void)
{
	struct contract_heard heard = {0};
	judge(HTTPS_CANCEL, 200, "application/json", GOOD(""), &heard);
	CHECK_INT(heard.result.answer, INTAKE_UNKNOWN);
}

/* --- through the network --- */

static struct office *office; /* one for all */

static void a_desk_that_is_not_known_has_filed_nothing(void)
{
	struct intake *intake = https_open(office_stranger(office), NULL);
	struct contract_request r;
	contract_request_make(&r, NULL, "lost");
	struct contract_heard heard = contract_submit(intake, &r, 0);
	CHECK_INT(heard.result.answer, INTAKE_NOT_SENT);
	CHECK(heard.domain == NET_ERROR);
	CHECK_INT(heard.code, NET_ERROR_REFUSED);
	CHECK_INT(office_count(office, r.key), 0);
	contract_request_clear(&r);
	intake_free(intake);
}

static void a_silent_far_end_is_a_doubt_within_the_time(void)
{
	struct https_settings short_s = *office_settings(office);
	short_s.timeout_ms = 500;
	struct intake *intake = https_open(&short_s, NULL);
	struct contract_request r;
	contract_request_make(&r, NULL, "lost");
	office_fault(office, OFFICE_SILENT);
	gint64 began = g_get_monotonic_time();
	struct contract_heard heard = contract_submit(intake, &r, 0);
	CHECK(g_get_monotonic_time() - began < 5 * G_TIME_SPAN_SECOND);
	CHECK_INT(heard.result.answer, INTAKE_UNKNOWN);
	CHECK_INT(heard.code, NET_ERROR_LATE);
	CHECK_INT(contract_look_up(intake, r.key, "").result.answer, INTAKE_ABSENT);
	contract_request_clear(&r);
	intake_free(intake);
}

static void what_is_no_intake_is_refused_at_the_start(void)
{
	struct intake *intake = https_open(office_settings(office), NULL);
	static const char *const bodies[] = {"{\"api\":2}", "{}", "<html>", "{\"api\":\"1\"}"};
	for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
		office_say(office, 200, NULL, "application/json", bodies[i]);
		struct contract_heard heard = contract_check(intake);
		CHECK(heard.domain == INTAKE_ERROR);
		CHECK_INT(heard.code, INTAKE_ERROR_SETUP);
	}
	office_say(office, 302, "Location: https://portal.example/\r\n", "text/html", "");
	CHECK(contract_check(intake).domain == INTAKE_ERROR);
	intake_free(intake);
}

static void a_budget_that_is_told_is_passed_on(void)
{
	struct intake *intake = https_open(office_settings(office), NULL);
	office_say(office, 429, "Retry-After: 5\r\nRateLimit-Remaining: 3\r\n", PROBLEM, "{}");
	struct contract_heard heard = contract_look_up(intake, KEY, "");
	CHECK_INT(heard.result.answer, INTAKE_LATER);
	CHECK_INT(heard.result.retry_after_s, 5);
	CHECK_INT(heard.result.units_left, 3);
	intake_free(intake);
}

static void what_cannot_be_used_of_our_own_is_said_at_once(void)
{
	struct https_settings wrong = *office_settings(office);
	char nowhere[] = "/nonexistent.pem";
	g_autoptr(GError) error = NULL;
	wrong.key = nowhere;
	CHECK(https_open(&wrong, &error) == NULL);
	CHECK(g_error_matches(error, NET_ERROR, NET_ERROR_CREDENTIAL));
}

int main(void)
{
	static const struct check_case cases[] = {
		{"each status means one thing", each_status_means_one_thing},
		{"problems are known by type and status together",
			problems_are_known_by_type_and_status_together},
		{"a request that is not as described is none",
			a_request_that_is_not_as_described_is_none},
		{"a cancel that did not cancel is a doubt",
			a_cancel_that_did_not_cancel_is_a_doubt},
		{"a desk that is not known has filed nothing",
			a_desk_that_is_not_known_has_filed_nothing},
		{"a silent far end is a doubt within the time",
			a_silent_far_end_is_a_doubt_within_the_time},
		{"what is no intake is refused at the start",
			what_is_no_intake_is_refused_at_the_start},
		{"a budget that is told is passed on", a_budget_that_is_told_is_passed_on},
		{"what cannot be used of our own is said at once",
			what_cannot_be_used_of_our_own_is_said_at_once},
	};
	office = office_start();
	int status = CHECK_MAIN("https", cases);
	return office_stop(office) ? 1 : status;
}
