/* SPDX-License-Identifier: MIT
 *
 * test_map.c - entries as real servers give them, and what becomes of each.
 */
#include "kiosk/directory/map.h"

#include "kiosk/directory/directory.h"
#include "tests/check.h"

#define TODAY 20261122
#define FITS  "expected text, and not more than fits"

struct pair {
	const char *name, *value;
};

static struct entry *entry_of(const struct pair *pairs, gsize n)
{
	struct entry *e = entry_new();
	for (gsize i = 0; i < n; i++)
		entry_add(e, pairs[i].name, pairs[i].value, strlen(pairs[i].value));
	return e;
}

static void set_field(struct map *map, enum map_field field, const char *attribute)
{
	g_strlcpy(map->attributes[field], attribute, MAP_ATTRIBUTE_SIZE);
}

static void set_kind(struct map *map, const char *kind, const char *attribute, const char *prefix,
	const char *suffix)
{
	struct map_kind k = {0};
	g_strlcpy(k.kind, kind, sizeof k.kind);
	g_strlcpy(k.attribute, attribute, sizeof k.attribute);
	g_strlcpy(k.prefix, prefix, sizeof k.prefix);
	g_strlcpy(k.suffix, suffix, sizeof k.suffix);
	CHECK(map_set_kind(map, &k));
}

/* Everything that became of an entry, as text; or "!" and the fault. */
static char *told(const struct map *map, const struct pair *pairs, gsize n)
{
	g_autoptr(GError) error = NULL;
	AUTO(entry) e = entry_of(pairs, n);
	struct person p;
	if (!map_person(map, e, TODAY, &p, &error)) {
		CHECK(g_error_matches(error, MAP_ERROR, MAP_ERROR_VALUE));
		return g_strconcat("!", error ? error->message : "", NULL);
	}
	CHECK(error == NULL);
	GString *s = g_string_new(NULL);
	g_string_append_printf(s, "%s '%s' '%s' %s%s%s", p.common_id, p.name_ja, p.name_en,
		p.status == PERSON_ACTIVE ? "active" : "inactive", p.contact ? " contact" : "",
		p.privileged ? " privileged" : "");
	for (gsize i = 0; i < p.n_roles; i++)
		g_string_append_printf(s, " {%s %s %d-%d}",
			p.roles[i].kind == ROLE_STUDENT ? "student" : "staff",
			p.roles[i].affiliation, p.roles[i].from, p.roles[i].until);
	for (gsize i = 0; i < p.n_cards; i++)
		g_string_append_printf(s, " [%s %s %d %d %d]", p.cards[i].kind, p.cards[i].number,
			p.cards[i].reissue, p.cards[i].expires, p.cards[i].status);
	person_wipe(&p);
	return g_string_free(s, FALSE);
}

static void check_told(const struct map *map, const struct pair *pairs, gsize n, const char *want)
{
	g_autofree char *got = told(map, pairs, n);
	CHECK_STR(got, want);
}
#define CHECK_TOLD(map, pairs, want) check_told(map, pairs, G_N_ELEMENTS(pairs), want)

/* As assets/samples/desk-gakunin.conf has it. */
static struct map gakunin(void)
{
	static const char *const affiliations[] = {"工学部=03", "工学系研究科=37", NULL};
	struct map map;
	CHECK(map_preset(&map, "gakunin"));
	set_kind(&map, DIRECTORY_KEY_COMMON_ID, "uid", "", "");
	set_kind(&map, "student-number", "gakuninScopedPersonalUniqueCode",
		"student:", "@example.ac.jp");
	set_kind(&map, "staff-number", "gakuninScopedPersonalUniqueCode",
		"faculty:", "@example.ac.jp");
	map.affiliations = (char **)affiliations;
	return map;
}

static struct map active_directory(void)
{
	struct map map;
	CHECK(map_preset(&map, "active-directory"));
	set_field(&map, MAP_ROLE, "employeeType");
	set_field(&map, MAP_PRIVILEGED, "memberOf");
	g_strlcpy(
		map.privileged_value, "CN=Operators,DC=example,DC=jp", sizeof map.privileged_value);
	return map;
}

