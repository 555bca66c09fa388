/* SPDX-License-Identifier: MIT
 *
 * A whole university: export of a bundle, its import, and the import of the plain file,
 * beside bare SQLite that inserts as many rows of the same size into the same tables, with
 * nothing sealed, checked or found. Each in a process of its own, for its time and memory,
 * the best of three rounds. Prints seconds, CPU seconds, memory, size and the ratio to bare
 * SQLite. Judges nothing.
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/directory/import_file.h"
#include "kiosk/directory/snapshot.h"
#include "kiosk/record/keyring.h"
#include "kiosk/record/seal.h"

#include <sqlite3.h>

#define ACCOUNTS 100000
#define ROUNDS   3
#define AS_OF    1795316400
#define BOX_SIZE (128 + SEAL_OVERHEAD) /* what an account of this file becomes */

struct bench {
	char *folder, *keys, *csv, *bundle, *snapshot, *bare, *master;
};

struct cost {
	double wall_s, cpu_s;
	long rss_kib;
};

static char *in(const struct bench *b, const char *name)
{
	return g_build_filename(b->folder, name, NULL);
}

static void need(gboolean ok, const GError *error)
{
	if (ok)
		return;
	fprintf(stderr, "bench_import: %s\n", error ? error->message : "cannot be run");
	exit(1);
}

static void write_rows(const struct bench *b)
{
	FILE *out = fopen(b->csv, "we");
	need(out != NULL, NULL);
	fputs("common_id,name_ja,name_en,status,contact,privileged,person_key,key_kind,number,"
	      "reissue,card_expires,card_status,role,affiliation,from,until\n",
		out);
	for (int i = 0; i < ACCOUNTS; i++)
		fprintf(out,
			"%010d,東都 花子%d,Hanako Toto %d,active,yes,no,,student-number,37-%06d,0,"
			"20990331,valid,student,37,20240401,20280331\n",
			i, i, i, i);
	need(fclose(out) == 0, NULL);
}

static void do_export(const struct bench *b)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *key = g_strconcat(b->keys, ".key", NULL);
	g_autofree char *fleet = g_strconcat(b->keys, ".fleet", NULL);
	const struct bundle_order order = {key, fleet, "bench", 1, AS_OF};
	AUTO(import_file) file = import_file_open(b->csv, &error);
	need(file && bundle_export(file->reader, b->csv, b->bundle, &order, NULL, &error), error);
}

static void do_import(const struct bench *b)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *public = g_strconcat(b->keys, ".pub", NULL);
	g_autofree char *fleet = g_strconcat(b->keys, ".fleet", NULL);
	AUTO(keyring) keys = keyring_open(b->master, &error);
	AUTO(bundle_trust) trust = keys ? bundle_trust_open(public, fleet, &error) : NULL;
	AUTO(bundle) bundle = trust ? bundle_open(b->bundle, trust, &error) : NULL;
	need(bundle && snapshot_import_bundle(bundle, b->snapshot, keys, AS_OF, TRUE, &error),
		error);
}

static void do_plain(const struct bench *b)
{
	g_autoptr(GError) error = NULL;
	AUTO(keyring) keys = keyring_open(b->master, &error);
	need(keys && snapshot_import(b->csv, b->snapshot, keys, AS_OF, NULL, &error), error);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	need(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, NULL);
	return stmt;
}

static void insert(sqlite3 *db, GRand *rand)
{
	sqlite3_stmt *person = prepare(db, "INSERT INTO person VALUES (?1, NULL, ?2)");
	sqlite3_stmt *find = prepare(db, "INSERT INTO find VALUES (?1, ?2)");
	guint32 box[BOX_SIZE / 4 + 1] = {0}, tag[8];
	for (int i = 1; i <= ACCOUNTS; i++) {
		sqlite3_bind_int64(person, 1, i);
		sqlite3_bind_blob(person, 2, box, BOX_SIZE, SQLITE_STATIC);
		need(sqlite3_step(person) == SQLITE_DONE, NULL);
		sqlite3_reset(person);
		for (int j = 0; j < 2; j++) {
			for (gsize k = 0; k < G_N_ELEMENTS(tag); k++)
				tag[k] = g_rand_int(rand);
			sqlite3_bind_blob(find, 1, tag, sizeof tag, SQLITE_STATIC);
			sqlite3_bind_int64(find, 2, i);
			need(sqlite3_step(find) == SQLITE_DONE, NULL);
			sqlite3_reset(find);
		}
	}
	sqlite3_finalize(person);
	sqlite3_finalize(find);
}

