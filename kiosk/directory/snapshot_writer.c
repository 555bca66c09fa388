/* SPDX-License-Identifier: MIT
 *
 * snapshot_writer.c - see snapshot_writer.h.
 */
#include "kiosk/directory/snapshot_writer.h"

#include <string.h>

#include <openssl/crypto.h>

#define BOX_STEP  64 /* boxes grow in steps, so that their length tells little about a name */
#define CLEAR_MAX (PACK_PERSON_MAX + IMPORT_LINK_SIZE + BOX_STEP)

enum statement {
	FIND_PERSON,
	ADD_PERSON,
	CHANGE_PERSON,
	ADD_TAG,
	COUNT_LINKED,
	ADD_META,
	ALL_PERSONS,
	STATEMENTS
};

static const char *const statement_sql[] = {
	[FIND_PERSON] = ("SELECT p.id, p.box FROM find f JOIN person p ON p.id = f.person"
			 " WHERE f.tag = ?"),
	[ADD_PERSON] = "INSERT INTO person (id, link, box) VALUES (?1, ?2, ?3)",
	[CHANGE_PERSON] = "UPDATE person SET link = ?2, box = ?3 WHERE id = ?1",
	[ADD_TAG] = "INSERT OR IGNORE INTO find (tag, person) VALUES (?1, ?2)",
	[COUNT_LINKED] = "SELECT count(*) FROM person WHERE link = ?1 AND id <> ?2",
	[ADD_META] = "INSERT INTO meta (id, box) VALUES (1, ?1)",
	[ALL_PERSONS] = "SELECT id, box FROM person ORDER BY id",
};
G_STATIC_ASSERT(G_N_ELEMENTS(statement_sql) == STATEMENTS);

struct snapshot_writer {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];
	struct snapshot_keys keys;
	struct snapshot_meta meta;
};

static gboolean fail(struct snapshot_writer *w, GError **error)
{
	g_set_error(error, SNAPSHOT_ERROR, SNAPSHOT_ERROR_FILE, "%s: %s",
		sqlite3_db_filename(w->db, "main"), sqlite3_errmsg(w->db));
	return FALSE;
}