static void a_gakunin_entry_becomes_a_person(void)
{
	static const struct pair pairs[] = {
		{"uid", "0123456789"},
		{"displayName", "KOGAKU Hanako"},
		{"displayName;lang-ja", "工学 花子"},
		{"eduPersonAffiliation", "member"},
		{"eduPersonAffiliation", "Student"},
		{"eduPersonAffiliation", "staff"},
		{"jaOrganizationalUnitName", "工学部"},
		{"jaOrganizationalUnitName", "工学系研究科"},
		{"mail", "hanako@example.net"},
		{"gakuninScopedPersonalUniqueCode", "student:99-999999@example.ac.jp"},
		{"gakuninScopedPersonalUniqueCode", "faculty:9999999@example.ac.jp"},
		{"gakuninScopedPersonalUniqueCode", "member:zzz@example.ac.jp"},
		{"gakuninScopedPersonalUniqueCode", "student:elsewhere@other.ac.jp"},
	};
	struct map map = gakunin();
	CHECK_TOLD(&map, pairs,
		"0123456789 '工学 花子' 'KOGAKU Hanako' active contact"
		" {student 03 0-0} {student 37 0-0} {staff 03 0-0} {staff 37 0-0}"
		" [student-number 99-999999 -1 0 0] [staff-number 9999999 -1 0 0]");
}

static void an_active_directory_entry_becomes_a_person(void)
{
	static const struct pair pairs[] = {
		{"employeeID", "0123456789"},
		{"displayName", "工学 太郎"},
		{"userAccountControl", "66048"},
		{"accountExpires", "9223372036854775807"},
		{"department", "03"},
		{"employeeType", "Employee"},
		{"mail", "taro@example.ac.jp"},
		{"memberOf", "CN=Readers,DC=example,DC=jp"},
		{"memberOf", "cn=operators,DC=example,DC=jp"},
	};
	struct map map = active_directory();
	set_kind(&map, "staff-number", "employeeNumber", "", "");
	CHECK_TOLD(
		&map, pairs, "0123456789 '工学 太郎' '' active contact privileged {staff 03 0-0}");
}

static void a_graph_user_becomes_a_person(void)
{
	static const struct pair pairs[] = {
		{"id", "6f3f6e1c-0000-4000-8000-000000000001"},
		{"employeeId", "0123456789"},
		{"displayName", "工学 花子"},
		{"accountEnabled", "true"},
		{"department", "工学部"},
		{"employeeType", "Student"},
		{"userPrincipalName", "0123456789@utac.example.ac.jp"},
		{"onPremisesExtensionAttributes/extensionAttribute1", "99-999999"},
		{"employeeLeaveDateTime", "2027-03-31T00:00:00Z"},
	};
	static const char *const affiliations[] = {"工学部=03", NULL};
	struct map map;
	CHECK(map_preset(&map, "graph"));
	set_field(&map, MAP_UNTIL, "employeeLeaveDateTime");
	set_kind(&map, "student-number", "onPremisesExtensionAttributes/extensionAttribute1", "",
		"");
	map.affiliations = (char **)affiliations;
	CHECK_TOLD(&map, pairs,
		"0123456789 '工学 花子' '' active {student 03 0-20270331}"
		" [student-number 99-999999 -1 0 0]");
	set_kind(&map, DIRECTORY_KEY_COMMON_ID, "userPrincipalName", "", "@utac.example.ac.jp");
	CHECK_TOLD(&map, pairs,
		"0123456789 '工学 花子' '' active {student 03 0-20270331}"
		" [student-number 99-999999 -1 0 0]");
}

/* One attribute of an otherwise good entry. */
static void check_one(const struct map *map, const char *name, const char *value, const char *want)
{
	const struct pair pairs[] = {{"uid", "0123456789"}, {name, value}};
	CHECK_TOLD(map, pairs, want);
}

static struct map bare(enum map_field field, const char *attribute)
{
	struct map map;
	CHECK(map_preset(&map, "none"));
	set_kind(&map, DIRECTORY_KEY_COMMON_ID, "uid", "", "");
	if (field != MAP_COMMON_ID)
		set_field(&map, field, attribute);
	return map;
}

