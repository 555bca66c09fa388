/* SPDX-License-Identifier: MIT */
#include "ui/view.h"

#include "tests/check.h"

static GVariant *parse(const char *text)
{
	return g_variant_ref_sink(g_variant_new_parsed(text));
}

static void what_is_absent_has_a_default(void)
{
	g_autoptr(GVariant) view = view_blank();
	CHECK_STR(view_str(view, "clerk"), "");
	CHECK_INT(view_uint(view, "step"), 0);
	CHECK_INT(view_uint64(view, "visit"), 0);
	CHECK_INT(view_time(view, "pending-since"), 0);
	CHECK(!view_bool(view, "card"));
	CHECK(view_list(view, "payload") == NULL);
	CHECK(!view_may(view, "Cancel"));
	CHECK_STR(view_lang_str(view, "name", "ja"), "");
	CHECK_STR(view_link(view, "step1", "ja"), "");
}

static void what_has_another_type_counts_as_absent(void)
{
	g_autoptr(GVariant) view =
		parse("{'clerk': <uint32 1>, 'step': <'x'>, 'intents': <'Cancel'>, 'links': <1>}");
	CHECK_STR(view_str(view, "clerk"), "");
	CHECK_INT(view_uint(view, "step"), 0);
	CHECK(!view_may(view, "Cancel"));
	CHECK_STR(view_pair(view, "links", "step1"), "");
}

static void a_name_in_the_other_language_is_better_than_none(void)
{
	g_autoptr(GVariant) both = parse("{'name-ja': <'東都 花子'>, 'name-en': <'Hanako Toto'>}");
	g_autoptr(GVariant) one = parse("{'name-ja': <''>, 'name-en': <'Maria'>}");
	CHECK_STR(view_lang_str(both, "name", "ja"), "東都 花子");
	CHECK_STR(view_lang_str(both, "name", "en"), "Hanako Toto");
	CHECK_STR(view_lang_str(one, "name", "ja"), "Maria");
}

static void a_link_is_found_in_its_language_first(void)
{
	g_autoptr(GVariant) view =
		parse("{'links': <[('step1', 'J'), ('step1-en', 'E'), ('verify', 'V')]>}");
	CHECK_STR(view_link(view, "step1", "ja"), "J");
	CHECK_STR(view_link(view, "step1", "en"), "E");
	CHECK_STR(view_link(view, "verify", "en"), "V");
}

static const struct check_case cases[] = {
	{"what is absent has a default", what_is_absent_has_a_default},
	{"what has another type counts as absent", what_has_another_type_counts_as_absent},
	{"a name in the other language is better than none",
		a_name_in_the_other_language_is_better_than_none},
	{"a link is found in its language first", a_link_is_found_in_its_language_first},
};

int main(void)
{
	return CHECK_MAIN("view", cases);
}
