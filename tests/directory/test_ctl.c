/* SPDX-License-Identifier: MIT
 *
 * test_ctl.c - every verb of madoguchictl, called well and badly.
 */
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <pty.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/record/requests.h"
#include "tests/check.h"
#include "tests/directory/desk.h"

#define NOBODY 65534

static const char *const verbs[][4] = {{"key", "create", NULL}, {"directory", "import", NULL},
	{"directory", "export", NULL}, {"directory", "keygen", NULL}, {"directory", "check", NULL},
	{"directory", "age", NULL}, {"directory", "lookup", NULL}, {"clerk", "add", NULL},
	{"clerk", "list", NULL}, {"clerk", "remove", NULL}, {"status", NULL, NULL},
	{"card", "readers", NULL}, {"card", "read", NULL}, {"card", "probe", NULL},
	{"card", "layout", "test", NULL}, {"queue", "list", NULL}, {"queue", "cancel", NULL},
	{"config", "check", NULL}};

/* A failure is one line on standard error, named by the program. */
static void check_cause(const struct desk *d, const char *part)
{
	const char *end = strchr(d->err, '\n');
	gboolean ok = g_str_has_prefix(d->err, "madoguchictl") && end && end[1] == '\0' &&
		      strstr(d->err, part);
	if (!ok)
		fprintf(stderr, "said \"%s\", without \"%s\"\n", d->err, part);
	CHECK(ok);
}

static gboolean says(const char *text, const char *part)
{
	if (!strstr(text, part))
		fprintf(stderr, "\"%s\" is without \"%s\"\n", text, part);
	return strstr(text, part) != NULL;
}

static void help_names_every_verb(void)
{
	struct desk d;
	desk_make(&d);
	CHECK_INT(desk_run(&d, NULL, "--help", NULL), 0);
	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
		g_autofree char *words = g_strjoinv(" ", (char **)verbs[i]);
		CHECK(says(d.out, words));
	}
	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
		const char *words[4] = {"--help", NULL, NULL, NULL};
		for (int n = 0; n < 3 && verbs[i][n]; n++) {
			words[n] = verbs[i][n];
			words[n + 1] = "--help";
		}
		CHECK_INT(desk_run(&d, NULL, words[0], words[1], words[2], words[3], NULL), 0);
		CHECK(says(d.out, verbs[i][0]));
	}
	CHECK_INT(desk_run(&d, NULL, "--version", NULL), 0);
	CHECK(g_str_has_prefix(d.out, "madoguchictl "));
	desk_remove(&d);
}

static void a_wrong_call_is_2_and_one_line(void)
{
	struct desk d;
	desk_make(&d);
	CHECK_INT(desk_run(&d, NULL, NULL), 2);
	check_cause(&d, "a verb is expected");
	CHECK_INT(desk_run(&d, NULL, "sing", NULL), 2);
	check_cause(&d, "no verb \"sing\"");
	CHECK_INT(desk_run(&d, NULL, "clerk", NULL), 2);
	CHECK_INT(desk_run(&d, NULL, "clerk", "promote", NULL), 2);
	check_cause(&d, "no verb \"clerk promote\"");
	CHECK_INT(desk_run(&d, NULL, "--colour", "status", NULL), 2);
	check_cause(&d, "--colour");
	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
		const char *second = verbs[i][1] ? verbs[i][1] : "a";
		const char *third = verbs[i][1] && verbs[i][2] ? verbs[i][2] : "b";
		CHECK_INT(desk_ctl(&d, NULL, verbs[i][0], second, third, "c", "d", "e", NULL), 2);
		check_cause(&d, "too many arguments");
		second = verbs[i][1] ? verbs[i][1] : "--colour";
		third = verbs[i][1] && verbs[i][2] ? verbs[i][2] : "--colour";
		CHECK_INT(desk_ctl(&d, NULL, verbs[i][0], second, third, "--colour", NULL), 2);
		check_cause(&d, "--colour");
	}
	desk_remove(&d);
}

