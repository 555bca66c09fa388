/* SPDX-License-Identifier: MIT
 *
 * test_snapshot.c - what the snapshot answers, and that it is whole or the old one.
 */
#include "kiosk/directory/snapshot.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/directory/world.h"

#define SAMPLES SOURCE_ROOT "/assets/samples/"
#define KILLS   10
#define ROWS    20000 /* a file that takes long enough to be killed in */

static const char two_persons[] = HEADER "0000000001,,One,active,,,,k,1,,,,,,,\n"
					 "0000000002,,Two,active,,,,k,2,,,,,,,\n"
					 "0000000003,,Three,active,,,,k,2,,,,,,,\n";

static void import_sample(const struct world *w, const char *path)
{
	g_autofree char *why = world_import_file(w, path);
	CHECK_STR(why ? why : "", "");
}

static void import_text(const struct world *w, const char *text)
{
	g_autofree char *why = world_import(w, "d.csv", text);
	CHECK_STR(why ? why : "", "");
}

static void one_account_is_found_by_every_number_of_it(void)
{
	static const char *const keys[][2] = {
		{"common-id", "1732050807"}, {"student-number", "37-235577"}};
	struct world w;
	world_make(&w);
	import_sample(&w, SAMPLES "directory.csv");
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		struct directory_result r;
		CHECK_INT(world_ask_fresh(&w, keys[i][0], keys[i][1], &r), DIRECTORY_ONE);
		CHECK_STR(r.person.name_ja, "森 四季");
		CHECK_STR(r.person.name_en, "Shiki Mori");
		CHECK_INT(r.person.n_cards, 2);
		CHECK_INT(r.person.cards[1].reissue, 1);
		CHECK_STR(r.source, "snapshot");
		CHECK_INT(r.as_of, AS_OF);
	}
	world_remove(&w);
}

static void nobody_several_and_an_unmapped_kind_are_told_apart(void)
{
	struct world w;
	world_make(&w);
	import_text(&w, two_persons);
	CHECK_INT(world_ask_fresh(&w, "k", "1", NULL), DIRECTORY_ONE);
	CHECK_INT(world_ask_fresh(&w, "k", "2", NULL), DIRECTORY_SEVERAL);
	CHECK_INT(world_ask_fresh(&w, "k", "3", NULL), DIRECTORY_NONE);
	CHECK_INT(world_ask_fresh(&w, "k", "", NULL), DIRECTORY_NONE);
	CHECK_INT(world_ask_fresh(&w, "other", "1", NULL), DIRECTORY_UNMAPPED);
	CHECK_INT(world_ask_fresh(&w, "", "1", NULL), DIRECTORY_UNMAPPED);
	CHECK_INT(world_ask_fresh(&w, "common-id", "0000000002", NULL), DIRECTORY_ONE);
	world_remove(&w);
}

/* A card may state anything; a kind comes from the layout file. */
static void questions_longer_than_any_number_are_answered(void)
{
	struct world w;
	g_autofree char *much = g_strnfill(100000, '1');
	world_make(&w);
	import_text(&w, two_persons);
	CHECK_INT(world_ask_fresh(&w, "k", much, NULL), DIRECTORY_NONE);
	CHECK_INT(world_ask_fresh(&w, much, "1", NULL), DIRECTORY_UNMAPPED);
	world_remove(&w);
}

static void accounts_of_one_human_name_each_other(void)
{
	static const char *const files[] = {SAMPLES "directory.csv", SAMPLES "directory.ldif"};
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		struct world w;
		struct directory_result r;
		world_make(&w);
		import_sample(&w, files[i]);
		CHECK_INT(world_ask_fresh(&w, "student-number", "37-299999", &r), DIRECTORY_ONE);
		CHECK_INT(r.person.n_linked, 1);
		CHECK_STR(r.person.linked[0], "3605551275");
		CHECK_INT(world_ask_fresh(&w, "staff-number", "0054321", &r), DIRECTORY_ONE);
		CHECK_STR(r.person.linked[0], "3316624790");
		CHECK_INT(world_ask_fresh(&w, "common-id", "3141592653", &r), DIRECTORY_ONE);
		CHECK_INT(r.person.n_linked, 0);
		world_remove(&w);
	}
}

