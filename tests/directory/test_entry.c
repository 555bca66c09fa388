/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/entry.h"

#include "tests/check.h"

static gboolean add(struct entry *e, const char *name, const char *value)
{
	return entry_add(e, name, value, strlen(value));
}

static void values_come_back_in_their_order(void)
{
	AUTO(entry) e = entry_new();
	CHECK(add(e, "mail", "a@example.ac.jp"));
	CHECK(add(e, "uid", "0123456789"));
	CHECK(add(e, "mail", "b@example.ac.jp"));
	CHECK(add(e, "displayName", ""));
	CHECK_STR(entry_get(e, "mail", 0), "a@example.ac.jp");
	CHECK_STR(entry_get(e, "mail", 1), "b@example.ac.jp");
	CHECK(entry_get(e, "mail", 2) == NULL);
	CHECK_STR(entry_get(e, "displayName", 0), "");
	CHECK(entry_get(e, "cn", 0) == NULL);
	CHECK(!entry_is_damaged(e));
}

static void names_have_no_case_and_keep_their_options(void)
{
	AUTO(entry) e = entry_new();
	CHECK(add(e, "displayname;LANG-JA", "工学 花子"));
	CHECK(add(e, "displayName", "KOGAKU Hanako"));
	CHECK_STR(entry_get(e, "displayName;lang-ja", 0), "工学 花子");
	CHECK_STR(entry_get(e, "DISPLAYNAME", 0), "KOGAKU Hanako");
	CHECK(entry_get(e, "displayName;lang-en", 0) == NULL);
}

static void what_is_no_plain_text_is_left_out_and_marked(void)
{
	static const struct {
		const char *value;
		gsize len;
	} bad[] = {
		{"a\nb", 3}, {"a\tb", 3}, {"a\0b", 3}, {"a\x7f", 2}, {"\xc2\x85", 2}, /* NEL */
		{"\xff", 1},                               /* no UTF-8 at all */
		{"\xe5\xb7", 2},                           /* cut in the middle */
		{"\xed\xa0\x80", 3},                       /* a surrogate */
		{"\xc0\xaf", 2},                           /* overlong */
		{"\xe2\x80\xa8", 3},                       /* LINE SEPARATOR */
		{"\xe2\x80\xa9", 3}, {"x\xe2\x80\xaa", 4}, /* LRE … */
		{"x\xe2\x80\xae", 4},                      /* … RLO */
		{"x\xe2\x81\xa6", 4},                      /* LRI … */
		{"x\xe2\x81\xa9", 4},                      /* … PDI */
		{"x\xe2\x80\x8e", 4},                      /* LRM */
		{"x\xe2\x80\x8f", 4},                      /* RLM */
		{"x\xd8\x9c", 3},                          /* ALM */
	};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		AUTO(entry) e = entry_new();
		CHECK(!entry_add(e, "cn", bad[i].value, bad[i].len));
		CHECK(entry_get(e, "cn", 0) == NULL);
		CHECK(entry_is_damaged(e));
		CHECK(entry_is_damaged_at(e, "CN"));
		CHECK(!entry_is_damaged_at(e, "sn"));
	}
}

static void the_neighbours_of_the_forbidden_characters_pass(void)
{
	static const char *const good[] = {"\xe2\x80\x8d", "\xe2\x80\x90", "\xe2\x80\xa7",
		"\xe2\x80\xaf", "\xe2\x81\xa5", "\xe2\x81\xaa", "<b>&amp;</b>", "あ", "𠮷"};
	AUTO(entry) e = entry_new();
	for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
		CHECK(add(e, "cn", good[i]));
	CHECK(!entry_is_damaged(e));
}

static void lengths_end_where_the_limit_says(void)
{
	g_autofree char *fits = g_strnfill(ENTRY_VALUE_MAX, 'x');
	g_autofree char *more = g_strnfill(ENTRY_VALUE_MAX + 1, 'x');
	g_autofree char *huge = g_strnfill(65536, 'x');
	g_autofree char *name = g_strnfill(ENTRY_NAME_MAX, 'n');
	g_autofree char *long_name = g_strnfill(ENTRY_NAME_MAX + 1, 'n');
	AUTO(entry) e = entry_new();
	CHECK(add(e, "fits", fits));
	CHECK(!add(e, "more", more));
	CHECK(!add(e, "huge", huge));
	CHECK(add(e, name, "x"));
	CHECK(!add(e, long_name, "x"));
	CHECK(!entry_is_damaged_at(e, "fits"));
	CHECK(entry_is_damaged_at(e, "more"));
	CHECK_STR(entry_get(e, name, 0), "x");
}

static void a_long_list_pushes_nothing_else_out(void)
{
	AUTO(entry) e = entry_new();
	for (unsigned i = 0; i < 1000; i++)
		CHECK(add(e, "memberOf", "g") == (i < ENTRY_VALUES_OF_ONE_MAX));
	CHECK(add(e, "userAccountControl", "512"));
	CHECK(entry_is_damaged_at(e, "memberof"));
	CHECK(!entry_is_damaged_at(e, "userAccountControl"));
	for (unsigned i = 0; i < 1000; i++)
		add(e, i % 2 ? "a" : "b", "v");
	CHECK(entry_get(e, "memberOf", ENTRY_VALUES_OF_ONE_MAX) == NULL);
	CHECK(!add(e, "late", "v"));
	CHECK(entry_is_damaged_at(e, "late"));
}

static void too_many_damaged_names_make_every_name_suspect(void)
{
	AUTO(entry) e = entry_new();
	for (unsigned i = 0; i < 17; i++) {
		g_autofree char *name = g_strdup_printf("n%u", i);
		CHECK(!entry_is_damaged_at(e, "innocent"));
		CHECK(!add(e, name, "\n"));
	}
	CHECK(entry_is_damaged_at(e, "innocent"));
}

static void a_part_of_a_list_is_known_as_a_part(void)
{
	AUTO(entry) e = entry_new();
	CHECK(add(e, "memberOf;range=0-1499", "g"));
	CHECK_STR(entry_get(e, "memberOf", 0), "g");
	CHECK(entry_is_damaged_at(e, "memberOf"));
	CHECK(add(e, "cn;lang-ja;Range=0-9", "x"));
	CHECK_STR(entry_get(e, "cn;lang-ja", 0), "x");
}

static void what_is_no_name_is_left_out(void)
{
	AUTO(entry) e = entry_new();
	CHECK(!add(e, "", "x"));
	CHECK(!add(e, "c n", "x"));
	CHECK(!add(e, "c\xc3\xa9", "x"));
	CHECK(!add(e, ";range=0-1", "x"));
	CHECK(entry_is_damaged(e));
}

int main(void)
{
	static const struct check_case cases[] = {
		{"values come back in their order", values_come_back_in_their_order},
		{"names have no case and keep their options",
			names_have_no_case_and_keep_their_options},
		{"what is no plain text is left out and marked",
			what_is_no_plain_text_is_left_out_and_marked},
		{"the neighbours of the forbidden characters pass",
			the_neighbours_of_the_forbidden_characters_pass},
		{"lengths end where the limit says", lengths_end_where_the_limit_says},
		{"a long list pushes nothing else out", a_long_list_pushes_nothing_else_out},
		{"too many damaged names make every name suspect",
			too_many_damaged_names_make_every_name_suspect},
		{"a part of a list is known as a part", a_part_of_a_list_is_known_as_a_part},
		{"what is no name is left out", what_is_no_name_is_left_out},
	};
	return CHECK_MAIN("entry", cases);
}
