/* SPDX-License-Identifier: MIT
 *
 * snapshot_file.c - see snapshot_file.h.
 */
#include "kiosk/directory/snapshot_file.h"

#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>

struct snapshot_file {
	sqlite3 *db;
	sqlite3_stmt *find, *linked;
	struct stat stat;
	struct snapshot_keys keys;
	struct snapshot_meta meta;
};

GQuark snapshot_error_quark(void)
{
	return g_quark_from_static_string("snapshot-error");
}

void snapshot_keys_derive(const struct keyring *keys, struct snapshot_keys *ret)
{
	keyring_derive(keys, "snapshot-find", ret->find);
	keyring_derive(keys, "snapshot-seal", ret->seal);
}

void snapshot_tag(const struct snapshot_keys *keys, const char *kind, const char *value,
	guint8 ret[SEAL_HASH_SIZE])
{
	char text[PERSON_WORD_SIZE + PERSON_NAME_SIZE];
	gsize kind_len = strlen(kind), value_len = strlen(value);
	g_assert(kind_len < PERSON_WORD_SIZE && value_len < PERSON_NAME_SIZE);
	memcpy(text, kind, kind_len + 1);
	memcpy(text + kind_len + 1, value, value_len);
	seal_hmac(keys->find, text, kind_len + 1 + value_len, ret);
	OPENSSL_cleanse(text, sizeof text);
}

void snapshot_person_aad(gint64 id, char ret[SNAPSHOT_AAD_SIZE])
{
	g_snprintf(ret, SNAPSHOT_AAD_SIZE, "snapshot person %" G_GINT64_FORMAT, id);
}

gboolean snapshot_meta_has(const struct snapshot_meta *meta, const char *kind)
{
	for (gsize i = 0; i < meta->n_kinds; i++)
		if (strcmp(meta->kinds[i], kind) == 0)
			return TRUE;
	return FALSE;
}

void snapshot_meta_pack(struct packer *p, const struct snapshot_meta *meta)
{
	pack_i64(p, meta->as_of);
	pack_i64(p, meta->persons);
	pack_u8(p, (guint8)meta->n_kinds);
	for (gsize i = 0; i < meta->n_kinds; i++)
		pack_text(p, meta->kinds[i]);
	pack_i64(p, (gint64)meta->origin.serial);
	pack_text(p, meta->origin.issuer);
	pack_i64(p, (gint64)meta->origin.newest_serial);
	pack_i64(p, meta->origin.newest_as_of);
}

/* A snapshot made before there were bundles ends without. */
static void unpack_origin(struct unpacker *u, struct snapshot_origin *ret)
{
	if (u->at == u->end)
		return;
	ret->serial = (guint64)unpack_i64(u);
	unpack_text(u, ret->issuer, sizeof ret->issuer);
	ret->newest_serial = (guint64)unpack_i64(u);
	ret->newest_as_of = unpack_i64(u);
}

static gboolean unpack_meta(struct unpacker *u, struct snapshot_meta *ret)
{
	ret->as_of = unpack_i64(u);
	ret->persons = unpack_i64(u);
	ret->n_kinds = unpack_u8(u);
	if (ret->n_kinds > SNAPSHOT_KINDS_MAX)
		return FALSE;
	for (gsize i = 0; i < ret->n_kinds; i++)
		unpack_text(u, ret->kinds[i], sizeof ret->kinds[i]);
	unpack_origin(u, &ret->origin);
	return u->ok;
}

static gboolean fail(GError **error, enum snapshot_error code, const char *path, const char *what)
{
	g_set_error(error, SNAPSHOT_ERROR, code, "%s: %s", path, what);
	return FALSE;
}