static void do_bare(const struct bench *b)
{
	static const char begin[] =
		"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;"
		"BEGIN;"
		"CREATE TABLE person (id INTEGER PRIMARY KEY, link BLOB, box BLOB NOT NULL) STRICT;"
		"CREATE TABLE find (tag BLOB NOT NULL, person INTEGER NOT NULL,"
		" PRIMARY KEY (tag, person)) STRICT, WITHOUT ROWID;";
	sqlite3 *db = NULL;
	GRand *rand = g_rand_new_with_seed(1);
	g_unlink(b->bare);
	need(sqlite3_open(b->bare, &db) == SQLITE_OK, NULL);
	need(sqlite3_exec(db, begin, NULL, NULL, NULL) == SQLITE_OK, NULL);
	insert(db, rand);
	need(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, NULL);
	sqlite3_close(db);
	int fd = open(b->bare, O_RDWR | O_CLOEXEC);
	need(fd >= 0 && fsync(fd) == 0, NULL);
	close(fd);
	g_rand_free(rand);
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static struct cost run(const struct bench *b, void (*what)(const struct bench *b))
{
	struct rusage usage;
	int status = 1;
	gint64 from = g_get_monotonic_time();
	pid_t pid = fork();
	if (pid == 0) {
		what(b);
		_exit(0);
	}
	need(wait4(pid, &status, 0, &usage) == pid && status == 0, NULL);
	return (struct cost){(double)(g_get_monotonic_time() - from) / 1e6,
		seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss};
}

/* The quickest: the others waited for somebody else. */
static struct cost best(const struct bench *b, void (*what)(const struct bench *b))
{
	struct cost least = run(b, what);
	for (int i = 1; i < ROUNDS; i++) {
		struct cost cost = run(b, what);
		if (cost.cpu_s < least.cpu_s)
			least = cost;
	}
	return least;
}

static void print(const char *name, struct cost cost, const char *path, double bare_s)
{
	struct stat st = {0};
	need(stat(path, &st) == 0, NULL);
	printf("%-14s %6.2f s, %5.2f s CPU, %6ld KiB of memory, %6ld KiB of file, %.1f times bare "
	       "SQLite\n",
		name, cost.wall_s, cost.cpu_s, cost.rss_kib, (long)st.st_size / 1024,
		cost.cpu_s / bare_s);
}

static void make(struct bench *b)
{
	g_autoptr(GError) error = NULL;
	b->folder = g_dir_make_tmp("madoguchi-bench-XXXXXX", &error);
	need(b->folder != NULL, error);
	b->keys = in(b, "issuer");
	b->csv = in(b, "many.csv");
	b->bundle = in(b, "many.bundle");
	b->snapshot = in(b, "directory.db");
	b->bare = in(b, "bare.db");
	b->master = in(b, "master.key");
	need(bundle_keygen(b->keys, &error) && keyring_create(b->master, &error), error);
	write_rows(b);
}

int main(void)
{
	struct bench b;
	make(&b);
	struct cost bare = best(&b, do_bare);
	printf("%d accounts, each of one card and one role\n", ACCOUNTS);
	print("bare SQLite", bare, b.bare, bare.cpu_s);
	print("export", best(&b, do_export), b.bundle, bare.cpu_s);
	print("import", best(&b, do_import), b.snapshot, bare.cpu_s);
	print("import of CSV", best(&b, do_plain), b.snapshot, bare.cpu_s);
	g_autofree char *remove = g_strdup_printf("rm -r '%s'", b.folder);
	return system(remove) == 0 ? 0 : 1;
}
