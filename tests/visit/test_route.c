/* SPDX-License-Identifier: MIT
 *
 * test_route.c - every combination of answers and facts leads somewhere right.
 */
#include "kiosk/visit/route.h"

#include "tests/check.h"
#include "tests/visit/people.h"

enum who { NOBODY, OWN, OTHER, UNSERVED, NO_ROLE, WHO_COUNT };
enum outage { NONE, OVER, COUNTER, COUNTER_NO_PHONE, SUPPORT, OUTAGE_COUNT };

static const struct civil now = {TODAY, 600};

struct world {
	struct office offices[3];
	struct office_table table;
	struct person persons[WHO_COUNT];
	struct incident incidents[OUTAGE_COUNT];
};

static void world_init(struct world *w)
{
	memset(w, 0, sizeof *w);
	w->offices[0] = office_of("eng", ROLE_STUDENT | ROLE_STAFF, "37");
	w->offices[1] = office_of("sci-gaku", ROLE_STUDENT, "35");
	w->offices[2] = office_of("sci-jinji", ROLE_STAFF, "35");
	w->table = (struct office_table){w->offices, 3};
	add_role(&w->persons[OWN], ROLE_STUDENT, "37", 0, 0);
	add_role(&w->persons[OTHER], ROLE_STUDENT, "35", 0, 0);
	add_role(&w->persons[UNSERVED], ROLE_STUDENT, "47", 0, 0);
	for (unsigned i = OVER; i < OUTAGE_COUNT; i++)
		w->incidents[i] = (struct incident){.from = {20260901, 0}, .ask_phone = true};
	w->incidents[OVER].to = now;
	w->incidents[COUNTER_NO_PHONE].ask_phone = false;
	w->incidents[SUPPORT].to_whom = INCIDENT_TO_SUPPORT;
}

static struct route_facts facts_of(const struct world *w, enum who who, enum outage outage)
{
	return (struct route_facts){
		.person = who == NOBODY ? NULL : &w->persons[who],
		.office = &w->offices[0],
		.offices = &w->table,
		.incident = outage == NONE ? NULL : &w->incidents[outage],
		.now = now,
	};
}

static void set_answers(struct route_facts *f, unsigned code)
{
	for (unsigned q = 0; q < QUESTION_COUNT; q++, code /= 3)
		f->answers[q] = code % 3;
}

static bool yes(const struct route_facts *f, enum question q)
{
	return f->answers[q] == ANSWER_YES;
}

static bool affected(const struct route_facts *f, enum outage outage)
{
	return outage >= COUNTER && yes(f, QUESTION_AFFECTED);
}

/* The rules that hold whatever else is so. */
static void check_result(
	const struct route_facts *f, enum who who, enum outage outage, struct route_result r)
{
	bool open = r.route == ROUTE_OPEN;
	bool hit = affected(f, outage);

	if (yes(f, QUESTION_USABLE))
		CHECK_INT(r.route, ROUTE_NOT_NEEDED); /* R02 */
	if (r.route == ROUTE_HERE) {
		CHECK(who == OWN); /* R04 */
		CHECK_INT(f->answers[QUESTION_USABLE], ANSWER_NO);
		CHECK_INT(f->answers[QUESTION_SELF_SERVICE], ANSWER_NO);
		CHECK(hit || (f->reason != REASON_NONE && f->reason != REASON_INCIDENT));
		CHECK(!hit || f->has_phone || outage == COUNTER_NO_PHONE);
		CHECK(!(hit && outage == SUPPORT));
	}
	CHECK((r.route == ROUTE_OTHER_DESK) == (r.other != NULL));
	CHECK(open || r.next == QUESTION_COUNT);
	CHECK(open || (!r.need_phone && !r.need_reason));
	CHECK(!(r.need_phone && r.need_reason));
	CHECK(!r.need_phone || outage == COUNTER);
	if (open && r.next != QUESTION_COUNT)
		CHECK(route_asks(f, r.next) && f->answers[r.next] == ANSWER_OPEN);
	if (open && r.next == QUESTION_COUNT && who != NOBODY)
		CHECK(r.need_phone || r.need_reason);
}

