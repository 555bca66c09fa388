/* SPDX-License-Identifier: MIT
 *
 * test_import.c - what is taken from an import file, and what refuses all of it.
 */
#include "tests/check.h"
#include "tests/directory/world.h"

#define GOOD                                                                                       \
	"3141592653,東都 花子,Hanako "                                                         \
	"Toto,active,yes,no,,student-number,37-246801,0,20990331,valid,student,37,20240401,"       \
	"20990331\n"

/* A file of one good row and this one is refused with `want`. */
static void refused(const char *row, const char *want)
{
	struct world w;
	world_make(&w);
	g_autofree char *text = g_strconcat(HEADER, GOOD, row, "\n", NULL);
	g_autofree char *got = world_import(&w, "d.csv", text);
	CHECK_STR(got, want);
	CHECK(!g_file_test(w.snapshot, G_FILE_TEST_EXISTS));
	world_remove(&w);
}

static void header_refused(const char *text, const char *want)
{
	struct world w;
	world_make(&w);
	g_autofree char *got = world_import(&w, "d.csv", text);
	CHECK_STR(got, want);
	world_remove(&w);
}

static void each_bad_field_is_named_by_line_and_column(void)
{
	refused("314159265,,,active,,,,,,,,,,,,", "d.csv:3: common_id: expected 10 digits");
	refused("３141592653,,,active,,,,,,,,,,,,", "d.csv:3: common_id: expected 10 digits");
	refused(",,,active,,,,,,,,,,,,", "d.csv:3: common_id: expected 10 digits");
	refused("0000000001,a\x82\xa0,,active,,,,,,,,,,,,", "d.csv:3: name_ja: expected UTF-8");
	refused("0000000001,,a\tb,active,,,,,,,,,,,,",
		"d.csv:3: name_en: expected text without control characters");
	refused("0000000001,,\"a\nb\",active,,,,,,,,,,,,",
		"d.csv:3: name_en: expected text without control characters");
	refused("0000000001,,,alive,,,,,,,,,,,,",
		"d.csv:3: status: expected active, inactive or closed");
	refused("0000000001,,,,,,,,,,,,,,,",
		"d.csv:3: status: expected active, inactive or closed");
	refused("0000000001,,,active,1,,,,,,,,,,,", "d.csv:3: contact: expected yes or no");
	refused("0000000001,,,active,,Yes,,,,,,,,,,", "d.csv:3: privileged: expected yes or no");
	refused("0000000001,,,active,,,,k,１,,,,,,,",
		"d.csv:3: number: expected letters, digits, '.', '_' or '-'");
	refused("0000000001,,,active,,,,k,1,x,,,,,,",
		"d.csv:3: reissue: expected at most 4 digits");
	refused("0000000001,,,active,,,,k,1,10000,,,,,,",
		"d.csv:3: reissue: expected at most 4 digits");
	refused("0000000001,,,active,,,,k,1,,20990230,,,,,",
		"d.csv:3: card_expires: expected a date of the calendar");
	refused("0000000001,,,active,,,,k,1,,2099-03-31,,,,,",
		"d.csv:3: card_expires: expected a date YYYYMMDD");
	refused("0000000001,,,active,,,,k,1,,,stolen,,,,",
		"d.csv:3: card_status: expected valid, lost or replaced");
	refused("0000000001,,,active,,,,,,,,,guest,37,,",
		"d.csv:3: role: expected student or staff");
	refused("0000000001,,,active,,,,,,,,,staff,37,,20251301",
		"d.csv:3: until: expected a date of the calendar");
}

static void half_a_card_and_half_a_role_are_refused(void)
{
	refused("0000000001,,,active,,,,k,,,,,,,,", "d.csv:3: key_kind: stands alone");
	refused("0000000001,,,active,,,,,1,,,,,,,", "d.csv:3: key_kind: stands alone");
	refused("0000000001,,,active,,,,,,,,lost,,,,",
		"d.csv:3: key_kind: says something about nothing");
	refused("0000000001,,,active,,,,,,,,,staff,,,", "d.csv:3: role: stands alone");
	refused("0000000001,,,active,,,,,,,,,,,20240401,",
		"d.csv:3: role: says something about nothing");
}

