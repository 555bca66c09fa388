/* SPDX-License-Identifier: MIT
 *
 * test_card.c - madoguchictl card: probe, layout test, recording and JSON, at a real pcscd
 * with sample cards.
 */
#include "tests/check.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/directory/desk.h"
#include "tests/virtual/bench.h"

#define LAYOUTS SOURCE_ROOT "/assets/defaults/layouts.conf"

static struct bench bench;

static gboolean says(const char *text, const char *part)
{
	if (!strstr(text, part))
		fprintf(stderr, "\"%s\" is without \"%s\"\n", text, part);
	return strstr(text, part) != NULL;
}

static gboolean is_absent(const char *text, const char *const *values)
{
	for (; *values; values++) {
		if (!strstr(text, *values))
			continue;
		fprintf(stderr, "\"%s\" has \"%s\"\n", text, *values);
		return FALSE;
	}
	return TRUE;
}

static char *text_of(const struct desk *d, const char *name)
{
	g_autofree char *path = desk_file(d, name);
	char *text = NULL;
	g_file_get_contents(path, &text, NULL, NULL);
	return text ? text : g_strdup("");
}

static mode_t mode_of(const struct desk *d, const char *name)
{
	g_autofree char *path = desk_file(d, name);
	struct stat st = {0};
	stat(path, &st);
	return st.st_mode & 07777;
}

/* Probe the card in the first reader into the file `name`; `reveal` may be NULL. */
static void probe_to(struct desk *d, const char *name, const char *reveal)
{
	g_autofree char *path = desk_file(d, name);
	CHECK_INT(desk_ctl(d, NULL, "card", "probe", "--output", path, reveal, NULL), 0);
	CHECK_STR(d->out, "");
	CHECK_INT(mode_of(d, name), 0600);
}

static int test_layouts(struct desk *d, const char *layouts, const char *report)
{
	g_autofree char *path = desk_file(d, report);
	return desk_ctl(d, NULL, "card", "layout", "test", layouts, path, NULL);
}

static void a_probe_finds_systems_services_and_blocks(void)
{
	struct desk d;
	desk_make(&d);
	bench_lay(&bench, BENCH_SESSION, "student");
	probe_to(&d, "report", "--reveal");
	CHECK(says(d.err, "not masked"));
	g_autofree char *text = text_of(&d, "report");
	CHECK(says(text, "[system 809E]\n"));
	CHECK(says(text, "[system FE00]\nidm=112E4C0A11223301\npmm=100B4B428485D0FF\n"));
	CHECK(says(text, "[service FE00 1A8B]\nattribute=random, read-only, no key\nflags="));
	CHECK(says(text, "block.3=32303939303333314148323830333339\n"));
	CHECK(strstr(text, "block.4=") == NULL);
	CHECK(says(text, "[service FE00 7A0B]\n"));
	CHECK(says(text, "dialect=transparent\n"));
	CHECK(says(text, "most-blocks=12\n"));
	CHECK(says(text, "systems=listed\n"));
	bench_clear(&bench, BENCH_SESSION);
	desk_remove(&d);
}

static void a_masked_report_holds_nothing_of_the_holder(void)
{
	static const char *const values[] = {"246801", "3234363830", "C4B3C4", "CAC5BA", "13990001",
		"31333939", "20990331", "3230393930", "2E4C0A", "112233", "392101", "33393231",
		NULL};
	struct desk d;
	desk_make(&d);
	for (int i = 0; i < BENCH_READERS; i++) {
		bench_lay(&bench, i, "student");
		CHECK_INT(desk_ctl(&d, NULL, "card", "probe", NULL), 0);
		CHECK_STR(d.err, "");
		CHECK(says(d.out, "masked=true\n"));
		CHECK(says(d.out, "block.0=9999-999999___9_\n"));
		CHECK(is_absent(d.out, values));
		bench_clear(&bench, i);
	}
	desk_remove(&d);
}

