/* SPDX-License-Identifier: MIT
 *
 * requests_read.c - finding and opening what was filed.
 */
#include "kiosk/record/requests_private.h"

#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/record/seal.h"

#define ROW_COLUMNS "SELECT r.id, r.number, r.filed_at, o.state, o.outside"
#define ROW_FROM    " FROM request r JOIN outbox o ON o.request = r.id"

static void read_row(sqlite3_stmt *statement, struct request_row *ret)
{
	struct request_row row = {
		.id = sqlite3_column_int64(statement, 0),
		.filed_at = sqlite3_column_int64(statement, 2),
	};
	/* The table's CHECK lets no other word in. */
	outbox_state_parse((const char *)sqlite3_column_text(statement, 3), &row.state);
	g_strlcpy(row.number, (const char *)sqlite3_column_text(statement, 1), sizeof row.number);
	g_strlcpy(row.outside, (const char *)sqlite3_column_text(statement, 4), sizeof row.outside);
	*ret = row;
}

gboolean requests_live_of(
	struct store *store, const char *common_id, struct request_row *ret, GError **error)
{
	guint8 tag[SEAL_HASH_SIZE];
	request_holder_tag(store, common_id, tag);
	AUTO(sqlite3_stmt)
	statement = store_query(store,
		ROW_COLUMNS ROW_FROM
		" WHERE r.holder_tag = ? AND o.state NOT IN ('done', 'refused', 'cancelled')"
		" ORDER BY r.id LIMIT 1",
		BIND(B_BLOB(tag, sizeof tag)), error);
	if (!statement || store_step(store, statement, error) != STORE_STEP_ROW)
		return FALSE;
	read_row(statement, ret);
	return TRUE;
}

GArray *requests_list(struct store *store, enum outbox_state state, guint max, GError **error)
{
	AUTO(sqlite3_stmt)
	statement =
		store_query(store, ROW_COLUMNS ROW_FROM " WHERE o.state = ? ORDER BY r.id LIMIT ?",
			BIND(B_TEXT(outbox_state_word(state)), B_INT(max)), error);
	if (!statement)
		return NULL;
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct request_row));
	enum store_step step;
	while ((step = store_step(store, statement, error)) == STORE_STEP_ROW) {
		struct request_row row;
		read_row(statement, &row);
		g_array_append_val(rows, row);
	}
	if (step == STORE_STEP_DONE)
		return rows;
	g_array_unref(rows);
	return NULL;
}

gboolean requests_waiting(struct store *store, guint *ret_n, gint64 *ret_oldest, GError **error)
{
	AUTO(sqlite3_stmt)
	statement = store_query(store,
		"SELECT count(*), coalesce(min(r.filed_at), 0)" ROW_FROM
		" WHERE o.state = 'queued'",
		NULL, error);
	if (!statement || store_step(store, statement, error) != STORE_STEP_ROW)
		return FALSE;
	*ret_n = (guint)sqlite3_column_int64(statement, 0);
	*ret_oldest = sqlite3_column_int64(statement, 1);
	return TRUE;
}

/* The record key from the desk's wrap: columns are date, wrapped. */
static gboolean unwrap(
	struct store *store, sqlite3_stmt *statement, const char *number, guint8 ret[KEY_SIZE])
{
	guint8 day[KEY_SIZE];
	char aad[REQUEST_AAD_SIZE];
	const guint8 *wrapped = store_column_blob(statement, 1, REQUEST_WRAP_SIZE);
	if (!wrapped || !day_keys_get(store->days, (gint32)sqlite3_column_int64(statement, 0), day))
		return FALSE;
	request_aad(AAD_WRAP_DESK, number, aad);
	g_autoptr(GBytes) record = seal_open(day, aad, wrapped, REQUEST_WRAP_SIZE);
	OPENSSL_cleanse(day, sizeof day);
	if (record)
		memcpy(ret, g_bytes_get_data(record, NULL), KEY_SIZE);
	return record != NULL;
}

GBytes *requests_envelope(struct store *store, const char *number, GError **error)
{
	AUTO(sqlite3_stmt)
	statement = store_query(store,
		"SELECT r.date, w.wrapped, r.envelope FROM request r"
		" JOIN wrap w ON w.request = r.id AND w.recipient = '" RECIPIENT_DESK "'"
		" WHERE r.number = ?",
		BIND(B_TEXT(number)), error);
	enum store_step step = statement ? store_step(store, statement, error) : STORE_STEP_FAILED;
	if (step == STORE_STEP_DONE)
		store_fail(error, STORE_ERROR_INVALID, "no such request, or erased");
	if (step != STORE_STEP_ROW)
		return NULL;
	guint8 record[KEY_SIZE];
	char aad[REQUEST_AAD_SIZE];
	GBytes *envelope = NULL;
	if (unwrap(store, statement, number, record)) {
		request_aad(AAD_ENVELOPE, number, aad);
		envelope = seal_open(record, aad, sqlite3_column_blob(statement, 2),
			(gsize)sqlite3_column_bytes(statement, 2));
		OPENSSL_cleanse(record, sizeof record);
	}
	if (!envelope)
		store_fail(error, STORE_ERROR_DAMAGED, "%s cannot be opened", number);
	return envelope;
}
