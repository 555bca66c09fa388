/* SPDX-License-Identifier: MIT
 *
 * crash_store.c - a process that files is killed or failed at every place; whatever
 * it had said before must be there.
 *
 *	crash_store random    SIGKILL at random moments (CRASH_SEED, CRASH_ROUNDS)
 *	crash_store killed    SIGKILL at each nth of each system call that writes
 *	crash_store failed    each nth of these calls answers with an error, once
 *	crash_store order     the log is synced between write and word
 *	crash_store child DIR KEY N    the process under test
 */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/record/store_private.h"
#include "tests/record/folder.h"

#define SKIP        77
#define NTH_MAX     400
#define CHILD_FILES 4

struct run {
	struct folder f;
	const char *self;
	guint64 kept, killed, failed; /* promises seen, runs that ended early */
	guint64 broken;               /* promises not kept */
};

static void complain(struct run *run, const char *what, const char *which)
{
	fprintf(stderr, "not kept: %s %s\n", what, which);
	run->broken++;
}

/* One write, so that a line is there whole or not at all. */
static void say(char what, const char *number)
{
	g_autofree char *line = g_strdup_printf("%c %s\n", what, number);
	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		_exit(3);
}

static void end_oldest(struct folder *f)
{
	g_autoptr(GArray) rows = requests_list(f->store, OUTBOX_QUEUED, 1, NULL);
	if (!rows || rows->len == 0)
		return;
	const char *number = g_array_index(rows, struct request_row, 0).number;
	if (requests_done(f->store, number, "M-1", NOON, NULL))
		say('D', number);
}

static int child(const char *dir, const char *key, int n)
{
	struct folder f = {.path = (char *)dir};
	guint erased = 0;
	f.keys = keyring_open(key, NULL);
	f.store = f.keys ? store_open(dir, f.keys, NULL) : NULL;
	if (!f.store)
		return 4;
	for (int i = 0; n == 0 || i < n; i++) {
		struct request_receipt r = {0};
		if (folder_file_request(&f, SAMPLE_ID, DAY + i / 3 % 3, &r, NULL))
			say('F', r.number);
		else
			say('X', "-");
		if (i % 2 == 1)
			end_oldest(&f);
		if (i % 4 == 3)
			requests_erase(f.store, NOON + 1, &erased, NULL);
	}
	store_free(f.store);
	keyring_free(f.keys);
	return 0;
}

static gint64 count_of(struct run *run, const char *sql, const char *number)
{
	AUTO(sqlite3_stmt) statement = store_query(run->f.store, sql, BIND(B_TEXT(number)), NULL);
	if (!statement || store_step(run->f.store, statement, NULL) != STORE_STEP_ROW)
		return -1;
	return sqlite3_column_int64(statement, 0);
}

static void check_line(struct run *run, const char *line)
{
	const char *number = line + 2;
	if (line[0] == 'F' || line[0] == 'D')
		run->kept++;
	if (line[0] == 'F' &&
		count_of(run, "SELECT count(*) FROM request WHERE number = ?", number) != 1)
		complain(run, "filed", number);
	if (line[0] == 'D' &&
		count_of(run,
			"SELECT count(*) FROM request r JOIN outbox o ON o.request = r.id"
			" WHERE o.state = 'done' AND r.number = ?",
			number) != 1)
		complain(run, "done", number);
}

/* Whatever has a wrap can be opened: no key went before its rows. */
static void check_open(struct run *run)
{
	AUTO(sqlite3_stmt)
	statement = store_query(run->f.store,
		"SELECT number FROM request WHERE id IN (SELECT request FROM wrap)", NULL, NULL);
	g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);
	while (store_step(run->f.store, statement, NULL) == STORE_STEP_ROW)
		g_ptr_array_add(numbers, g_strdup((const char *)sqlite3_column_text(statement, 0)));
	for (guint i = 0; i < numbers->len; i++) {
		g_autoptr(GBytes) envelope =
			requests_envelope(run->f.store, g_ptr_array_index(numbers, i), NULL);
		if (!envelope)
			complain(run, "can be opened", g_ptr_array_index(numbers, i));
	}
}

static void check_whole(struct run *run)
{
	guint64 size = 0;
	guint8 root[32];
	g_autoptr(GError) error = NULL;
	if (!requests_ledger(run->f.store, &size, root, &error))
		complain(run, "ledger", error->message);
	if (folder_number(&run->f, "SELECT count(*) FROM request") != (gint64)size ||
		folder_number(&run->f, "SELECT count(*) FROM outbox") != (gint64)size)
		complain(run, "one leaf and one outbox row", "for each request");
	if (folder_number(&run->f, "SELECT count(*) FROM request r LEFT JOIN wrap w"
				   " ON w.request = r.id"
				   " WHERE (r.envelope IS NULL) <> (w.wrapped IS NULL)") != 0)
		complain(run, "erased", "whole or not at all");
	check_open(run);
}

