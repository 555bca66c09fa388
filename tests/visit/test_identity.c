/* SPDX-License-Identifier: MIT
 *
 * test_identity.c - each verdict fires where it must and nowhere else.
 */
#include "kiosk/visit/identity.h"

#include "tests/check.h"
#include "tests/visit/desk_scene.h"

/* Exactly `n` verdicts are given; `which` is one of them (VERDICT_COUNT: whatever). */
static void expect(struct scene *s, unsigned which, int n)
{
	struct verdicts v = judge(s);
	int given = 0;

	for (unsigned i = 0; i < VERDICT_COUNT; i++) {
		given += v.set[i];
		if (v.set[i] && i != which && n == 1)
			fprintf(stderr, "also given: %s\n", verdict_row(i)->word);
	}
	CHECK_INT(given, n);
	if (which != VERDICT_COUNT)
		CHECK(v.set[which]);
}

static void expect_none(struct scene *s)
{
	expect(s, VERDICT_COUNT, 0);
}

static void nothing_is_said_where_all_is_well(void)
{
	struct scene s;
	scene_init(&s);
	expect_none(&s);
}

static void R14_an_account_that_is_not_active_stops(void)
{
	struct scene s;
	scene_init(&s);
	s.person.status = PERSON_INACTIVE;
	expect(&s, VERDICT_ID_ACCOUNT_INACTIVE, 1);
	s.person.status = PERSON_CLOSED;
	expect(&s, VERDICT_ID_ACCOUNT_CLOSED, 1);
}

static void R14_graduates_keep_the_account_until_the_next_month(void)
{
	struct scene s;
	scene_init(&s);
	s.person.roles[0].until = 20260331;
	s.facts.now.date = 20260331;
	expect_none(&s);
	s.person.roles[0].until = 20260325;
	s.facts.now.date = 20260326;
	expect(&s, VERDICT_ID_GRACE, 1);
	s.facts.now.date = 20260331;
	expect(&s, VERDICT_ID_GRACE, 1);
	s.facts.now.date = 20260401;
	expect(&s, VERDICT_ID_TERM_OVER, 2); /* and the card's class is borne out by no role */
	s.person.roles[0].until = 20251231;
	s.facts.now.date = 20260101;
	expect(&s, VERDICT_ID_TERM_OVER, 2);
}

static void R14_a_term_of_staff_ends_on_its_last_day(void)
{
	struct scene s;
	scene_init(&s);
	s.person.roles[0].kind = ROLE_STAFF;
	s.facts.card.class_ = "staff";
	s.person.roles[0].until = 20260914;
	expect(&s, VERDICT_ID_TERM_OVER, 2);
	s.person.roles[0].until = TODAY;
	expect_none(&s);
}

static void R14_a_change_from_student_to_staff_keeps_the_account_a_gap_does_not(void)
{
	struct scene s;
	scene_init(&s);
	s.facts.card.class_ = "";
	s.person.roles[0].until = 20260430;
	add_role(&s.person, ROLE_STAFF, "37", 20260501, 0);
	s.facts.now.date = 20260501;
	expect_none(&s);
	s.person.roles[1].from = 20261001;
	expect(&s, VERDICT_ID_TERM_OVER, 1);
	s.facts.now.date = 20260430;
	expect_none(&s);
}

static void a_term_that_has_not_begun_is_for_the_clerk(void)
{
	struct scene s;
	scene_init(&s);
	s.person.roles[0].from = TODAY + 1;
	expect(&s, VERDICT_ID_TERM_NOT_BEGUN, 1);
	s.person.roles[0].from = TODAY;
	expect_none(&s);
	s.person.roles[0].from = 0;
	s.person.roles[0].until = 0;
	expect_none(&s);
}

static void a_lost_card_stops_unless_a_newer_one_is_in_the_hand(void)
{
	struct scene s;
	scene_init(&s);
	s.person.cards[0].status = PCARD_LOST;
	expect(&s, VERDICT_ID_CARD_LOST, 1);
	s.facts.card.reissue = 1;
	expect(&s, VERDICT_ID_CARD_NEWER, 1);
	add_card(&s.person, "37-246801", 1);
	expect_none(&s);
	s.facts.card.reissue = 0;
	expect(&s, VERDICT_ID_CARD_OLD, 2); /* lost, and replaced by issue 1 */
}