static void fields_that_are_too_long_are_refused(void)
{
	g_autofree char *name = g_strnfill(PERSON_NAME_SIZE, 'x');
	g_autofree char *row = g_strconcat("0000000001,", name, ",,active,,,,,,,,,,,,", NULL);
	refused(row, "d.csv:3: name_ja: too long");
	g_autofree char *number = g_strnfill(PERSON_NUMBER_SIZE, '1');
	g_autofree char *card = g_strconcat("0000000001,,,active,,,,k,", number, ",,,,,,,", NULL);
	refused(card, "d.csv:3: number: too long");
	g_autofree char *kind = g_strnfill(PERSON_WORD_SIZE, 'k');
	g_autofree char *long_kind =
		g_strconcat("0000000001,,,active,,,,", kind, ",1,,,,,,,", NULL);
	refused(long_kind, "d.csv:3: key_kind: too long");
}

static void a_row_of_another_width_is_refused(void)
{
	refused("0000000001,,,active", "d.csv:3: not as many fields as the header");
	refused("0000000001,,,active,,,,,,,,,,,,,", "d.csv:3: not as many fields as the header");
	refused("0000000001,\"x", "d.csv:3: a quoted field without its end");
}

static void rows_that_contradict_each_other_are_refused(void)
{
	refused("3141592653,別人,,,,,,,,,,,,,,",
		"d.csv:3: name_ja: contradicts an earlier row of the same common id");
	refused("3141592653,,,closed,,,,,,,,,,,,",
		"d.csv:3: status: contradicts an earlier row of the same common id");
	refused("3141592653,,,,no,,,,,,,,,,,",
		"d.csv:3: contact: contradicts an earlier row of the same common id");
	refused("3141592653,,,,,yes,,,,,,,,,,",
		"d.csv:3: privileged: contradicts an earlier row of the same common id");
	refused("3141592653,,,,,,,student-number,37-246801,0,20990331,lost,,,,",
		"d.csv:3: number: contradicts an earlier row about the same card");
	refused("0000000001,,,active,,,,common-id,0000000002,,,,,,,",
		"d.csv:3: key_kind: a common id that is not this row's");
}

static void too_many_cards_roles_accounts_and_kinds_are_refused(void)
{
	GString *cards = g_string_new("0000000001,,,active,,,,,,,,,,,,");
	GString *roles = g_string_new(cards->str);
	GString *links = g_string_new("0000000001,,,active,,,key,,,,,,,,,");
	GString *kinds = g_string_new(cards->str);
	for (int i = 0; i < 9; i++) {
		g_string_append_printf(cards, "\n0000000001,,,,,,,k,%d,,,,,,,", i);
		g_string_append_printf(roles, "\n0000000001,,,,,,,,,,,,staff,%d,,", i);
	}
	for (int i = 2; i < 7; i++)
		g_string_append_printf(links, "\n%010d,,,active,,,key,,,,,,,,,", i);
	for (int i = 0; i < 15; i++)
		g_string_append_printf(kinds, "\n%010d,,,active,,,,k%d,1,,,,,,,", i + 10, i);
	refused(cards->str, "d.csv:12: number: more than 8 cards");
	refused(roles->str, "d.csv:12: role: more than 8 roles");
	refused(links->str, "d.csv:8: person_key: more than 5 accounts with one person key");
	refused(kinds->str, "d.csv:18: key_kind: more than 16 kinds of number");
	g_string_free(cards, TRUE);
	g_string_free(roles, TRUE);
	g_string_free(links, TRUE);
	g_string_free(kinds, TRUE);
}

static void a_header_that_cannot_be_understood_is_refused(void)
{
	header_refused("", "d.csv:1: no header line");
	header_refused(
		"common_id,status,shoe_size\n", "d.csv:1: 3: a column name that is not known");
	header_refused("common_id,status,status\n", "d.csv:1: 3: the same column twice");
	header_refused("status\n", "d.csv:1: no column common_id");
	header_refused("common_id\n", "d.csv:1: no column status");
	header_refused("common_id,status,number\n", "d.csv:1: key_kind and number belong together");
	header_refused("common_id,status,role\n", "d.csv:1: role and affiliation belong together");
	header_refused(HEADER, "no person in the file");
}

static void columns_stand_in_any_order_behind_a_byte_order_mark(void)
{
	struct world w;
	struct directory_result r;
	world_make(&w);
	g_autofree char *why = world_import(&w, "d.csv",
		"\xef\xbb\xbf"
		"number,\"status\",key_kind,common_id\r\n1-a,inactive,k,0123456789\r\n");
	CHECK(why == NULL);
	CHECK_INT(world_ask_fresh(&w, "k", "1-a", &r), DIRECTORY_ONE);
	CHECK_STR(r.person.common_id, "0123456789");
	CHECK_INT(r.person.status, PERSON_INACTIVE);
	CHECK_INT(r.person.cards[0].reissue, -1);
	CHECK(!r.person.contact && !r.person.privileged);
	CHECK_INT(r.person.n_roles, 0);
	world_remove(&w);
}

