/* SPDX-License-Identifier: MIT
 *
 * test_layouts.c - what a layout file says is what pcsc/ is told; what it says wrongly is
 * told with file, line, key and what is expected.
 */
#include "kiosk/config/layouts.h"

#include "tests/visit/refusal.h"

#define NAME "layouts.conf"
#define READ                                                                                       \
	"a service code of four hexadecimal digits and at most 15 blocks of 0 to 255, "            \
	"such as 'read 1A8B 0-3' or 'read 1A8B 0 2-3'"
#define CLASS                                                                                      \
	"a class word and perhaps the kind and the place of its number, such as "                  \
	"'staff staff-number 2+6', under a code of 1 to 7 characters (32 at most)"
#define PLACE    "a place as first byte + length, such as '2+12'"
#define PATTERNS "1 to 16 patterns of at most 31 characters, such as '99-999999' or 'XX9999'"

static void every_bad_value_of_a_layout_is_named(void)
{
	static const struct bad bad[] = {
		{"\nsteps=system FE00", "\nsteps=system FE0", "[fcf] steps:",
			"a system code of four hexadecimal digits, such as 'system FE00'",
			"'system FE0'"},
		{"\nsteps=system FE00;", "\nsteps=system FE00;raed 1A8B 0;",
			"[fcf] steps:", "'read'", "'raed'"},
		{"\nsteps=system FE00;read 1A8B 0-3", "\nsteps=system FE00;read 1A8B 3-0",
			"[fcf] steps:", READ, "'read 1A8B 3-0'"},
		{"\nsteps=", "\nsteps=zzzzzzzz;", "[fcf] steps:",
			"one of system, read, mac, uid, select, file, binary, record",
			"'zzzzzzzz'"},
		{"\nclass.01=student student-number", "\nclass.01=student a b",
			"[fcf] class.01:", CLASS, "'student a b'"},
		{"\nclass.01=student student-number", "\nclass.01=student a 2+6 d",
			"[fcf] class.01:", CLASS, "'student a 2+6 d'"},
		{"\nclass.01=student student-number", "\nclass.01=student  2+6",
			"[fcf] class.01:", CLASS, "'student  2+6'"},
		{"\nclass.01=student student-number", "\nclass.01=student a 60+5",
			"[fcf] class.01:", "at most 31 bytes within the 64 that the steps bring",
			"'60+5'"},
		{"\nclass.01=student student-number", "\nclass.=student", "[fcf] class.:", CLASS,
			"'student'"},
		{"\nclass=0+2", "\nclas=0+2", "[fcf] clas:", "'class'", "'clas'"},
		{"\nclass=0+2", "\nclass=0+0", "[fcf] class:", PLACE, "'0+0'"},
		{"\nclass=0+2", "\nclass=0+8", "[fcf] class:",
			"at most 7 bytes within the 64 that the steps bring", "'0+8'"},
		{"\nnumber=2+12", "\nnumber=2", "[fcf] number:", PLACE, "'2'"},
		{"\nnumber=2+12", "\nnumber=", "[fcf] number:", PLACE, "nothing"},
		{"\nnumber=2+12", "\nnumber=2+513", "[fcf] number:", PLACE, "'2+513'"},
		{"\nnumber=2+12", "\nnumber=62+12", "[fcf] number:",
			"at most 31 bytes within the 64 that the steps bring", "'62+12'"},
		{"\nnumber=2+12", "\nnumber=2+16\nnumber-form=hex", "[fcf] number:",
			"at most 15 bytes within the 64 that the steps bring", "'2+16'"},
		{"\nnumber=2+12", "\nnumber-form=bcd\nnumber=2+12",
			"[fcf] number-form:", "'text', 'hex' or 'hex-reversed'", "'bcd'"},
		{"\nnumber=2+12", "\nstop=0\nnumber=2+12",
			"[fcf] stop:", "a byte of two hexadecimal digits, such as '00'", "'0'"},
		{"\nkey-kind=student-number", "\nkey-kind=Student", "[fcf] key-kind:",
			"a word of [a-z0-9-], such as 'student-number'", "'Student'"},
		{"\npadding=00;20", "\npadding=00;2", "[fcf] padding:",
			"at most 4 bytes of two hexadecimal digits, such as '00;20'", "'2'"},
		{"\npadding=00;20", "\npadding=00;20;30;FF;0A", "[fcf] padding:",
			"at most 4 bytes of two hexadecimal digits, such as '00;20'", "'0A'"},
		{"\npatterns=99-999999;9999999", "\npatterns=", "[fcf] patterns:", PATTERNS,
			"nothing"},
		{"\npatterns=99-999999;9999999", "\npatterns=99_9", "[fcf] patterns:", PATTERNS,
			"'99_9'"},
		{"\nname-encoding=cp932", "\nname-encoding=sjis",
			"[fcf] name-encoding:", "'ascii' or 'cp932'", "'sjis'"},
		{"\nname=16+16", "\nname=16+22", "[fcf] name:",
			"at most 21 bytes within the 64 that the steps bring", "'16+22'"},
		{"\nstable-idm=true", "\nstable-idm=yes", "[fcf] stable-idm:", "'true' or 'false'",
			"'yes'"},
		{"\n[fcf]", "\n[FCF]", "[FCF]:", "a layout name of [a-z0-9-], at most 23", "'FCF'"},
	};
	EACH_IS_REFUSED(NAME, LAYOUTS, bad);
}