static void an_old_card_stops_and_a_newer_one_is_for_the_clerk(void)
{
	struct scene s;
	scene_init(&s);
	s.person.cards[0].reissue = 1;
	expect(&s, VERDICT_ID_CARD_OLD, 1);
	s.facts.card.reissue = 1;
	expect_none(&s);
	s.facts.card.reissue = 2;
	expect(&s, VERDICT_ID_CARD_NEWER, 1);
	s.facts.card.reissue = -1; /* the card states none: nothing to compare */
	expect_none(&s);
	s.facts.card.reissue = 5;
	s.person.cards[0].reissue = -1;
	expect_none(&s);
	s.person.cards[0].status = PCARD_REPLACED;
	expect(&s, VERDICT_ID_CARD_OLD, 1);
}

static void a_card_the_directory_does_not_list_is_not_judged(void)
{
	struct scene s;
	scene_init(&s);
	s.person.cards[0].status = PCARD_LOST;
	s.facts.card.number = "37-000000";
	expect_none(&s);
	s.facts.card.number = "37-246801";
	s.facts.card.key_kind = "staff-number";
	expect_none(&s);
}

static void an_expired_card_stops_from_the_day_after(void)
{
	struct scene s;
	scene_init(&s);
	s.facts.card.expires = TODAY;
	expect_none(&s);
	s.facts.card.expires = TODAY - 1;
	expect(&s, VERDICT_ID_CARD_EXPIRED, 1);
	s.facts.card.expires = 0;
	expect_none(&s);
	s.person.cards[0].expires = TODAY - 1; /* the directory says so, the card does not */
	expect(&s, VERDICT_ID_CARD_EXPIRED, 1);
	s.person.cards[0].expires = TODAY;
	expect_none(&s);
}

static void a_class_that_no_role_bears_out_is_for_the_clerk(void)
{
	struct scene s;
	scene_init(&s);
	s.facts.card.class_ = "staff";
	expect(&s, VERDICT_ID_CARD_CLASS, 1);
	s.facts.card.class_ = "guest";
	expect(&s, VERDICT_ID_CARD_CLASS, 1);
	s.facts.card.class_ = "";
	expect_none(&s);
	s.facts.card.class_ = "staff";
	add_role(&s.person, ROLE_STAFF, "37", 0, 0);
	expect_none(&s);
}

static void R04_the_wrong_desk_is_said_and_the_own_role_is_preferred(void)
{
	struct scene s;
	scene_init(&s);
	s.office = office_of("sci-gaku", ROLE_STUDENT, "35");
	expect(&s, VERDICT_ID_WRONG_DESK, 1);
	s.office = office_of("eng-jinji", ROLE_STAFF, "37");
	expect(&s, VERDICT_ID_WRONG_DESK, 1);
	add_role(&s.person, ROLE_STAFF, "37", 0, 0);
	expect_none(&s);
	const struct person_role *role =
		identity_role(&s.person, &s.office, (struct civil){TODAY, 0});
	CHECK(role == &s.person.roles[1]);
}

static void a_role_in_force_goes_before_one_in_grace_and_one_to_come(void)
{
	struct scene s;
	scene_init(&s);
	s.person.n_roles = 0;
	add_role(&s.person, ROLE_STUDENT, "37", TODAY + 10, 0);
	add_role(&s.person, ROLE_STUDENT, "37", 0, TODAY - 1);
	add_role(&s.person, ROLE_STAFF, "35", 0, 0);
	CHECK(identity_role(&s.person, &s.office, s.facts.now) == &s.person.roles[2]);
	s.person.n_roles = 2;
	CHECK(identity_role(&s.person, &s.office, s.facts.now) == &s.person.roles[1]);
	s.person.n_roles = 1;
	CHECK(identity_role(&s.person, &s.office, s.facts.now) == &s.person.roles[0]);
	s.person.roles[0].from = 0;
	s.person.roles[0].until = 20200101;
	CHECK(identity_role(&s.person, &s.office, s.facts.now) == NULL);
	s.person.n_roles = 0;
	CHECK(identity_role(&s.person, &s.office, s.facts.now) == NULL);
}