static void a_report_is_never_written_over_a_file(void)
{
	struct desk d;
	desk_make(&d);
	g_autofree char *path = desk_file(&d, "precious");
	g_assert(g_file_set_contents(path, "precious", -1, NULL));
	bench_lay(&bench, BENCH_SESSION, "student");
	CHECK_INT(desk_ctl(&d, NULL, "card", "probe", "--output", path, NULL), 1);
	CHECK(says(d.err, "File exists"));
	CHECK_INT(desk_ctl(&d, NULL, "card", "read", "--record", path, NULL), 1);
	g_autofree char *text = text_of(&d, "precious");
	CHECK_STR(text, "precious");
	bench_clear(&bench, BENCH_SESSION);
	/* Nor does a file without a report stay where no card came. */
	g_autofree char *empty = desk_file(&d, "empty");
	CHECK_INT(desk_ctl(&d, NULL, "card", "probe", "--wait", "0", "--output", empty, NULL), 1);
	CHECK(!g_file_test(empty, G_FILE_TEST_EXISTS));
	CHECK_INT(desk_ctl(&d, NULL, "card", "read", "--wait", "0", "--record", empty, NULL), 1);
	CHECK(!g_file_test(empty, G_FILE_TEST_EXISTS));
	desk_remove(&d);
}

static void a_layout_is_tested_against_a_masked_report(void)
{
	struct desk d;
	desk_make(&d);
	bench_lay(&bench, BENCH_SESSION, "student");
	probe_to(&d, "report", NULL);
	bench_clear(&bench, BENCH_SESSION);
	CHECK_INT(test_layouts(&d, LAYOUTS, "report"), 0);
	CHECK(says(d.out, "layout fcf\n  step system FE00: there\n"));
	CHECK(says(d.out, "  number   2+12    99-999999___\n"));
	CHECK(says(d.out, "  may fit\nthe counter would take: fcf\n"));
	CHECK(strstr(d.out, "246801") == NULL);
	desk_remove(&d);
}

static void a_layout_is_tested_against_the_values(void)
{
	struct desk d;
	desk_make(&d);
	bench_lay(&bench, BENCH_SESSION, "student");
	probe_to(&d, "report", "--reveal");
	bench_clear(&bench, BENCH_SESSION);
	CHECK_INT(test_layouts(&d, LAYOUTS, "report"), 0);
	CHECK(says(d.out, "  = 37-246801\n"));
	CHECK(says(d.out, "  = トウト ハナコ\n"));
	CHECK(says(d.out, "  fits\nthe counter would take: fcf\n"));
	desk_remove(&d);
}

/* The message of config check, and no other. */
static void a_broken_layout_file_is_named_by_line(void)
{
	struct desk d;
	desk_make(&d);
	g_autofree char *layouts = desk_file(&d, "layouts.conf");
	g_autofree char *report = desk_file(&d, "report");
	g_assert(g_file_set_contents(report, "[report]\nform=1\n", -1, NULL));
	g_assert(g_file_set_contents(layouts,
		"[fcf]\nsteps=system FE00;raed 1A8B 0\nnumber=0+8\n"
		"key-kind=x\npatterns=9\n",
		-1, NULL));
	CHECK_INT(test_layouts(&d, layouts, "report"), 1);
	CHECK(says(d.err, "layouts.conf:2: [fcf] steps: expected "));
	CHECK_STR(d.out, "");
	g_assert(g_file_set_contents(report, "[rapport]\n", -1, NULL));
	CHECK_INT(test_layouts(&d, LAYOUTS, "report"), 1);
	CHECK(says(d.err, "expected a report of madoguchictl card probe"));
	desk_remove(&d);
}

static void a_card_that_fits_no_layout_fails_the_test(void)
{
	struct desk d;
	desk_make(&d);
	bench_lay(&bench, BENCH_SESSION, "other-university");
	probe_to(&d, "report", "--reveal");
	bench_clear(&bench, BENCH_SESSION);
	CHECK_INT(test_layouts(&d, LAYOUTS, "report"), 1);
	CHECK(says(d.out, "  does not fit: number or school are not this site's\n"));
	CHECK(says(d.err, "no layout fits"));
	desk_remove(&d);
}

static JsonObject *parse_object(JsonParser *parser, const char *text)
{
	g_autoptr(GError) error = NULL;
	CHECK(json_parser_load_from_data(parser, text, -1, &error));
	CHECK(!error);
	JsonNode *root = json_parser_get_root(parser);
	CHECK(root && JSON_NODE_HOLDS_OBJECT(root));
	return root ? json_node_get_object(root) : NULL;
}

