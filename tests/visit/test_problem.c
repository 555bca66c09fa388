/* SPDX-License-Identifier: MIT
 *
 * test_problem.c - the problem table: stable ids, and every card fault in it.
 */
#include "kiosk/visit/problem.h"

#include "tests/check.h"

static void every_id_is_well_formed_and_stands_once_in_order(void)
{
	CHECK_STR(problem_row(PROBLEM_NONE)->id, "");
	for (unsigned i = 1; i < PROBLEM_COUNT; i++) {
		const char *id = problem_row(i)->id;
		CHECK(strlen(id) == 4 && strncmp(id, "P-", 2) == 0);
		CHECK(i == 1 || strcmp(problem_row(i - 1)->id, id) < 0);
		CHECK(*problem_row(i)->name);
	}
}

static void every_failed_read_is_a_problem_a_person_can_act_on(void)
{
	static const enum card_err all[] = {
#define X(name, value) CARD_ERR_##name,
		CARD_ERR_LIST(X)
#undef X
	};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		CHECK((problem_of_card(all[i]) == PROBLEM_NONE) == (all[i] == CARD_ERR_OK));
	CHECK_INT(problem_of_card((enum card_err) - 99), PROBLEM_UNREADABLE);
}

static void the_samples_of_the_table_stay_what_they_are(void)
{
	CHECK_STR(problem_row(problem_of_card(CARD_ERR_NO_SERVICE))->id, "P-01");
	CHECK_STR(problem_row(problem_of_card(CARD_ERR_NO_READER))->id, "P-02");
	CHECK_STR(problem_row(problem_of_card(CARD_ERR_UNKNOWN_CARD))->id, "P-06");
	CHECK_STR(problem_row(problem_of_card(CARD_ERR_FOREIGN))->id, "P-07");
	CHECK_STR(problem_row(problem_of_card(CARD_ERR_UNREADABLE))->id, "P-08");
	CHECK_STR(problem_row(problem_of_card(CARD_ERR_REMOVED))->id, "P-09");
	CHECK_STR(problem_row(problem_of_card(CARD_ERR_NO_DATA))->id, "P-12");
	CHECK_STR(problem_row(problem_of_card(CARD_ERR_UNPROVEN))->id, "P-13");
	CHECK_STR(problem_row(problem_of_card(CARD_ERR_TRANSIT))->id, "P-14");
}

/* Only a problem of the card in the hand is answered by tapping it again. */
static void a_problem_of_the_equipment_is_not_answered_by_a_tap(void)
{
	static const enum problem waits[] = {PROBLEM_NO_PCSCD, PROBLEM_NO_READER,
		PROBLEM_NOT_ALLOWED, PROBLEM_DISK_FULL, PROBLEM_WRONG_CLOCK, PROBLEM_BORROWED};
	for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++)
		CHECK_INT(problem_row(waits[i])->retry, RETRY_WAIT);
	CHECK_INT(problem_row(PROBLEM_REMOVED)->retry, RETRY_TAP);
	CHECK_INT(problem_row(PROBLEM_REFUSED)->retry, RETRY_NEVER);
}

static const struct check_case cases[] = {
	{"every id is well formed and stands once, in order",
		every_id_is_well_formed_and_stands_once_in_order},
	{"every failed read is a problem a person can act on",
		every_failed_read_is_a_problem_a_person_can_act_on},
	{"the samples of the table stay what they are",
		the_samples_of_the_table_stay_what_they_are},
	{"a problem of the equipment is not answered by a tap",
		a_problem_of_the_equipment_is_not_answered_by_a_tap},
};

int main(void)
{
	return CHECK_MAIN("problem", cases);
}
