/* SPDX-License-Identifier: MIT
 *
 * test_civil.c - the calendar, against the C library's.
 */
#include "kiosk/visit/civil.h"

#include <time.h>

#include "tests/check.h"

#define DAY 86400

static int32_t date_of(const struct tm *tm)
{
	return (tm->tm_year + 1900) * 10000 + (tm->tm_mon + 1) * 100 + tm->tm_mday;
}

static void every_day_from_1970_to_2100_has_the_right_weekday_and_is_valid(void)
{
	time_t end = (time_t)131 * 365 * DAY;
	int32_t before = 0;

	for (time_t t = 0; t < end; t += DAY) {
		struct tm tm;
		gmtime_r(&t, &tm);
		int32_t date = date_of(&tm);
		bool right = civil_valid_date(date) && civil_weekday(date) == tm.tm_wday;
		if (!right)
			fprintf(stderr, "%d\n", date);
		CHECK(right);
		/* What lies between two days is no day. */
		for (int32_t gap = before + 1; before && gap < date && gap < before + 70; gap++)
			CHECK(!civil_valid_date(gap));
		before = date;
	}
}

static void what_is_no_date_is_not_valid(void)
{
	static const int32_t bad[] = {0, -1, -20260101, 1, 20260230, 20260229, 20261301, 20260001,
		20260100, 20260132, 21000229, 18991231, 99990101, INT32_MAX, INT32_MIN};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK(!civil_valid_date(bad[i]));
	CHECK(civil_valid_date(20240229));
	CHECK(civil_valid_date(20000229));
}

static void R14_the_next_month_begins_on_its_first_day(void)
{
	CHECK_INT(civil_next_month(20260331), 20260401);
	CHECK_INT(civil_next_month(20260301), 20260401);
	CHECK_INT(civil_next_month(20261231), 20270101);
	CHECK_INT(civil_next_month(20260131), 20260201);
}

static void a_weekday_of_nonsense_is_still_a_weekday(void)
{
	CHECK_INT(civil_weekday(0), 0);
	CHECK_INT(civil_weekday(20261301), 0);
}

static const struct check_case cases[] = {
	{"every day from 1970 to 2100 has the right weekday and is valid",
		every_day_from_1970_to_2100_has_the_right_weekday_and_is_valid},
	{"what is no date is not valid", what_is_no_date_is_not_valid},
	{"R14 the next month begins on its first day", R14_the_next_month_begins_on_its_first_day},
	{"a weekday of nonsense is still a weekday", a_weekday_of_nonsense_is_still_a_weekday},
};

int main(void)
{
	return CHECK_MAIN("civil", cases);
}