static void a_key_is_made_once(void)
{
	struct desk d;
	struct stat st;
	g_autofree char *before = NULL, *after = NULL;
	gsize n = 0, m = 0;
	desk_make(&d);
	g_autofree char *key = desk_file(&d, "master.key");
	CHECK_INT(desk_ctl(&d, NULL, "key", "create", NULL), 0);
	CHECK(says(d.out, key));
	CHECK_INT(stat(key, &st), 0);
	CHECK_INT(st.st_mode & 0777, 0600);
	CHECK(g_file_get_contents(key, &before, &n, NULL));
	CHECK_INT(desk_ctl(&d, NULL, "key", "create", NULL), 1);
	check_cause(&d, "master.key");
	CHECK(g_file_get_contents(key, &after, &m, NULL));
	CHECK(n == 32 && m == 32 && memcmp(before, after, 32) == 0);
	CHECK_INT(desk_run(&d, NULL, "--data", "/nonexistent/data", "key", "create", NULL), 1);
	check_cause(&d, "/nonexistent/data: No such file or directory");
	desk_remove(&d);
}

static void an_import_says_how_many_and_how_old(void)
{
	struct desk d;
	desk_make(&d);
	CHECK_INT(desk_ctl(&d, NULL, "directory", "import", SAMPLE_CSV, NULL), 1);
	check_cause(&d, "madoguchictl key create");
	CHECK_INT(desk_ctl(&d, NULL, "key", "create", NULL), 0);
	CHECK_INT(desk_ctl(&d, NULL, "directory", "age", NULL), 1);
	check_cause(&d, "directory.db: No such file or directory");
	CHECK_INT(desk_ctl(&d, NULL, "directory", "import", SAMPLE_CSV, "--as-of", "2026-01-02",
			  NULL),
		0);
	CHECK_STR(d.out, "33 accounts, as of 2026-01-02 00:00\n");
	CHECK_INT(desk_ctl(&d, NULL, "directory", "import", SAMPLE_CSV, "--as-of",
			  "2026-01-02T06:07", NULL),
		0);
	CHECK_INT(desk_ctl(&d, NULL, "directory", "age", NULL), 0);
	CHECK(g_str_has_prefix(d.out, "as of 2026-01-02 06:07, "));
	CHECK(says(d.out, " hours ago, 33 accounts\n"));
	CHECK_INT(desk_ctl(&d, NULL, "directory", "age", "--json", NULL), 0);
	CHECK(says(d.out, "\"accounts\":33"));
	CHECK(says(d.out, "\"as-of\":1767301620"));
	desk_remove(&d);
}

static void a_bad_import_is_refused_and_named(void)
{
	struct desk d;
	desk_furnish(&d);
	g_autofree char *bad = desk_file(&d, "bad.csv");
	CHECK(g_file_set_contents(
		bad, "common_id,status\n0000000001,active\n1,active\n", -1, NULL));
	CHECK_INT(desk_ctl(&d, NULL, "directory", "import", bad, NULL), 1);
	check_cause(&d, "bad.csv:3: common_id: expected 10 digits");
	CHECK_INT(desk_ctl(&d, NULL, "directory", "import", "/nonexistent.csv", NULL), 1);
	check_cause(&d, "/nonexistent.csv: No such file or directory");
	CHECK_INT(desk_ctl(&d, NULL, "directory", "import", NULL), 2);
	check_cause(&d, "an argument is missing");
	CHECK_INT(desk_ctl(&d, NULL, "directory", "import", bad, "--as-of", "yesterday", NULL), 2);
	check_cause(&d, "expected a date YYYY-MM-DD");
	CHECK_INT(desk_ctl(&d, NULL, "directory", "import", bad, "--as-of", "2199-01-01", NULL), 2);
	check_cause(&d, "yet to come");
	CHECK_INT(desk_ctl(&d, NULL, "directory", "lookup", "37-246801", NULL), 0);
	desk_remove(&d);
}

