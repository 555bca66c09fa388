/* SPDX-License-Identifier: MIT
 *
 * test_incident.c - when an incident is in force, in which language, whose number.
 */
#include "kiosk/visit/incident.h"

#include "tests/check.h"

static bool in_force(const struct incident *i, int32_t date, int minute)
{
	return incident_in_force(i, (struct civil){date, (int16_t)minute});
}

static void an_incident_is_in_force_from_its_first_minute_until_its_end(void)
{
	static const struct incident i = {.from = {20220702, 95}, .to = {20220705, 936}};
	CHECK(!in_force(&i, 20220701, 1439));
	CHECK(!in_force(&i, 20220702, 94));
	CHECK(in_force(&i, 20220702, 95));
	CHECK(in_force(&i, 20220703, 0));
	CHECK(in_force(&i, 20220705, 935));
	CHECK(!in_force(&i, 20220705, 936));
	CHECK(!in_force(&i, 20220706, 0));
	CHECK(!in_force(&i, 20230703, 0));
}

static void without_an_end_it_lasts_until_further_notice(void)
{
	static const struct incident i = {.from = {20220702, 0}};
	CHECK(!in_force(&i, 20220701, 1439));
	CHECK(in_force(&i, 20220702, 0));
	CHECK(in_force(&i, 20991231, 1439));
}

static void a_text_comes_in_the_language_asked_for_else_in_english(void)
{
	static struct incident i = {.n_texts = 2, .texts = {{.lang = "ja"}, {.lang = "en"}}};
	CHECK_STR(incident_text(&i, "ja")->lang, "ja");
	CHECK_STR(incident_text(&i, "zh")->lang, "en");
	i.n_texts = 1;
	CHECK_STR(incident_text(&i, "en")->lang, "ja");
	i.n_texts = 0;
	CHECK(incident_text(&i, "en") == NULL);
}

static void becomes(const char *typed, const char *want)
{
	char phone[INCIDENT_PHONE_SIZE] = "";
	CHECK(incident_phone(typed, phone));
	CHECK_STR(phone, want);
}

static void refused(const char *typed)
{
	char phone[INCIDENT_PHONE_SIZE] = "before";
	CHECK(!incident_phone(typed, phone));
	CHECK_STR(phone, "before");
}

static void R16_a_telephone_number_keeps_its_digits_and_loses_separators(void)
{
	becomes("090-1234-5678", "09012345678");
	becomes("03 5841 2111", "0358412111");
	becomes("+81 90-1234-5678", "+819012345678");
	becomes("12345678", "12345678");
	becomes("123456789012345", "123456789012345");
	becomes("+123456789012345", "+123456789012345");
}

static void what_cannot_be_a_telephone_number_is_refused(void)
{
	refused("");
	refused("1234567");
	refused("+1234567");
	refused("1234567890123456");
	refused("+1234567890123456");
	refused("090+1234567");
	refused("++81901234567");
	refused("090x1234567");
	refused("090.1234.5678");
	refused("123456789012345678901234567890123456789012345678901234567890");
	refused("----------------------------------------------------------");
}

static const struct check_case cases[] = {
	{"an incident is in force from its first minute until its end",
		an_incident_is_in_force_from_its_first_minute_until_its_end},
	{"without an end it lasts until further notice",
		without_an_end_it_lasts_until_further_notice},
	{"a text comes in the language asked for, else in English",
		a_text_comes_in_the_language_asked_for_else_in_english},
	{"R16 a telephone number keeps its digits and loses separators",
		R16_a_telephone_number_keeps_its_digits_and_loses_separators},
	{"what cannot be a telephone number is refused",
		what_cannot_be_a_telephone_number_is_refused},
};

int main(void)
{
	return CHECK_MAIN("incident", cases);
}