static void R17_two_accounts_are_for_the_clerk(void)
{
	struct scene s;
	scene_init(&s);
	s.person.n_linked = 1;
	strcpy(s.person.linked[0], "3605551275");
	expect(&s, VERDICT_ID_TWO_ACCOUNTS, 1);
}

static void R21_a_clerk_serves_no_account_of_their_own(void)
{
	struct scene s;
	scene_init(&s);
	s.facts.clerk_id = ID_STUDENT;
	expect(&s, VERDICT_ID_CLERK_IS_HOLDER, 1);
	s.facts.clerk_id = "3605551275";
	s.person.n_linked = 1;
	strcpy(s.person.linked[0], "3605551275");
	expect(&s, VERDICT_ID_CLERK_IS_HOLDER, 2);
	s.facts.clerk_id = NULL;
	expect(&s, VERDICT_ID_TWO_ACCOUNTS, 1);
}

static void R05_a_visit_without_card_wants_a_second_clerk(void)
{
	struct scene s;
	scene_init(&s);
	s.facts.card = (struct identity_card){.reissue = -1};
	s.person.cards[0].status = PCARD_LOST;
	expect(&s, VERDICT_ID_NO_CARD, 1);
	CHECK_INT(verdict_row(VERDICT_ID_NO_CARD)->severity, VERDICT_SECOND);
}

static void privileged_accounts_want_a_second_clerk(void)
{
	struct scene s;
	scene_init(&s);
	s.person.privileged = true;
	expect(&s, VERDICT_ID_PRIVILEGED, 1);
}

static void a_missing_notice_address_is_said(void)
{
	struct scene s;
	scene_init(&s);
	s.person.contact = false;
	expect(&s, VERDICT_ID_NO_CONTACT, 1);
}

static void an_old_snapshot_is_said_above_its_limit(void)
{
	struct scene s;
	scene_init(&s);
	s.facts.directory_age_hours = 48;
	expect_none(&s);
	s.facts.directory_age_hours = 49;
	expect(&s, VERDICT_ID_OLD_DIRECTORY, 1);
	s.facts.directory_age_limit_hours = -1;
	expect_none(&s);
	s.facts.directory_age_limit_hours = 0;
	s.facts.directory_age_hours = -1;
	expect_none(&s);
}

static void a_live_request_stops(void)
{
	struct scene s;
	scene_init(&s);
	s.facts.live_request = true;
	expect(&s, VERDICT_ID_LIVE_REQUEST, 1);
}

/* One verdict of each severity, or none; all settled or not. */
static enum identity_gate gate_of(unsigned present, unsigned done)
{
	static const enum verdict of[] = {VERDICT_ID_GRACE, VERDICT_ID_CARD_NEWER,
		VERDICT_ID_PRIVILEGED, VERDICT_ID_CARD_LOST};
	struct verdicts v = {.set = {false}};
	struct identity_progress p = {.digits_passed = done & 1, .second = done & 2};
	enum ground ground = done & 4 ? GROUND_OTHER : GROUND_NONE;

	for (unsigned i = 0; i < 4; i++)
		v.set[of[i]] = present & (1u << i);
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		p.decided[i] = ground;
	return identity_gate(&v, &p);
}

static enum identity_gate gate_expected(unsigned present, unsigned done)
{
	if (present & 1u << VERDICT_STOP)
		return GATE_STOP;
	if (!(done & 1))
		return GATE_DIGITS;
	if (present & 1u << VERDICT_DECIDE && !(done & 4))
		return GATE_DECIDE;
	if (present & 1u << VERDICT_SECOND && !(done & 2))
		return GATE_SECOND;
	return GATE_PASS;
}

static void the_gate_opens_in_one_order_only(void)
{
	for (unsigned present = 0; present < 16; present++)
		for (unsigned done = 0; done < 8; done++)
			CHECK_INT(gate_of(present, done), gate_expected(present, done));
}

