/* SPDX-License-Identifier: MIT
 *
 * test_name.c - a name on a card differs only when it plainly does.
 */
#include "kiosk/visit/identity.h"

#include "tests/check.h"

struct sample {
	const char *on_card, *name_ja, *name_en;
};

static const struct sample same[] = {
	{"", "東都 花子", "Hanako Toto"},
	{"トウト ハナコ", "東都 花子", "Hanako Toto"}, /* kana says nothing about kanji */
	{"トウト ハナコ", "", "Hanako Toto"}, {"蔵前　次郎", "蔵前 次郎", "Jiro Kuramae"},
	{"蔵前　次", "蔵前 次郎", ""}, /* cut short */
	{"ANDERSSON-LINDQV", "", "Maria Andersson-Lindqvist"},
	{"TOTO,HANAKO", "東都 花子", "Hanako Toto"}, {"toto hanako", "東都 花子", "HANAKO TOTO"},
	{"TOTO H", "東都 花子", "Hanako Toto"},
	{"KURAMAE JIROU", "", "Jiro Kuramae"}, /* two ways of writing one sound */
	{"MULLER ANNA", "", "Anna Müller"},    /* letters ASCII does not have */
	{"TOTO HANAKO", "東都 花子", ""},
	{"髙橋　一", "高橋 一", "Hajime Takahashi"}, /* another form of one character */
	{"SUZUKI HANAKO", "", "Hanako Toto"},        /* a name changed by marriage: not plainly */
	{"マリア アンデション", "まりあ あんでしょん", "Maria Andersson"},
	{"\xe6\x9d", "東都 花子", "Hanako Toto"}, /* no UTF-8 */
	{"Ｔｏｔｏ", "東都 花子", "Hanako Kuramae"}, {",, --", "東都 花子", "Hanako Toto"},
	{"森 さくら", "森 さくら", ""}, {"サクラ", "森 さくら", ""}, {"髙橋", "高橋 一", ""},
	{"JIROU", "", "Jiro Kuramae"},
	{"\xe6TA\xe6TA", "東都 花子", ""}, /* no UTF-8, though it looks like kanji */
};

static const struct sample other[] = {
	{"YAMADA,TARO", "東都 花子", "Hanako Toto"},
	{"ANDERSSON-LINDQV", "", "Hanako Toto"},
	{"蔵前　次郎", "東都 花子", "Hanako Toto"},
	{"川辺三郎", "森 四季", ""},
	{"森森森", "森 四季", ""},
	{"マリア アンデション", "ジョン スミス", "John Smith"},
};

static void a_name_in_doubt_is_no_other_name(void)
{
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		const struct sample *s = &same[i];
		bool differs = identity_name_differs(s->on_card, s->name_ja, s->name_en);
		if (differs)
			fprintf(stderr, "%s: %s / %s\n", s->on_card, s->name_ja, s->name_en);
		CHECK(!differs);
	}
}

static void a_plainly_other_name_is_found(void)
{
	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
		const struct sample *s = &other[i];
		bool differs = identity_name_differs(s->on_card, s->name_ja, s->name_en);
		if (!differs)
			fprintf(stderr, "%s: %s / %s\n", s->on_card, s->name_ja, s->name_en);
		CHECK(differs);
	}
}

static void an_endless_name_is_read_to_its_limit(void)
{
	char on_card[4096], name_en[4096];
	memset(on_card, 'A', sizeof on_card);
	memset(name_en, 'B', sizeof name_en);
	on_card[sizeof on_card - 1] = name_en[sizeof name_en - 1] = '\0';
	CHECK(identity_name_differs(on_card, "", name_en));
	for (size_t i = 1; i < sizeof on_card - 1; i += 2)
		on_card[i] = ' ';
	CHECK(identity_name_differs(on_card, "", name_en));
}

static const struct check_case cases[] = {
	{"a name in doubt is no other name", a_name_in_doubt_is_no_other_name},
	{"a plainly other name is found", a_plainly_other_name_is_found},
	{"an endless name is read to its limit", an_endless_name_is_read_to_its_limit},
};

int main(void)
{
	return CHECK_MAIN("name", cases);
}