/* A layout of these steps, and with these further lines. */
static char *with_steps(const char *steps, const char *more)
{
	return g_strdup_printf(
		"[t]\nsteps=%s\nnumber=0+1\nkey-kind=k\npatterns=9\n%s", steps, more);
}

static struct card_layout *parse(const char *text, GError **error)
{
	AUTO(keyfile) kf = keyfile_parse(NAME, text, strlen(text), error);
	struct card_layout *layouts = NULL;
	gsize n = 0;
	return kf && layouts_parse(kf, &layouts, &n, error) ? layouts : NULL;
}

#define NOTHING ""
#define KEY     "mac-key=k\n"
#define MIXED   "steps for one kind of card"

static const struct {
	const char *steps, *more, *expected;
} bad_steps[] = {
	{"", NOTHING, "1 to 8 steps, such as 'system FE00;read 1A8B 0-3', got nothing"},
	{" ; ;", NOTHING, "1 to 8 steps, such as 'system FE00;read 1A8B 0-3', got nothing"},
	{"uid 4;uid 4;uid 4;uid 4;uid 4;uid 4;uid 4;uid 4;uid 7", NOTHING,
		"1 to 8 steps, such as 'system FE00;read 1A8B 0-3', got 'uid 7'"},
	{"system", NOTHING, "a system code of four"},
	{"system FE00 FE01;read 1A8B 0", NOTHING, "a system code of four"},
	{"system +E00;read 1A8B 0", NOTHING, "a system code of four"},
	{"system FE00;read 1A8B", NOTHING, "a service code of four"},
	{"system FE00;read 0-3", NOTHING, "a service code of four"},
	{"system FE00;read 1A8B 0-15", NOTHING, "at most 15 blocks of 0 to 255"},
	{"system FE00;read 1A8B 0-8 10-17", NOTHING, "at most 15 blocks of 0 to 255"},
	{"system FE00;read 1A8B 256", NOTHING, "at most 15 blocks of 0 to 255"},
	{"system FE00;read 1A8B -1", NOTHING, "at most 15 blocks of 0 to 255"},
	{"system FE00;read 1A8B 0-1-2", NOTHING, "at most 15 blocks of 0 to 255"},
	{"system FE00;read 1A88 0-3", NOTHING,
		"an odd service code: services with an even one need a key that only the "
		"issuer has, got 'read 1A88 0-3'"},
	{"read 1A8B 0", NOTHING, "a 'system' step before it, got 'read 1A8B 0'"},
	{"mac 0", KEY, "a 'system' step before it, got 'mac 0'"},
	{"system FE00", NOTHING, "a step that reads something at the end, got 'system FE00'"},
	{"select F0;file 0001", NOTHING, "a step that reads something at the end"},
	{"system 88B4;mac 0", NOTHING,
		"mac-key: expected the name of a key, since a step is 'mac', got nothing"},
	{"system 88B4;read 000B 0", KEY, "a 'mac' step, since mac-key is given"},
	{"system 88B4;mac 14", KEY, "at most 15 blocks of 0 to 13, such as 'mac 0-1'"},
	{"system 88B4;mac", KEY, "at most 15 blocks of 0 to 13, such as 'mac 0-1'"},
	{"system 88B4;mac 0;read 000B 1", KEY,
		"no 'read' beside 'mac': what is read without its MAC proves nothing"},
	{"system 88B4;mac 0", "mac-key=K\n", "the name of a key, at most 23 of [a-z0-9-]"},
	{"system FE00;read 1A8B 0;uid 8", NOTHING, MIXED},
	{"uid 4;system FE00;read 1A8B 0", NOTHING, MIXED},
	{"select F0;read 1A8B 0", NOTHING, MIXED},
	{"uid", NOTHING, "how many bytes the number of the chip has: 'uid 4', 'uid 7'"},
	{"uid 5", NOTHING, "how many bytes the number of the chip has: 'uid 4', 'uid 7'"},
	{"uid 4 7", NOTHING, "how many bytes the number of the chip has: 'uid 4', 'uid 7'"},
	{"select F;uid 4", NOTHING, "an application id of 1 to 16 bytes"},
	{"select 0xF0;uid 4", NOTHING, "an application id of 1 to 16 bytes"},
	{"select 0102030405060708090A0B0C0D0E0F1011;uid 4", NOTHING,
		"an application id of 1 to 16 bytes"},
	{"file 11E;binary 0 1", NOTHING, "a file id of four hexadecimal digits"},
	{"binary 0 16", NOTHING, "a 'select' or 'file' step before it"},
	{"record 1 2 16", NOTHING, "a 'select' or 'file' step before it"},
	{"file 011E;binary 16", NOTHING, "an offset of 0 to 32767 and a length of 1 to 512"},
	{"file 011E;binary 0 0", NOTHING, "an offset of 0 to 32767 and a length of 1 to 512"},
	{"file 011E;binary 32768 1", NOTHING, "an offset of 0 to 32767"},
	{"file 011E;record 31 1 16", NOTHING, "a short file id of 0 to 30, a record of 1"},
	{"file 011E;record 1 0 16", NOTHING, "a short file id of 0 to 30, a record of 1"},
	{"file 011E;record 1 1 257", NOTHING, "a length of 1 to 256, such as 'record 1 2"},
	{"file 011E;record 1 1", NOTHING, "a length of 1 to 256, such as 'record 1 2 32'"},
	{"file 011E;binary 0 512;binary 512 1", NOTHING,
		"at most 512 bytes from all steps, got '513'"},
	{"system FE00;read 1A8B 0-14;read 7A0B 0-14;read 120F 0-2", NOTHING,
		"at most 512 bytes from all steps, got '528'"},
};

