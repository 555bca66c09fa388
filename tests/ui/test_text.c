/* SPDX-License-Identifier: MIT */
#include "ui/text.h"

#include <stdlib.h>

#include "kiosk/visit/identity.h"
#include "kiosk/visit/problem.h"
#include "kiosk/visit/route.h"
#include "tests/check.h"
#include "ui/lang.h"

/* A text is there if it is neither empty nor the code itself. */
static void is_said(const char *code, const char *text)
{
	if (!*text || strcmp(code, text) == 0)
		fprintf(stderr, "no text for \"%s\"\n", code);
	CHECK(*text && strcmp(code, text) != 0);
}

static void in_both(const char *code, const char *(*say)(const char *code))
{
	lang_use("en");
	g_autofree char *en = g_strdup(say(code));
	lang_use("ja");
	is_said(code, en);
	is_said(code, say(code));
	if (strcmp(en, say(code)) == 0)
		fprintf(stderr, "\"%s\": not in Japanese\n", en);
	CHECK(strcmp(en, say(code)) != 0);
}

static void for_both(const char *code, const char *(*say)(const char *, enum text_reader))
{
	for (int reader = 0; reader < TEXT_READERS; reader++) {
		lang_use("en");
		g_autofree char *en = g_strdup(say(code, reader));
		lang_use("ja");
		is_said(code, en);
		is_said(code, say(code, reader));
		CHECK(strcmp(en, say(code, reader)) != 0);
	}
}

static void every_problem_says_what_happened_and_the_next_act(void)
{
	for (int p = PROBLEM_NONE + 1; p < PROBLEM_COUNT; p++) {
		for_both(problem_row(p)->id, text_problem);
		for_both(problem_row(p)->id, text_problem_act);
	}
	in_both("holder", text_turn);
	in_both("clerk", text_turn);
	in_both("it", text_turn);
}

static void every_verdict_has_its_sentences(void)
{
	for (int v = 0; v < VERDICT_COUNT; v++) {
		in_both(verdict_row(v)->word, text_verdict);
		in_both(verdict_row(v)->word, text_verdict_act);
	}
	for (int g = GROUND_NONE + 1; g < GROUND_COUNT; g++)
		in_both(ground_word(g), text_ground);
	in_both("snapshot", text_source);
	in_both("ldap", text_source);
	in_both("info", text_severity);
	in_both("decide", text_severity);
	in_both("second", text_severity);
	in_both("stop", text_severity);
}

static void every_question_is_asked_of_clerk_and_holder(void)
{
	for (int q = 0; q < QUESTION_COUNT; q++) {
		for_both(question_word(q), text_question);
		in_both(question_word(q), text_question_help);
	}
}

static void every_route_says_where_to_go(void)
{
	static const char *const open[] = {"open", "lunch", "before", "after", "closed-day"};
	for (int r = 0; r < ROUTE_COUNT; r++) {
		for_both(route_word(r), text_route);
		for_both(route_word(r), text_route_act);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(open); i++)
		in_both(open[i], text_open);
}

static void every_reason_role_and_document_has_a_name(void)
{
	static const char *const documents[] = {"drivers-license", "passport", "residence-card",
		"my-number-card", "university-card"};
	static const char *const no_card[] = {"lost", "broken", "forgotten", "none"};
	for (int r = REASON_NONE + 1; r < REASON_COUNT; r++)
		in_both(reason_word(r), text_reason);
	for (gsize i = 0; i < G_N_ELEMENTS(documents); i++)
		in_both(documents[i], text_document);
	for (gsize i = 0; i < G_N_ELEMENTS(no_card); i++)
		in_both(no_card[i], text_no_card_reason);
	in_both("student", text_role);
	in_both("staff", text_role);
}

/* As kiosk/case.c writes them. */
static void every_field_of_a_request_has_a_name(void)
{
	static const char *const fields[] = {"request", "common_id", "name_ja", "name_en", "role",
		"affiliation", "reason", "incident", "incident_carrier", "incident_other_method",
		"incident_phone", "incident_internet", "incident_spare_number", "document", "desk",
		"office", "asked_at"};
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
		in_both(fields[i], text_field);
	CHECK_STR(text_field("v"), "");
}

static void check_value(const char *code, const char *value, const char *want)
{
	g_autofree char *text = text_value(code, value);
	CHECK_STR(text, want);
}

static void values_are_shown_as_people_read_them(void)
{
	lang_use("ja");
	check_value("common_id", "0123456789", "012 345 6789");
	check_value("request", "reregister-verification-method", "本人確認方法の再登録");
	check_value("asked_at", "2026-11-22T10:32:05+09:00", "2026-11-22 10:32");
	check_value("incident_internet", "yes", "はい");
	check_value("name_ja", "東都 花子", "東都 花子");
	lang_use("en");
	check_value(
		"request", "reregister-verification-method", "Reregistering Verification Method");
	check_value("role", "student", "Student");
	g_autofree char *date = text_date(20290331), *none = text_date(0);
	CHECK_STR(date, "2029-03-31");
	CHECK_STR(none, "");
}

static void a_code_of_a_newer_service_leaves_no_screen_dead(void)
{
	CHECK_STR(text_problem("P-99", TEXT_CLERK), "P-99");
	CHECK_STR(text_problem_act("P-99", TEXT_HOLDER), "");
	CHECK_STR(text_verdict("new-verdict"), "new-verdict");
	CHECK_STR(text_route("new-route", TEXT_HOLDER), "new-route");
	CHECK_STR(text_field("new_field"), "new_field");
	check_value("new_field", "x", "x");
	check_value("common_id", "123", "123");
	check_value("asked_at", "T", "T");
}

static const struct check_case cases[] = {
	{"every problem says what happened and the next act",
		every_problem_says_what_happened_and_the_next_act},
	{"every verdict has its sentences", every_verdict_has_its_sentences},
	{"every question is asked of clerk and holder",
		every_question_is_asked_of_clerk_and_holder},
	{"every route says where to go", every_route_says_where_to_go},
	{"every reason, role and document has a name", every_reason_role_and_document_has_a_name},
	{"every field of a request has a name", every_field_of_a_request_has_a_name},
	{"values are shown as people read them", values_are_shown_as_people_read_them},
	{"a code of a newer service leaves no screen dead",
		a_code_of_a_newer_service_leaves_no_screen_dead},
};

int main(void)
{
	const char *folder = getenv("MADOGUCHI_PO");
	if (!folder)
		return 2;
	lang_init_from(folder);
	return CHECK_MAIN("text", cases);
}