static void check_said(struct run *run, const char *said)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) lines = g_strsplit(said, "\n", -1);
	run->f.store = store_open(run->f.path, run->f.keys, &error);
	if (!run->f.store) {
		complain(run, "opens again", error->message);
		return;
	}
	for (int i = 0; lines[i]; i++)
		check_line(run, lines[i]);
	check_whole(run);
	/* And it goes on. */
	struct request_receipt r = {0};
	if (!folder_file_request(&run->f, SAMPLE_ID_2, DAY, &r, NULL))
		complain(run, "files again", "");
	folder_close(&run->f);
}

static void empty_folder(struct run *run)
{
	g_autoptr(GDir) dir = g_dir_open(run->f.path, 0, NULL);
	const char *name;
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = folder_file(&run->f, name);
		g_unlink(path);
	}
}

static char *read_all(GSubprocess *process)
{
	GInputStream *from = g_subprocess_get_stdout_pipe(process);
	GString *text = g_string_new(NULL);
	char part[4096];
	gssize n;
	while ((n = g_input_stream_read(from, part, sizeof part, NULL, NULL)) > 0)
		g_string_append_len(text, part, n);
	return g_string_free(text, FALSE);
}

/* NULL-terminated `before` stands before the child's own words. */
static GSubprocess *start(struct run *run, const char *const *before, int n)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	g_autofree char *count = g_strdup_printf("%d", n);
	g_autoptr(GError) error = NULL;
	for (int i = 0; before && before[i]; i++)
		g_ptr_array_add(words, (char *)before[i]);
	const char *const own[] = {run->self, "child", run->f.path, run->f.key_path, count, NULL};
	for (gsize i = 0; i < G_N_ELEMENTS(own); i++)
		g_ptr_array_add(words, (char *)own[i]);
	GSubprocess *process = g_subprocess_newv((const char *const *)words->pdata,
		G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
	if (!process)
		g_error("%s", error->message);
	return process;
}

static void one_random(struct run *run, GRand *rand, guint round)
{
	/* Start-up and creation now and then, the steady state mostly. */
	if (round % 5 == 0)
		empty_folder(run);
	g_autoptr(GSubprocess) process = start(run, NULL, 0);
	g_usleep((gulong)g_rand_int_range(rand, 0, 60000));
	g_subprocess_force_exit(process);
	g_autofree char *said = read_all(process);
	g_subprocess_wait(process, NULL, NULL);
	run->killed++;
	check_said(run, said);
}

static guint number_of(const char *variable, guint otherwise)
{
	const char *text = g_getenv(variable);
	return text ? (guint)strtoul(text, NULL, 10) : otherwise;
}

static int do_random(struct run *run)
{
	guint seed = number_of("CRASH_SEED", (guint)g_get_real_time());
	guint rounds = number_of("CRASH_ROUNDS", 100);
	GRand *rand = g_rand_new_with_seed(seed);
	printf("CRASH_SEED=%u\n", seed);
	for (guint i = 0; i < rounds; i++)
		one_random(run, rand, i);
	g_rand_free(rand);
	return run->kept > 0;
}

static const char *const calls[] = {"pwrite64", "fdatasync", "fsync", "ftruncate", "openat",
	"unlink", "unlinkat", "fallocate", "fchmod", "flock", "write", "close"};

static gboolean no_strace(void)
{
	g_autofree char *found = g_find_program_in_path("strace");
	if (!found)
		puts("skipped: strace is not installed");
	return !found;
}

/* TRUE: the call was met and the child ended by it. */
static gboolean one_injected(struct run *run, const char *call, const char *what, guint nth)
{
	g_autofree char *trace = g_strdup_printf("trace=%s", call);
	g_autofree char *inject = g_strdup_printf("inject=%s:%s:when=%u", call, what, nth);
	const char *strace[] = {
		"strace", "-qq", "-o", "/dev/null", "-e", trace, "-e", inject, NULL};
	empty_folder(run);
	g_autoptr(GSubprocess) process = start(run, strace, CHILD_FILES);
	g_autofree char *said = read_all(process);
	g_subprocess_wait(process, NULL, NULL);
	check_said(run, said);
	gboolean whole =
		g_subprocess_get_if_exited(process) && g_subprocess_get_exit_status(process) == 0;
	if (!whole || strchr(said, 'X'))
		run->killed++;
	return !whole || strchr(said, 'X');
}

