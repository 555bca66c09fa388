/* SPDX-License-Identifier: MIT
 *
 * test_store.c - each way a data folder can be wrong, and what is kept then.
 */
#include "kiosk/record/store_private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/record/seal.h"
#include "tests/check.h"
#include "tests/record/folder.h"

#define NOBODY 65534

static GBytes *contents(const struct folder *f, const char *name)
{
	g_autofree char *path = folder_file(f, name);
	char *text = NULL;
	gsize n = 0;
	if (!g_file_get_contents(path, &text, &n, NULL))
		return NULL;
	return g_bytes_new_take(text, n);
}

static void put(const struct folder *f, const char *name, off_t at, const char *text)
{
	g_autofree char *path = folder_file(f, name);
	int fd = open(path, O_WRONLY);
	CHECK(fd >= 0 && pwrite(fd, text, strlen(text), at) == (ssize_t)strlen(text));
	close(fd);
}

/* On the closed database, with SQLite alone. */
static void change(const struct folder *f, const char *sql)
{
	g_autofree char *path = folder_file(f, STORE_DATABASE);
	sqlite3 *db = NULL;
	CHECK_INT(sqlite3_open(path, &db), SQLITE_OK);
	CHECK_INT(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static char *find_aside(const struct folder *f)
{
	g_autoptr(GDir) dir = g_dir_open(f->path, 0, NULL);
	const char *name;
	while ((name = g_dir_read_name(dir)))
		if (g_str_has_prefix(name, STORE_DATABASE ".damaged-") &&
			!g_str_has_suffix(name, "-wal") && !g_str_has_suffix(name, "-shm"))
			return g_strdup(name);
	return NULL;
}

static void file_some(struct folder *f, int n)
{
	for (int i = 0; i < n; i++) {
		struct request_receipt r = {0};
		CHECK(folder_file_request(f, SAMPLE_ID, DAY, &r, NULL));
	}
}

static void a_missing_folder_is_named(void)
{
	struct folder f;
	folder_make(&f);
	folder_close(&f);
	g_autofree char *was = f.path;
	f.path = g_strconcat(was, "-not-there", NULL);
	CHECK_INT(folder_refusal(&f), STORE_ERROR_FOLDER);
	g_free(f.path);
	f.path = g_steal_pointer(&was);
	folder_remove(&f);
}

/* In a child without root's powers; its exit code. */
static int refusal_as_nobody(struct folder *f)
{
	pid_t pid = fork();
	if (pid == 0) {
		if (geteuid() == 0 &&
			(setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
			_exit(99);
		_exit(folder_refusal(f));
	}
	int status = 0;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

static void an_unwritable_folder_is_named(void)
{
	struct folder f;
	folder_make(&f);
	folder_close(&f);
	g_autofree char *was = f.path;
	f.path = g_dir_make_tmp("record-XXXXXX", NULL);
	if (geteuid() == 0)
		CHECK_INT(chown(f.path, NOBODY, NOBODY), 0);
	g_chmod(f.path, 0500);
	CHECK_INT(refusal_as_nobody(&f), STORE_ERROR_FOLDER);
	g_rmdir(f.path);
	g_free(f.path);
	f.path = g_steal_pointer(&was);
	folder_remove(&f);
}

static void a_folder_of_somebody_else_is_refused(void)
{
	struct folder f;
	if (geteuid() != 0)
		return;
	folder_make(&f);
	folder_close(&f);
	CHECK_INT(chown(f.path, NOBODY, NOBODY), 0);
	CHECK_INT(folder_refusal(&f), STORE_ERROR_FOLDER);
	CHECK_INT(chown(f.path, 0, 0), 0);
	CHECK_INT(folder_refusal(&f), -1);
	folder_remove(&f);
}

static void a_second_service_is_refused_and_changes_nothing(void)
{
	struct folder f, second;
	folder_make(&f);
	file_some(&f, 1);
	second = f;
	CHECK_INT(folder_refusal(&second), STORE_ERROR_LOCKED);
	file_some(&f, 1);
	folder_close(&f);
	CHECK_INT(folder_refusal(&second), -1);
	folder_remove(&f);
}

static void a_newer_database_stays_as_it_is(void)
{
	struct folder f;
	folder_make(&f);
	file_some(&f, 3);
	folder_close(&f);
	change(&f, "PRAGMA user_version = 99");
	g_autoptr(GBytes) before = contents(&f, STORE_DATABASE);
	CHECK_INT(folder_refusal(&f), STORE_ERROR_NEWER);
	g_autoptr(GBytes) after = contents(&f, STORE_DATABASE);
	CHECK(g_bytes_equal(before, after));
	change(&f, "PRAGMA user_version = 3");
	folder_reopen(&f);
	CHECK_INT(folder_number(&f, "SELECT count(*) FROM request"), 3);
	folder_remove(&f);
}

static void another_master_key_is_noticed_and_changes_nothing(void)
{
	struct folder f, other;
	folder_make(&f);
	folder_make(&other);
	file_some(&f, 1);
	folder_close(&f);
	g_autoptr(GBytes) before = contents(&f, STORE_DATABASE);
	struct keyring *own = f.keys;
	f.keys = other.keys;
	CHECK_INT(folder_refusal(&f), STORE_ERROR_KEY);
	f.keys = own;
	g_autoptr(GBytes) after = contents(&f, STORE_DATABASE);
	CHECK(g_bytes_equal(before, after));
	CHECK_INT(folder_refusal(&f), -1);
	folder_remove(&f);
	folder_remove(&other);
}

static void check_damage(off_t at, const char *text)
{
	struct folder f;
	folder_make(&f);
	file_some(&f, 40);
	folder_close(&f);
	put(&f, STORE_DATABASE, at, text);
	g_autoptr(GBytes) before = contents(&f, STORE_DATABASE);
	CHECK_INT(folder_refusal(&f), STORE_ERROR_DAMAGED);
	g_autofree char *aside = find_aside(&f);
	CHECK(aside != NULL);
	g_autoptr(GBytes) after = contents(&f, aside);
	CHECK(after && g_bytes_equal(before, after));
	/* No empty database takes its place behind our back. */
	CHECK_INT(folder_refusal(&f), STORE_ERROR_DAMAGED);
	CHECK(contents(&f, STORE_DATABASE) == NULL);
	folder_remove(&f);
}

static void a_damaged_database_is_kept_aside(void)
{
	check_damage(0, "this is no database");
	/* A page in the middle: cells that point anywhere. */
	check_damage(5 * 4096, "\x0d\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f");
}

static void a_stranger_is_kept_aside(void)
{
	struct folder f;
	folder_make(&f);
	folder_close(&f);
	change(&f, "PRAGMA application_id = 7");
	CHECK_INT(folder_refusal(&f), STORE_ERROR_DAMAGED);
	g_autofree char *aside = find_aside(&f);
	CHECK(aside != NULL);
	folder_remove(&f);
}

static void after_a_loss_no_number_is_given_out_twice(void)
{
	struct folder f;
	struct request_receipt r = {0};
	folder_make(&f);
	file_some(&f, 3);
	folder_close(&f);
	g_autofree char *path = folder_file(&f, STORE_DATABASE);
	CHECK_INT(g_unlink(path), 0);
	folder_reopen(&f);
	CHECK(folder_file_request(&f, SAMPLE_ID, DAY, &r, NULL));
	CHECK(g_str_has_prefix(r.number, "ENG1-20261122-5001"));
	CHECK(folder_file_request(&f, SAMPLE_ID, DAY + 1, &r, NULL));
	CHECK(g_str_has_prefix(r.number, "ENG1-20261123-0001"));
	folder_remove(&f);
}

static void every_file_is_for_us_alone(void)
{
	struct folder f;
	const char *name;
	struct stat st;
	guint n = 0;
	mode_t was = umask(0);
	folder_make(&f);
	g_chmod(f.path, 0777);
	folder_reopen(&f);
	file_some(&f, 2);
	CHECK_INT(stat(f.path, &st), 0);
	CHECK_INT(st.st_mode & 07777, 0750);
	g_autoptr(GDir) dir = g_dir_open(f.path, 0, NULL);
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = folder_file(&f, name);
		CHECK_INT(stat(path, &st), 0);
		CHECK_INT(st.st_mode & 07777, 0600);
		n++;
	}
	CHECK_INT(n, 6); /* database, -wal, -shm, day keys, lock, reserve */
	umask(was);
	folder_remove(&f);
}

static void the_database_is_set_to_keep_its_word(void)
{
	struct folder f;
	folder_make(&f);
	for (int round = 0; round < 2; round++) {
		CHECK_INT(folder_number(&f, "PRAGMA synchronous"), 2);
		CHECK_INT(folder_number(&f, "PRAGMA secure_delete"), 1);
		CHECK_INT(folder_number(&f, "PRAGMA foreign_keys"), 1);
		CHECK_INT(folder_number(&f, "PRAGMA trusted_schema"), 0);
		CHECK_INT(folder_number(&f, "PRAGMA application_id"), 0x4d44474b);
		CHECK_INT(folder_number(&f, "PRAGMA user_version"), 3);
		CHECK_INT(folder_number(&f, "SELECT count(*) FROM pragma_journal_mode"
					    " WHERE journal_mode = 'wal'"),
			1);
		CHECK_INT(folder_number(&f, "SELECT count(*) FROM pragma_table_list"
					    " WHERE schema = 'main' AND strict = 0"
					    " AND name NOT LIKE 'sqlite_%'"),
			0);
		folder_reopen(&f);
	}
	folder_remove(&f);
}

/* A database as that version left it, made from the text kept beside this file. */
static void make_from_schema(struct folder *f, const char *schema, int version)
{
	g_autofree char *source = g_build_filename(g_getenv("RECORD_TESTS"), schema, NULL);
	g_autofree char *path = folder_file(f, STORE_DATABASE), *text = NULL;
	guint8 key[KEY_SIZE];
	sqlite3 *db = NULL;
	sqlite3_stmt *insert = NULL;
	CHECK(g_file_get_contents(source, &text, NULL, NULL));
	g_unlink(path);
	CHECK_INT(sqlite3_open(path, &db), SQLITE_OK);
	CHECK_INT(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	keyring_derive(f->keys, "store-check", key);
	g_autoptr(GBytes) box = seal_close(key, "meta/key-check", "madoguchi", 9);
	sqlite3_prepare_v2(db, "INSERT INTO meta VALUES ('key-check', ?)", -1, &insert, NULL);
	sqlite3_bind_blob(insert, 1, g_bytes_get_data(box, NULL), (int)g_bytes_get_size(box), NULL);
	CHECK_INT(sqlite3_step(insert), SQLITE_DONE);
	sqlite3_finalize(insert);
	g_autofree char *marks = g_strdup_printf(
		"PRAGMA application_id = 1296320331; PRAGMA user_version = %d", version);
	CHECK_INT(sqlite3_exec(db, marks, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void every_schema_that_ever_landed_opens(void)
{
	static const char *const schemas[] = {"schema-1.sql", "schema-2.sql", "schema-3.sql"};
	for (gsize i = 0; i < G_N_ELEMENTS(schemas); i++) {
		struct folder f;
		folder_make(&f);
		folder_close(&f);
		make_from_schema(&f, schemas[i], (int)i + 1);
		folder_reopen(&f);
		file_some(&f, 2);
		CHECK_INT(folder_number(&f, "SELECT count(*) FROM wrap"), 2);
		folder_remove(&f);
	}
}

static void a_half_written_migration_is_no_migration(void)
{
	struct folder f;
	folder_make(&f);
	folder_close(&f);
	g_autofree char *path = folder_file(&f, STORE_DATABASE);
	/* What a power loss before the first commit leaves. */
	CHECK(g_file_set_contents(path, "", 0, NULL));
	folder_reopen(&f);
	file_some(&f, 1);
	folder_remove(&f);
}

static void a_torn_day_key_is_taken_again(void)
{
	struct folder f;
	folder_make(&f);
	CHECK(day_keys_make(f.store->days, DAY, NULL));
	folder_close(&f);
	/* Date written, the box not. */
	put(&f, DAY_KEYS_FILE, 20, "torn");
	folder_reopen(&f);
	file_some(&f, 1);
	folder_close(&f);
	g_autofree char *path = folder_file(&f, DAY_KEYS_FILE);
	CHECK_INT(truncate(path, 8 + 65 + 30), 0);
	folder_reopen(&f);
	file_some(&f, 1);
	CHECK_INT(folder_number(&f, "SELECT count(*) FROM request"), 2);
	g_autoptr(GArray) rows = requests_list(f.store, OUTBOX_QUEUED, 9, NULL);
	for (guint i = 0; i < rows->len; i++) {
		g_autoptr(GBytes) open = requests_envelope(
			f.store, g_array_index(rows, struct request_row, i).number, NULL);
		CHECK(open != NULL);
	}
	folder_remove(&f);
}

static void a_stranger_for_day_keys_is_refused_and_kept(void)
{
	struct folder f;
	folder_make(&f);
	file_some(&f, 1);
	folder_close(&f);
	put(&f, DAY_KEYS_FILE, 0, "STRANGER");
	g_autoptr(GBytes) before = contents(&f, DAY_KEYS_FILE);
	CHECK_INT(folder_refusal(&f), STORE_ERROR_DAMAGED);
	g_autoptr(GBytes) after = contents(&f, DAY_KEYS_FILE);
	CHECK(g_bytes_equal(before, after));
	g_autofree char *aside = find_aside(&f);
	CHECK(aside == NULL);
	put(&f, DAY_KEYS_FILE, 0, "MDGKEYS1");
	folder_reopen(&f);
	folder_remove(&f);
}

static void day_keys_come_and_go_each_by_itself(void)
{
	struct folder f;
	guint8 a[KEY_SIZE], b[KEY_SIZE], again[KEY_SIZE];
	folder_make(&f);
	struct day_keys *days = f.store->days;
	for (gint32 date = DAY; date < DAY + 5; date++)
		CHECK(day_keys_make(days, date, NULL));
	CHECK(day_keys_get(days, DAY, a) && day_keys_get(days, DAY + 4, b));
	CHECK(memcmp(a, b, sizeof a) != 0);
	CHECK(day_keys_destroy(days, DAY + 2, NULL));
	CHECK(day_keys_destroy(days, DAY + 9, NULL));
	CHECK(!day_keys_get(days, DAY + 2, again));
	CHECK(!day_keys_get(days, 0, again));
	CHECK(day_keys_make(days, DAY + 7, NULL));
	folder_reopen(&f);
	days = f.store->days;
	g_autoptr(GArray) dates = day_keys_dates(days);
	CHECK_INT(dates->len, 5);
	CHECK(day_keys_get(days, DAY + 4, again) && memcmp(b, again, sizeof b) == 0);
	CHECK(day_keys_get(days, DAY + 7, again));
	CHECK(!day_keys_get(days, DAY + 2, again));
	folder_remove(&f);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a missing folder is named", a_missing_folder_is_named},
		{"an unwritable folder is named", an_unwritable_folder_is_named},
		{"a folder of somebody else is refused", a_folder_of_somebody_else_is_refused},
		{"a second service is refused and changes nothing",
			a_second_service_is_refused_and_changes_nothing},
		{"a newer database stays as it is", a_newer_database_stays_as_it_is},
		{"another master key is noticed and changes nothing",
			another_master_key_is_noticed_and_changes_nothing},
		{"a damaged database is kept aside", a_damaged_database_is_kept_aside},
		{"a stranger is kept aside", a_stranger_is_kept_aside},
		{"after a loss no number is given out twice",
			after_a_loss_no_number_is_given_out_twice},
		{"every file is for us alone", every_file_is_for_us_alone},
		{"the database is set to keep its word", the_database_is_set_to_keep_its_word},
		{"every schema that ever landed opens", every_schema_that_ever_landed_opens},
		{"a half-written migration is no migration",
			a_half_written_migration_is_no_migration},
		{"a torn day key is taken again", a_torn_day_key_is_taken_again},
		{"a stranger for day keys is refused and kept",
			a_stranger_for_day_keys_is_refused_and_kept},
		{"day keys come and go each by itself", day_keys_come_and_go_each_by_itself},
	};
	return CHECK_MAIN("store", cases);
}