static void a_reading_as_json_has_everything(void)
{
	struct desk d;
	g_autoptr(JsonParser) parser = json_parser_new();
	desk_make(&d);
	bench_lay(&bench, BENCH_DIRECT, "student");
	CHECK_INT(desk_ctl(&d, NULL, "card", "read", "--json", NULL), 0);
	JsonObject *o = parse_object(parser, d.out);
	CHECK_STR(json_object_get_string_member(o, "result"), "ok");
	CHECK_STR(json_object_get_string_member(o, "problem"), "");
	CHECK_STR(json_object_get_string_member(o, "reader"), bench_reader(&bench, BENCH_DIRECT));
	CHECK_STR(json_object_get_string_member(o, "dialect"), "acs-direct");
	CHECK_STR(json_object_get_string_member(o, "layout"), "fcf");
	CHECK_STR(json_object_get_string_member(o, "kind"), "student-number");
	CHECK_STR(json_object_get_string_member(o, "number"), "37-246801");
	CHECK_STR(json_object_get_string_member(o, "name"), "トウト ハナコ");
	CHECK_STR(json_object_get_string_member(o, "assurance"), "unauthenticated");
	CHECK_INT(json_object_get_int_member(o, "expires"), 20990331);
	JsonArray *steps = json_object_get_array_member(o, "steps");
	gint64 us = 0, apdus = 0;
	for (guint i = 0; i < json_array_get_length(steps); i++) {
		JsonObject *step = json_array_get_object_element(steps, i);
		CHECK(*json_object_get_string_member(step, "step") != '\0');
		us += json_object_get_int_member(step, "us");
		apdus += json_object_get_int_member(step, "apdus");
	}
	CHECK(json_array_get_length(steps) >= 3 && us > 0);
	CHECK_INT(us, json_object_get_int_member(o, "us"));
	CHECK_INT(apdus, json_object_get_int_member(o, "apdus"));
	CHECK(apdus >= 2);
	bench_clear(&bench, BENCH_DIRECT);
	desk_remove(&d);
}

static void a_failure_as_json_has_its_problem(void)
{
	struct desk d;
	g_autoptr(JsonParser) parser = json_parser_new();
	desk_make(&d);
	bench_lay(&bench, BENCH_SESSION, "unreadable");
	CHECK_INT(desk_ctl(&d, NULL, "card", "read", "--json", NULL), 1);
	JsonObject *o = parse_object(parser, d.out);
	CHECK_STR(json_object_get_string_member(o, "result"), "unreadable");
	CHECK_STR(json_object_get_string_member(o, "problem"), "P-08");
	CHECK(!json_object_has_member(o, "number"));
	bench_clear(&bench, BENCH_SESSION);
	desk_remove(&d);
}

/* A desk with the layout and the key of the sample tokens, or with another key. */
static void furnish_tokens(struct desk *d, guint8 first)
{
	static const guint8 key[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A,
		0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18};
	g_autofree char *config = desk_file(d, "tokens.conf");
	g_autofree char *path = desk_file(d, "tokens.key");
	g_autofree char *text = g_strdup_printf("[cards]\nmac-keys=tokens\nkey-dir=%s\n"
						"assurance=mac\n[files]\nlayouts=%s\n",
		d->path, SOURCE_ROOT "/assets/samples/layouts-tokens.conf");
	guint8 own[sizeof key];
	memcpy(own, key, sizeof key);
	own[0] = first;
	g_assert(g_file_set_contents(config, text, -1, NULL));
	g_assert(g_file_set_contents(path, (const char *)own, sizeof own, NULL));
	g_assert(g_chmod(path, 0600) == 0);
}

static int read_token(struct desk *d, const char *option)
{
	g_autofree char *config = desk_file(d, "tokens.conf");
	return desk_ctl(d, NULL, "--config", config, "card", "read", option, NULL);
}