static void an_account_that_is_off_or_over_is_inactive(void)
{
	struct map enabled = bare(MAP_ENABLED, "a"), control = bare(MAP_ACCOUNT_CONTROL, "a");
	struct map expires = bare(MAP_ACCOUNT_EXPIRES, "a");
	check_one(&enabled, "a", "TRUE", "0123456789 '' '' active");
	check_one(&enabled, "a", "false", "0123456789 '' '' inactive");
	check_one(&control, "a", "512", "0123456789 '' '' active");
	check_one(&control, "a", "514", "0123456789 '' '' inactive");
	check_one(&expires, "a", "0", "0123456789 '' '' active");
	check_one(&expires, "a", "132539328000000000", "0123456789 '' '' inactive"); /* 2021 */
	check_one(&expires, "a", "164096928000000000", "0123456789 '' '' active");   /* 2121 */
	check_one(&enabled, "a", "", "0123456789 '' '' active");
	check_one(&enabled, "other", "false", "0123456789 '' '' active");
}

static void an_entry_without_a_common_id_is_no_person(void)
{
	static const char *const bad[] = {"123456789", "01234567890", "012345678x",
		"０１２３４５６７８９", "hanako", " 0123456789", "0123456789@example.ac.jp"};
	struct map map = bare(MAP_COMMON_ID, "");
	const struct pair none[] = {{"cn", "x"}}, empty[] = {{"uid", ""}};
	const struct pair two[] = {{"uid", "0123456789"}, {"uid", "9876543210"}};
	const struct pair same[] = {{"uid", "0123456789"}, {"UID", "0123456789"}};
	const struct pair broken[] = {{"uid", "0123456789"}, {"uid", "\n"}};
	CHECK_TOLD(&map, none, "!uid: expected the common id");
	CHECK_TOLD(&map, empty, "!uid: expected the common id");
	CHECK_TOLD(&map, two, "!uid: expected one value");
	CHECK_TOLD(&map, same, "0123456789 '' '' active");
	CHECK_TOLD(&map, broken, "!uid: " FITS);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		const struct pair pairs[] = {{"uid", bad[i]}};
		g_autofree char *got = told(&map, pairs, 1);
		CHECK(g_str_has_prefix(got, "!uid: "));
		CHECK(strstr(got, bad[i]) == NULL);
	}
	map_preset(&map, "gakunin");
	CHECK_TOLD(&map, two, "!common-id: expected the common id");
}

static void each_bad_value_is_a_fault_named_by_its_attribute(void)
{
	static const struct {
		enum map_field field;
		const char *value, *why;
	} bad[] = {
		{MAP_ENABLED, "maybe", "expected true or false"},
		{MAP_ENABLED, "\x01", FITS},
		{MAP_ACCOUNT_CONTROL, "disabled", "expected a number of 32 bits"},
		{MAP_ACCOUNT_CONTROL, "\xff", FITS},
		{MAP_ACCOUNT_EXPIRES, "never", "expected a number of 100 ns since 1601"},
		{MAP_ACCOUNT_EXPIRES, "-5", "expected a number of 100 ns since 1601"},
		{MAP_ROLE, "\xff", FITS},
		{MAP_AFFILIATION, "\xff", FITS},
		{MAP_FROM, "20260230", "expected a date of the calendar"},
		{MAP_UNTIL, "31.3.2027", "expected a date YYYYMMDD, YYYY-MM-DD or YYYYMMDDhhmmssZ"},
		{MAP_PRIVILEGED, "perhaps", "expected true or false"},
		{MAP_REISSUE, "two", "expected at most 4 digits"},
		{MAP_REISSUE, "-1", "expected at most 4 digits"},
		{MAP_CARD_EXPIRES, "2026",
			"expected a date YYYYMMDD, YYYY-MM-DD or YYYYMMDDhhmmssZ"},
		{MAP_CARD_STATUS, "gone", "expected valid, lost or replaced"},
		{MAP_CARD_STATUS, "\xe2\x80\xaevalid", FITS},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		struct map map = bare(bad[i].field, "someAttribute");
		g_autofree char *want = g_strconcat("!someAttribute: ", bad[i].why, NULL);
		check_one(&map, "someAttribute", bad[i].value, want);
	}
}