static void every_bad_step_is_named(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(bad_steps); i++) {
		g_autofree char *text = with_steps(bad_steps[i].steps, bad_steps[i].more);
		g_autoptr(GError) error = NULL;
		g_autofree struct card_layout *got = parse(text, &error);
		CHECK(got == NULL);
		const char *message = error ? error->message : "";
		gboolean ok = g_str_has_prefix(message, NAME ":") &&
			      strstr(message, bad_steps[i].expected);
		if (!ok)
			fprintf(stderr, "%s: %s\n", bad_steps[i].steps, message);
		CHECK(ok);
	}
}

static struct card_layout *parse_steps(const char *steps, const char *more)
{
	g_autofree char *text = with_steps(steps, more);
	g_autoptr(GError) error = NULL;
	struct card_layout *layout = parse(text, &error);
	if (!layout)
		fprintf(stderr, "%s\n", error->message);
	CHECK(layout != NULL);
	return layout ? layout : g_new0(struct card_layout, 1);
}

static void steps_are_told_as_they_are_written(void)
{
	g_autofree struct card_layout *felica = parse_steps(
		"system FE00 ; read  1a8b 0 2-3;read 7A0B 9; system 81F8;read 010B 0", "");
	g_autofree struct card_layout *iso =
		parse_steps("uid 7;select F0544F444149;file 011E;binary 5 64;record 1 2 32", "");
	g_autofree struct card_layout *mac = parse_steps("system 88B4;mac 0-1", "mac-key=tokens\n");

	CHECK_INT(felica->n_steps, 5);
	CHECK_INT(felica->steps[0].code, 0xFE00);
	CHECK_INT(felica->steps[1].code, 0x1A8B);
	CHECK_INT(felica->steps[1].n_blocks, 3);
	CHECK(memcmp(felica->steps[1].blocks, "\0\2\3", 3) == 0);
	CHECK_INT(felica->steps[2].blocks[0], 9);
	CHECK_INT(felica->steps[3].kind, LAYOUT_SYSTEM);
	CHECK_INT(layout_step_at(felica, 2), 48);
	CHECK_INT(layout_step_at(felica, 5), 80);
	CHECK(layout_is_felica(felica) && layout_is_felica(mac) && !layout_is_felica(iso));
	CHECK_INT(mac->steps[1].kind, LAYOUT_MAC);
	CHECK_INT(mac->steps[1].n_blocks, 2);
	CHECK_STR(mac->mac_key, "tokens");
	CHECK_INT(iso->steps[0].len, 7);
	CHECK_INT(iso->steps[1].aid_len, 6);
	CHECK(memcmp(iso->steps[1].aid, "\xF0\x54\x4F\x44\x41\x49", 6) == 0);
	CHECK_INT(iso->steps[2].code, 0x011E);
	CHECK_INT(iso->steps[3].off, 5);
	CHECK_INT(iso->steps[3].len, 64);
	CHECK_INT(iso->steps[4].sfi, 1);
	CHECK_INT(iso->steps[4].record, 2);
	CHECK_INT(layout_step_at(iso, 5), 7 + 64 + 32);
}