static void each_verdict_holds_the_gate_by_its_severity(void)
{
	static const enum identity_gate held[] = {[VERDICT_INFO] = GATE_PASS,
		[VERDICT_DECIDE] = GATE_DECIDE,
		[VERDICT_SECOND] = GATE_SECOND,
		[VERDICT_STOP] = GATE_STOP};

	for (unsigned i = 0; i < VERDICT_COUNT; i++) {
		struct verdicts v = {.set = {false}};
		struct identity_progress p = {.digits_passed = true};
		bool choice = i == VERDICT_ID_TWO_ACCOUNTS;
		v.set[i] = true;
		CHECK_INT(identity_gate(&v, &p),
			choice ? GATE_ACCOUNT : held[verdict_row(i)->severity]);
	}
}

static void a_decision_settles_its_own_verdict_only(void)
{
	struct verdicts v = {.set = {false}};
	struct identity_progress p = {.digits_passed = true};
	v.set[VERDICT_ID_CARD_NEWER] = v.set[VERDICT_ID_NAME_DIFFERS] = true;
	p.decided[VERDICT_ID_CARD_NEWER] = GROUND_OFFICE_RECORD;
	CHECK_INT(identity_gate(&v, &p), GATE_DECIDE);
	p.decided[VERDICT_ID_NAME_DIFFERS] = GROUND_PHOTO_COMPARED;
	CHECK_INT(identity_gate(&v, &p), GATE_PASS);
}

static void R17_an_account_is_chosen_and_no_decision_replaces_it(void)
{
	struct verdicts v = {.set = {false}};
	struct identity_progress p = {.digits_passed = true, .second = true};
	v.set[VERDICT_ID_TWO_ACCOUNTS] = true;
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		p.decided[i] = GROUND_OTHER;
	CHECK_INT(identity_gate(&v, &p), GATE_ACCOUNT);
	CHECK(!identity_settled(VERDICT_ID_TWO_ACCOUNTS, &p));
	p.account_chosen = true;
	CHECK_INT(identity_gate(&v, &p), GATE_PASS);
	CHECK(identity_settled(VERDICT_ID_TWO_ACCOUNTS, &p));
	p.digits_passed = false;
	CHECK_INT(identity_gate(&v, &p), GATE_DIGITS);
}

static void R17_the_card_is_judged_by_its_own_account(void)
{
	struct scene s;
	struct person other = student();
	scene_init(&s);
	other.n_cards = other.n_roles = 0;
	strcpy(other.common_id, "3605551275");
	strcpy(other.name_ja, "別名 一郎");
	strcpy(other.name_en, "Ichiro Betsumei");
	add_role(&other, ROLE_STAFF, "35", 0, 0);
	s.facts.owner = &s.person;
	s.facts.person = &other;
	struct verdicts v = identity_judge(&s.facts);
	CHECK(!v.set[VERDICT_ID_CARD_CLASS] && !v.set[VERDICT_ID_NAME_DIFFERS]);
	CHECK(v.set[VERDICT_ID_WRONG_DESK]); /* all else is the chosen account's */
	s.person.cards[0].status = PCARD_LOST;
	v = identity_judge(&s.facts);
	CHECK(v.set[VERDICT_ID_CARD_LOST]);
	s.person.status = PERSON_CLOSED;
	v = identity_judge(&s.facts);
	CHECK(!v.set[VERDICT_ID_ACCOUNT_CLOSED]);
	s.facts.owner = NULL;
	v = identity_judge(&s.facts);
	CHECK(v.set[VERDICT_ID_CARD_CLASS] && !v.set[VERDICT_ID_CARD_LOST]);
}

static void a_source_that_stands_in_is_said_and_its_policy_kept(void)
{
	struct scene s;
	scene_init(&s);
	s.facts.directory_fallback = true;
	expect(&s, VERDICT_ID_DIRECTORY_FALLBACK, 1);
	s.facts.directory_fallback = false;
	s.facts.directory_reason = true;
	expect(&s, VERDICT_ID_DIRECTORY_REASON, 1);
	s.facts.directory_reason = false;
	s.facts.directory_second = true;
	expect(&s, VERDICT_ID_DIRECTORY_SECOND, 1);
}