static void two_different_values_of_one_field_are_a_fault(void)
{
	static const enum map_field single[] = {MAP_ENABLED, MAP_ACCOUNT_CONTROL,
		MAP_ACCOUNT_EXPIRES, MAP_FROM, MAP_UNTIL, MAP_REISSUE, MAP_CARD_EXPIRES,
		MAP_CARD_STATUS};
	static const struct pair pairs[] = {{"uid", "0123456789"}, {"a", "1"}, {"a", "2"}};
	for (gsize i = 0; i < G_N_ELEMENTS(single); i++) {
		struct map map = bare(single[i], "a");
		CHECK_TOLD(&map, pairs, "!a: expected one value");
	}
}

static void a_name_that_cannot_be_shown_is_left_out(void)
{
	struct map map = bare(MAP_NAME_JA, "cn");
	g_autofree char *fits = g_strnfill(PERSON_NAME_SIZE - 1, 'x');
	g_autofree char *more = g_strnfill(PERSON_NAME_SIZE, 'x');
	g_autofree char *want = g_strdup_printf("0123456789 '%s' '' active", fits);
	check_one(&map, "cn", fits, want);
	check_one(&map, "cn", more, "0123456789 '' '' active");
	check_one(&map, "cn", "\xe2\x80\xaeoranaH", "0123456789 '' '' active");
	check_one(&map, "cn", "<b>Hanako</b>", "0123456789 '<b>Hanako</b>' '' active");
}

static void roles_and_affiliations_go_through_their_maps(void)
{
	static const char *const roles[] = {"常勤=staff", "staff=none", "alum=student", NULL};
	static const char *const affiliations[] = {"理学部=05", NULL};
	struct map map = bare(MAP_ROLE, "r");
	set_field(&map, MAP_AFFILIATION, "a");
	map.roles = (char **)roles;
	map.affiliations = (char **)affiliations;
	const struct pair mapped[] = {{"uid", "0123456789"}, {"r", "常勤"}, {"a", "理学部"}};
	const struct pair own[] = {{"uid", "0123456789"}, {"r", "staff"}, {"a", "理学部"}};
	const struct pair both[] = {{"uid", "0123456789"}, {"r", "ALUM"}, {"r", "faculty"}};
	const struct pair unknown[] = {{"uid", "0123456789"}, {"r", "faculty"}, {"a", "謎"}};
	const struct pair code[] = {
		{"uid", "0123456789"}, {"r", "faculty"}, {"a", "謎"}, {"a", "37"}};
	const struct pair twice[] = {{"uid", "0123456789"}, {"r", "faculty"}, {"r", "常勤"},
		{"a", "05"}, {"a", "理学部"}};
	const struct pair no_role[] = {{"uid", "0123456789"}, {"r", "member"}, {"a", "05"}};
	CHECK_TOLD(&map, mapped, "0123456789 '' '' active {staff 05 0-0}");
	CHECK_TOLD(&map, own, "0123456789 '' '' active");
	CHECK_TOLD(&map, both, "0123456789 '' '' active {student  0-0} {staff  0-0}");
	CHECK_TOLD(&map, unknown, "0123456789 '' '' active {staff  0-0}");
	CHECK_TOLD(&map, code, "0123456789 '' '' active {staff 37 0-0}");
	CHECK_TOLD(&map, twice, "0123456789 '' '' active {staff 05 0-0}");
	CHECK_TOLD(&map, no_role, "0123456789 '' '' active");
}