static void the_number_is_told_as_it_is_written(void)
{
	g_autofree struct card_layout *plain = parse_steps("uid 4", "");
	g_autofree struct card_layout *stop = parse_steps("uid 4", "stop=1e\n");
	g_autofree struct card_layout *hex = parse_steps("uid 4", "number-form=hex\n");
	g_autofree struct card_layout *reversed =
		parse_steps("uid 4", "number-form=hex-reversed\npadding=FF\n");

	CHECK(plain->number_form == LAYOUT_TEXT && !plain->has_stop && plain->n_padding == 2);
	CHECK(stop->has_stop && stop->stop == 0x1E);
	CHECK(hex->number_form == LAYOUT_HEX && hex->n_padding == 0);
	CHECK(reversed->number_form == LAYOUT_HEX_REVERSED && reversed->n_padding == 1);
}

static void a_class_may_have_a_place_of_its_own(void)
{
	g_autofree struct card_layout *l = parse_steps("system FE00;read 1A8B 0",
		"class=0+2\nclass.01=student\nclass.11=staff staff-number 2+6\n");
	CHECK_INT(l->n_classes, 2);
	CHECK_INT(l->classes[0].number.len, 0);
	CHECK_STR(l->classes[0].key_kind, "");
	CHECK_INT(l->classes[1].number.off, 2);
	CHECK_INT(l->classes[1].number.len, 6);
	CHECK_STR(l->classes[1].key_kind, "staff-number");
}

