/* SPDX-License-Identifier: MIT
 *
 * store.c - the data folder: its lock, its database, its reserve.
 */
#include "kiosk/record/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define DAMAGED_MARK STORE_DATABASE ".damaged-"
#define RESERVE_SIZE (1024 * 1024)
#define ROOM_MIN     (512 * 1024) /* a filing takes less than 300 KiB with its log */
#define BUSY_MS      2000

GQuark store_error_quark(void)
{
	return g_quark_from_static_string("store-error");
}

static gboolean fail_errno(GError **error, const char *what, int cause)
{
	enum store_error code = STORE_ERROR_FOLDER;
	if (cause == ENOSPC || cause == EDQUOT)
		code = STORE_ERROR_FULL;
	else if (cause == EIO)
		code = STORE_ERROR_IO;
	return store_fail(error, code, "%s: %s", what, g_strerror(cause));
}

/* Ours, and closed to everybody but our group. */
static gboolean open_folder(struct store *store, GError **error)
{
	struct stat st;
	store->dir_fd = open(store->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->dir_fd < 0 || fstat(store->dir_fd, &st) != 0)
		return fail_errno(error, store->dir, errno);
	if (st.st_uid != geteuid())
		return store_fail(error, STORE_ERROR_FOLDER,
			"%s: belongs to another user than the service's", store->dir);
	if ((st.st_mode & 027) != 0 && fchmod(store->dir_fd, st.st_mode & 0750) != 0)
		return fail_errno(error, store->dir, errno);
	return TRUE;
}