static void more_roles_than_fit_are_a_fault(void)
{
	struct pair pairs[2 + PERSON_ROLES_MAX + 1] = {{"uid", "0123456789"}, {"r", "staff"}};
	static const char *const codes[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
	struct map map = bare(MAP_ROLE, "r");
	set_field(&map, MAP_AFFILIATION, "a");
	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
		pairs[2 + i] = (struct pair){"a", codes[i]};
	CHECK_TOLD(&map, pairs, "!a: more than 8 roles");
	g_autofree char *fits = told(&map, pairs, G_N_ELEMENTS(pairs) - 1);
	CHECK(strstr(fits, "{staff 8 0-0}") != NULL);
}

static void an_address_behind_the_sign_in_is_no_contact(void)
{
	static const char *const own[] = {"@example.ac.jp", "@g.example.ac.jp", NULL};
	struct map map = bare(MAP_CONTACT, "mail");
	const struct pair both[] = {
		{"uid", "0123456789"}, {"mail", "a@example.ac.jp"}, {"mail", "a@example.net"}};
	map.own_addresses = (char **)own;
	check_one(&map, "mail", "a@example.ac.jp", "0123456789 '' '' active");
	check_one(&map, "mail", "a@G.Example.ac.jp", "0123456789 '' '' active");
	check_one(&map, "mail", "a@example.net", "0123456789 '' '' active contact");
	check_one(&map, "mail", "  ", "0123456789 '' '' active");
	check_one(&map, "mail", "", "0123456789 '' '' active");
	CHECK_TOLD(&map, both, "0123456789 '' '' active contact");
}

static void a_list_of_groups_that_is_not_whole_wants_a_second_clerk(void)
{
	struct map map = active_directory();
	const struct pair part[] = {{"employeeID", "0123456789"},
		{"memberOf;range=0-1499", "CN=Readers,DC=example,DC=jp"}};
	const struct pair whole[] = {
		{"employeeID", "0123456789"}, {"memberOf", "CN=Readers,DC=example,DC=jp"}};
	CHECK_TOLD(&map, part, "0123456789 '' '' active privileged");
	CHECK_TOLD(&map, whole, "0123456789 '' '' active");
}

static void what_is_said_of_cards_is_said_of_each(void)
{
	static const char *const statuses[] = {"紛失=lost", NULL};
	struct map map = gakunin();
	const struct pair pairs[] = {{"uid", "0123456789"}, {"issue", "2"}, {"end", "20270331"},
		{"state", "紛失"},
		{"gakuninScopedPersonalUniqueCode", "student:99-999999@example.ac.jp"},
		{"gakuninScopedPersonalUniqueCode", "faculty:9999999@example.ac.jp"}};
	const struct pair no_card[] = {{"uid", "0123456789"}, {"issue", "0"}};
	const struct pair replaced[] = {{"uid", "0123456789"}, {"state", "replaced"}};
	set_field(&map, MAP_REISSUE, "issue");
	set_field(&map, MAP_CARD_EXPIRES, "end");
	set_field(&map, MAP_CARD_STATUS, "state");
	map.card_statuses = (char **)statuses;
	CHECK_TOLD(&map, pairs,
		"0123456789 '' '' active [common-id 0123456789 2 20270331 1]"
		" [student-number 99-999999 2 20270331 1] [staff-number 9999999 2 20270331 1]");
	CHECK_TOLD(&map, no_card, "0123456789 '' '' active [common-id 0123456789 0 0 0]");
	CHECK_TOLD(&map, replaced, "0123456789 '' '' active [common-id 0123456789 -1 0 2]");
}

static void bad_numbers_of_cards_are_faults(void)
{
	struct map map = gakunin();
	struct pair many[1 + PERSON_CARDS_MAX + 1] = {{"uid", "0123456789"}};
	static const char *const codes[] = {"student:1@example.ac.jp", "student:2@example.ac.jp",
		"student:3@example.ac.jp", "student:4@example.ac.jp", "student:5@example.ac.jp",
		"student:6@example.ac.jp", "student:7@example.ac.jp", "student:8@example.ac.jp",
		"student:9@example.ac.jp"};
	check_one(&map, "gakuninScopedPersonalUniqueCode", "student:a b@example.ac.jp",
		"!gakuninScopedPersonalUniqueCode: expected letters, digits, '.', '_' or '-'");
	check_one(&map, "gakuninScopedPersonalUniqueCode", "\x01",
		"!gakuninScopedPersonalUniqueCode: " FITS);
	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
		many[1 + i] = (struct pair){"gakuninScopedPersonalUniqueCode", codes[i]};
	CHECK_TOLD(&map, many, "!gakuninScopedPersonalUniqueCode: more than 8 cards");
}

static void a_fault_writes_nothing(void)
{
	struct map map = bare(MAP_ENABLED, "a");
	const struct pair pairs[] = {{"uid", "0123456789"}, {"a", "maybe"}};
	AUTO(entry) e = entry_of(pairs, 2);
	struct person p;
	memset(&p, 0x5a, sizeof p);
	CHECK(!map_person(&map, e, TODAY, &p, NULL));
	for (gsize i = 0; i < sizeof p; i++)
		CHECK(((const guint8 *)&p)[i] == 0x5a);
}

static void each_attribute_is_asked_for_once(void)
{
	struct map map = gakunin();
	set_field(&map, MAP_PERSON_KEY, "MAIL");
	g_auto(GStrv) names = map_attributes(&map);
	g_autofree char *all = g_strjoinv(" ", names);
	CHECK_STR(all, "uid displayName;lang-ja displayName eduPersonAffiliation jaou mail"
		       " gakuninScopedPersonalUniqueCode");
}

static void kinds_are_found_by_name_and_no_preset_knows_cards(void)
{
	const char *const *names = map_presets();
	struct map map;
	for (; *names; names++) {
		CHECK(map_preset(&map, *names));
		CHECK(map_find_kind(&map, "student-number") == NULL);
		gboolean has_id = map.attributes[MAP_COMMON_ID][0] != '\0';
		CHECK_INT(map_find_kind(&map, DIRECTORY_KEY_COMMON_ID) != NULL, has_id);
	}
	memset(&map, 0x5a, sizeof map);
	CHECK(!map_preset(&map, "openldap"));
	map = gakunin();
	CHECK_STR(map_find_kind(&map, "staff-number")->prefix, "faculty:");
	set_kind(&map, "staff-number", "employeeNumber", "", "");
	CHECK_INT(map.n_kinds, 3);
	CHECK_STR(map_find_kind(&map, "staff-number")->attribute, "employeeNumber");
	for (char c = 'a'; map.n_kinds < MAP_KINDS_MAX; c++)
		set_kind(&map, (char[]){c, '\0'}, "x", "", "");
	CHECK(!map_set_kind(&map, &(struct map_kind){"one-more", "x", "", ""}));
}

static void the_key_that_joins_accounts_is_told(void)
{
	struct map map = bare(MAP_PERSON_KEY, "eduPersonUniqueId");
	const struct pair pairs[] = {{"eduPersonUniqueId", "28c5@example.ac.jp"}};
	AUTO(entry) e = entry_of(pairs, 1);
	AUTO(entry) none = entry_of(pairs, 0);
	CHECK_STR(map_person_key(&map, e), "28c5@example.ac.jp");
	CHECK(map_person_key(&map, none) == NULL);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a GakuNin entry becomes a person", a_gakunin_entry_becomes_a_person},
		{"an Active Directory entry becomes a person",
			an_active_directory_entry_becomes_a_person},
		{"a Graph user becomes a person", a_graph_user_becomes_a_person},
		{"an account that is off or over is inactive",
			an_account_that_is_off_or_over_is_inactive},
		{"an entry without a common id is no person",
			an_entry_without_a_common_id_is_no_person},
		{"each bad value is a fault named by its attribute",
			each_bad_value_is_a_fault_named_by_its_attribute},
		{"two different values of one field are a fault",
			two_different_values_of_one_field_are_a_fault},
		{"a name that cannot be shown is left out",
			a_name_that_cannot_be_shown_is_left_out},
		{"roles and affiliations go through their maps",
			roles_and_affiliations_go_through_their_maps},
		{"more roles than fit are a fault", more_roles_than_fit_are_a_fault},
		{"an address behind the sign-in is no contact",
			an_address_behind_the_sign_in_is_no_contact},
		{"a list of groups that is not whole wants a second clerk",
			a_list_of_groups_that_is_not_whole_wants_a_second_clerk},
		{"what is said of cards is said of each", what_is_said_of_cards_is_said_of_each},
		{"bad numbers of cards are faults", bad_numbers_of_cards_are_faults},
		{"a fault writes nothing", a_fault_writes_nothing},
		{"each attribute is asked for once", each_attribute_is_asked_for_once},
		{"kinds are found by name and no preset knows cards",
			kinds_are_found_by_name_and_no_preset_knows_cards},
		{"the key that joins accounts is told", the_key_that_joins_accounts_is_told},
	};
	g_setenv("TZ", "Asia/Tokyo", TRUE);
	return CHECK_MAIN("map", cases);
}
