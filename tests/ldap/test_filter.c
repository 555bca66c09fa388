/* SPDX-License-Identifier: MIT
 *
 * test_filter.c - what may stand in a filter, and how.
 */
#include "kiosk/directory/ldap_search.h"
#include "tests/check.h"

static const struct map_kind plain = {"student-number", "uid", "", ""};

static void check_filter(
	const struct map_kind *kind, const char *value, const char *extra, const char *want)
{
	char *filter = ldap_search_filter(kind, value, extra);
	if (want)
		CHECK_STR(filter, want);
	else
		CHECK(filter == NULL);
	ldap_search_filter_free(filter);
}

static void a_number_becomes_an_equality(void)
{
	static const struct map_kind code = {
		"student-number", "gakuninScopedPersonalUniqueCode", "student:", "@example.ac.jp"};
	check_filter(&plain, "37-246801", NULL, "(uid=37-246801)");
	check_filter(
		&plain, "0012345", "(objectClass=person)", "(&(uid=0012345)(objectClass=person))");
	check_filter(&code, "37-246801", NULL,
		"(gakuninScopedPersonalUniqueCode=student:37-246801@example.ac.jp)");
	check_filter(&plain, "A0-z9", NULL, "(uid=A0-z9)");
}

static void what_is_no_number_becomes_no_filter(void)
{
	static const char *const values[] = {"", "*", "1*", "(", ")", "1)(uid=*", "\\", "\\2a",
		"a b", "a\n", "a=b", "a@b", "a:b", "a_b", "é", "\xff",
		"12345678901234567890123456789012"};
	for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
		check_filter(&plain, values[i], NULL, NULL);
	check_filter(&plain, "1234567890123456789012345678901", NULL,
		"(uid=1234567890123456789012345678901)");
}

/* They are the configuration's, and still must not change what the filter is. */
static void prefix_and_suffix_are_escaped(void)
{
	static const struct map_kind odd = {"student-number", "uid", "(*", "\\)"};
	check_filter(&odd, "1", NULL, "(uid=\\28\\2A1\\5C\\29)");
}

static void only_the_name_of_an_attribute_is_one(void)
{
	static const struct map_kind odd = {"student-number", "uid=*)(cn", "", ""};
	static const char *const good[] = {"uid", "displayName;lang-ja", "2.5.4.3", "x-y"};
	static const char *const bad[] = {"", "-x", "a b", "a=b", "a)", "a*", "a:dn:", "ａ"};
	check_filter(&odd, "1", NULL, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
		CHECK(ldap_search_is_attribute(good[i]));
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		CHECK(!ldap_search_is_attribute(bad[i]));
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a number becomes an equality", a_number_becomes_an_equality},
		{"what is no number becomes no filter", what_is_no_number_becomes_no_filter},
		{"prefix and suffix are escaped", prefix_and_suffix_are_escaped},
		{"only the name of an attribute is one", only_the_name_of_an_attribute_is_one},
	};
	return CHECK_MAIN("filter", cases);
}