static void who_comes_again_is_for_the_clerk(void)
{
	struct scene s;
	scene_init(&s);
	s.facts.filed_lately = 1;
	expect_none(&s);
	s.facts.filed_today = 1;
	expect(&s, VERDICT_ID_REPEAT_TODAY, 1);
	s.facts.filed_lately = 2;
	expect(&s, VERDICT_ID_REPEAT_MONTH, 2);
	s.facts.filed_today = 0;
	expect(&s, VERDICT_ID_REPEAT_MONTH, 1);
}

static void every_ground_has_a_word_and_none_is_none(void)
{
	enum ground found = GROUND_NONE;
	for (unsigned g = GROUND_NONE + 1; g < GROUND_COUNT; g++) {
		CHECK(ground_find(ground_word(g), &found));
		CHECK_INT(found, g);
	}
	CHECK(!ground_find("", &found));
	CHECK(!ground_find("because", &found));
}

static void every_verdict_has_a_word_that_finds_it(void)
{
	for (unsigned i = 0; i < VERDICT_COUNT; i++) {
		enum verdict found = VERDICT_COUNT;
		CHECK(verdict_find(verdict_row(i)->word, &found));
		CHECK_INT(found, i);
	}
	enum verdict found;
	CHECK(!verdict_find("", &found));
	CHECK(!verdict_find("card", &found));
}

static const struct check_case cases[] = {
	{"nothing is said where all is well", nothing_is_said_where_all_is_well},
	{"R14 an account that is not active stops", R14_an_account_that_is_not_active_stops},
	{"R14 graduates keep the account until the next month",
		R14_graduates_keep_the_account_until_the_next_month},
	{"R14 a term of staff ends on its last day", R14_a_term_of_staff_ends_on_its_last_day},
	{"R14 a change of role keeps the account, a gap does not",
		R14_a_change_from_student_to_staff_keeps_the_account_a_gap_does_not},
	{"a term that has not begun is for the clerk", a_term_that_has_not_begun_is_for_the_clerk},
	{"a lost card stops unless a newer one is in the hand",
		a_lost_card_stops_unless_a_newer_one_is_in_the_hand},
	{"an old card stops, a newer one is for the clerk",
		an_old_card_stops_and_a_newer_one_is_for_the_clerk},
	{"a card the directory does not list is not judged",
		a_card_the_directory_does_not_list_is_not_judged},
	{"an expired card stops from the day after", an_expired_card_stops_from_the_day_after},
	{"a class that no role bears out is for the clerk",
		a_class_that_no_role_bears_out_is_for_the_clerk},
	{"R04 the wrong desk is said, the own role is preferred",
		R04_the_wrong_desk_is_said_and_the_own_role_is_preferred},
	{"a role in force goes before one in grace and one to come",
		a_role_in_force_goes_before_one_in_grace_and_one_to_come},
	{"R17 two accounts are for the clerk", R17_two_accounts_are_for_the_clerk},
	{"R21 a clerk serves no account of their own", R21_a_clerk_serves_no_account_of_their_own},
	{"R05 a visit without card wants a second clerk",
		R05_a_visit_without_card_wants_a_second_clerk},
	{"privileged accounts want a second clerk", privileged_accounts_want_a_second_clerk},
	{"a missing notice address is said", a_missing_notice_address_is_said},
	{"an old snapshot is said above its limit", an_old_snapshot_is_said_above_its_limit},
	{"a live request stops", a_live_request_stops},
	{"the gate opens in one order only", the_gate_opens_in_one_order_only},
	{"each verdict holds the gate by its severity",
		each_verdict_holds_the_gate_by_its_severity},
	{"a decision settles its own verdict only", a_decision_settles_its_own_verdict_only},
	{"every verdict has a word that finds it", every_verdict_has_a_word_that_finds_it},
	{"R17 an account is chosen and no decision replaces it",
		R17_an_account_is_chosen_and_no_decision_replaces_it},
	{"R17 the card is judged by its own account", R17_the_card_is_judged_by_its_own_account},
	{"a source that stands in is said and its policy kept",
		a_source_that_stands_in_is_said_and_its_policy_kept},
	{"who comes again is for the clerk", who_comes_again_is_for_the_clerk},
	{"every ground has a word and none is none", every_ground_has_a_word_and_none_is_none},
};

int main(void)
{
	return CHECK_MAIN("identity", cases);
}
