/* SPDX-License-Identifier: MIT
 *
 * store_sql.c - statements, transactions and what SQLite's complaints mean.
 */
#include "kiosk/record/store_private.h"

#include <errno.h>

gboolean store_fail(GError **error, enum store_error code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *message = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error_literal(error, STORE_ERROR, code, message);
	return FALSE;
}

static enum store_error cause_of(int rc, int os_errno)
{
	static const struct {
		int rc;
		enum store_error code;
	} causes[] = {
		{SQLITE_FULL, STORE_ERROR_FULL},
		{SQLITE_CORRUPT, STORE_ERROR_DAMAGED},
		{SQLITE_NOTADB, STORE_ERROR_DAMAGED},
		{SQLITE_BUSY, STORE_ERROR_LOCKED},
		{SQLITE_LOCKED, STORE_ERROR_LOCKED},
		{SQLITE_READONLY, STORE_ERROR_FOLDER},
		{SQLITE_CANTOPEN, STORE_ERROR_FOLDER},
		{SQLITE_PERM, STORE_ERROR_FOLDER},
		{SQLITE_CONSTRAINT, STORE_ERROR_INVALID},
		{SQLITE_TOOBIG, STORE_ERROR_INVALID},
	};
	/* The shared-memory file reports a full disk as an input/output error. */
	if ((rc & 0xff) == SQLITE_IOERR && (os_errno == ENOSPC || os_errno == EDQUOT))
		return STORE_ERROR_FULL;
	for (gsize i = 0; i < G_N_ELEMENTS(causes); i++)
		if (causes[i].rc == (rc & 0xff))
			return causes[i].code;
	return STORE_ERROR_IO;
}

gboolean store_fail_sql(struct store *store, int rc, GError **error)
{
	enum store_error code = cause_of(rc, sqlite3_system_errno(store->db));
	/* After a failed sync nobody knows what reached the disk; asking again would lie. */
	if (code == STORE_ERROR_IO || code == STORE_ERROR_DAMAGED)
		store->broken = TRUE;
	return store_fail(error, code, "database: %s (%d)", sqlite3_errstr(rc), rc);
}

void store_statement_done(sqlite3_stmt *statement)
{
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
}

static int bind_one(sqlite3_stmt *statement, int i, const struct bind *bind)
{
	switch (bind->kind) {
	case BIND_INT:
		return sqlite3_bind_int64(statement, i, bind->number);
	case BIND_TEXT:
		return sqlite3_bind_text(statement, i, bind->data, -1, SQLITE_TRANSIENT);
	case BIND_BLOB:
		return sqlite3_bind_blob64(statement, i, bind->data, bind->len, SQLITE_TRANSIENT);
	case BIND_END:
		break;
	}
	return SQLITE_MISUSE;
}

static sqlite3_stmt *prepared(struct store *store, const char *sql, GError **error)
{
	sqlite3_stmt *statement = g_hash_table_lookup(store->statements, sql);
	if (statement)
		return statement;
	int rc =
		sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
	if (rc != SQLITE_OK) {
		store_fail_sql(store, rc, error);
		return NULL;
	}
	g_hash_table_insert(store->statements, g_strdup(sql), statement);
	return statement;
}

sqlite3_stmt *store_query(
	struct store *store, const char *sql, const struct bind *binds, GError **error)
{
	sqlite3_stmt *statement = prepared(store, sql, error);
	for (int i = 0; statement && binds && binds[i].kind != BIND_END; i++) {
		int rc = bind_one(statement, i + 1, &binds[i]);
		if (rc == SQLITE_OK)
			continue;
		store_fail_sql(store, rc, error);
		store_statement_done(statement);
		return NULL;
	}
	return statement;
}

enum store_step store_step(struct store *store, sqlite3_stmt *statement, GError **error)
{
	int rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		return STORE_STEP_ROW;
	if (rc == SQLITE_DONE)
		return STORE_STEP_DONE;
	store_fail_sql(store, sqlite3_extended_errcode(store->db), error);
	return STORE_STEP_FAILED;
}

gboolean store_exec(struct store *store, const char *sql, const struct bind *binds, GError **error)
{
	AUTO(sqlite3_stmt) statement = store_query(store, sql, binds, error);
	enum store_step step = STORE_STEP_FAILED;
	if (statement)
		do {
			step = store_step(store, statement, error);
		} while (step == STORE_STEP_ROW);
	return step == STORE_STEP_DONE;
}

const guint8 *store_column_blob(sqlite3_stmt *statement, int column, gsize len)
{
	const guint8 *blob = sqlite3_column_blob(statement, column);
	return blob && (gsize)sqlite3_column_bytes(statement, column) == len ? blob : NULL;
}

static gboolean transact_once(struct store *store, store_work work, gpointer data, GError **error)
{
	if (!store_exec(store, "BEGIN IMMEDIATE", NULL, error))
		return FALSE;
	if (work(store, data, error) && store_exec(store, "COMMIT", NULL, error))
		return TRUE;
	/* Some failures have rolled back already. */
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return FALSE;
}

gboolean store_transact(
	struct store *store, enum store_room room, store_work work, gpointer data, GError **error)
{
	g_autoptr(GError) cause = NULL;
	if (store->broken)
		return store_fail(error, STORE_ERROR_IO, "a write failed; restart the service");
	if (transact_once(store, work, data, &cause))
		return TRUE;
	if (room == STORE_ROOM_RESERVE && store->reserved &&
		g_error_matches(cause, STORE_ERROR, STORE_ERROR_FULL)) {
		g_clear_error(&cause);
		store_reserve_give(store);
		if (transact_once(store, work, data, &cause))
			return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&cause));
	return FALSE;
}