static void a_mac_is_checked_with_the_keys_of_the_desk(void)
{
	struct desk d;
	desk_make(&d);
	g_autoptr(GError) error = NULL;
	struct vcard *card = vcard_find(VCARD_FIELD_DIR, "lite-s", &error);
	g_assert_no_error(error);
	field_insert(bench.fields[BENCH_SESSION], card);
	furnish_tokens(&d, 0x01);
	CHECK_INT(read_token(&d, NULL), 0);
	CHECK(says(d.out, "assurance: mac-verified\n"));
	furnish_tokens(&d, 0x31);
	CHECK_INT(read_token(&d, NULL), 1);
	CHECK(says(d.err, "madoguchictl: P-13 unproven: "));
	g_autofree char *path = desk_file(&d, "tokens.key");
	g_unlink(path);
	CHECK_INT(read_token(&d, NULL), 1);
	CHECK(says(d.err, "tokens.key"));
	bench_clear(&bench, BENCH_SESSION);
	vcard_free(card);
	desk_remove(&d);
}

/* Read, shown, and turned away at the counter. */
static void a_card_that_proves_too_little_is_said_to(void)
{
	struct desk d;
	g_autoptr(JsonParser) parser = json_parser_new();
	desk_make(&d);
	furnish_tokens(&d, 0x01);
	g_autofree char *config = desk_file(&d, "tokens.conf");
	g_autofree char *layouts = desk_file(&d, "layouts.conf");
	g_autofree char *a = NULL, *b = NULL, *old = NULL;
	g_assert(g_file_get_contents(LAYOUTS, &a, NULL, NULL));
	g_assert(g_file_get_contents(
		SOURCE_ROOT "/assets/samples/layouts-tokens.conf", &b, NULL, NULL));
	g_autofree char *both = g_strconcat(a, "\n", b, NULL);
	g_assert(g_file_set_contents(layouts, both, -1, NULL));
	old = text_of(&d, "tokens.conf");
	g_autofree char *text = g_strdup_printf(
		"%.*slayouts=%s\n", (int)(strstr(old, "layouts=") - old), old, layouts);
	g_assert(g_file_set_contents(config, text, -1, NULL));
	bench_lay(&bench, BENCH_SESSION, "student");
	CHECK_INT(read_token(&d, NULL), 1);
	CHECK(says(d.out, "number: 37-246801\n"));
	CHECK(says(d.err, "P-13: this desk demands a MAC\n"));
	CHECK_INT(read_token(&d, "--json"), 1);
	JsonObject *o = parse_object(parser, d.out);
	CHECK_STR(json_object_get_string_member(o, "problem"), "P-13");
	CHECK_STR(json_object_get_string_member(o, "result"), "ok");
	bench_clear(&bench, BENCH_SESSION);
	desk_remove(&d);
}

static void probe_and_readers_speak_json(void)
{
	struct desk d;
	g_autoptr(JsonParser) parser = json_parser_new();
	desk_make(&d);
	bench_lay(&bench, BENCH_SESSION, "student");
	CHECK_INT(desk_ctl(&d, NULL, "card", "probe", "--json", NULL), 0);
	JsonObject *o = parse_object(parser, d.out);
	JsonArray *systems = json_object_get_array_member(o, "systems");
	CHECK_INT(json_array_get_length(systems), 2);
	CHECK(says(d.out, "[\"FE00\",[[\"1A8B\",true,4],[\"7A0B\",true,1]]]"));
	CHECK_INT(desk_ctl(&d, NULL, "card", "readers", "--json", NULL), 0);
	CHECK(json_parser_load_from_data(parser, d.out, -1, NULL));
	JsonArray *readers = json_node_get_array(json_parser_get_root(parser));
	CHECK_INT(json_array_get_length(readers), BENCH_READERS);
	o = json_array_get_object_element(readers, 0);
	CHECK_STR(json_object_get_string_member(o, "card"), "present");
	CHECK(g_str_has_prefix(json_object_get_string_member(o, "atr"), "3B8F8001804F0C"));
	CHECK_STR(json_object_get_string_member(o, "serves"), "all");
	bench_clear(&bench, BENCH_SESSION);
	desk_remove(&d);
}

