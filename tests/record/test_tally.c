/* SPDX-License-Identifier: MIT
 *
 * test_tally.c - what is remembered of a holder's requests, and for how long.
 */
#include "kiosk/record/tally.h"

#include <string.h>

#include "tests/check.h"
#include "tests/record/folder.h"

static void file_on(struct folder *f, const char *id, gint32 date)
{
	struct request_receipt r = {0};
	CHECK(folder_file_request(f, id, date, &r, NULL));
}

static void expect(struct folder *f, const char *id, gint32 date, guint today, guint lately)
{
	struct tally tally = {0};
	CHECK(tally_count(f->store, id, date, &tally, NULL));
	CHECK_INT(tally.today, today);
	CHECK_INT(tally.lately, lately);
}

static void each_filed_request_counts_for_its_holder_and_day(void)
{
	struct folder f;
	folder_make(&f);
	expect(&f, SAMPLE_ID, DAY, 0, 0);
	file_on(&f, SAMPLE_ID, DAY);
	file_on(&f, SAMPLE_ID, DAY);
	file_on(&f, SAMPLE_ID_2, DAY);
	expect(&f, SAMPLE_ID, DAY, 2, 2);
	expect(&f, SAMPLE_ID_2, DAY, 1, 1);
	expect(&f, SAMPLE_ID, DAY + 1, 0, 2);
	folder_reopen(&f);
	expect(&f, SAMPLE_ID, DAY, 2, 2);
	folder_remove(&f);
}

static void the_31st_day_counts_and_the_32nd_does_not(void)
{
	struct folder f;
	folder_make(&f);
	file_on(&f, SAMPLE_ID, 20260131);
	expect(&f, SAMPLE_ID, 20260302, 0, 1); /* 30 days later */
	expect(&f, SAMPLE_ID, 20260303, 0, 0);
	folder_remove(&f);
}

static void a_clock_set_back_hides_nothing(void)
{
	struct folder f;
	folder_make(&f);
	file_on(&f, SAMPLE_ID, DAY);
	expect(&f, SAMPLE_ID, DAY - 1, 0, 1);
	folder_remove(&f);
}

static void the_tally_outlives_the_request_and_is_forgotten_after_31_days(void)
{
	struct folder f;
	struct request_receipt r = {0};
	guint erased = 0;
	folder_make(&f);
	CHECK(folder_file_request(&f, SAMPLE_ID, DAY, &r, NULL));
	CHECK(requests_cancel(f.store, r.number, "test", NOON, NULL));
	CHECK(requests_erase(f.store, NOON + 1, &erased, NULL));
	CHECK_INT(erased, 1);
	expect(&f, SAMPLE_ID, DAY, 1, 1);
	CHECK(tally_forget(f.store, 20261222, NULL));
	CHECK_INT(folder_number(&f, "SELECT count(*) FROM tally"), 1);
	CHECK(tally_forget(f.store, 20261223, NULL));
	CHECK_INT(folder_number(&f, "SELECT count(*) FROM tally"), 0);
	folder_remove(&f);
}

static void a_tally_names_nobody(void)
{
	struct folder f;
	folder_make(&f);
	file_on(&f, SAMPLE_ID, DAY);
	folder_close(&f);
	CHECK_INT(folder_holding(&f, SAMPLE_ID, strlen(SAMPLE_ID)), 0);
	folder_remove(&f);
}

static void what_is_no_date_is_refused(void)
{
	static const gint32 wrong[] = {0, -1, 20261301, 20260230, 999, 100000101};
	struct folder f;
	struct tally tally;
	folder_make(&f);
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		CHECK(!tally_count(f.store, SAMPLE_ID, wrong[i], &tally, NULL));
		CHECK(!tally_forget(f.store, wrong[i], NULL));
	}
	folder_remove(&f);
}

static const struct check_case cases[] = {
	{"each filed request counts for its holder and day",
		each_filed_request_counts_for_its_holder_and_day},
	{"the 31st day counts and the 32nd does not", the_31st_day_counts_and_the_32nd_does_not},
	{"a clock set back hides nothing", a_clock_set_back_hides_nothing},
	{"the tally outlives the request and is forgotten after 31 days",
		the_tally_outlives_the_request_and_is_forgotten_after_31_days},
	{"a tally names nobody", a_tally_names_nobody},
	{"what is no date is refused", what_is_no_date_is_refused},
};

int main(void)
{
	return CHECK_MAIN("tally", cases);
}