static void a_number_leads_to_its_account(void)
{
	struct desk d;
	desk_furnish(&d);
	CHECK_INT(desk_ctl(&d, NULL, "directory", "lookup", "37-235577", NULL), 0);
	CHECK(says(d.out, "student-number: one\n  1732050807, 森 四季, Shiki Mori\n"));
	CHECK(says(d.out, "card student-number 37-235577, reissue 1, expires 20990331, valid"));
	CHECK_INT(desk_ctl(&d, NULL, "directory", "lookup", "3316624790", "--json", NULL), 0);
	CHECK(says(d.out, "\"linked\":[\"3605551275\"]"));
	CHECK(says(d.out, "\"answer\":\"one\""));
	CHECK_INT(desk_ctl(&d, NULL, "directory", "lookup", "37-200000", NULL), 1);
	CHECK_STR(d.out, "");
	check_cause(&d, "not exactly one account");
	CHECK_INT(desk_ctl(&d, NULL, "directory", "lookup", "1", "--kind", "shoe-size", NULL), 1);
	CHECK_STR(d.out, "shoe-size: unmapped\n");
	CHECK_INT(desk_ctl(&d, NULL, "directory", "lookup", NULL), 2);
	desk_remove(&d);
}

static void a_clerk_is_added_listed_and_removed(void)
{
	struct desk d;
	desk_furnish(&d);
	CHECK_INT(desk_ctl(&d, NULL, "clerk", "list", NULL), 0);
	CHECK_STR(d.out, "");
	CHECK_INT(desk_add_clerk(&d, "246810"), 0);
	CHECK_INT(desk_ctl(&d, NULL, "clerk", "list", NULL), 0);
	CHECK_STR(d.out, "5772156649  eng  窓口 A\n");
	CHECK_INT(desk_ctl(&d, NULL, "clerk", "list", "--json", NULL), 0);
	CHECK_STR(d.out, "[[\"5772156649\",\"窓口 A\",\"eng\"]]\n");
	CHECK_INT(desk_add_clerk(&d, "13579011"), 0);
	CHECK_INT(desk_ctl(&d, NULL, "clerk", "list", NULL), 0);
	CHECK_STR(d.out, "5772156649  eng  窓口 A\n");
	CHECK_INT(desk_ctl(&d, NULL, "clerk", "remove", "5772156649", NULL), 0);
	CHECK_INT(desk_ctl(&d, NULL, "clerk", "list", NULL), 0);
	CHECK_STR(d.out, "");
	CHECK_INT(desk_ctl(&d, NULL, "clerk", "remove", "5772156649", NULL), 1);
	CHECK_INT(desk_ctl(&d, NULL, "clerk", "remove", NULL), 2);
	desk_remove(&d);
}

static void a_bad_clerk_is_refused_before_anything_is_opened(void)
{
	static const struct {
		const char *id, *label, *unit, *card, *pin, *cause;
		int status;
	} rows[] = {
		{"577215664", "A", "eng", "k:1", "246810", "--id is a common id", 2},
		{"57721566499", "A", "eng", "k:1", "246810", "--id is a common id", 2},
		{"5772156649", "", "eng", "k:1", "246810", "--label is a text", 2},
		{"5772156649", "A", "", "k:1", "246810", "--unit is an office", 2},
		{"5772156649", "A", "eng", "0090001", "246810", "--card is KIND:NUMBER", 2},
		{"5772156649", "A", "eng", ":1", "246810", "--card is KIND:NUMBER", 2},
		{"5772156649", "A", "eng", "k:", "246810", "--card is KIND:NUMBER", 2},
		{"5772156649", "A", "eng", "k:1", "24681", "6 to 32 digits", 2},
		{"5772156649", "A", "eng", "k:1", "24681a", "6 to 32 digits", 2},
		{"5772156649", "A", "eng", "k:1", "", "expected the PIN on standard input", 2},
		{"5772156649", "A", "eng", "k:1", "246810246810246810246810246810246", "PIN", 2},
		{"5772156649", "A", "nowhere", "k:1", "246810", "no office \"nowhere\"", 1},
	};
	struct desk d;
	desk_furnish(&d);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		CHECK_INT(desk_ctl(&d, rows[i].pin, "clerk", "add", "--id", rows[i].id, "--label",
				  rows[i].label, "--unit", rows[i].unit, "--card", rows[i].card,
				  NULL),
			rows[i].status);
		check_cause(&d, rows[i].cause);
		CHECK(rows[i].pin[0] == '\0' || !strstr(d.err, rows[i].pin));
	}
	CHECK_INT(desk_ctl(&d, "246810\n", "clerk", "add", "--id", "5772156649", NULL), 2);
	check_cause(&d, "--id, --label, --unit and --card are needed");
	CHECK_INT(desk_ctl(&d, "", "clerk", "add", "--pin", "246810", NULL), 2);
	CHECK_INT(desk_ctl(&d, NULL, "clerk", "list", NULL), 0);
	CHECK_STR(d.out, "");
	desk_remove(&d);
}