static void a_required_key_that_is_missing_is_named_at_its_group(void)
{
	g_autofree char *got = refusal(NAME, "\n\n[fcf]\nclass=0+2\n");
	CHECK_STR(got,
		"layouts.conf:3: [fcf] steps: expected 1 to 8 steps, such as 'system FE00;read "
		"1A8B 0-3', got nothing");
}

static void keys_that_only_make_sense_together_are_wanted_together(void)
{
	g_autofree char *text = source_text(LAYOUTS);
	unsigned line;
	g_autofree char *classless = replaced(text, "\nclass=0+2", "", &line);
	g_autofree char *schoolless = replaced(text, "\nschool=32+8", "", &line);
	g_autofree char *stopped =
		replaced(text, "\nnumber=", "\nstop=00\nnumber-form=hex\nnumber=", &line);
	refused_for(NAME, classless, "[fcf] class: expected a place, since classes are named");
	refused_for(NAME, schoolless, "[fcf] school: expected a place, since school-id");
	refused_for(NAME, stopped, "[fcf] number-form: expected 'text', since stop is given");
}

static void every_list_has_its_limit(void)
{
	g_autofree char *layouts = source_text(LAYOUTS);
	g_autofree char *classes = many(layouts, "class.x", "=a\n", 33);
	g_autofree char *groups = many("", "[g", "]\n", 33);
	refused_for(NAME, classes, "(32 at most)");
	refused_for(NAME, groups, "expected 1 to 32 layouts");
	refused_for(NAME, "# none\n", "expected 1 to 32 layouts");
}

/* How the configuration with a layout for MACs and this text of its own is refused; "": not. */
static char *refusal_with_mac(const char *config, enum card_assurance *ret_assurance)
{
	char *dir = folder_new();
	g_autofree char *layout = with_steps("system 88B4;mac 0", "mac-key=tokens\n");
	g_autofree char *other = folder_write(dir, NAME, layout);
	g_autofree char *conf = folder_write(dir, "desk.conf", config);
	g_autoptr(GError) error = NULL;
	AUTO(config) c = config_load(conf, NULL, &error);
	const char *message = error ? error->message : "";
	char *ret = g_strdup(g_str_has_prefix(message, dir) ? message + strlen(dir) + 1 : message);
	*ret_assurance = c ? c->assurance : CARD_UNAUTHENTICATED;
	folder_free(dir);
	return ret;
}

static void a_key_that_a_layout_names_is_one_of_the_desks(void)
{
	static const char want[] = "layouts.conf:6: [t] mac-key: expected a name that stands in "
				   "mac-keys of [cards], got 'tokens'";
	enum card_assurance assurance;
	g_autofree char *none = refusal_with_mac("[files]\nlayouts=layouts.conf\n", &assurance);
	g_autofree char *other = refusal_with_mac(
		"[files]\nlayouts=layouts.conf\n[cards]\nmac-keys=token;s\n", &assurance);
	CHECK_STR(none, want);
	CHECK_STR(other, want);
	g_autofree char *ours = refusal_with_mac(
		"[files]\nlayouts=layouts.conf\n[cards]\nmac-keys=old;tokens\nassurance=mac\n",
		&assurance);
	CHECK_STR(ours, "");
	CHECK_INT(assurance, CARD_MAC_VERIFIED);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"every bad value of a layout is named", every_bad_value_of_a_layout_is_named},
		{"every bad step is named", every_bad_step_is_named},
		{"steps are told as they are written", steps_are_told_as_they_are_written},
		{"the number is told as it is written", the_number_is_told_as_it_is_written},
		{"a class may have a place of its own", a_class_may_have_a_place_of_its_own},
		{"a required key that is missing is named at its group",
			a_required_key_that_is_missing_is_named_at_its_group},
		{"keys that only make sense together are wanted together",
			keys_that_only_make_sense_together_are_wanted_together},
		{"a key that a layout names is one of the desk's",
			a_key_that_a_layout_names_is_one_of_the_desks},
		{"every list has its limit", every_list_has_its_limit},
	};
	return CHECK_MAIN("layouts", cases);
}