/* Too many to count one by one: a wrong one is printed, all are one assertion. */
static void walk_answers(const struct world *w, enum who who, enum outage outage)
{
	struct route_facts f = facts_of(w, who, outage);

	for (unsigned code = 0; code < 2187; code++) {
		set_answers(&f, code);
		for (unsigned reason = 0; reason < REASON_COUNT; reason++) {
			f.reason = reason;
			f.has_phone = (code + reason) % 2;
			check_result(&f, who, outage, route_decide(&f));
			f.has_phone = !f.has_phone;
			check_result(&f, who, outage, route_decide(&f));
		}
	}
}

static void R02_R04_hold_over_every_combination_of_answers_and_facts(void)
{
	static struct world w;
	world_init(&w);
	for (unsigned who = 0; who < WHO_COUNT; who++)
		for (unsigned outage = 0; outage < OUTAGE_COUNT; outage++)
			walk_answers(&w, who, outage);
}

/* Give every possible answer to what is asked, and again; returns the longest way. */
static int converse(struct route_facts f, int depth)
{
	struct route_result r = route_decide(&f);
	int longest = depth;

	CHECK(depth <= QUESTION_COUNT + 1);
	if (r.route != ROUTE_OPEN ||
		(r.next == QUESTION_COUNT && !r.need_phone && !r.need_reason) ||
		depth > QUESTION_COUNT + 1)
		return depth;
	for (unsigned answer = ANSWER_YES; answer <= ANSWER_NO; answer++) {
		struct route_facts g = f;
		if (r.next != QUESTION_COUNT)
			g.answers[r.next] = answer;
		else if (r.need_phone)
			g.has_phone = true;
		else
			g.reason = REASON_LOST;
		int end = converse(g, depth + 1);
		longest = end > longest ? end : longest;
	}
	return longest;
}

static void every_conversation_ends_and_asks_nothing_twice(void)
{
	static struct world w;
	world_init(&w);
	for (unsigned who = 0; who < WHO_COUNT; who++)
		for (unsigned outage = 0; outage < OUTAGE_COUNT; outage++)
			converse(facts_of(&w, who, outage), 0);
	CHECK_INT(converse(facts_of(&w, OWN, NONE), 0), 3);    /* usable, self-service, reason */
	CHECK_INT(converse(facts_of(&w, OWN, COUNTER), 0), 8); /* all questions and the phone */
	CHECK_INT(converse(facts_of(&w, OTHER, COUNTER), 0), 0);
}

static void answer(struct route_facts *f, enum question q, enum answer a)
{
	CHECK_INT(route_decide(f).route, ROUTE_OPEN);
	CHECK_INT(route_decide(f).next, q);
	f->answers[q] = a;
}

static void R02_a_usable_method_ends_it_even_at_the_wrong_desk(void)
{
	static struct world w;
	world_init(&w);
	for (unsigned who = 0; who < WHO_COUNT; who++) {
		struct route_facts f = facts_of(&w, who, COUNTER);
		f.answers[QUESTION_USABLE] = ANSWER_YES;
		CHECK_INT(route_decide(&f).route, ROUTE_NOT_NEEDED);
	}
}

static void R04_the_wrong_desk_is_known_before_any_question(void)
{
	static struct world w;
	world_init(&w);
	struct route_facts f = facts_of(&w, OTHER, NONE);
	struct route_result r = route_decide(&f);
	CHECK_INT(r.route, ROUTE_OTHER_DESK);
	CHECK(r.other == &w.offices[1]);
	w.persons[OTHER].roles[0].kind = ROLE_STAFF;
	CHECK(route_decide(&f).other == &w.offices[2]);
}

static void a_person_no_office_serves_goes_to_the_support_desk(void)
{
	static struct world w;
	world_init(&w);
	struct route_facts f = facts_of(&w, UNSERVED, NONE);
	CHECK_INT(route_decide(&f).route, ROUTE_SUPPORT_DESK);
	f = facts_of(&w, NO_ROLE, NONE);
	CHECK_INT(route_decide(&f).route, ROUTE_SUPPORT_DESK);
}