/* A child killed at the nth call is a state of its own; past the last one nobody dies. */
static int do_killed(struct run *run)
{
	if (no_strace())
		return SKIP;
	for (gsize i = 0; i < G_N_ELEMENTS(calls); i++) {
		guint nth = 1;
		while (nth < NTH_MAX && one_injected(run, calls[i], "signal=KILL", nth))
			nth++;
		printf("%s: killed at %u states\n", calls[i], nth - 1);
	}
	return run->killed > 0;
}

static guint calls_made(struct run *run, const char *call)
{
	g_autofree char *trace = g_strdup_printf("trace=%s", call);
	g_autofree char *file = g_strconcat(run->f.key_path, ".trace", NULL), *text = NULL;
	const char *strace[] = {
		"strace", "-qq", "-o", file, "-e", trace, "-e", "signal=none", NULL};
	empty_folder(run);
	g_autoptr(GSubprocess) process = start(run, strace, CHILD_FILES);
	g_autofree char *said = read_all(process);
	g_subprocess_wait(process, NULL, NULL);
	g_file_get_contents(file, &text, NULL, NULL);
	g_unlink(file);
	guint n = 0;
	for (const char *at = text; at && (at = strchr(at, '\n')); at++)
		n++;
	return n;
}

static int do_failed(struct run *run)
{
	static const struct {
		const char *call, *what;
	} faults[] = {
		{"fdatasync", "error=EIO"},
		{"fsync", "error=EIO"},
		{"pwrite64", "error=EIO"},
		{"pwrite64", "error=ENOSPC"},
		{"ftruncate", "error=EIO"},
		{"fallocate", "error=ENOSPC"},
	};
	if (no_strace())
		return SKIP;
	for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
		guint n = calls_made(run, faults[i].call), refused = 0;
		for (guint nth = 1; nth <= n; nth++)
			refused += one_injected(run, faults[i].call, faults[i].what, nth);
		printf("%s %s: %u places, %u of them refused something\n", faults[i].call,
			faults[i].what, n, refused);
	}
	return run->killed > 0;
}

struct order {
	gboolean wrote, dirty, synced; /* the log, since the last word */
	guint words;
};

static void take_call(struct run *run, struct order *o, const char *line)
{
	gboolean log = strstr(line, STORE_DATABASE "-wal>") != NULL;
	if (log && g_str_has_prefix(line, "pwrite64("))
		o->wrote = o->dirty = TRUE;
	if (log && g_str_has_prefix(line, "fdatasync(") && g_str_has_suffix(line, "= 0")) {
		o->synced = o->synced || o->dirty;
		o->dirty = FALSE;
	}
	if (!g_str_has_prefix(line, "write(1<") || !strstr(line, "\"F "))
		return;
	if (!o->wrote || !o->synced || o->dirty)
		complain(run, "written and synced before", line);
	*o = (struct order){.words = o->words + 1};
}

static int do_order(struct run *run)
{
	g_autofree char *file = g_strconcat(run->f.key_path, ".trace", NULL), *text = NULL;
	const char *strace[] = {"strace", "-qq", "-y", "-o", file, "-e",
		"trace=pwrite64,fdatasync,write", "-e", "signal=none", NULL};
	struct order order = {0};
	if (no_strace())
		return SKIP;
	g_autoptr(GSubprocess) process = start(run, strace, 20);
	g_autofree char *said = read_all(process);
	g_subprocess_wait(process, NULL, NULL);
	g_file_get_contents(file, &text, NULL, NULL);
	g_unlink(file);
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
	for (int i = 0; lines[i]; i++)
		take_call(run, &order, g_strchomp(lines[i]));
	check_said(run, said);
	printf("%u words, each after its log was synced\n", order.words);
	return order.words == 20;
}

static int with_folder(const char *self, int (*what)(struct run *run))
{
	struct run run = {.self = self};
	folder_make(&run.f);
	folder_close(&run.f);
	empty_folder(&run);
	int done = what(&run);
	printf("%" G_GUINT64_FORMAT " promises seen, %" G_GUINT64_FORMAT
	       " runs ended early or refused, %" G_GUINT64_FORMAT " promises broken\n",
		run.kept, run.killed, run.broken);
	folder_remove(&run.f);
	if (done == SKIP)
		return SKIP;
	return done && run.broken == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(struct run *run);
	} modes[] = {
		{"random", do_random},
		{"killed", do_killed},
		{"failed", do_failed},
		{"order", do_order},
	};
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 5 && strcmp(argv[1], "child") == 0)
		return child(argv[2], argv[3], atoi(argv[4]));
	for (gsize i = 0; argc == 2 && i < G_N_ELEMENTS(modes); i++)
		if (strcmp(argv[1], modes[i].name) == 0)
			return with_folder(self, modes[i].run);
	fprintf(stderr, "usage: crash_store random|killed|failed|order\n");
	return 2;
}