static void rows_of_one_common_id_become_one_account(void)
{
	struct world w;
	struct directory_result r;
	world_make(&w);
	g_autofree char *why = world_import(&w, "d.csv",
		HEADER GOOD
		"0000000001,,,closed,,,,,,,,,,,,\n"
		"3141592653,,Hanako Toto,,,,,student-number,37-246801,1,,,staff,35,,\n"
		"3141592653,東都 花子,,active,yes,no,,student-number,37-246801,0,20990331,"
		"valid,student,37,20240401,20990331\n"
		"3141592653,,,,,,,staff-number,0000007,,,lost,,,,\n");
	CHECK(why == NULL);
	CHECK_INT(world_ask_fresh(&w, "staff-number", "0000007", &r), DIRECTORY_ONE);
	CHECK_STR(r.person.name_ja, "東都 花子");
	CHECK_STR(r.person.name_en, "Hanako Toto");
	CHECK_INT(r.person.n_cards, 3);
	CHECK_INT(r.person.n_roles, 2);
	CHECK_INT(r.person.cards[1].reissue, 1);
	CHECK_INT(r.person.cards[2].status, PCARD_LOST);
	CHECK_INT(r.person.roles[1].kind, ROLE_STAFF);
	CHECK_STR(r.person.roles[1].affiliation, "35");
	CHECK_INT(r.person.roles[0].until, 20990331);
	CHECK(r.person.contact);
	world_remove(&w);
}

/* "dn: x" and an entry of these lines. */
static char *ldif(const char *lines)
{
	return g_strconcat("dn: uid=x\nmadoguchiStatus: active\n", lines, NULL);
}

static void ldif_refused(const char *lines, const char *want)
{
	struct world w;
	world_make(&w);
	g_autofree char *text = ldif(lines);
	g_autofree char *got = world_import(&w, "d.ldif", text);
	CHECK_STR(got, want);
	world_remove(&w);
}

static void each_bad_attribute_is_named_by_line(void)
{
	ldif_refused("cn: nobody\n", "d.ldif:1: no employeeNumber and no uid");
	ldif_refused("uid: hanako\n", "d.ldif:3: uid: expected 10 digits");
	ldif_refused("uid: 0000000001\nuid: 0000000002\n",
		"d.ldif:4: uid: a second common id in one entry");
	ldif_refused("uid: 0000000001\ncn:: gqA=\n", "d.ldif:4: cn: expected UTF-8");
	ldif_refused("uid: 0000000001\nmadoguchiContact: maybe\n",
		"d.ldif:4: madoguchiContact: expected yes or no");
	ldif_refused("uid: 0000000001\nmadoguchiCard: k\n",
		"d.ldif:4: madoguchiCard: expected kind:number:reissue:expires:status");
	ldif_refused("uid: 0000000001\nmadoguchiCard: k:1:0:20990331:valid:more\n",
		"d.ldif:4: madoguchiCard: too long, or too many parts");
	ldif_refused("uid: 0000000001\nmadoguchiCard: k:1:0:20990332\n",
		"d.ldif:4: madoguchiCard: expected a date of the calendar");
	ldif_refused("uid: 0000000001\nmadoguchiRole: staff:37:::x\n",
		"d.ldif:4: madoguchiRole: expected role:affiliation:from:until");
	ldif_refused("uid: 0000000001\nmadoguchiRole: dean:37\n",
		"d.ldif:4: madoguchiRole: expected student or staff");
	ldif_refused("uid: 0000000001\ngakuninScopedPersonalUniqueCode: student\n",
		"d.ldif:4: gakuninScopedPersonalUniqueCode: expected affiliation:identifier@scope");
	ldif_refused("uid: 0000000001\ngakuninScopedPersonalUniqueCode: student:@x\n",
		"d.ldif:4: gakuninScopedPersonalUniqueCode: expected an identifier of at most 31 "
		"characters");
	ldif_refused("uid: 0000000001\neduPersonAffiliation: staff\nou: 工学部\n",
		"d.ldif:5: ou: expected letters, digits, '.', '_' or '-'");
	ldif_refused(
		"uid: 0000000001\nphoto:< file:///x\n", "d.ldif:4: a value in the file, not a URL");
}

static void an_entry_without_a_status_is_refused(void)
{
	struct world w;
	world_make(&w);
	g_autofree char *got = world_import(&w, "d.ldif", "dn: x\nuid: 0000000001\n");
	CHECK_STR(got, "d.ldif:1: status: expected active, inactive or closed");
	world_remove(&w);
}

