/* SPDX-License-Identifier: MIT
 *
 * test_config_faults.c - what a file says wrongly is told with file, line, key and what is
 * expected.
 */
#include "tests/visit/refusal.h"

#include <sys/stat.h>

#define MAC_KEYS "at most 8 different names of [a-z0-9-], at most 23 characters each"

static void every_bad_value_of_the_configuration_is_named(void)
{
	static const struct bad bad[] = {
		{"desk=ENG1", "desk=eng1", "[counter] desk:", "1 to 12 characters of [A-Z0-9]",
			"'eng1'"},
		{"desk=ENG1", "desk=", "[counter] desk:", "1 to 12 characters of [A-Z0-9]",
			"nothing"},
		{"desk=ENG1", "desk=ABCDEFGHIJKLM",
			"[counter] desk:", "1 to 12 characters of [A-Z0-9]", "'ABCDEFGHIJKLM'"},
		{"desk=ENG1", "dessk=ENG1", "[counter] dessk:", "'desk'", "'dessk'"},
		{"desk=ENG1", "desk", "", "'[group]', 'key=value' or '# comment'", "'desk'"},
		{"desk=ENG1", "desk=A\\x",
			"[counter] desk:", "\\ only in \\s, \\n, \\t, \\r, \\; or \\\\", "'A\\x'"},
		{"allow=", "allow=A\\x;B", "[readers] allow:",
			"\\ only in \\s, \\n, \\t, \\r, \\; or \\\\", "'A\\x;B'"},
		{"office=eng", "office=engg", "[counter] office:", "'eng'", "'engg'"},
		{"office=eng", "office=nowhere-at-all", "[counter] office:",
			"one of eng, sci-gaku, sci-jinji, ist, sys", "'nowhere-at-all'"},
		{"users=", "users=root;no-such-user",
			"[counter] users:", "at most 16 users of this machine", "'no-such-user'"},
		{"admin-group=", "admin-group=no-such-group",
			"[counter] admin-group:", "a group of this machine", "'no-such-group'"},
		{"\nmac-keys=", "\nmac-keys=a;B", "[cards] mac-keys:", MAC_KEYS, "'B'"},
		{"\nmac-keys=", "\nmac-keys=../a", "[cards] mac-keys:", MAC_KEYS, "'../a'"},
		{"\nmac-keys=", "\nmac-keys=b;a;b", "[cards] mac-keys:", MAC_KEYS, "'b'"},
		{"\nmac-keys=", "\nmac-keys=abcdefghijklmnopqrstuvwx",
			"[cards] mac-keys:", MAC_KEYS, "'abcdefghijklmnopqrstuvwx'"},
		{"\nassurance=any", "\nassurance=", "[cards] assurance:", "'any' or 'mac'",
			"nothing"},
		{"\nassurance=any", "\nassurance=all", "[cards] assurance:", "'any' or 'mac'",
			"'all'"},
		{"\nassurance=any", "\nassurance=mac", "[cards] assurance:",
			"'any', since no layout of the file has a 'mac' step", "'mac'"},
		{"say-hours=48", "say-hours=soon",
			"[directory] say-hours:", "a whole number from -1 to 87600", "'soon'"},
		{"refuse-hours=-1", "refuse-hours=47", "[directory] refuse-hours:",
			"at least as much as say-hours, or -1", "'47'"},
		{"lookup-ms=2000", "lookup-ms=99",
			"[directory] lookup-ms:", "a whole number from 100 to 60000", "'99'"},
		{"lookup-ms=2000", "lookup-ms=99999999999999999999", "[directory] lookup-ms:",
			"a whole number from 100 to 60000", "'99999999999999999999'"},
		{"holder-idle=60", "holder-idle=601",
			"[visit] holder-idle:", "a whole number from 30 to 600", "'601'"},
		{"holder-warn=20", "holder-warn=60",
			"[visit] holder-warn:", "less than holder-idle", "'60'"},
		{"clerk-gone=600", "clerk-gone=179",
			"[visit] clerk-gone:", "at least as much as clerk-idle", "'179'"},
		{"face-offset=8", "face-offset=9",
			"[visit] face-offset:", "at least 10 digits less than face-length", "'9'"},
		{"digits=3", "digits=9", "[visit] digits:", "a whole number from 1 to 8", "'9'"},
		{"digits=3", "digits=0", "[visit] digits:", "a whole number from 1 to 8", "'0'"},
		{"documents=", "documents=Passport;", "[visit] documents:",
			"at most 16 document codes of [a-z0-9-]", "'Passport'"},
		{"[readers]", "[raeders]", "[raeders]:", "'readers'", "'raeders'"},
	};
	EACH_IS_REFUSED("desk.conf", CONF, bad);
}