/* No journal and no sync: until it has its name the file may vanish at any moment. */
static gboolean lay_out(struct snapshot_writer *w, GError **error)
{
	static const char sql[] =
		"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;"
		"PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536;"
		"BEGIN;"
		"CREATE TABLE meta (id INTEGER PRIMARY KEY, box BLOB NOT NULL) STRICT;"
		"CREATE TABLE person (id INTEGER PRIMARY KEY, link BLOB, box BLOB NOT NULL) STRICT;"
		"CREATE INDEX person_link ON person (link) WHERE link IS NOT NULL;"
		"CREATE TABLE find (tag BLOB NOT NULL, person INTEGER NOT NULL,"
		" PRIMARY KEY (tag, person)) STRICT, WITHOUT ROWID;";
	char marks[96];
	g_snprintf(marks, sizeof marks, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
		SNAPSHOT_APPLICATION_ID, SNAPSHOT_VERSION);
	if (sqlite3_exec(w->db, marks, NULL, NULL, NULL) != SQLITE_OK ||
		sqlite3_exec(w->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail(w, error);
	for (gsize i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v2(w->db, statement_sql[i], -1, &w->statements[i], NULL) !=
			SQLITE_OK)
			return fail(w, error);
	return TRUE;
}

/* Takes `w`, which has its keys. */
static struct snapshot_writer *open_db(struct snapshot_writer *w, const char *path, GError **error)
{
	if (sqlite3_open_v2(path, &w->db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK) {
		if (lay_out(w, error))
			return w;
	} else {
		fail(w, error);
	}
	return snapshot_writer_free(w);
}

struct snapshot_writer *snapshot_writer_open(
	const char *path, const struct keyring *keys, GError **error)
{
	struct snapshot_writer *w = g_new0(struct snapshot_writer, 1);
	snapshot_keys_derive(keys, &w->keys);
	return open_db(w, path, error);
}

/* SQLite's own temporary database: it has no name, and what of it reaches a disk is sealed
 * under keys nobody will have. */
struct snapshot_writer *snapshot_writer_open_scratch(GError **error)
{
	struct snapshot_writer *w = g_new0(struct snapshot_writer, 1);
	seal_random(&w->keys, sizeof w->keys);
	return open_db(w, "", error);
}

struct snapshot_writer *snapshot_writer_free(struct snapshot_writer *w)
{
	if (!w)
		return NULL;
	for (gsize i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(w->statements[i]);
	sqlite3_close(w->db);
	OPENSSL_cleanse(w, sizeof *w);
	g_free(w);
	return NULL;
}

/* Run to the end; *ret_value is the first column of the row, if there is one. */
static gboolean run(
	struct snapshot_writer *w, enum statement which, gint64 *ret_value, GError **error)
{
	sqlite3_stmt *stmt = w->statements[which];
	int rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW && ret_value)
		*ret_value = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE || fail(w, error);
}

static void bind_bytes(sqlite3_stmt *stmt, int at, GBytes *bytes)
{
	gsize len;
	gconstpointer data = g_bytes_get_data(bytes, &len);
	sqlite3_bind_blob(stmt, at, data, (int)len, SQLITE_TRANSIENT);
}

static GBytes *seal_record(
	const struct snapshot_writer *w, gint64 id, const struct import_record *record)
{
	guint8 clear[CLEAR_MAX] = {0};
	char aad[SNAPSHOT_AAD_SIZE];
	struct packer p = {clear, clear + sizeof clear - BOX_STEP, TRUE};
	pack_person(&p, &record->person);
	pack_text(&p, record->link);
	g_assert(p.ok);
	gsize len = (gsize)(p.at - clear);
	snapshot_person_aad(id, aad);
	GBytes *box =
		seal_close(w->keys.seal, aad, clear, (len + BOX_STEP - 1) / BOX_STEP * BOX_STEP);
	OPENSSL_cleanse(clear, sizeof clear);
	return box;
}

/* What is sealed in the row `stmt` stands on: id, box. */
static gboolean unseal_record(
	const struct snapshot_writer *w, sqlite3_stmt *stmt, struct import_record *ret)
{
	char aad[SNAPSHOT_AAD_SIZE];
	snapshot_person_aad(sqlite3_column_int64(stmt, 0), aad);
	g_autoptr(GBytes) clear = seal_open(w->keys.seal, aad, sqlite3_column_blob(stmt, 1),
		(gsize)sqlite3_column_bytes(stmt, 1));
	if (!clear)
		return FALSE;
	gsize len;
	const guint8 *data = g_bytes_get_data(clear, &len);
	struct unpacker u = {data, data + len, TRUE};
	if (!unpack_person(&u, &ret->person))
		return FALSE;
	unpack_text(&u, ret->link, sizeof ret->link);
	return u.ok;
}

/* *ret_id 0: this common id is new. */
static gboolean find_earlier(struct snapshot_writer *w, const char *common_id, gint64 *ret_id,
	struct import_record *ret, GError **error)
{
	sqlite3_stmt *stmt = w->statements[FIND_PERSON];
	guint8 tag[SEAL_HASH_SIZE];
	snapshot_tag(&w->keys, DIRECTORY_KEY_COMMON_ID, common_id, tag);
	sqlite3_bind_blob(stmt, 1, tag, sizeof tag, SQLITE_TRANSIENT);
	*ret_id = 0;
	int rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW && unseal_record(w, stmt, ret)) {
		*ret_id = sqlite3_column_int64(stmt, 0);
		rc = SQLITE_DONE;
	}
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE || fail(w, error);
}

static gboolean add_tag(
	struct snapshot_writer *w, gint64 id, const char *kind, const char *value, GError **error)
{
	guint8 tag[SEAL_HASH_SIZE];
	snapshot_tag(&w->keys, kind, value, tag);
	sqlite3_bind_blob(w->statements[ADD_TAG], 1, tag, sizeof tag, SQLITE_TRANSIENT);
	sqlite3_bind_int64(w->statements[ADD_TAG], 2, id);
	return run(w, ADD_TAG, NULL, error);
}

static const char *add_kind(struct snapshot_meta *meta, const char *kind)
{
	if (snapshot_meta_has(meta, kind))
		return NULL;
	if (meta->n_kinds == SNAPSHOT_KINDS_MAX)
		return "more than 16 kinds of number";
	g_strlcpy(meta->kinds[meta->n_kinds++], kind, PERSON_WORD_SIZE);
	return NULL;
}

static const char *add_kinds(struct snapshot_writer *w, const struct person *person)
{
	const char *why = add_kind(&w->meta, DIRECTORY_KEY_COMMON_ID);
	for (gsize i = 0; !why && i < person->n_cards; i++)
		why = add_kind(&w->meta, person->cards[i].kind);
	return why;
}

/* Accounts of one human are few; more is a wrong column. */
static gboolean count_linked(struct snapshot_writer *w, gint64 id,
	const guint8 link[SEAL_HASH_SIZE], const char **ret_why, GError **error)
{
	gint64 others = 0;
	sqlite3_bind_blob(w->statements[COUNT_LINKED], 1, link, SEAL_HASH_SIZE, SQLITE_TRANSIENT);
	sqlite3_bind_int64(w->statements[COUNT_LINKED], 2, id);
	if (!run(w, COUNT_LINKED, &others, error))
		return FALSE;
	if (others >= PERSON_LINKED_MAX + 1)
		*ret_why = "more than 5 accounts with one person key";
	return *ret_why == NULL;
}

static gboolean put_person(struct snapshot_writer *w, enum statement how, gint64 id,
	const struct import_record *record, const char **ret_why, GError **error)
{
	guint8 link[SEAL_HASH_SIZE];
	if (record->link[0]) {
		snapshot_tag(&w->keys, SNAPSHOT_LINK_KIND, record->link, link);
		if (!count_linked(w, id, link, ret_why, error))
			return FALSE;
		sqlite3_bind_blob(w->statements[how], 2, link, sizeof link, SQLITE_TRANSIENT);
	}
	g_autoptr(GBytes) box = seal_record(w, id, record);
	sqlite3_bind_int64(w->statements[how], 1, id);
	bind_bytes(w->statements[how], 3, box);
	return run(w, how, NULL, error);
}

static gboolean put_tags(
	struct snapshot_writer *w, gint64 id, const struct person *person, GError **error)
{
	gboolean ok = add_tag(w, id, DIRECTORY_KEY_COMMON_ID, person->common_id, error);
	for (gsize i = 0; ok && i < person->n_cards; i++)
		ok = add_tag(w, id, person->cards[i].kind, person->cards[i].number, error);
	return ok;
}

/* Merge into what is there. *ret_id 0: it was new. */
static gboolean merge(struct snapshot_writer *w, const struct import_record *record,
	struct import_record *whole, gint64 *ret_id, const char **ret_column, const char **ret_why,
	GError **error)
{
	if (!find_earlier(w, record->person.common_id, ret_id, whole, error))
		return FALSE;
	if (*ret_id == 0) {
		*whole = *record;
		*ret_column = "status";
		*ret_why = record->has_status ? NULL : "expected active, inactive or closed";
	} else {
		*ret_why = import_merge(whole, record, ret_column);
	}
	return *ret_why == NULL;
}

gboolean snapshot_writer_add(struct snapshot_writer *w, const struct import_record *record,
	const char **ret_column, const char **ret_why, GError **error)
{
	struct import_record whole = {0};
	gint64 id;
	gboolean ok = merge(w, record, &whole, &id, ret_column, ret_why, error);
	if (ok) {
		*ret_column = "key_kind";
		*ret_why = add_kinds(w, &record->person);
		ok = *ret_why == NULL;
	}
	if (ok) {
		enum statement how = id == 0 ? ADD_PERSON : CHANGE_PERSON;
		*ret_column = "person_key";
		id = id == 0 ? ++w->meta.persons : id;
		ok = put_person(w, how, id, &whole, ret_why, error) &&
		     put_tags(w, id, &record->person, error);
	}
	import_record_wipe(&whole);
	return ok;
}

static gboolean put_meta(struct snapshot_writer *w, GError **error)
{
	guint8 clear[SNAPSHOT_META_MAX];
	struct packer p = {clear, clear + sizeof clear, TRUE};
	snapshot_meta_pack(&p, &w->meta);
	g_assert(p.ok);
	g_autoptr(GBytes) box =
		seal_close(w->keys.seal, SNAPSHOT_META_AAD, clear, (gsize)(p.at - clear));
	bind_bytes(w->statements[ADD_META], 1, box);
	return run(w, ADD_META, NULL, error);
}

guint64 snapshot_writer_persons(const struct snapshot_writer *w)
{
	return (guint64)w->meta.persons;
}

gboolean snapshot_writer_walk(
	struct snapshot_writer *w, snapshot_writer_each each, gpointer data, GError **error)
{
	sqlite3_stmt *stmt = w->statements[ALL_PERSONS];
	gboolean ok = TRUE;
	int rc;
	while (ok && (rc = sqlite3_step(stmt)) != SQLITE_DONE) {
		struct import_record record = {0};
		ok = rc == SQLITE_ROW && unseal_record(w, stmt, &record)
			     ? each(&record, data, error)
			     : fail(w, error);
		import_record_wipe(&record);
	}
	sqlite3_reset(stmt);
	return ok;
}

gboolean snapshot_writer_finish(struct snapshot_writer *w, gint64 as_of,
	const struct snapshot_origin *origin, GError **error)
{
	w->meta.as_of = as_of;
	w->meta.origin = *origin;
	if (!put_meta(w, error))
		return FALSE;
	return sqlite3_exec(w->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK || fail(w, error);
}
