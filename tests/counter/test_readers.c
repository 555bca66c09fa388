/* SPDX-License-Identifier: MIT
 *
 * test_readers.c - which reader serves whom, and what is said and logged of a reader.
 */
#include "tests/counter/rig_check.h"
#include "tests/counter/rig_hand.h"

#define FIRST  "SONY FeliCa RC-S300/P (0000001)"
#define SECOND "SONY FeliCa RC-S300/P (0000002)"

static struct rig *need_pair(const char *readers)
{
	g_autofree char *config = g_strdup_printf("[readers]\n%s\n", readers);
	const struct rig_options options = {.config = config, .readers = 2};
	struct rig *rig = rig_new_any("readers", &options);
	CHECK(rig != NULL);
	if (!rig)
		exit(1);
	return rig;
}

static void check_str(struct rig *rig, const char *key, const char *value)
{
	g_autofree char *now = rig_desk_str(rig, key);
	CHECK_STR(now, value);
}

static void check_has(struct rig *rig, const char *key, const char *part)
{
	g_autofree char *text = rig_desk_str(rig, key);
	if (!strstr(text, part))
		fprintf(stderr, "%s is \"%s\"\n", key, text);
	CHECK(strstr(text, part) != NULL);
}

static void sign_in_at(struct rig *rig, unsigned reader)
{
	CHECK(rig_wait(rig, "state", "off-duty"));
	rig_lay_at(rig, reader, "clerk-a");
	CHECK(rig_wait(rig, "state", "sign-in"));
	CHECK(rig_intent(rig, "SignIn", g_variant_new("(s)", "246810"), NULL));
}

static void a_holders_card_counts_at_the_holders_reader_only(void)
{
	struct rig *rig = need_pair("holder=" FIRST);
	sign_in_at(rig, 0); /* a clerk's counts at both */
	CHECK(rig_wait(rig, "state", "take-card"));
	rig_take(rig);
	CHECK(rig_wait(rig, "state", "welcome"));
	rig_lay_at(rig, 1, "student");
	CHECK(rig_wait(rig, "notice", "P-17"));
	check_str(rig, "state", "welcome");
	rig_lay_at(rig, 0, "student");
	CHECK(rig_wait(rig, "state", "check"));
	check_str(rig, "notice", "");
	CHECK_INT(rig_log_count(rig, "card read: ok, reader \"" SECOND), 0);
	rig_free(rig);
}

static void a_card_left_on_the_clerks_reader_disturbs_no_visit(void)
{
	struct rig *rig = need_pair("holder=" FIRST);
	sign_in_at(rig, 1);
	CHECK(rig_wait(rig, "state", "welcome"));
	rig_lay_at(rig, 0, "student");
	CHECK(rig_wait(rig, "state", "check"));
	check_str(rig, "notice", "");
	rig_take_at(rig, 0);
	CHECK(rig_wait_holder(rig, "away", TRUE));
	CHECK(rig_intent(rig, "Cancel", NULL, NULL));
	CHECK(rig_wait(rig, "state", "welcome"));
	rig_free(rig);
}

static void a_holders_card_at_the_clerks_reader_signs_nobody_in(void)
{
	struct rig *rig = need_pair("holder=" FIRST);
	CHECK(rig_wait(rig, "state", "off-duty"));
	rig_lay_at(rig, 1, "student");
	CHECK(rig_wait(rig, "notice", "P-35"));
	check_str(rig, "state", "off-duty");
	rig_free(rig);
}

static void of_two_readers_the_preferred_one_serves_alone(void)
{
	struct rig *rig = need_pair("preferred=GONE;" SECOND ";" FIRST);
	CHECK(rig_wait(rig, "state", "off-duty"));
	rig_lay_at(rig, 0, "clerk-b");
	sign_in_at(rig, 1);
	CHECK(rig_wait(rig, "state", "take-card"));
	rig_take_at(rig, 1);
	CHECK(rig_wait(rig, "state", "welcome"));
	CHECK_INT(rig_log_count(rig, "reader \"" FIRST), 0);
	CHECK_INT(rig_log_count(rig, "reader \"" SECOND), 1);
	rig_free(rig);
}

/* As the screens ask; which of the two is taken away does not matter. */
static void of_two_cards_the_one_left_alone_is_read(void)
{
	const struct rig_options options = {.readers = 2};
	struct rig *rig = rig_need("readers", &options);
	rig_lay_at(rig, 0, "transit");
	CHECK(rig_wait(rig, "problem", "P-14"));
	rig_lay_at(rig, 1, "student");
	CHECK(rig_wait(rig, "notice", "P-05"));
	rig_take_at(rig, 1);
	CHECK(rig_wait(rig, "notice", ""));
	CHECK(rig_wait(rig, "problem", "P-14"));
	rig_lay_at(rig, 1, "student");
	CHECK(rig_wait(rig, "notice", "P-05"));
	rig_take_at(rig, 0);
	CHECK(rig_wait(rig, "name-en", "Hanako Toto"));
	CHECK(rig_wait(rig, "state", "check"));
	check_str(rig, "notice", "");
	rig_free(rig);
}