/* Each question with its answer, in the form the replay knows. */
static void a_conversation_is_written_down_for_us_alone(void)
{
	struct desk d;
	desk_make(&d);
	g_autofree char *path = desk_file(&d, "record");
	bench_lay(&bench, BENCH_DIRECT, "student");
	CHECK_INT(desk_ctl(&d, NULL, "card", "read", "--record", path, NULL), 0);
	CHECK(says(d.err, "holds the bytes of this card"));
	CHECK_INT(mode_of(&d, "record"), 0600);
	g_autofree char *text = text_of(&d, "record");
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint asked = 0, answered = 0;
	for (char **line = lines; *line; line++) {
		CHECK(!g_str_has_prefix(*line, "< ") || asked == answered + 1);
		asked += g_str_has_prefix(*line, "> ");
		answered += g_str_has_prefix(*line, "< ");
	}
	CHECK(asked >= 2);
	CHECK_INT(asked, answered);
	CHECK(says(text, "\nreader ACS ACR1252 Dual Reader"));
	CHECK(says(text, "\nresult ok\n"));
	CHECK(says(text, "303133372D323436383031"));
	bench_clear(&bench, BENCH_DIRECT);
	desk_remove(&d);
}

static void a_wrong_command_line_is_told_apart(void)
{
	struct desk d;
	desk_make(&d);
	CHECK_INT(desk_ctl(&d, NULL, "card", "probe", "--aid", "A00", NULL), 2);
	CHECK_INT(desk_ctl(&d, NULL, "card", "probe", "--file", "011E", NULL), 2);
	CHECK(says(d.err, "--file needs --aid"));
	CHECK_INT(desk_ctl(&d, NULL, "card", "layout", "test", "one", NULL), 2);
	CHECK_INT(desk_ctl(&d, NULL, "card", NULL), 2);
	desk_remove(&d);
}

/* Its first line says that it waits; then the signal. */
static void ctrl_c_ends_the_wait(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GSubprocess) child = g_subprocess_new(G_SUBPROCESS_FLAGS_STDERR_PIPE, &error,
		g_getenv("MADOGUCHICTL"), "card", "read", NULL);
	CHECK(child != NULL);
	g_autoptr(GDataInputStream) err =
		g_data_input_stream_new(g_subprocess_get_stderr_pipe(child));
	g_autofree char *line = g_data_input_stream_read_line(err, NULL, NULL, NULL);
	CHECK(line && says(line, "lay the card on the reader"));
	gint64 began = g_get_monotonic_time();
	g_subprocess_send_signal(child, SIGINT);
	g_subprocess_wait(child, NULL, NULL);
	CHECK(g_subprocess_get_if_exited(child) && g_subprocess_get_exit_status(child) == 1);
	CHECK(g_get_monotonic_time() - began < 5 * G_TIME_SPAN_SECOND);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a probe finds systems, services and blocks",
			a_probe_finds_systems_services_and_blocks},
		{"a masked report holds nothing of the holder",
			a_masked_report_holds_nothing_of_the_holder},
		{"a report is never written over a file", a_report_is_never_written_over_a_file},
		{"a layout is tested against a masked report",
			a_layout_is_tested_against_a_masked_report},
		{"a layout is tested against the values", a_layout_is_tested_against_the_values},
		{"a broken layout file is named by line", a_broken_layout_file_is_named_by_line},
		{"a card that fits no layout fails the test",
			a_card_that_fits_no_layout_fails_the_test},
		{"a reading as JSON has everything", a_reading_as_json_has_everything},
		{"a failure as JSON has its problem", a_failure_as_json_has_its_problem},
		{"a MAC is checked with the keys of the desk",
			a_mac_is_checked_with_the_keys_of_the_desk},
		{"a card that proves too little is said to",
			a_card_that_proves_too_little_is_said_to},
		{"probe and readers speak JSON", probe_and_readers_speak_json},
		{"a conversation is written down, for us alone",
			a_conversation_is_written_down_for_us_alone},
		{"a wrong command line is told apart", a_wrong_command_line_is_told_apart},
		{"Ctrl-C ends the wait", ctrl_c_ends_the_wait},
	};
	int cannot = bench_start(&bench);
	if (cannot)
		return cannot;
	int status = CHECK_MAIN("ctl-cards", cases);
	bench_stop(&bench);
	return status;
}