static void every_bad_value_of_an_office_is_named(void)
{
	static const struct bad bad[] = {
		{"roles=student;staff", "roles=student;guest",
			"[eng] roles:", "'student', 'staff' or both", "'guest'"},
		{"roles=student;staff", "roles=", "[eng] roles:", "'student', 'staff' or both",
			"nothing"},
		{"faculties=03;37", "faculties=", "[eng] faculties:",
			"1 to 16 affiliation codes of the directory, such as '03;37'", "nothing"},
		{"hours=sun-sat 0:00-24:00", "hours=daily 9-17", "[eng] hours:",
			"1 to 4 spans such as 'mon-fri 9:00-12:30;mon-fri 13:30-17:00'",
			"'daily 9-17'"},
		{"hours=sun-sat 0:00-24:00", "hours=mon 17:00-9:00", "[eng] hours:",
			"1 to 4 spans such as 'mon-fri 9:00-12:30;mon-fri 13:30-17:00'",
			"'mon 17:00-9:00'"},
		{"hours=sun-sat 0:00-24:00", "hours=mon 9:60-12:00", "[eng] hours:",
			"1 to 4 spans such as 'mon-fri 9:00-12:30;mon-fri 13:30-17:00'",
			"'mon 9:60-12:00'"},
		{"hours=sun-sat 0:00-24:00", "hours=mon 9:00-24:01", "[eng] hours:",
			"1 to 4 spans such as 'mon-fri 9:00-12:30;mon-fri 13:30-17:00'",
			"'mon 9:00-24:01'"},
		{"hours=sun-sat 0:00-24:00", "hours=", "[eng] hours:",
			"1 to 4 spans such as 'mon-fri 9:00-12:30;mon-fri 13:30-17:00'", "nothing"},
		{"hours=sun-sat 0:00-24:00",
			"hours=mon 1:00-2:00;mon 3:00-4:00;mon 5:00-6:00;mon 7:00-8:00;tue "
			"1:00-2:00",
			"[eng] hours:",
			"1 to 4 spans such as 'mon-fri 9:00-12:30;mon-fri 13:30-17:00'",
			"'tue 1:00-2:00'"},
		{"closed=2026-12-29", "closed=2026-02-29", "[sci-gaku] closed:",
			"at most 64 dates such as '2026-12-29'", "'2026-02-29'"},
		{"[sci-gaku]", "[sci gaku]",
			"[sci gaku]:", "an office code of [a-z0-9-], at most 23", "'sci gaku'"},
		{"place-en=Faculty", "palce-en=Faculty", "[eng] palce-en:", "'place-en'",
			"'palce-en'"},
	};
	EACH_IS_REFUSED("offices.conf", OFFICES, bad);
}

static void every_list_has_its_limit(void)
{
	g_autofree char *offices = source_text(OFFICES);
	g_autofree char *groups = many("", "[g", "]\n", 513);
	g_autofree char *keys = many("[counter]\n", "k", "=\n", 16385);
	g_autofree char *items = many("[readers]\nallow=", "r", ";", 1025);
	g_autofree char *readers = many("[readers]\nallow=", "r", ";", 17);
	g_autofree char *mac_keys = many("[cards]\nmac-keys=", "k", ";", 9);
	g_autofree char *office_groups = many("", "[g", "]\n", 257);
	g_autofree char *days = g_strnfill(64 * 11, 'x');
	unsigned line;

	for (unsigned i = 0; i < 64; i++)
		memcpy(days + 11 * (gsize)i, "2026-12-29;", 11);
	g_autofree char *all = g_strconcat("closed=", days, "2027-02-01;2026-12-29", NULL);
	g_autofree char *closed = replaced(offices, "closed=2026-12-29", all, &line);
	refused_for("desk.conf", groups, "desk.conf: expected fewer groups");
	refused_for("desk.conf", keys, "expected fewer keys");
	refused_for("desk.conf", items, "[readers] allow: expected a shorter list");
	refused_for("desk.conf", readers, "[readers] allow: expected at most 16");
	refused_for("desk.conf", mac_keys, "[cards] mac-keys: expected at most 8 different");
	refused_for("offices.conf", office_groups, "expected 1 to 256 offices");
	refused_for("offices.conf", closed, "at most 64 dates such as '2026-12-29', got '2027");
}

static void expect_refusal(const char *text, const char *want)
{
	g_autofree char *got = refusal("desk.conf", text);
	CHECK_STR(got, want);
}