static gboolean open_db(struct snapshot_file *file, const char *path, GError **error)
{
	g_autofree char *full = g_canonicalize_filename(path, NULL);
	g_autofree char *uri = g_filename_to_uri(full, NULL, error);
	if (!uri)
		return FALSE;
	if (stat(path, &file->stat) != 0)
		return fail(error, SNAPSHOT_ERROR_FILE, path, g_strerror(errno));
	g_autofree char *immutable = g_strconcat(uri, "?immutable=1", NULL);
	int rc =
		sqlite3_open_v2(immutable, &file->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
	if (rc != SQLITE_OK)
		return fail(error, SNAPSHOT_ERROR_FILE, path, sqlite3_errstr(rc));
	sqlite3_db_config(file->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(file->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return TRUE;
}

static gint64 pragma(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	gint64 value = -1;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static gboolean check_form(struct snapshot_file *file, const char *path, GError **error)
{
	if (pragma(file->db, "PRAGMA application_id") != SNAPSHOT_APPLICATION_ID)
		return fail(error, SNAPSHOT_ERROR_FILE, path, "not a directory snapshot");
	gint64 version = pragma(file->db, "PRAGMA user_version");
	if (version > SNAPSHOT_VERSION)
		return fail(error, SNAPSHOT_ERROR_NEWER, path, "made by a newer version");
	if (version != SNAPSHOT_VERSION)
		return fail(error, SNAPSHOT_ERROR_FILE, path, "no version this program knows");
	return TRUE;
}

static gboolean prepare(struct snapshot_file *file, const char *path, GError **error)
{
	static const char find[] = "SELECT p.id, p.box, p.link FROM find f"
				   " JOIN person p ON p.id = f.person WHERE f.tag = ? LIMIT 2";
	static const char linked[] = "SELECT id, box, link FROM person WHERE link = ? AND id <> ?";
	if (sqlite3_prepare_v2(file->db, find, -1, &file->find, NULL) == SQLITE_OK &&
		sqlite3_prepare_v2(file->db, linked, -1, &file->linked, NULL) == SQLITE_OK)
		return TRUE;
	return fail(error, SNAPSHOT_ERROR_FILE, path, sqlite3_errmsg(file->db));
}

static gboolean read_meta(struct snapshot_file *file, const char *path, GError **error)
{
	sqlite3_stmt *stmt = NULL;
	g_autoptr(GBytes) clear = NULL;
	gboolean row = sqlite3_prepare_v2(file->db, "SELECT box FROM meta WHERE id = 1", -1, &stmt,
			       NULL) == SQLITE_OK &&
		       sqlite3_step(stmt) == SQLITE_ROW;
	if (row)
		clear = seal_open(file->keys.seal, SNAPSHOT_META_AAD, sqlite3_column_blob(stmt, 0),
			(gsize)sqlite3_column_bytes(stmt, 0));
	sqlite3_finalize(stmt);
	if (!row)
		return fail(error, SNAPSHOT_ERROR_FILE, path, "damaged");
	if (!clear)
		return fail(error, SNAPSHOT_ERROR_KEY, path, "made with another master key");
	gsize len;
	const guint8 *data = g_bytes_get_data(clear, &len);
	struct unpacker u = {data, data + len, TRUE};
	return unpack_meta(&u, &file->meta) || fail(error, SNAPSHOT_ERROR_FILE, path, "damaged");
}

struct snapshot_file *snapshot_file_open(
	const char *path, const struct keyring *keys, GError **error)
{
	AUTO(snapshot_file) file = g_new0(struct snapshot_file, 1);
	snapshot_keys_derive(keys, &file->keys);
	if (!open_db(file, path, error) || !check_form(file, path, error) ||
		!prepare(file, path, error) || !read_meta(file, path, error))
		return NULL;
	return g_steal_pointer(&file);
}

struct snapshot_file *snapshot_file_free(struct snapshot_file *file)
{
	if (!file)
		return NULL;
	sqlite3_finalize(file->find);
	sqlite3_finalize(file->linked);
	sqlite3_close(file->db);
	OPENSSL_cleanse(file, sizeof *file);
	g_free(file);
	return NULL;
}

const struct snapshot_meta *snapshot_file_meta(const struct snapshot_file *file)
{
	return &file->meta;
}

gboolean snapshot_file_is(const struct snapshot_file *file, const char *path)
{
	struct stat now;
	return stat(path, &now) == 0 && now.st_dev == file->stat.st_dev &&
	       now.st_ino == file->stat.st_ino && now.st_size == file->stat.st_size &&
	       now.st_mtim.tv_sec == file->stat.st_mtim.tv_sec &&
	       now.st_mtim.tv_nsec == file->stat.st_mtim.tv_nsec;
}

/* The row `stmt` stands on: id, box. */
static gboolean unseal(struct snapshot_file *file, sqlite3_stmt *stmt, struct person *ret)
{
	char aad[SNAPSHOT_AAD_SIZE];
	snapshot_person_aad(sqlite3_column_int64(stmt, 0), aad);
	g_autoptr(GBytes) clear = seal_open(file->keys.seal, aad, sqlite3_column_blob(stmt, 1),
		(gsize)sqlite3_column_bytes(stmt, 1));
	if (!clear)
		return FALSE;
	gsize len;
	const guint8 *data = g_bytes_get_data(clear, &len);
	struct unpacker u = {data, data + len, TRUE};
	return unpack_person(&u, ret);
}

/* The other accounts of the same human (R17). */
static gboolean add_linked(struct snapshot_file *file, sqlite3_stmt *row, struct person *person)
{
	struct person other;
	int rc;
	sqlite3_bind_blob(file->linked, 1, sqlite3_column_blob(row, 2),
		sqlite3_column_bytes(row, 2), SQLITE_TRANSIENT);
	sqlite3_bind_int64(file->linked, 2, sqlite3_column_int64(row, 0));
	while ((rc = sqlite3_step(file->linked)) == SQLITE_ROW) {
		if (person->n_linked == PERSON_LINKED_MAX || !unseal(file, file->linked, &other))
			break;
		memcpy(person->linked[person->n_linked++], other.common_id, PERSON_ID_SIZE);
		person_wipe(&other);
	}
	sqlite3_reset(file->linked);
	return rc == SQLITE_DONE;
}

static enum directory_answer read_rows(struct snapshot_file *file, struct person *ret)
{
	struct person person = {0};
	int rc = sqlite3_step(file->find);
	if (rc == SQLITE_DONE)
		return DIRECTORY_NONE;
	gboolean ok = rc == SQLITE_ROW && unseal(file, file->find, &person);
	if (ok && sqlite3_column_type(file->find, 2) == SQLITE_BLOB)
		ok = add_linked(file, file->find, &person);
	rc = ok ? sqlite3_step(file->find) : SQLITE_ERROR;
	if (rc == SQLITE_DONE)
		*ret = person;
	person_wipe(&person);
	return rc == SQLITE_DONE  ? DIRECTORY_ONE
	       : rc == SQLITE_ROW ? DIRECTORY_SEVERAL
				  : DIRECTORY_DOWN;
}

enum directory_answer snapshot_file_find(
	struct snapshot_file *file, const char *kind, const char *value, struct person *ret)
{
	guint8 tag[SEAL_HASH_SIZE];
	if (strlen(kind) >= PERSON_WORD_SIZE || !snapshot_meta_has(&file->meta, kind))
		return DIRECTORY_UNMAPPED;
	if (strlen(value) >= PERSON_NUMBER_SIZE)
		return DIRECTORY_NONE;
	snapshot_tag(&file->keys, kind, value, tag);
	sqlite3_bind_blob(file->find, 1, tag, sizeof tag, SQLITE_TRANSIENT);
	enum directory_answer answer = read_rows(file, ret);
	sqlite3_reset(file->find);
	sqlite3_clear_bindings(file->find);
	return answer;
}