/* Read from the terminal until `mark` came; what was shown is added to `seen`. */
static gboolean read_until(int fd, GString *seen, const char *mark)
{
	char piece[256];
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	while (!mark || !strstr(seen->str, mark)) {
		ssize_t n = poll(&wait, 1, 10000) == 1 ? read(fd, piece, sizeof piece) : -1;
		if (n <= 0)
			return FALSE;
		g_string_append_len(seen, piece, n);
	}
	return TRUE;
}

/* Type the two PINs at a terminal; the exit status, and all that was to be seen. */
static int type_pins(const struct desk *d, const char *first, const char *second, GString *seen)
{
	int terminal = -1, status = -1;
	g_string_truncate(seen, 0);
	pid_t pid = forkpty(&terminal, NULL, NULL, NULL);
	if (pid == 0) {
		execl(g_getenv("MADOGUCHICTL"), "madoguchictl", "--data", d->path, "clerk", "add",
			"--id", "5772156649", "--label", "A", "--unit", "eng", "--card",
			"staff-number:0090001", NULL);
		_exit(127);
	}
	CHECK(read_until(terminal, seen, "PIN: "));
	CHECK_INT(write(terminal, first, strlen(first)), strlen(first));
	if (read_until(terminal, seen, "PIN again: "))
		CHECK_INT(write(terminal, second, strlen(second)), strlen(second));
	read_until(terminal, seen, NULL);
	/* One that still waits is ended by its terminal going away. */
	close(terminal);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_pin_typed_at_a_terminal_is_not_shown(void)
{
	struct desk d;
	g_autoptr(GString) seen = g_string_new(NULL);
	desk_furnish(&d);
	CHECK_INT(type_pins(&d, "246810\n", "246811\n", seen), 2);
	CHECK(says(seen->str, "the two PINs are not the same"));
	CHECK(!strstr(seen->str, "2468"));
	CHECK_INT(type_pins(&d,
			  "24\x03"
			  "6810\n",
			  "24\x03"
			  "6810\n",
			  seen),
		2);
	CHECK(says(seen->str, "6 to 32 digits"));
	CHECK_INT(type_pins(&d, "246810\n", "246810\n", seen), 0);
	CHECK(!strstr(seen->str, "2468"));
	CHECK_INT(desk_ctl(&d, NULL, "clerk", "list", NULL), 0);
	CHECK_STR(d.out, "5772156649  eng  A\n");
	desk_remove(&d);
}

/* One request, filed as the service would. */
static void file_request(const struct desk *d, char ret_number[REQUEST_NUMBER_SIZE])
{
	g_autoptr(GError) error = NULL;
	g_autofree char *key = desk_file(d, "master.key");
	AUTO(keyring) keys = keyring_open(key, &error);
	AUTO(store) store = store_open(d->path, keys, &error);
	g_assert_no_error(error);
	g_autoptr(GBytes) payload = g_bytes_new_static("{}", 2);
	const struct request_filing filing = {.desk = "ENG1",
		.common_id = "3141592653",
		.date = 20261122,
		.now = 1795316400,
		.payload = payload,
		.evidence = payload};
	struct request_receipt receipt;
	CHECK(requests_file(store, &filing, &receipt, &error));
	g_assert_no_error(error);
	g_strlcpy(ret_number, receipt.number, REQUEST_NUMBER_SIZE);
}

static void a_request_is_listed_and_cancelled(void)
{
	struct desk d;
	char number[REQUEST_NUMBER_SIZE];
	desk_furnish(&d);
	CHECK_INT(desk_ctl(&d, NULL, "queue", "list", NULL), 0);
	CHECK_STR(d.out, "");
	file_request(&d, number);
	CHECK_INT(desk_ctl(&d, NULL, "queue", "list", NULL), 0);
	g_autofree char *queued = g_strdup_printf("%s  2026-11-22 12:00  queued\n", number);
	CHECK_STR(d.out, queued);
	CHECK_INT(desk_ctl(&d, NULL, "queue", "cancel", number, NULL), 2);
	check_cause(&d, "--reason is needed");
	CHECK_INT(desk_ctl(&d, NULL, "queue", "cancel", "ENG1-1", "--reason", "test", NULL), 2);
	check_cause(&d, "not a request number");
	CHECK_INT(desk_ctl(&d, NULL, "queue", "cancel", number, "--reason", "Bad Words", NULL), 1);
	CHECK_INT(desk_ctl(&d, NULL, "queue", "cancel", number, "--reason", "test", NULL), 0);
	CHECK_INT(desk_ctl(&d, NULL, "queue", "list", "--json", NULL), 0);
	CHECK(says(d.out, "\"cancelled\""));
	CHECK_INT(desk_ctl(&d, NULL, "queue", "cancel", number, "--reason", "test", NULL), 1);
	desk_remove(&d);
}

static void a_stopped_service_is_named(void)
{
	struct desk d;
	desk_make(&d);
	CHECK_INT(desk_ctl(&d, NULL, "status", NULL), 1);
	check_cause(&d, "the service is not running");
	CHECK_INT(desk_ctl(&d, NULL, "card", "readers", NULL), 1);
	check_cause(&d, "pcscd is not running");
	CHECK_INT(desk_ctl(&d, NULL, "card", "read", NULL), 1);
	check_cause(&d, "pcscd is not running");
	desk_remove(&d);
}

static void a_folder_in_use_is_left_alone(void)
{
	struct desk d;
	desk_furnish(&d);
	g_autofree char *key = desk_file(&d, "master.key");
	AUTO(keyring) keys = keyring_open(key, NULL);
	AUTO(store) store = store_open(d.path, keys, NULL);
	CHECK(store != NULL);
	CHECK_INT(desk_add_clerk(&d, "246810"), 1);
	check_cause(&d, "in use by another process");
	CHECK_INT(desk_ctl(&d, NULL, "queue", "list", NULL), 1);
	/* The snapshot is a file of its own: nobody waits for anybody. */
	CHECK_INT(desk_ctl(&d, NULL, "directory", "import", SAMPLE_CSV, NULL), 0);
	desk_remove(&d);
}

static void a_configuration_is_checked_in_all_its_files(void)
{
	struct desk d;
	desk_furnish(&d);
	CHECK_INT(desk_ctl(&d, NULL, "config", "check", NULL), 0);
	CHECK(says(d.out, "desk: ENG1\n"));
	CHECK(says(d.out, "layout: fcf (FeliCa, 2 steps)\n"));
	CHECK(says(d.out, "directory: 33 accounts as of "));
	CHECK_STR(d.err, "");
	g_autofree char *config = desk_file(&d, "desk.conf");
	CHECK(g_file_set_contents(config, "[counter]\n\ndesk=too long\n", -1, NULL));
	CHECK_INT(desk_ctl(&d, NULL, "--config", config, "config", "check", NULL), 1);
	check_cause(&d, "desk.conf:3");
	g_autofree char *incidents = desk_file(&d, "incidents");
	g_autofree char *first = desk_file(&d, "incidents/a.incident");
	g_autofree char *second = desk_file(&d, "incidents/b.incident");
	CHECK_INT(g_mkdir(incidents, 0750), 0);
	CHECK(g_file_set_contents(first, "nonsense\n", -1, NULL));
	CHECK(g_file_set_contents(second, "[incident]\nx=\n", -1, NULL));
	CHECK_INT(desk_ctl(&d, NULL, "config", "check", NULL), 1);
	CHECK(says(d.err, "a.incident:1") && says(d.err, "b.incident:"));
	CHECK(says(d.out, "directory: 33 accounts"));
	desk_remove(&d);
}

static void an_empty_folder_fails_the_check(void)
{
	struct desk d;
	desk_make(&d);
	CHECK_INT(desk_ctl(&d, NULL, "config", "check", NULL), 1);
	check_cause(&d, "madoguchictl key create");
	CHECK_INT(desk_ctl(&d, NULL, "key", "create", NULL), 0);
	CHECK_INT(desk_ctl(&d, NULL, "config", "check", NULL), 1);
	check_cause(&d, "directory.db: No such file or directory");
	CHECK_INT(desk_run(&d, NULL, "--data", "/nonexistent", "config", "check", NULL), 1);
	check_cause(&d, "/nonexistent: No such file or directory");
	desk_remove(&d);
}

static void everything_root_makes_belongs_to_the_folders_owner(void)
{
	struct desk d;
	const char *name;
	desk_make(&d);
	if (geteuid() != 0) {
		printf(" (needs root: left out) ");
		desk_remove(&d);
		return;
	}
	CHECK_INT(chown(d.path, NOBODY, NOBODY), 0);
	CHECK_INT(desk_ctl(&d, NULL, "key", "create", NULL), 0);
	/* Read where its new self may. */
	g_autofree char *sample = desk_file(&d, "sample.csv");
	g_autofree char *text = NULL;
	CHECK(g_file_get_contents(SAMPLE_CSV, &text, NULL, NULL));
	CHECK(g_file_set_contents_full(sample, text, -1, 0, 0644, NULL));
	CHECK_INT(desk_ctl(&d, NULL, "directory", "import", sample, NULL), 0);
	CHECK_INT(g_chmod(sample, 0600), 0);
	CHECK_INT(desk_ctl(&d, NULL, "directory", "import", sample, NULL), 1);
	check_cause(&d, "sample.csv: Permission denied");
	CHECK_INT(g_unlink(sample), 0);
	CHECK_INT(desk_add_clerk(&d, "246810"), 0);
	g_autoptr(GDir) dir = g_dir_open(d.path, 0, NULL);
	while ((name = g_dir_read_name(dir))) {
		struct stat st;
		g_autofree char *path = desk_file(&d, name);
		CHECK_INT(stat(path, &st), 0);
		CHECK_INT(st.st_uid, NOBODY);
		CHECK_INT(st.st_gid, NOBODY);
	}
	desk_remove(&d);
}

static void verbs_go_through_a_running_service(void)
{
	struct desk d;
	char number[REQUEST_NUMBER_SIZE];
	desk_furnish(&d);
	file_request(&d, number);
	desk_start(&d);
	CHECK(says(d.out, "state: "));
	CHECK(says(d.out, "version: "));
	CHECK_INT(desk_ctl(&d, NULL, "status", "--json", NULL), 0);
	CHECK(says(d.out, "\"pending\":1"));
	CHECK_INT(desk_add_clerk(&d, "246810"), 0);
	CHECK_INT(desk_ctl(&d, NULL, "clerk", "list", NULL), 0);
	CHECK_STR(d.out, "5772156649  eng  窓口 A\n");
	CHECK_INT(desk_ctl(&d, NULL, "queue", "list", NULL), 0);
	CHECK(g_str_has_prefix(d.out, number));
	CHECK_INT(desk_ctl(&d, NULL, "queue", "cancel", number, "--reason", "Bad Words", NULL), 1);
	check_cause(&d, "not a reason code");
	CHECK(!strstr(d.err, "GDBus"));
	CHECK_INT(desk_ctl(&d, NULL, "queue", "cancel", number, "--reason", "test", NULL), 0);
	CHECK_INT(desk_ctl(&d, NULL, "queue", "list", NULL), 0);
	CHECK(says(d.out, "cancelled"));
	CHECK_INT(desk_ctl(&d, NULL, "clerk", "remove", "5772156649", NULL), 0);
	CHECK_INT(desk_ctl(&d, NULL, "clerk", "remove", "5772156649", NULL), 1);
	CHECK_INT(desk_ctl(&d, NULL, "directory", "import", SAMPLE_CSV, NULL), 0);
	desk_remove(&d);
}

/* A socket that takes no greeting must not hang the caller. */
static void a_mute_socket_is_given_up(void)
{
	struct desk d;
	g_autoptr(GError) error = NULL;
	desk_furnish(&d);
	g_autofree char *path = desk_file(&d, "counter.sock");
	g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
	g_autoptr(GSocket) socket = g_socket_new(
		G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
	CHECK(g_socket_bind(socket, address, FALSE, &error) && g_socket_listen(socket, &error));
	CHECK_INT(desk_ctl(&d, NULL, "status", NULL), 1);
	check_cause(&d, "the service does not let us in");
	/* Left behind by a killed service: nobody listens any more. */
	g_socket_close(socket, NULL);
	CHECK_INT(desk_add_clerk(&d, "246810"), 0);
	desk_remove(&d);
}

/* Where each of these system calls stands in the trace; -1: it does not. */
static gssize call_after(const char *trace, gssize from, const char *call, const char *about)
{
	const char *at = trace + MAX(from, 0);
	while ((at = strstr(at, call))) {
		const char *end = strchr(at, '\n');
		const char *found = strstr(at, about);
		if (end && found && found < end)
			return end - trace;
		at += strlen(call);
	}
	return -1;
}

/* kill -9 keeps the page cache; the order of the calls is what power loss tests. */
static void an_import_is_on_the_disk_before_it_has_its_name(void)
{
	struct desk d;
	g_autofree char *trace = NULL;
	desk_furnish(&d);
	g_autofree char *log = desk_file(&d, "trace");
	const char *argv[] = {"strace", "-f", "-y", "-o", log, "-e",
		"trace=fsync,fdatasync,rename,renameat,renameat2", g_getenv("MADOGUCHICTL"),
		"--data", d.path, "directory", "import", SAMPLE_CSV, NULL};
	g_autofree char *strace = g_find_program_in_path("strace");
	if (!strace || desk_spawn(&d, NULL, argv) != 0 ||
		!g_file_get_contents(log, &trace, NULL, NULL)) {
		printf(" (strace cannot trace here: left out) ");
		desk_remove(&d);
		return;
	}
	g_autofree char *folder = g_strconcat(d.path, ">", NULL);
	gssize synced = call_after(trace, 0, "fsync(", "directory.db.new");
	gssize renamed = call_after(trace, synced, "rename", "directory.db.new");
	CHECK(synced > 0);
	CHECK(renamed > synced);
	CHECK(call_after(trace, renamed, "fsync(", folder) > renamed);
	desk_remove(&d);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"help names every verb", help_names_every_verb},
		{"a wrong call is 2 and one line", a_wrong_call_is_2_and_one_line},
		{"a key is made once", a_key_is_made_once},
		{"an import says how many and how old", an_import_says_how_many_and_how_old},
		{"a bad import is refused and named", a_bad_import_is_refused_and_named},
		{"a number leads to its account", a_number_leads_to_its_account},
		{"a clerk is added, listed and removed", a_clerk_is_added_listed_and_removed},
		{"a bad clerk is refused before anything is opened",
			a_bad_clerk_is_refused_before_anything_is_opened},
		{"a PIN typed at a terminal is not shown", a_pin_typed_at_a_terminal_is_not_shown},
		{"a request is listed and cancelled", a_request_is_listed_and_cancelled},
		{"a stopped service is named", a_stopped_service_is_named},
		{"a folder in use is left alone", a_folder_in_use_is_left_alone},
		{"a configuration is checked in all its files",
			a_configuration_is_checked_in_all_its_files},
		{"an empty folder fails the check", an_empty_folder_fails_the_check},
		{"everything root makes belongs to the folder's owner",
			everything_root_makes_belongs_to_the_folders_owner},
		{"verbs go through a running service", verbs_go_through_a_running_service},
		{"a mute socket is given up", a_mute_socket_is_given_up},
		{"an import is on the disk before it has its name",
			an_import_is_on_the_disk_before_it_has_its_name},
	};
	g_unsetenv("PCSCLITE_CSOCK_NAME");
	return CHECK_MAIN("ctl", cases);
}