static void a_file_without_sense_is_refused_at_its_line(void)
{
	expect_refusal("[counter]\ndesk=A\n\ndesk=B\n",
		"desk.conf:4: expected it once only (first in line 2), got 'desk'");
	expect_refusal(
		"\ndesk=A\n", "desk.conf:2: expected a [group] before the first key, got 'desk=A'");
	expect_refusal("[counter\n",
		"desk.conf:1: expected '[group]', 'key=value' or '# comment', got '[counter'");
	expect_refusal("[coun]ter]\n",
		"desk.conf:1: expected a group name of [a-z0-9-], got '[coun]ter]'");
	expect_refusal("[counter]\n# ok\nde[sk]=A\n",
		"desk.conf:3: expected a key name of [a-z0-9.-], got 'de[sk]=A'");
	expect_refusal("[counter]\ndesk=\xff\n",
		"desk.conf:2: expected UTF-8 text, got 'desk=\xef\xbf\xbd'");
}

static void a_long_value_is_cut_in_the_message(void)
{
	g_autofree char *lots = g_strnfill(5000, 'x');
	g_autofree char *text = g_strdup_printf("[counter]\ndesk=%s\n", lots);
	g_autofree char *got = refusal("desk.conf", text);
	CHECK(strlen(got) < 200);
	CHECK(g_str_has_suffix(got, "xxx\xe2\x80\xa6'"));
}

static void line_ends_marks_and_comments_of_other_editors_are_no_mistake(void)
{
	expect_refusal("\xef\xbb\xbf# mark\r\n[counter]\r\n  desk = ABC \r\n\t# end\r\n", "");
	expect_refusal("", "");
	expect_refusal("# nothing", "");
}

static char *message_of(const char *path)
{
	g_autoptr(GError) error = NULL;
	AUTO(config) config = config_load(path, NULL, &error);
	CHECK(config == NULL && error != NULL);
	return g_strdup(error ? error->message : "");
}

static void a_file_that_cannot_be_read_is_named(void)
{
	char *dir = folder_new();
	g_autofree char *pipe = g_build_filename(dir, "pipe", NULL);
	g_autofree char *missing = g_build_filename(dir, "missing", NULL);
	CHECK_INT(mkfifo(pipe, 0600), 0);
	g_autofree char *of_dir = message_of(dir), *of_pipe = message_of(pipe);
	g_autofree char *of_missing = message_of(missing);

	CHECK(strstr(of_dir, "expected a readable file, got 'Is a directory'") != NULL);
	CHECK(strstr(of_pipe, "expected a readable file, got 'Invalid argument'") != NULL);
	CHECK(strstr(of_missing, "got 'No such file or directory'") != NULL);
	g_autofree char *got = refusal("desk.conf", "[files]\noffices=none.conf\n");
	CHECK(g_str_has_prefix(
		got, "desk.conf:2: [files] offices: expected a readable file, got '/"));
	folder_free(dir);
}

static void a_file_above_the_limit_is_refused(void)
{
	gsize len = 1024 * 1024 + 1;
	g_autofree char *text = g_strnfill(len, '#');
	expect_refusal(text, "desk.conf: expected text of at most 1 MiB without NUL, got nothing");
	text[len - 1] = '\0';
	expect_refusal(text, "");
}

static void a_file_with_a_nul_byte_is_refused(void)
{
	static const char text[] = "[counter]\ndesk=A\0users=root\n";
	char *dir = folder_new();
	g_autofree char *path = g_build_filename(dir, "desk.conf", NULL);
	CHECK(g_file_set_contents(path, text, sizeof text - 1, NULL));
	g_autofree char *got = message_of(path);
	CHECK(strstr(got, "expected text of at most 1 MiB without NUL") != NULL);
	folder_free(dir);
}

static const struct check_case cases[] = {
	{"every bad value of the configuration is named",
		every_bad_value_of_the_configuration_is_named},
	{"every bad value of an office is named", every_bad_value_of_an_office_is_named},
	{"every list has its limit", every_list_has_its_limit},
	{"a file without sense is refused at its line",
		a_file_without_sense_is_refused_at_its_line},
	{"a long value is cut in the message", a_long_value_is_cut_in_the_message},
	{"line ends, marks and comments of other editors are no mistake",
		line_ends_marks_and_comments_of_other_editors_are_no_mistake},
	{"a file that cannot be read is named", a_file_that_cannot_be_read_is_named},
	{"a file above the limit is refused", a_file_above_the_limit_is_refused},
	{"a file with a NUL byte is refused", a_file_with_a_nul_byte_is_refused},
};

int main(void)
{
	return CHECK_MAIN("config-faults", cases);
}
