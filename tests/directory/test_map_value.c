/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/map_value.h"

#include "tests/check.h"

/* Windows counts from 1601 in 100 ns. */
#define FILETIME(unix_seconds) (((unix_seconds) + G_GINT64_CONSTANT(11644473600)) * 10000000)

#define NO_DATE -1

static int32_t date(const char *text, gboolean last)
{
	int32_t ret = NO_DATE;
	const char *why = map_value_date(text, last, &ret);
	CHECK((why != NULL) == (ret == NO_DATE));
	return ret;
}

static void truth_is_true_or_false(void)
{
	static const char *const bad[] = {"", "yes", "1", "0", "truee", " true", "null"};
	bool got = false;
	CHECK(map_value_bool("TRUE", &got) == NULL && got);
	CHECK(map_value_bool("false", &got) == NULL && !got);
	CHECK(map_value_bool("True", &got) == NULL && got);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		CHECK_STR(map_value_bool(bad[i], &got), "expected true or false");
	CHECK(got);
}

static void the_second_bit_of_account_control_disables(void)
{
	static const struct {
		const char *text;
		bool enabled;
	} good[] = {
		{"512", true},   /* NORMAL_ACCOUNT */
		{"514", false},  /* with ACCOUNTDISABLE */
		{"66048", true}, /* password never expires */
		{"66050", false},
		{"0", true},
		{"2", false},
		{"-2147483136", true}, /* a high bit set, as a signed number */
		{"2147484160", true},  /* the same, unsigned */
		{"-2147483134", false},
	};
	static const char *const bad[] = {"", "x", "0x202", "512 ", "512.0", "4294967296",
		"-2147483649", "99999999999999999999"};
	bool got;
	for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
		got = !good[i].enabled;
		CHECK(map_value_enabled(good[i].text, &got) == NULL);
		CHECK_INT(got, good[i].enabled);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		CHECK_STR(map_value_enabled(bad[i], &got), "expected a number of 32 bits");
}

static bool expired(gint64 filetime, gint32 today)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, filetime);
	bool got = false;
	CHECK(map_value_expired(text, today, &got) == NULL);
	return got;
}

static void an_account_is_over_after_its_last_moment(void)
{
	const gint64 midnight = 1774969200; /* 2026-04-01 00:00 in Japan: the end of 31 March */
	CHECK(!expired(FILETIME(midnight), 20260331));
	CHECK(expired(FILETIME(midnight), 20260401));
	CHECK(!expired(FILETIME(midnight + 1), 20260401));
	CHECK(expired(FILETIME(midnight + 1), 20260402));
	CHECK(expired(FILETIME(midnight), 20991231));
	CHECK(expired(1, 20260401));
}

static void zero_and_the_greatest_filetime_are_never(void)
{
	CHECK(!expired(0, 20991231));
	CHECK(!expired(G_MAXINT64, 20991231));
	CHECK(!expired(G_MAXINT64 - 1, 20991231));
}

static void what_is_no_filetime_is_said(void)
{
	static const char *const bad[] = {
		"", "-1", "soon", "9223372036854775808", "20260401000000Z", "1.5"};
	bool got = true;
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		CHECK_STR(map_value_expired(bad[i], 20260401, &got),
			"expected a number of 100 ns since 1601");
	CHECK(got);
}

static void dates_are_taken_in_three_forms(void)
{
	static const char *const same[] = {"20270331", "2027-03-31", "2027-03-31T10:20",
		"2027-03-31T10:20:30", "2027-03-31 10:20:30", "2027-03-31T10:20:30.5",
		"2027-03-31T10:20:30+09:00", "2027-03-31T01:20:30Z", "2027-03-31T00:00:00Z",
		"2027-03-30T23:30:00-01:00", "20270331000000Z", "2027033110Z", "202703311020Z",
		"20270331102030Z", "20270331102030.123Z", "20270331102030,5+0900", "2027033123+09",
		"20270331235959+0900", "2027-03-31T00:00:00", "2027-03-31T00:00:00.0000000Z",
		"20270331000000"};
	for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
		CHECK_INT(date(same[i], FALSE), 20270331);
		CHECK_INT(date(same[i], TRUE), 20270331);
	}
}

static void a_moment_is_a_day_of_this_place(void)
{
	CHECK_INT(date("2027-03-31T15:00:01Z", FALSE), 20270401);
	CHECK_INT(date("20270331150001Z", TRUE), 20270401);
	CHECK_INT(date("2027-03-31T14:59:59Z", FALSE), 20270331);
	CHECK_INT(date("2026-12-31T20:00:00Z", FALSE), 20270101);
	CHECK_INT(date("2027-01-01T08:59:59+14:00", FALSE), 20270101);
	CHECK_INT(date("2027-01-01T00:30:00+14:00", FALSE), 20261231);
}

static void midnight_ends_the_day_before(void)
{
	CHECK_INT(date("2027-03-31T15:00:00Z", TRUE), 20270331);
	CHECK_INT(date("2027-03-31T15:00:00Z", FALSE), 20270401);
	CHECK_INT(date("20270401000000+0900", TRUE), 20270331);
	CHECK_INT(date("20270401000000+0900", FALSE), 20270401);
}

