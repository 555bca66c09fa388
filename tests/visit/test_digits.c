/* SPDX-License-Identifier: MIT
 *
 * test_digits.c - which places of the printed number are asked, and the answer.
 */
#include "kiosk/visit/identity.h"

#include "tests/check.h"

#define ID "3141592653"

static const struct digits_format face = {18, 8, 3};

/* Numbers that look random and are the same each time. */
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

static void draw(struct digits_format format, uint32_t seed, uint8_t places[DIGITS_MAX])
{
	uint8_t random[DIGITS_MAX];
	for (size_t i = 0; i < sizeof random; i++)
		random[i] = (uint8_t)next_random(&seed);
	memset(places, 0xee, DIGITS_MAX);
	CHECK(digits_draw(format, strlen(ID), random, sizeof random, places));
}

/* The right answer for the places. */
static void read_off(struct digits_format format, const uint8_t *places, char *ret)
{
	for (size_t i = 0; i < format.asked; i++)
		ret[i] = ID[places[i] - 1 - format.offset];
	ret[format.asked] = '\0';
}

static void R13_only_places_of_the_common_id_are_asked_each_once_ascending(void)
{
	for (uint32_t seed = 0; seed < 2000; seed++) {
		struct digits_format format = {18, 8, (uint8_t)(1 + seed % DIGITS_MAX)};
		uint8_t places[DIGITS_MAX];
		draw(format, seed, places);
		for (size_t i = 0; i < format.asked; i++) {
			CHECK(places[i] >= 9 && places[i] <= 18);
			CHECK(i == 0 || places[i] > places[i - 1]);
		}
	}
}

static void every_place_is_asked_about_as_often(void)
{
	unsigned count[19] = {0};
	for (uint32_t seed = 0; seed < 10000; seed++) {
		uint8_t places[DIGITS_MAX];
		draw(face, seed * 2654435761u, places);
		for (size_t i = 0; i < face.asked; i++)
			count[places[i]]++;
	}
	for (size_t place = 9; place <= 18; place++)
		CHECK(count[place] > 2500 && count[place] < 3500);
}

static void a_format_that_does_not_fit_is_refused(void)
{
	static const struct digits_format bad[] = {
		{18, 8, 0}, {18, 8, 9}, {17, 8, 3}, {18, 9, 3}, {8, 18, 3}, {0, 0, 1}};
	uint8_t random[DIGITS_MAX] = {0}, places[DIGITS_MAX] = {7};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		CHECK(!digits_draw(bad[i], strlen(ID), random, sizeof random, places));
		CHECK(!digits_match(bad[i], places, ID, "314"));
	}
	CHECK(!digits_draw(face, 2, random, sizeof random, places));
	CHECK(!digits_draw(face, strlen(ID), random, 2, places));
	CHECK_INT(places[0], 7);
}

static void the_right_digits_pass_and_any_other_digit_does_not(void)
{
	for (uint32_t seed = 0; seed < 200; seed++) {
		uint8_t places[DIGITS_MAX];
		char typed[DIGITS_MAX + 1];
		draw(face, seed, places);
		read_off(face, places, typed);
		CHECK(digits_match(face, places, ID, typed));
		for (size_t i = 0; i < face.asked; i++) {
			char right = typed[i];
			typed[i] = right == '9' ? '0' : (char)(right + 1);
			CHECK(!digits_match(face, places, ID, typed));
			typed[i] = right;
		}
	}
}

static void too_few_and_too_many_digits_do_not_pass(void)
{
	uint8_t places[DIGITS_MAX] = {9, 10, 11};
	CHECK(digits_match(face, places, ID, "314"));
	CHECK(!digits_match(face, places, ID, ""));
	CHECK(!digits_match(face, places, ID, "31"));
	CHECK(!digits_match(face, places, ID, "3141"));
	CHECK(!digits_match(face, places, "", "314"));
}

/* What stands in memory beside the common id is no answer either. */
static void places_outside_the_common_id_match_nothing(void)
{
	static const char memory[] = "7" ID "\0"
				     "7";
	uint8_t before[DIGITS_MAX] = {8, 9, 10}, after[DIGITS_MAX] = {17, 18, 20};
	CHECK(!digits_match(face, before, memory + 1, "731"));
	CHECK(!digits_match(face, after, memory + 1, "537"));
}

static const struct check_case cases[] = {
	{"R13 only places of the common id are asked, each once, ascending",
		R13_only_places_of_the_common_id_are_asked_each_once_ascending},
	{"every place is asked about as often", every_place_is_asked_about_as_often},
	{"a format that does not fit is refused", a_format_that_does_not_fit_is_refused},
	{"the right digits pass and any other digit does not",
		the_right_digits_pass_and_any_other_digit_does_not},
	{"too few and too many digits do not pass", too_few_and_too_many_digits_do_not_pass},
	{"places outside the common id match nothing", places_outside_the_common_id_match_nothing},
};

int main(void)
{
	return CHECK_MAIN("digits", cases);
}
