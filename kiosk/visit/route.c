/* SPDX-License-Identifier: MIT */
#include "kiosk/visit/route.h"

#include <string.h>

static bool always(const struct route_facts *f)
{
	return true;
}

static bool incident_in_play(const struct route_facts *f)
{
	return f->incident && incident_in_force(f->incident, f->now);
}

static bool affected(const struct route_facts *f)
{
	return incident_in_play(f) && f->answers[QUESTION_AFFECTED] == ANSWER_YES;
}

/* The two facts only travel in a request, so nobody asks them who files none. */
static bool affected_and_filing(const struct route_facts *f)
{
	return affected(f) && f->incident->to_whom == INCIDENT_TO_COUNTER;
}

static bool known(const struct route_facts *f)
{
	return f->person != NULL;
}

/* The incident's file sends everybody who is affected to the support desk. */
static bool support_takes_over(const struct route_facts *f)
{
	return affected(f) && f->incident->to_whom == INCIDENT_TO_SUPPORT;
}

/* The flow: a question, when it is asked and where "yes" leads (ROUTE_OPEN: on to the next
 * row). QUESTION_COUNT asks nothing: the row leads out where its condition holds. */
static const struct question_row {
	enum question question;
	bool (*asked_if)(const struct route_facts *f);
	enum route yes;
} rows[] = {
	{QUESTION_USABLE, always, ROUTE_NOT_NEEDED},       /* R02 */
	{QUESTION_AFFECTED, incident_in_play, ROUTE_OPEN}, /* R16 from here */
	{QUESTION_AUTHENTICATOR, affected, ROUTE_NOT_NEEDED},
	{QUESTION_OTHER_NUMBER, affected, ROUTE_NOT_NEEDED},
	{QUESTION_COUNT, support_takes_over, ROUTE_SUPPORT_DESK},
	{QUESTION_INTERNET, affected_and_filing, ROUTE_OPEN},
	{QUESTION_SPARE_NUMBER, affected_and_filing, ROUTE_OPEN},
	{QUESTION_SELF_SERVICE, known, ROUTE_SELF_SERVICE}, /* R08 */
};
#define N_ROWS (sizeof rows / sizeof rows[0])
_Static_assert(N_ROWS == QUESTION_COUNT + 1, "one row for each question, and the support desk");

/* R04: own faculty and role only. */
static struct route_result decide_desk(const struct route_facts *f)
{
	struct route_result here = {.route = ROUTE_HERE, .next = QUESTION_COUNT};
	struct route_result support = {.route = ROUTE_SUPPORT_DESK, .next = QUESTION_COUNT};
	const struct person_role *role = identity_role(f->person, f->office, f->now);

	if (!role)
		return support;
	if (office_serves(f->office, role->kind, role->affiliation))
		return here;
	const struct office *other = office_serving(f->offices, role->kind, role->affiliation);
	if (!other)
		return support;
	return (struct route_result){
		.route = ROUTE_OTHER_DESK, .next = QUESTION_COUNT, .other = other};
}

/* The first row that is still open or leads out; HERE when all are passed. */
static struct route_result ask(const struct route_facts *f)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		const struct question_row *row = &rows[i];
		if (!row->asked_if(f))
			continue;
		bool says = row->question == QUESTION_COUNT;
		enum answer answer = says ? ANSWER_YES : f->answers[row->question];
		if (answer == ANSWER_OPEN)
			return (struct route_result){ROUTE_OPEN, row->question};
		if (answer == ANSWER_YES && row->yes != ROUTE_OPEN)
			return (struct route_result){row->yes, QUESTION_COUNT};
	}
	return (struct route_result){ROUTE_HERE, QUESTION_COUNT};
}

/* What the request itself lacks, once it is clear that there will be one. */
static struct route_result complete(const struct route_facts *f)
{
	struct route_result r = {.route = ROUTE_OPEN, .next = QUESTION_COUNT};

	r.need_phone = affected(f) && f->incident->ask_phone && !f->has_phone;
	r.need_reason = !affected(f) && (f->reason == REASON_NONE || f->reason == REASON_INCIDENT);
	if (!r.need_phone && !r.need_reason)
		r.route = ROUTE_HERE;
	return r;
}

struct route_result route_decide(const struct route_facts *facts)
{
	struct route_result asked = ask(facts);

	if (asked.route == ROUTE_NOT_NEEDED)
		return asked;
	if (!facts->person) {
		if (asked.route == ROUTE_HERE)
			asked.route = ROUTE_OPEN;
		return asked;
	}
	struct route_result desk = decide_desk(facts);
	if (desk.route != ROUTE_HERE)
		return desk;
	return asked.route == ROUTE_HERE ? complete(facts) : asked;
}

bool route_asks(const struct route_facts *facts, enum question question)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].question == question)
			return rows[i].asked_if(facts);
	return false;
}

const char *question_word(enum question q)
{
	static const char *const words[] = {
#define X(name, word) word,
		QUESTION_LIST(X)
#undef X
	};
	return (size_t)q < sizeof words / sizeof words[0] ? words[q] : "";
}

bool question_find(const char *word, enum question *ret)
{
	for (unsigned q = 0; q < QUESTION_COUNT; q++) {
		if (strcmp(question_word(q), word) == 0) {
			*ret = q;
			return true;
		}
	}
	return false;
}

const char *route_word(enum route r)
{
	static const char *const words[] = {
#define X(name, word) word,
		ROUTE_LIST(X)
#undef X
	};
	return (size_t)r < sizeof words / sizeof words[0] ? words[r] : "";
}

const char *reason_word(enum reason r)
{
	static const char *const words[] = {
#define X(name, word) word,
		REASON_LIST(X)
#undef X
	};
	return (size_t)r < sizeof words / sizeof words[0] ? words[r] : "";
}

bool reason_find(const char *word, enum reason *ret)
{
	for (unsigned r = 0; r < REASON_COUNT; r++) {
		if (strcmp(reason_word(r), word) == 0) {
			*ret = r;
			return true;
		}
	}
	return false;
}