static gboolean take_lock(struct store *store, GError **error)
{
	store->lock_fd =
		openat(store->dir_fd, STORE_LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (store->lock_fd < 0)
		return fail_errno(error, store->dir, errno);
	if (flock(store->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return TRUE;
	if (errno == EWOULDBLOCK)
		return store_fail(
			error, STORE_ERROR_LOCKED, "%s: in use by another process", store->dir);
	return fail_errno(error, store->dir, errno);
}

static char *path_of(struct store *store, const char *name)
{
	return g_build_filename(store->dir, name, NULL);
}

/* A damaged database was put aside and nobody has seen to it: starting with an
 * empty one would hide requests that wait. */
static gboolean refuse_put_aside(struct store *store, GError **error)
{
	g_autoptr(GDir) folder = g_dir_open(store->dir, 0, error);
	const char *name = NULL;
	if (!folder)
		return FALSE;
	while ((name = g_dir_read_name(folder)))
		if (g_str_has_prefix(name, DAMAGED_MARK))
			return store_fail(error, STORE_ERROR_DAMAGED,
				"%s/%s: damaged database; restore a backup, or move this file away",
				store->dir, name);
	return TRUE;
}

/* SQLite gives -wal and -shm the mode of the database: make that one first. */
static gboolean touch_database(struct store *store, GError **error)
{
	int fd = openat(store->dir_fd, STORE_DATABASE, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		if (!refuse_put_aside(store, error))
			return FALSE;
		fd = openat(store->dir_fd, STORE_DATABASE,
			O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd >= 0)
			fsync(store->dir_fd);
	}
	if (fd < 0)
		return fail_errno(error, STORE_DATABASE, errno);
	gboolean ok = fchmod(fd, 0600) == 0;
	int cause = errno;
	close(fd);
	return ok || fail_errno(error, STORE_DATABASE, cause);
}

static gboolean configure(struct store *store, const char *pragmas, GError **error)
{
	int rc = sqlite3_exec(store->db, pragmas, NULL, NULL, NULL);
	return rc == SQLITE_OK || store_fail_sql(store, rc, error);
}

static gboolean connect_database(struct store *store, GError **error)
{
	g_autofree char *path = path_of(store, STORE_DATABASE);
	int rc = sqlite3_open_v2(path, &store->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc != SQLITE_OK)
		return store_fail_sql(store, rc, error);
	sqlite3_busy_timeout(store->db, BUSY_MS);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return configure(store,
		"PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
		"PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;",
		error);
}

/* Some file systems cannot; SQLite then stays silently with another journal. */
static gboolean use_wal(struct store *store, GError **error)
{
	AUTO(sqlite3_stmt) statement = store_query(store, "PRAGMA journal_mode = WAL", NULL, error);
	if (!statement || store_step(store, statement, error) != STORE_STEP_ROW)
		return FALSE;
	if (g_strcmp0((const char *)sqlite3_column_text(statement, 0), "wal") != 0)
		return store_fail(
			error, STORE_ERROR_FOLDER, "%s: file system without WAL", store->dir);
	return TRUE;
}

static gboolean open_database(struct store *store, GError **error)
{
	return touch_database(store, error) && connect_database(store, error) &&
	       store_schema_check(store, error) && use_wal(store, error) &&
	       configure(store,
		       "PRAGMA synchronous = FULL;"
		       "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;",
		       error);
}

static void close_database(struct store *store)
{
	g_clear_pointer(&store->statements, g_hash_table_unref);
	if (!store->db)
		return;
	/* What cannot be trusted is left as it is for who repairs it. */
	if (store->broken)
		sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	else
		sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_close(store->db);
	store->db = NULL;
}

/* The three files keep their endings, so that a repair tool finds the log. */
static void put_aside(struct store *store, GError **error)
{
	static const char *const endings[] = {"", "-wal", "-shm"};
	g_autofree char *aside = g_strdup_printf(
		DAMAGED_MARK "%" G_GINT64_FORMAT, g_get_real_time() / G_USEC_PER_SEC);
	store->broken = TRUE;
	close_database(store);
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		g_autofree char *from = g_strconcat(STORE_DATABASE, endings[i], NULL);
		g_autofree char *to = g_strconcat(aside, endings[i], NULL);
		renameat2(store->dir_fd, from, store->dir_fd, to, RENAME_NOREPLACE);
	}
	fsync(store->dir_fd);
	g_prefix_error(error, "kept as %s: ", aside);
}

static void finalize_statement(gpointer statement)
{
	sqlite3_finalize(statement);
}

static gboolean open_all(struct store *store, GError **error)
{
	GError *cause = NULL;
	if (!open_folder(store, error) || !take_lock(store, error))
		return FALSE;
	if (!open_database(store, &cause)) {
		/* Without a connection the file was only missed, not read. */
		if (store->db && g_error_matches(cause, STORE_ERROR, STORE_ERROR_DAMAGED))
			put_aside(store, &cause);
		g_propagate_error(error, cause);
		return FALSE;
	}
	store->days = day_keys_open(store->dir_fd, store->keys, error);
	if (!store->days || !store_schema_migrate(store, error))
		return FALSE;
	/* Without room there is still reading to do: store_ready() says it. */
	store_reserve_take(store, NULL);
	return TRUE;
}

struct store *store_open(const char *dir, const struct keyring *keys, GError **error)
{
	struct store *store = g_new0(struct store, 1);
	store->keys = keys;
	store->dir = g_strdup(dir);
	store->dir_fd = -1;
	store->lock_fd = -1;
	store->statements =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, finalize_statement);
	return open_all(store, error) ? store : store_free(store);
}

gboolean store_reserve_take(struct store *store, GError **error)
{
	if (store->reserved)
		return TRUE;
	int fd = openat(
		store->dir_fd, STORE_RESERVE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail_errno(error, STORE_RESERVE, errno);
	int cause = posix_fallocate(fd, 0, RESERVE_SIZE);
	close(fd);
	if (cause != 0) {
		unlinkat(store->dir_fd, STORE_RESERVE, 0);
		return fail_errno(error, STORE_RESERVE, cause);
	}
	store->reserved = TRUE;
	return TRUE;
}

void store_reserve_give(struct store *store)
{
	unlinkat(store->dir_fd, STORE_RESERVE, 0);
	store->reserved = FALSE;
}

void store_set_fleet(struct store *store, const struct keyring *fleet)
{
	store->fleet = fleet;
}

gboolean store_ready(struct store *store, GError **error)
{
	struct statvfs room;
	if (store->broken)
		return store_fail(error, STORE_ERROR_IO, "a write failed; restart the service");
	if (!store_reserve_take(store, error))
		return FALSE;
	if (fstatvfs(store->dir_fd, &room) != 0)
		return fail_errno(error, store->dir, errno);
	if ((guint64)room.f_bavail * room.f_frsize < ROOM_MIN)
		return store_fail(error, STORE_ERROR_FULL, "%s: disk full", store->dir);
	return TRUE;
}

struct store *store_free(struct store *store)
{
	if (!store)
		return NULL;
	close_database(store);
	day_keys_free(store->days);
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	if (store->dir_fd >= 0)
		close(store->dir_fd);
	g_free(store->dir);
	g_free(store);
	return NULL;
}