static void R08_self_service_is_offered_before_the_request(void)
{
	static struct world w;
	world_init(&w);
	struct route_facts f = facts_of(&w, OWN, NONE);
	answer(&f, QUESTION_USABLE, ANSWER_NO);
	answer(&f, QUESTION_SELF_SERVICE, ANSWER_YES);
	CHECK_INT(route_decide(&f).route, ROUTE_SELF_SERVICE);
	f.answers[QUESTION_SELF_SERVICE] = ANSWER_NO;
	CHECK(route_decide(&f).need_reason);
	f.reason = REASON_BROKEN;
	CHECK_INT(route_decide(&f).route, ROUTE_HERE);
}

static void step_1_is_asked_while_the_directory_is_still_asked(void)
{
	static struct world w;
	world_init(&w);
	struct route_facts f = facts_of(&w, NOBODY, NONE);
	answer(&f, QUESTION_USABLE, ANSWER_NO);
	struct route_result r = route_decide(&f);
	CHECK_INT(r.route, ROUTE_OPEN);
	CHECK_INT(r.next, QUESTION_COUNT);
	CHECK(!r.need_phone && !r.need_reason);
}

static void R16_the_triage_of_an_outage_asks_its_questions_in_order(void)
{
	static struct world w;
	world_init(&w);
	struct route_facts f = facts_of(&w, OWN, COUNTER);
	answer(&f, QUESTION_USABLE, ANSWER_NO);
	answer(&f, QUESTION_AFFECTED, ANSWER_YES);
	answer(&f, QUESTION_AUTHENTICATOR, ANSWER_NO);
	answer(&f, QUESTION_OTHER_NUMBER, ANSWER_NO);
	answer(&f, QUESTION_INTERNET, ANSWER_YES);
	answer(&f, QUESTION_SPARE_NUMBER, ANSWER_YES);
	answer(&f, QUESTION_SELF_SERVICE, ANSWER_NO);
	CHECK(route_decide(&f).need_phone);
	CHECK(!route_decide(&f).need_reason);
	f.has_phone = true;
	CHECK_INT(route_decide(&f).route, ROUTE_HERE);
}

static void R16_an_authenticator_or_another_number_makes_it_needless(void)
{
	static struct world w;
	world_init(&w);
	struct route_facts f = facts_of(&w, OWN, SUPPORT);
	answer(&f, QUESTION_USABLE, ANSWER_NO);
	answer(&f, QUESTION_AFFECTED, ANSWER_YES);
	answer(&f, QUESTION_AUTHENTICATOR, ANSWER_YES);
	CHECK_INT(route_decide(&f).route, ROUTE_NOT_NEEDED);
	f.answers[QUESTION_AUTHENTICATOR] = ANSWER_NO;
	answer(&f, QUESTION_OTHER_NUMBER, ANSWER_YES);
	CHECK_INT(route_decide(&f).route, ROUTE_NOT_NEEDED);
}

static void R16_the_file_may_send_the_affected_to_the_support_desk_after_the_triage(void)
{
	static struct world w;
	world_init(&w);
	struct route_facts f = facts_of(&w, OWN, SUPPORT);
	answer(&f, QUESTION_USABLE, ANSWER_NO);
	answer(&f, QUESTION_AFFECTED, ANSWER_YES);
	answer(&f, QUESTION_AUTHENTICATOR, ANSWER_NO);
	answer(&f, QUESTION_OTHER_NUMBER, ANSWER_NO);
	CHECK_INT(route_decide(&f).route, ROUTE_SUPPORT_DESK);
	CHECK(!route_asks(&f, QUESTION_INTERNET));
	f.answers[QUESTION_AFFECTED] = ANSWER_NO;
	answer(&f, QUESTION_SELF_SERVICE, ANSWER_NO);
	f.reason = REASON_LOST;
	CHECK_INT(route_decide(&f).route, ROUTE_HERE);
}