static void a_missing_snapshot_is_not_ready_until_one_is_there(void)
{
	struct world w;
	g_autoptr(GError) error = NULL;
	world_make(&w);
	struct directory *dir = snapshot_open(w.snapshot, w.keys);
	CHECK(!directory_ready(dir, &error));
	CHECK(g_error_matches(error, SNAPSHOT_ERROR, SNAPSHOT_ERROR_FILE));
	CHECK_INT(world_ask(dir, "k", "1", NULL), DIRECTORY_DOWN);
	import_text(&w, two_persons);
	CHECK(directory_ready(dir, NULL));
	CHECK_INT(world_ask(dir, "k", "1", NULL), DIRECTORY_ONE);
	g_unlink(w.snapshot);
	CHECK_INT(world_ask(dir, "k", "1", NULL), DIRECTORY_DOWN);
	directory_free(dir);
	world_remove(&w);
}

static void a_replaced_file_is_noticed_at_the_next_question(void)
{
	struct world w;
	struct directory_result r;
	world_make(&w);
	import_text(&w, two_persons);
	struct directory *dir = snapshot_open(w.snapshot, w.keys);
	CHECK_INT(world_ask(dir, "k", "1", NULL), DIRECTORY_ONE);
	import_text(&w, HEADER "0000000009,,Nine,active,,,,k,1,,,,,,,\n");
	CHECK_INT(world_ask(dir, "k", "1", &r), DIRECTORY_ONE);
	CHECK_STR(r.person.common_id, "0000000009");
	CHECK_INT(world_ask(dir, "common-id", "0000000001", NULL), DIRECTORY_NONE);
	directory_free(dir);
	world_remove(&w);
}

static void a_snapshot_of_another_key_is_refused(void)
{
	struct world w, other;
	struct snapshot_info info;
	g_autoptr(GError) error = NULL;
	world_make(&w);
	world_make(&other);
	import_text(&w, two_persons);
	CHECK(!snapshot_info(w.snapshot, other.keys, &info, &error));
	CHECK(g_error_matches(error, SNAPSHOT_ERROR, SNAPSHOT_ERROR_KEY));
	struct directory *dir = snapshot_open(w.snapshot, other.keys);
	CHECK_INT(world_ask(dir, "k", "1", NULL), DIRECTORY_DOWN);
	directory_free(dir);
	world_remove(&w);
	world_remove(&other);
}

