/* SPDX-License-Identifier: MIT
 *
 * store_private.h - the database as the other files of record/ see it.
 *
 * Only sealed boxes, hashes and codes are ever bound to a statement: what
 * SQLite keeps in its own memory and files needs no wiping.
 */
#ifndef KIOSK_RECORD_STORE_PRIVATE_H
#define KIOSK_RECORD_STORE_PRIVATE_H

#include <sqlite3.h>

#include "kiosk/record/day_keys.h"
#include "kiosk/record/store.h"

struct store {
	const struct keyring *keys;  /* borrowed */
	const struct keyring *fleet; /* likewise; NULL: none */
	char *dir;
	int dir_fd;
	int lock_fd;
	sqlite3 *db;
	GHashTable *statements; /* SQL -> sqlite3_stmt, kept prepared */
	struct day_keys *days;
	gboolean reserved; /* the reserve file stands */
	gboolean broken;   /* a sync failed: nothing is promised until the next start */
};

/* One value for a statement. */
struct bind {
	enum { BIND_END, BIND_INT, BIND_TEXT, BIND_BLOB } kind;
	gint64 number;
	gconstpointer data;
	gsize len;
};

#define BIND(...) ((const struct bind[]){__VA_ARGS__, {.kind = BIND_END}})
#define B_INT(value)                                                                               \
	{                                                                                          \
		.kind = BIND_INT, .number = (value)                                                \
	}
#define B_TEXT(text)                                                                               \
	{                                                                                          \
		.kind = BIND_TEXT, .data = (text)                                                  \
	}
#define B_BLOB(p, n)                                                                               \
	{                                                                                          \
		.kind = BIND_BLOB, .data = (p), .len = (n)                                         \
	}
#define B_BYTES(box) B_BLOB(g_bytes_get_data((box), NULL), g_bytes_get_size(box))

void store_statement_done(sqlite3_stmt *statement);
DEFINE_CLEANUP(sqlite3_stmt, store_statement_done)

/* `sql` ready to step, with its values; `binds` may be NULL. Values are copied. Belongs to
 * the store: give it back with store_statement_done() (AUTO(sqlite3_stmt) does). */
sqlite3_stmt *store_query(
	struct store *store, const char *sql, const struct bind *binds, GError **error);

enum store_step { STORE_STEP_FAILED, STORE_STEP_DONE, STORE_STEP_ROW };
enum store_step store_step(struct store *store, sqlite3_stmt *statement, GError **error);

/* A statement without rows. */
gboolean store_exec(struct store *store, const char *sql, const struct bind *binds, GError **error);

/* A blob of exactly `len` bytes, or NULL. */
const guint8 *store_column_blob(sqlite3_stmt *statement, int column, gsize len);

/* Say in `error` what SQLite just complained of; always FALSE. */
gboolean store_fail_sql(struct store *store, int rc, GError **error);
gboolean store_fail(GError **error, enum store_error code, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/* BEGIN IMMEDIATE, `work`, COMMIT; after any failure ROLLBACK. With STORE_ROOM_RESERVE a full
 * disk gives the reserve away and runs `work` a second time: it must start from its input. */
typedef gboolean (*store_work)(struct store *store, gpointer data, GError **error);
enum store_room { STORE_ROOM_FREE, STORE_ROOM_RESERVE };
gboolean store_transact(
	struct store *store, enum store_room room, store_work work, gpointer data, GError **error);

/* Create or bring up to date; refuses newer and foreign files and another master key. */
gboolean store_schema_check(struct store *store, GError **error);
gboolean store_schema_migrate(struct store *store, GError **error);

/* The 1 MiB that lets a visit end on a full disk. */
gboolean store_reserve_take(struct store *store, GError **error);
void store_reserve_give(struct store *store);

#endif