static void a_missing_reader_of_the_holders_is_named(void)
{
	struct rig *rig = need_pair("holder=ACS ACR1252");
	CHECK(rig_wait(rig, "problem", "P-02"));
	CHECK(rig_wait(rig, "state", "closed"));
	check_has(rig, "health-detail", "holder=ACS ACR1252 is not attached");
	check_has(rig, "health-detail", SECOND);
	rig_free(rig);
}

/* A desk that demands a MAC, and a layout that could check one. */
static void demand_mac(const char *folder)
{
	g_autofree char *keys = g_build_filename(folder, "keys", NULL);
	g_autofree char *key = g_build_filename(keys, "tokens.key", NULL);
	g_autofree char *layouts = g_build_filename(folder, "layouts.conf", NULL);
	g_autofree char *source =
		g_build_filename(g_getenv("SOURCE_ROOT"), "assets/defaults/layouts.conf", NULL);
	g_autofree char *shipped = NULL;
	CHECK(g_file_get_contents(source, &shipped, NULL, NULL));
	g_autofree char *both = g_strconcat(shipped,
		"\n[token]\nkey-kind=common-id\nsteps=system 88B4;mac 0-1\nmac-key=tokens\n"
		"number=0+10\npatterns=9999999999\n",
		NULL);
	CHECK_INT(g_mkdir_with_parents(keys, 0700), 0);
	CHECK(g_file_set_contents_full(
		key, "0123456789abcdefghijklmn", 24, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	CHECK(g_file_set_contents(layouts, both, -1, NULL));
}

static void where_a_mac_is_demanded_a_plain_card_serves_nobody(void)
{
	const struct rig_options options = {.spoil = demand_mac,
		.config = "[cards]\nmac-keys=tokens\nkey-dir=keys\nassurance=mac\n"
			  "[files]\nlayouts=layouts.conf\n"};
	struct rig *rig = rig_new_any("readers", &options);
	CHECK(rig && rig_wait(rig, "state", "off-duty"));
	rig_lay(rig, "clerk-a");
	CHECK(rig_wait(rig, "notice", "P-13"));
	check_str(rig, "state", "off-duty");
	rig_free(rig);
}

static void a_read_is_one_line_of_the_log_and_no_card_data(void)
{
	struct rig *rig = rig_need("readers", NULL);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	CHECK_INT(rig_log_count(rig, "card read: "), 2); /* the clerk's, and this one */
	CHECK_INT(rig_log_count(rig, "card read: ok, reader \"" FIRST " 00 00\", dialect "), 2);
	CHECK_INT(rig_log_count(rig, " APDUs, "), 2);
	CHECK_INT(rig_log_count(rig, " 0 APDUs, "), 0);
	CHECK_INT(rig_log_count(rig, " ms, step "), 2);
	CHECK_INT(rig_log_count(rig, "37-246801"), 0);
	CHECK_INT(rig_log_count(rig, "37246801"), 0);
	rig_free(rig);
}

static void a_reader_that_speaks_no_dialect_is_named(void)
{
	const struct rig_options options = {.kind = "plain"};
	struct rig *rig = rig_new_any("readers", &options);
	CHECK(rig && rig_wait(rig, "state", "off-duty"));
	rig_lay(rig, "clerk-a");
	CHECK(rig_wait(rig, "notice", "P-11"));
	check_str(rig, "problem-reader", FIRST " 00 00");
	CHECK_INT(rig_log_count(rig, "card read: no-dialect, reader \"" FIRST), 1);
	rig_free(rig);
}

static void a_card_is_seen_on_both_screens_before_it_has_answered(void)
{
	struct rig *rig = rig_need("readers", NULL);
	struct rig_hold *hold = rig_hold(rig, 0);
	unsigned answers = field_answers(rig_field(rig, 0));
	const char *state = "";
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "reading"));
	g_autoptr(GVariant) holder = rig_holder(rig);
	CHECK(holder && g_variant_lookup(holder, "state", "&s", &state));
	CHECK_STR(state, "reading");
	CHECK_INT(field_answers(rig_field(rig, 0)), answers);
	rig_let_go(hold);
	CHECK(rig_wait(rig, "state", "check"));
	rig_hold_free(hold);
	rig_free(rig);
}

int main(void)
{
#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}
	static const struct check_case cases[] = {
		CASE(a_holders_card_counts_at_the_holders_reader_only),
		CASE(a_card_left_on_the_clerks_reader_disturbs_no_visit),
		CASE(a_holders_card_at_the_clerks_reader_signs_nobody_in),
		CASE(of_two_readers_the_preferred_one_serves_alone),
		CASE(of_two_cards_the_one_left_alone_is_read),
		CASE(a_missing_reader_of_the_holders_is_named),
		CASE(where_a_mac_is_demanded_a_plain_card_serves_nobody),
		CASE(a_read_is_one_line_of_the_log_and_no_card_data),
		CASE(a_reader_that_speaks_no_dialect_is_named),
		CASE(a_card_is_seen_on_both_screens_before_it_has_answered),
	};
	return rig_main("readers", cases, G_N_ELEMENTS(cases), NULL);
}