static void what_is_no_date_is_said(void)
{
	static const char *const form[] = {"", "2027", "202703", "2027-3-31", "2027/03/31",
		"31.03.2027", "2027-0331", "202703-31", "2027-03-31T", "2027-03-31T1",
		"2027-03-31T10", "2027-03-31T10:", "2027-03-31T10:2", "2027-03-31T24:00:00Z",
		"2027-03-31T10:60:00Z", "2027-03-31T10:20:61Z", "2027-03-31T10:20:30+",
		"2027-03-31T10:20:30+9", "2027-03-31T10:20:30+15:00", "2027-03-31T10:20:30+09:60",
		"2027-03-31T10:20:30Zx", "2027-03-31x", "20270331102", "2027033110203",
		"20270331102030ZZ", "20270331.5Z", "+20270331", "２０２７０３３１",
		"令和9年3月31日", "20270331T102030Z"};
	static const char *const calendar[] = {
		"20270229", "2027-13-01", "20270100", "00000000", "20270431000000Z"};
	int32_t got = 7;
	for (gsize i = 0; i < G_N_ELEMENTS(form); i++) {
		const char *why = map_value_date(form[i], FALSE, &got);
		if (!why)
			fprintf(stderr, "taken: %s\n", form[i]);
		CHECK_STR(why, "expected a date YYYYMMDD, YYYY-MM-DD or YYYYMMDDhhmmssZ");
	}
	for (gsize i = 0; i < G_N_ELEMENTS(calendar); i++)
		CHECK_STR(map_value_date(calendar[i], FALSE, &got),
			"expected a date of the calendar");
	CHECK_INT(got, 7);
}

static void words_are_found_whatever_their_case_and_width(void)
{
	static const char *const list[] = {
		"工学部=03", "Faculty of Science=05", "ＡＢＣ=07", "a=b=09", NULL};
	CHECK_STR(map_value_word(list, "工学部"), "03");
	CHECK_STR(map_value_word(list, "FACULTY of science"), "05");
	CHECK_STR(map_value_word(list, "abc"), "07");
	CHECK_STR(map_value_word(list, " 工学部 "), "03");
	CHECK_STR(map_value_word(list, "a=b"), "09");
	CHECK(map_value_word(list, "工学") == NULL);
	CHECK(map_value_word(list, "") == NULL);
	CHECK(map_value_word(NULL, "x") == NULL);
}

static const struct map_kind scoped = {
	"student-number", "gakuninScopedPersonalUniqueCode", "student:", "@example.ac.jp"};
static const struct map_kind plain = {"staff-number", "employeeNumber", "", ""};

static char *number(const struct map_kind *kind, const char *value)
{
	char got[PERSON_NUMBER_SIZE] = "untouched";
	const char *why = map_value_number(kind, value, got);
	CHECK(!why || strcmp(got, "untouched") == 0);
	return g_strdup(why ? why : got);
}

static void check_number(const struct map_kind *kind, const char *value, const char *want)
{
	g_autofree char *got = number(kind, value);
	CHECK_STR(got, want);
}

static void a_number_is_cut_out_of_a_scoped_code(void)
{
	check_number(&scoped, "student:99-999999@example.ac.jp", "99-999999");
	check_number(&scoped, "Student:A1@EXAMPLE.ac.jp", "A1");
	check_number(&scoped, "student\\:99\\-1@example.ac.jp", "99-1");
	check_number(&plain, "9999999", "9999999");
}

static void codes_of_others_are_passed_over(void)
{
	check_number(&scoped, "faculty:12345@example.ac.jp", "");
	check_number(&scoped, "student:12345@other.ac.jp", "");
	check_number(&scoped, "12345", "");
	check_number(&scoped, "", "");
	check_number(&plain, "", "");
}

static void what_is_no_number_is_said(void)
{
	static const char word[] = "expected letters, digits, '.', '_' or '-'";
	g_autofree char *huge = g_strnfill(ENTRY_VALUE_MAX + 2, 'x');
	check_number(&scoped, "student:@example.ac.jp", "expected a number");
	check_number(&scoped, "student:a b@example.ac.jp", word);
	check_number(&scoped, "student:a*@example.ac.jp", word);
	check_number(&scoped, "student:a\\;b@example.ac.jp", word);
	check_number(&plain, "99\\", word);
	check_number(&plain, "９９", word);
	check_number(&plain, "1234567890123456789012345678901", "1234567890123456789012345678901");
	check_number(&plain, "12345678901234567890123456789012", "too long");
	check_number(&plain, huge, "too long");
}

int main(void)
{
	static const struct check_case cases[] = {
		{"truth is true or false", truth_is_true_or_false},
		{"the second bit of account control disables",
			the_second_bit_of_account_control_disables},
		{"an account is over after its last moment",
			an_account_is_over_after_its_last_moment},
		{"zero and the greatest FILETIME are never",
			zero_and_the_greatest_filetime_are_never},
		{"what is no FILETIME is said", what_is_no_filetime_is_said},
		{"dates are taken in three forms", dates_are_taken_in_three_forms},
		{"a moment is a day of this place", a_moment_is_a_day_of_this_place},
		{"midnight ends the day before", midnight_ends_the_day_before},
		{"what is no date is said", what_is_no_date_is_said},
		{"words are found whatever their case and width",
			words_are_found_whatever_their_case_and_width},
		{"a number is cut out of a scoped code", a_number_is_cut_out_of_a_scoped_code},
		{"codes of others are passed over", codes_of_others_are_passed_over},
		{"what is no number is said", what_is_no_number_is_said},
	};
	g_setenv("TZ", "Asia/Tokyo", TRUE);
	return CHECK_MAIN("map-value", cases);
}
