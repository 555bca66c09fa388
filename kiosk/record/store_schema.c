/* SPDX-License-Identifier: MIT
 *
 * store_schema.c - the tables, and how an older file becomes a current one.
 *
 * A row of `migrations` never changes once it has landed; a change of the
 * tables is a new row.
 */
#include "kiosk/record/store_private.h"

#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/record/seal.h"

#define APPLICATION_ID 0x4d44474b /* "MDGK" */
#define KEY_CHECK      "madoguchi"
#define KEY_CHECK_AAD  "meta/key-check"

static const char schema_1[] =
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE sequence (desk TEXT NOT NULL, date INTEGER NOT NULL,"
	" last INTEGER NOT NULL, PRIMARY KEY (desk, date)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE ledger_leaf (place INTEGER PRIMARY KEY,"
	" hash BLOB NOT NULL CHECK (length(hash) = 32)) STRICT;"
	"CREATE TABLE ledger_edge (one INTEGER PRIMARY KEY CHECK (one = 1),"
	" size INTEGER NOT NULL, hashes BLOB NOT NULL) STRICT;"
	"CREATE TABLE request (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE,"
	" uuid TEXT NOT NULL UNIQUE, date INTEGER NOT NULL, filed_at INTEGER NOT NULL,"
	" leaf INTEGER NOT NULL UNIQUE REFERENCES ledger_leaf (place),"
	/* Both NULL once erased. */
	" holder_tag BLOB CHECK (length(holder_tag) = 32), envelope BLOB) STRICT;"
	"CREATE INDEX request_holder ON request (holder_tag) WHERE holder_tag IS NOT NULL;"
	"CREATE INDEX request_date ON request (date);"
	/* The record key, once for each who may read the record. */
	"CREATE TABLE wrap (request INTEGER NOT NULL REFERENCES request (id),"
	" recipient TEXT NOT NULL, wrapped BLOB NOT NULL,"
	" PRIMARY KEY (request, recipient)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE outbox (request INTEGER PRIMARY KEY REFERENCES request (id),"
	" state TEXT NOT NULL CHECK (state IN ('queued', 'done', 'cancelled')),"
	" changed_at INTEGER NOT NULL, outside TEXT NOT NULL DEFAULT '',"
	" reason TEXT NOT NULL DEFAULT '') STRICT;"
	"CREATE INDEX outbox_state ON outbox (state, request);"
	/* AUTOINCREMENT: a removed clerk's row number never means somebody else. */
	"CREATE TABLE clerk (id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" card_tag BLOB NOT NULL UNIQUE CHECK (length(card_tag) = 32),"
	" person_tag BLOB NOT NULL UNIQUE CHECK (length(person_tag) = 32),"
	" sealed BLOB NOT NULL, kdf INTEGER NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL,"
	" tries INTEGER NOT NULL DEFAULT 0, tried_at INTEGER NOT NULL DEFAULT 0) STRICT;";

static const char schema_2[] =
	/* Survives the erasure of the request; 31 days (tally.h). */
	"CREATE TABLE tally (tag BLOB NOT NULL CHECK (length(tag) = 32), date INTEGER NOT NULL,"
	" filed INTEGER NOT NULL, PRIMARY KEY (tag, date)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX tally_date ON tally (date);";

static const char schema_3[] =
	/* By this the other desks know the holder; NULL: filed without the fleet's key. */
	"ALTER TABLE request ADD COLUMN fleet_tag BLOB CHECK (length(fleet_tag) = 32);"
	/* A CHECK cannot be altered: the table is copied. */
	"CREATE TABLE outbox_3 (request INTEGER PRIMARY KEY REFERENCES request (id),"
	" state TEXT NOT NULL CHECK (state IN"
	" ('queued', 'sending', 'unknown', 'accepted', 'done', 'refused', 'cancelled')),"
	" changed_at INTEGER NOT NULL, outside TEXT NOT NULL DEFAULT '',"
	" reason TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0,"
	/* What the far end reported, when it said that was, and when we last asked. */
	" progress TEXT NOT NULL DEFAULT '', progress_at INTEGER NOT NULL DEFAULT 0,"
	" heard_at INTEGER NOT NULL DEFAULT 0) STRICT;"
	"INSERT INTO outbox_3 (request, state, changed_at, outside, reason)"
	" SELECT request, state, changed_at, outside, reason FROM outbox;"
	"DROP TABLE outbox;"
	"ALTER TABLE outbox_3 RENAME TO outbox;"
	"CREATE INDEX outbox_state ON outbox (state, request);"
	"CREATE INDEX outbox_heard ON outbox (heard_at) WHERE state = 'accepted';";

static const char *const migrations[] = {schema_1, schema_2, schema_3};

static gboolean pragma_number(struct store *store, const char *sql, gint64 *ret, GError **error)
{
	AUTO(sqlite3_stmt) statement = store_query(store, sql, NULL, error);
	if (!statement || store_step(store, statement, error) != STORE_STEP_ROW)
		return FALSE;
	*ret = sqlite3_column_int64(statement, 0);
	return TRUE;
}

static gboolean quick_check(struct store *store, GError **error)
{
	AUTO(sqlite3_stmt) statement = store_query(store, "PRAGMA quick_check(1)", NULL, error);
	if (!statement || store_step(store, statement, error) != STORE_STEP_ROW)
		return FALSE;
	const char *answer = (const char *)sqlite3_column_text(statement, 0);
	if (g_strcmp0(answer, "ok") != 0)
		return store_fail(error, STORE_ERROR_DAMAGED, "database: quick_check failed");
	return TRUE;
}

/* Before anything is written: a newer file must stay as it is. */
gboolean store_schema_check(struct store *store, GError **error)
{
	gint64 version = 0, application = 0, tables = 0;
	if (!pragma_number(store, "PRAGMA user_version", &version, error) ||
		!pragma_number(store, "PRAGMA application_id", &application, error) ||
		!pragma_number(store, "SELECT count(*) FROM sqlite_schema", &tables, error))
		return FALSE;
	gboolean blank = version == 0 && application == 0 && tables == 0;
	if (!blank && application != APPLICATION_ID)
		return store_fail(error, STORE_ERROR_DAMAGED, "database: not the counter's");
	if (version < 0 || version > (gint64)G_N_ELEMENTS(migrations))
		return store_fail(error, STORE_ERROR_NEWER,
			"database has version %" G_GINT64_FORMAT ", this program knows %zu",
			version, G_N_ELEMENTS(migrations));
	return quick_check(store, error);
}

static gboolean put_key_check(struct store *store, GError **error)
{
	guint8 key[KEY_SIZE];
	keyring_derive(store->keys, "store-check", key);
	g_autoptr(GBytes) box = seal_close(key, KEY_CHECK_AAD, KEY_CHECK, strlen(KEY_CHECK));
	OPENSSL_cleanse(key, sizeof key);
	return store_exec(store, "INSERT INTO meta (name, value) VALUES ('key-check', ?)",
		BIND(B_BYTES(box)), error);
}

/* Day keys without a database: one was lost. Numbers of those days may be out already. */
static gboolean put_lost_until(struct store *store, GError **error)
{
	g_autoptr(GArray) dates = day_keys_dates(store->days);
	gint32 last = 0;
	for (guint i = 0; i < dates->len; i++)
		last = MAX(last, g_array_index(dates, gint32, i));
	return last == 0 ||
	       store_exec(store, "INSERT INTO meta (name, value) VALUES ('lost-until', ?)",
		       BIND(B_INT(last)), error);
}

static gboolean check_key(struct store *store, GError **error)
{
	AUTO(sqlite3_stmt)
	statement =
		store_query(store, "SELECT value FROM meta WHERE name = 'key-check'", NULL, error);
	if (!statement || store_step(store, statement, error) == STORE_STEP_FAILED)
		return FALSE;
	guint8 key[KEY_SIZE];
	keyring_derive(store->keys, "store-check", key);
	g_autoptr(GBytes) text = seal_open(key, KEY_CHECK_AAD, sqlite3_column_blob(statement, 0),
		(gsize)sqlite3_column_bytes(statement, 0));
	OPENSSL_cleanse(key, sizeof key);
	if (!text)
		return store_fail(error, STORE_ERROR_KEY, "database: of another master key");
	return TRUE;
}

static gboolean run_script(struct store *store, const char *script, GError **error)
{
	int rc = sqlite3_exec(store->db, script, NULL, NULL, NULL);
	return rc == SQLITE_OK || store_fail_sql(store, rc, error);
}

/* One transaction for all steps: the file is of the old version or of the new one. */
static gboolean migrate_work(struct store *store, gpointer data, GError **error)
{
	const gint64 *from = data;
	for (gsize i = (gsize)*from; i < G_N_ELEMENTS(migrations); i++)
		if (!run_script(store, migrations[i], error))
			return FALSE;
	if (*from == 0 && (!put_key_check(store, error) || !put_lost_until(store, error)))
		return FALSE;
	g_autofree char *marks =
		g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %zu",
			APPLICATION_ID, G_N_ELEMENTS(migrations));
	return run_script(store, marks, error);
}

gboolean store_schema_migrate(struct store *store, GError **error)
{
	gint64 version = 0;
	if (!pragma_number(store, "PRAGMA user_version", &version, error))
		return FALSE;
	/* An older file is opened, then changed, only by who holds its key. */
	if (version > 0 && !check_key(store, error))
		return FALSE;
	return version == (gint64)G_N_ELEMENTS(migrations) ||
	       store_transact(store, STORE_ROOM_FREE, migrate_work, &version, error);
}