static void standard_attributes_make_an_account(void)
{
	struct world w;
	struct directory_result r;
	world_make(&w);
	g_autofree char *text =
		ldif("EMPLOYEENUMBER: 3141592653\nuid: hanako\n"
		     "displayName;lang-JA:: 5p2x6YO9IOiKseWtkA==\n"
		     "displayName;lang-en: Hanako Toto\ncn: H. Toto\n"
		     "eduPersonAffiliation: student\neduPersonAffiliation: member\n"
		     "eduPersonAffiliation: faculty\nou: 37\nou: 35\n"
		     "gakuninScopedPersonalUniqueCode: student:37-246801@u.example\n"
		     "gakuninScopedPersonalUniqueCode: faculty:0000007@u.example\n"
		     "gakuninScopedPersonalUniqueCode: alum:1@u.example\n");
	g_autofree char *why = world_import(&w, "d.ldif", text);
	CHECK_STR(why ? why : "", "");
	CHECK_INT(world_ask_fresh(&w, "student-number", "37-246801", &r), DIRECTORY_ONE);
	CHECK_STR(r.person.common_id, "3141592653");
	CHECK_STR(r.person.name_ja, "東都 花子");
	CHECK_STR(r.person.name_en, "Hanako Toto");
	CHECK_INT(r.person.n_cards, 2);
	CHECK_INT(r.person.n_roles, 4);
	CHECK_INT(world_ask_fresh(&w, "staff-number", "0000007", NULL), DIRECTORY_ONE);
	world_remove(&w);
}

static void own_attributes_win_over_the_standard_ones(void)
{
	struct world w;
	struct directory_result r;
	world_make(&w);
	g_autofree char *text =
		ldif("uid: 0000000001\neduPersonAffiliation: student\n"
		     "departmentNumber: 37\n"
		     "gakuninScopedPersonalUniqueCode: student:37-246801@u.example\n"
		     "madoguchiCard: staff-number:0000007:2:20990331:lost\n"
		     "madoguchiRole: staff:35:20240401\n");
	g_autofree char *why = world_import(&w, "d.ldif", text);
	CHECK_STR(why ? why : "", "");
	CHECK_INT(world_ask_fresh(&w, "staff-number", "0000007", &r), DIRECTORY_ONE);
	CHECK_INT(r.person.n_cards, 1);
	CHECK_INT(r.person.cards[0].reissue, 2);
	CHECK_INT(r.person.cards[0].status, PCARD_LOST);
	CHECK_INT(r.person.n_roles, 1);
	CHECK_INT(r.person.roles[0].from, 20240401);
	world_remove(&w);
}

static void a_file_that_is_neither_is_refused(void)
{
	struct world w;
	world_make(&w);
	g_autofree char *text = world_import(&w, "d.txt", "x");
	CHECK_STR(text, "d.txt: expected a name that ends in .csv or .ldif");
	g_autofree char *missing = g_build_filename(w.path, "missing.csv", NULL);
	g_autofree char *why = world_import_file(&w, missing);
	CHECK(why && g_str_has_suffix(why, "missing.csv: No such file or directory"));
	world_remove(&w);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"each bad field is named by line and column",
			each_bad_field_is_named_by_line_and_column},
		{"half a card and half a role are refused",
			half_a_card_and_half_a_role_are_refused},
		{"fields that are too long are refused", fields_that_are_too_long_are_refused},
		{"a row of another width is refused", a_row_of_another_width_is_refused},
		{"rows that contradict each other are refused",
			rows_that_contradict_each_other_are_refused},
		{"too many cards, roles, accounts and kinds are refused",
			too_many_cards_roles_accounts_and_kinds_are_refused},
		{"a header that cannot be understood is refused",
			a_header_that_cannot_be_understood_is_refused},
		{"columns stand in any order behind a byte order mark",
			columns_stand_in_any_order_behind_a_byte_order_mark},
		{"rows of one common id become one account",
			rows_of_one_common_id_become_one_account},
		{"each bad attribute is named by line", each_bad_attribute_is_named_by_line},
		{"an entry without a status is refused", an_entry_without_a_status_is_refused},
		{"standard attributes make an account", standard_attributes_make_an_account},
		{"own attributes win over the standard ones",
			own_attributes_win_over_the_standard_ones},
		{"a file that is neither is refused", a_file_that_is_neither_is_refused},
	};
	return CHECK_MAIN("import", cases);
}
