/* SPDX-License-Identifier: MIT
 *
 * store_reader.c - see store_reader.h.
 */
#include "kiosk/record/store_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/record/store_private.h"

#define BUSY_MS 2000

static void finalize_statement(gpointer statement)
{
	sqlite3_finalize(statement);
}

static gboolean connect_reading(struct store *store, GError **error)
{
	g_autofree char *path = g_build_filename(store->dir, STORE_DATABASE, NULL);
	int rc = sqlite3_open_v2(path, &store->db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_busy_timeout(store->db, BUSY_MS);
		sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		rc = sqlite3_exec(store->db,
			"PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
			"PRAGMA mmap_size = 0; BEGIN; SELECT count(*) FROM sqlite_schema",
			NULL, NULL, NULL);
	}
	return rc == SQLITE_OK || store_fail_sql(store, rc, error);
}

static gboolean open_all(struct store *store, GError **error)
{
	store->dir_fd = open(store->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->dir_fd < 0)
		return store_fail(
			error, STORE_ERROR_FOLDER, "%s: %s", store->dir, g_strerror(errno));
	if (!connect_reading(store, error))
		return FALSE;
	store->days = day_keys_open(store->dir_fd, store->keys, error);
	return store->days != NULL;
}

struct store *store_open_reader(const char *dir, const struct keyring *keys, GError **error)
{
	struct store *store = g_new0(struct store, 1);
	store->keys = keys;
	store->dir = g_strdup(dir);
	store->dir_fd = -1;
	store->lock_fd = -1;
	store->broken = TRUE; /* nothing is written, not even at the end */
	store->statements =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, finalize_statement);
	return open_all(store, error) ? store : store_free(store);
}