static void change(const struct world *w, const char *sql)
{
	sqlite3 *db = NULL;
	CHECK_INT(sqlite3_open(w->snapshot, &db), SQLITE_OK);
	CHECK_INT(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void opened_as(const struct world *w, enum snapshot_error want)
{
	struct snapshot_info info;
	g_autoptr(GError) error = NULL;
	CHECK(!snapshot_info(w->snapshot, w->keys, &info, &error));
	CHECK_INT(error ? error->code : -1, want);
}

static void a_file_that_is_no_snapshot_of_ours_is_refused(void)
{
	struct world w;
	world_make(&w);
	g_autofree char *junk = world_file(&w, "directory.db", "not a database, but long enough");
	opened_as(&w, SNAPSHOT_ERROR_FILE);
	g_unlink(junk);
	change(&w, "CREATE TABLE x (y)");
	opened_as(&w, SNAPSHOT_ERROR_FILE);
	import_text(&w, two_persons);
	change(&w, "PRAGMA user_version = 2");
	opened_as(&w, SNAPSHOT_ERROR_NEWER);
	import_text(&w, two_persons);
	change(&w, "DELETE FROM meta");
	opened_as(&w, SNAPSHOT_ERROR_FILE);
	world_remove(&w);
}

/* Boxes are bound to their rows: nobody becomes somebody else by moving bytes. */
static void exchanged_boxes_answer_nobody(void)
{
	struct world w;
	world_make(&w);
	import_text(&w, two_persons);
	change(&w, "UPDATE person SET box = (SELECT box FROM person WHERE id = 2) WHERE id = 1");
	CHECK_INT(world_ask_fresh(&w, "k", "1", NULL), DIRECTORY_DOWN);
	CHECK_INT(world_ask_fresh(&w, "common-id", "0000000002", NULL), DIRECTORY_ONE);
	world_remove(&w);
}

static void flipped_bytes_never_answer_a_wrong_person(void)
{
	struct world w;
	struct directory_result r;
	world_make(&w);
	import_text(&w, two_persons);
	g_autofree char *whole = NULL;
	gsize len = 0;
	CHECK(g_file_get_contents(w.snapshot, &whole, &len, NULL));
	int fd = open(w.snapshot, O_WRONLY | O_CLOEXEC);
	for (gsize at = 0; at < len; at += 61) {
		char flipped = (char)(whole[at] ^ 0x20);
		CHECK_INT(pwrite(fd, &flipped, 1, (off_t)at), 1);
		if (world_ask_fresh(&w, "k", "1", &r) == DIRECTORY_ONE)
			CHECK_STR(r.person.common_id, "0000000001");
		CHECK_INT(pwrite(fd, &whole[at], 1, (off_t)at), 1);
	}
	close(fd);
	world_remove(&w);
}

static gboolean exists(const struct world *w, const char *name)
{
	g_autofree char *path = g_build_filename(w->path, name, NULL);
	return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void the_old_snapshot_stays_when_the_last_line_is_bad(void)
{
	struct world w;
	world_make(&w);
	import_text(&w, two_persons);
	GString *text = g_string_new(HEADER);
	for (int i = 0; i < 1000; i++)
		g_string_append_printf(text, "%010d,,New,active,,,,k,n%d,,,,,,,\n", i + 100, i);
	g_string_append(text, "oops,,,active,,,,,,,,,,,,\n");
	g_autofree char *why = world_import(&w, "d.csv", text->str);
	CHECK_STR(why, "d.csv:1002: common_id: expected 10 digits");
	CHECK_INT(world_ask_fresh(&w, "k", "1", NULL), DIRECTORY_ONE);
	CHECK_INT(world_ask_fresh(&w, "k", "n1", NULL), DIRECTORY_NONE);
	CHECK(!exists(&w, "directory.db.new"));
	g_string_free(text, TRUE);
	world_remove(&w);
}

static void two_imports_at_once_are_refused(void)
{
	struct world w;
	world_make(&w);
	g_autofree char *fresh = world_file(&w, "directory.db.new", "what a killed import left");
	int fd = open(fresh, O_RDWR | O_CLOEXEC);
	CHECK_INT(flock(fd, LOCK_EX | LOCK_NB), 0);
	g_autofree char *why = world_import(&w, "d.csv", two_persons);
	CHECK(why && g_str_has_suffix(why, "another import is running"));
	close(fd);
	import_text(&w, two_persons);
	CHECK(!exists(&w, "directory.db.new"));
	world_remove(&w);
}

static void the_snapshot_is_readable_by_its_owner_alone(void)
{
	struct world w;
	struct stat st;
	world_make(&w);
	import_text(&w, two_persons);
	CHECK_INT(stat(w.snapshot, &st), 0);
	CHECK_INT(st.st_mode & 0777, 0600);
	world_remove(&w);
}

static char *many_rows(const struct world *w)
{
	GString *text = g_string_new(HEADER);
	for (int i = 0; i < ROWS; i++)
		g_string_append_printf(text, "%010d,,New,active,,,,k,n%d,,,,,,,\n", i + 100, i);
	char *path = world_file(w, "many.csv", text->str);
	g_string_free(text, TRUE);
	return path;
}

static pid_t import_in_child(const struct world *w, const char *file)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(snapshot_import(file, w->snapshot, w->keys, AS_OF, NULL, NULL) ? 0 : 1);
	return pid;
}

static gint64 size_of(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? st.st_size : -1;
}

/* Kill the import once its file has grown to `size`. TRUE: it was killed before it ended. */
static gboolean kill_at(const struct world *w, const char *file, gint64 size)
{
	g_autofree char *fresh = g_strconcat(w->snapshot, ".new", NULL);
	pid_t pid = import_in_child(w, file);
	int status = 0;
	while (waitpid(pid, &status, WNOHANG) == 0)
		if (size_of(fresh) >= size) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			break;
		}
	return WIFSIGNALED(status);
}

static void a_killed_import_leaves_the_old_snapshot_whole(void)
{
	struct world w;
	world_make(&w);
	g_autofree char *file = many_rows(&w);
	guint killed = 0;
	for (int i = 0; i < KILLS; i++) {
		import_text(&w, two_persons);
		gboolean dead = kill_at(&w, file, (gint64)i * 400 * 1024);
		killed += dead;
		enum directory_answer old = world_ask_fresh(&w, "k", "1", NULL);
		enum directory_answer fresh = world_ask_fresh(&w, "k", "n1", NULL);
		CHECK_INT(old, fresh == DIRECTORY_ONE ? DIRECTORY_NONE : DIRECTORY_ONE);
		if (!dead)
			CHECK_INT(fresh, DIRECTORY_ONE);
	}
	printf(" killed %u of %d imports ", killed, KILLS);
	CHECK(killed > 0);
	world_remove(&w);
}

static void on_never(const struct directory_result *result, guint64 visit, gpointer data)
{
	CU_FAIL("answered after it was cancelled");
}

static gboolean on_end(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

static void run_idle(void)
{
	gboolean ended = FALSE;
	g_idle_add_full(G_PRIORITY_LOW, on_end, &ended, NULL);
	while (!ended)
		g_main_context_iteration(NULL, TRUE);
}

static void a_cancelled_question_is_never_answered(void)
{
	struct world w;
	world_make(&w);
	import_text(&w, two_persons);
	struct directory *dir = snapshot_open(w.snapshot, w.keys);
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	directory_lookup(dir, "k", "1", 1, cancellable, on_never, NULL);
	g_cancellable_cancel(cancellable);
	run_idle();
	directory_lookup(dir, "k", "1", 1, NULL, on_never, NULL);
	directory_lookup(dir, "k", "2", 2, cancellable, on_never, NULL);
	directory_free(dir);
	run_idle();
	world_remove(&w);
}

static void on_answer_free(const struct directory_result *result, guint64 visit, gpointer data)
{
	struct directory **dir = data;
	*dir = directory_free(*dir);
	CHECK_STR(result->person.common_id, "0000000001");
}

static void the_source_may_be_freed_by_an_answer(void)
{
	struct world w;
	world_make(&w);
	import_text(&w, two_persons);
	struct directory *dir = snapshot_open(w.snapshot, w.keys);
	directory_lookup(dir, "k", "1", 1, NULL, on_answer_free, &dir);
	directory_lookup(dir, "k", "1", 1, NULL, on_never, NULL);
	run_idle();
	CHECK(dir == NULL);
	world_remove(&w);
}

static void on_keep(const struct directory_result *result, guint64 visit, gpointer data)
{
	*(const struct directory_result **)data = result;
	CHECK_STR(result->person.name_en, "One");
}

static void every_sample_account_is_there(void)
{
	struct world w;
	struct snapshot_info info;
	world_make(&w);
	import_sample(&w, SAMPLES "directory.csv");
	CHECK(snapshot_info(w.snapshot, w.keys, &info, NULL));
	CHECK_INT(info.persons, 33);
	CHECK_INT(info.as_of, AS_OF);
	CHECK_INT(world_ask_fresh(&w, "student-number", "37-200000", NULL), DIRECTORY_NONE);
	world_remove(&w);
}

static void questions_are_answered_in_turn(void)
{
	struct world w;
	const struct directory_result *kept = NULL;
	world_make(&w);
	import_text(&w, two_persons);
	struct directory *dir = snapshot_open(w.snapshot, w.keys);
	directory_lookup(dir, "k", "1", 1, NULL, on_keep, &kept);
	CHECK(kept == NULL);
	directory_lookup(dir, "k", "1", 2, NULL, on_keep, &kept);
	run_idle();
	CHECK(kept != NULL);
	directory_free(dir);
	world_remove(&w);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"one account is found by every number of it",
			one_account_is_found_by_every_number_of_it},
		{"nobody, several and an unmapped kind are told apart",
			nobody_several_and_an_unmapped_kind_are_told_apart},
		{"questions longer than any number are answered",
			questions_longer_than_any_number_are_answered},
		{"accounts of one human name each other", accounts_of_one_human_name_each_other},
		{"a missing snapshot is not ready until one is there",
			a_missing_snapshot_is_not_ready_until_one_is_there},
		{"a replaced file is noticed at the next question",
			a_replaced_file_is_noticed_at_the_next_question},
		{"a snapshot of another key is refused", a_snapshot_of_another_key_is_refused},
		{"a file that is no snapshot of ours is refused",
			a_file_that_is_no_snapshot_of_ours_is_refused},
		{"exchanged boxes answer nobody", exchanged_boxes_answer_nobody},
		{"flipped bytes never answer a wrong person",
			flipped_bytes_never_answer_a_wrong_person},
		{"the old snapshot stays when the last line is bad",
			the_old_snapshot_stays_when_the_last_line_is_bad},
		{"two imports at once are refused", two_imports_at_once_are_refused},
		{"the snapshot is readable by its owner alone",
			the_snapshot_is_readable_by_its_owner_alone},
		{"a killed import leaves the old snapshot whole",
			a_killed_import_leaves_the_old_snapshot_whole},
		{"a cancelled question is never answered", a_cancelled_question_is_never_answered},
		{"the source may be freed by an answer", the_source_may_be_freed_by_an_answer},
		{"every sample account is there", every_sample_account_is_there},
		{"questions are answered in turn", questions_are_answered_in_turn},
	};
	return CHECK_MAIN("snapshot", cases);
}