static void R16_who_is_not_affected_goes_the_normal_way(void)
{
	static struct world w;
	world_init(&w);
	struct route_facts f = facts_of(&w, OWN, COUNTER);
	answer(&f, QUESTION_USABLE, ANSWER_NO);
	answer(&f, QUESTION_AFFECTED, ANSWER_NO);
	answer(&f, QUESTION_SELF_SERVICE, ANSWER_NO);
	CHECK(route_decide(&f).need_reason);
	f.reason = REASON_INCIDENT; /* left over from an answer taken back */
	CHECK(route_decide(&f).need_reason);
	f.reason = REASON_CHANGED;
	CHECK_INT(route_decide(&f).route, ROUTE_HERE);
}

static void an_outage_that_is_over_is_not_asked_about(void)
{
	static struct world w;
	world_init(&w);
	struct route_facts f = facts_of(&w, OWN, OVER);
	CHECK(!route_asks(&f, QUESTION_AFFECTED));
	f.now.date--;
	CHECK(route_asks(&f, QUESTION_AFFECTED));
}

static void an_answer_nobody_asked_for_counts_for_nothing(void)
{
	static struct world w;
	world_init(&w);
	struct route_facts f = facts_of(&w, OWN, NONE);
	f.answers[QUESTION_AUTHENTICATOR] = ANSWER_YES;
	f.answers[QUESTION_AFFECTED] = ANSWER_YES;
	CHECK_INT(route_decide(&f).next, QUESTION_USABLE);
	CHECK(!route_asks(&f, QUESTION_AUTHENTICATOR));
	CHECK(!route_asks(&f, QUESTION_COUNT));
}

static void every_word_finds_its_value(void)
{
	for (unsigned i = 0; i < QUESTION_COUNT; i++) {
		enum question q = QUESTION_COUNT;
		CHECK(question_find(question_word(i), &q) && q == i);
	}
	for (unsigned i = 0; i < REASON_COUNT; i++) {
		enum reason r = REASON_COUNT;
		CHECK(reason_find(reason_word(i), &r) && r == i);
	}
	enum question q;
	enum reason r;
	CHECK(!question_find("", &q) && !reason_find("no-such", &r));
	CHECK_STR(question_word(QUESTION_COUNT), "");
	CHECK_STR(route_word(ROUTE_HERE), "here");
	CHECK_STR(route_word(ROUTE_COUNT), "");
	CHECK_STR(reason_word(REASON_COUNT), "");
}

static const struct check_case cases[] = {
	{"R02 R04 hold over every combination of answers and facts",
		R02_R04_hold_over_every_combination_of_answers_and_facts},
	{"every conversation ends and asks nothing twice",
		every_conversation_ends_and_asks_nothing_twice},
	{"R02 a usable method ends it even at the wrong desk",
		R02_a_usable_method_ends_it_even_at_the_wrong_desk},
	{"R04 the wrong desk is known before any question",
		R04_the_wrong_desk_is_known_before_any_question},
	{"a person no office serves goes to the support desk",
		a_person_no_office_serves_goes_to_the_support_desk},
	{"R08 self-service is offered before the request",
		R08_self_service_is_offered_before_the_request},
	{"step 1 is asked while the directory is still asked",
		step_1_is_asked_while_the_directory_is_still_asked},
	{"R16 the triage of an outage asks its questions in order",
		R16_the_triage_of_an_outage_asks_its_questions_in_order},
	{"R16 an authenticator or another number makes it needless",
		R16_an_authenticator_or_another_number_makes_it_needless},
	{"R16 the file may send the affected to the support desk",
		R16_the_file_may_send_the_affected_to_the_support_desk_after_the_triage},
	{"R16 who is not affected goes the normal way",
		R16_who_is_not_affected_goes_the_normal_way},
	{"an outage that is over is not asked about", an_outage_that_is_over_is_not_asked_about},
	{"an answer nobody asked for counts for nothing",
		an_answer_nobody_asked_for_counts_for_nothing},
	{"every word finds its value", every_word_finds_its_value},
};

int main(void)
{
	return CHECK_MAIN("route", cases);
}
