/* SPDX-License-Identifier: MIT
 *
 * requests.c - filing, and the end of a request. See requests.h.
 */
#include "kiosk/record/requests_private.h"

#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/record/envelope.h"
#include "kiosk/record/outbox.h"
#include "kiosk/record/request_number.h"
#include "kiosk/record/seal.h"
#include "kiosk/record/tally.h"

#define COMMON_ID_DIGITS 10
/* Where numbers go on after a database was lost: its day's numbers may be out already. */
#define SEQUENCE_AFTER_LOSS 5000

struct filing_work {
	const struct request_filing *filing;
	struct request_receipt receipt; /* filled by the work */
	guint8 fleet_tag[SEAL_HASH_SIZE];
};

static gboolean common_id_valid(const char *id)
{
	return id && strlen(id) == COMMON_ID_DIGITS && strspn(id, "0123456789") == COMMON_ID_DIGITS;
}

static gboolean check_filing(const struct request_filing *filing, GError **error)
{
	GDateDay day = (GDateDay)(filing->date % 100);
	GDateMonth month = (GDateMonth)(filing->date / 100 % 100);
	GDateYear year = (GDateYear)(filing->date / 10000);
	if (!request_desk_valid(filing->desk))
		return store_fail(error, STORE_ERROR_INVALID, "desk is not [A-Z0-9]{1,12}");
	if (filing->date < 10000101 || filing->date > 99991231 ||
		!g_date_valid_dmy(day, month, year))
		return store_fail(error, STORE_ERROR_INVALID, "not a date: %d", filing->date);
	if (!common_id_valid(filing->common_id))
		return store_fail(error, STORE_ERROR_INVALID, "common id is not ten digits");
	if (!envelope_part_valid(filing->payload) || !envelope_part_valid(filing->evidence))
		return store_fail(error, STORE_ERROR_INVALID, "payload or evidence is not text");
	return TRUE;
}

void request_holder_tag(struct store *store, const char *common_id, guint8 ret[32])
{
	guint8 key[KEY_SIZE];
	keyring_derive(store->keys, "holder-tag", key);
	seal_hmac(key, common_id, strlen(common_id), ret);
	OPENSSL_cleanse(key, sizeof key);
}

gboolean request_fleet_tag(struct store *store, const char *common_id, guint8 ret[32])
{
	guint8 key[KEY_SIZE];
	if (!store->fleet)
		return FALSE;
	keyring_derive(store->fleet, "holder-tag", key);
	seal_hmac(key, common_id, strlen(common_id), ret);
	OPENSSL_cleanse(key, sizeof key);
	return TRUE;
}

static void make_uuid(char ret[REQUEST_UUID_SIZE])
{
	guint8 r[16];
	seal_random(r, sizeof r);
	r[6] = (r[6] & 0x0f) | 0x40;
	r[8] = (r[8] & 0x3f) | 0x80;
	g_snprintf(ret, REQUEST_UUID_SIZE,
		"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", r[0], r[1],
		r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[10], r[11], r[12], r[13], r[14],
		r[15]);
}

static gboolean last_sequence(
	struct store *store, const struct request_filing *filing, gint64 *ret, GError **error)
{
	AUTO(sqlite3_stmt)
	statement = store_query(store,
		"SELECT coalesce((SELECT last FROM sequence WHERE desk = ?1 AND date = ?2),"
		" (SELECT ?3 FROM meta WHERE name = 'lost-until' AND value >= ?2), 0)",
		BIND(B_TEXT(filing->desk), B_INT(filing->date), B_INT(SEQUENCE_AFTER_LOSS)), error);
	if (!statement || store_step(store, statement, error) != STORE_STEP_ROW)
		return FALSE;
	*ret = sqlite3_column_int64(statement, 0);
	return TRUE;
}

static gboolean take_number(struct store *store, struct filing_work *work, GError **error)
{
	const struct request_filing *filing = work->filing;
	gint64 sequence = 0;
	if (!last_sequence(store, filing, &sequence, error))
		return FALSE;
	do {
		if (++sequence > REQUEST_SEQUENCE_MAX)
			return store_fail(error, STORE_ERROR_INVALID, "no number left today");
	} while (!request_number_make(filing->desk, filing->date, sequence, work->receipt.number));
	return store_exec(store,
		"INSERT INTO sequence (desk, date, last) VALUES (?, ?, ?)"
		" ON CONFLICT DO UPDATE SET last = excluded.last",
		BIND(B_TEXT(filing->desk), B_INT(filing->date), B_INT(sequence)), error);
}

static gboolean insert_request(
	struct store *store, const struct filing_work *work, GBytes *box, GError **error)
{
	const struct request_filing *filing = work->filing;
	const struct request_receipt *receipt = &work->receipt;
	guint8 tag[SEAL_HASH_SIZE];
	request_holder_tag(store, filing->common_id, tag);
	return store_exec(store,
		"INSERT INTO request (number, uuid, date, filed_at, leaf, holder_tag, fleet_tag,"
		" envelope) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		BIND(B_TEXT(receipt->number), B_TEXT(receipt->uuid), B_INT(filing->date),
			B_INT(filing->now), B_INT((gint64)receipt->size - 1),
			B_BLOB(tag, sizeof tag),
			B_BLOB(store->fleet ? work->fleet_tag : NULL, sizeof work->fleet_tag),
			B_BYTES(box)),
		error);
}

/* The record key for who may read it; further recipients are further rows. */
static gboolean insert_wrap(struct store *store, const struct filing_work *work, gint64 row,
	const guint8 record[KEY_SIZE], GError **error)
{
	guint8 day[KEY_SIZE];
	char aad[REQUEST_AAD_SIZE];
	if (!day_keys_get(store->days, work->filing->date, day))
		return store_fail(error, STORE_ERROR_DAMAGED, "key of the day is missing");
	request_aad(AAD_WRAP_DESK, work->receipt.number, aad);
	g_autoptr(GBytes) wrapped = seal_close(day, aad, record, KEY_SIZE);
	OPENSSL_cleanse(day, sizeof day);
	return store_exec(store, "INSERT INTO wrap (request, recipient, wrapped) VALUES (?, ?, ?)",
		BIND(B_INT(row), B_TEXT(RECIPIENT_DESK), B_BYTES(wrapped)), error);
}

static gboolean insert_sealed(
	struct store *store, const struct filing_work *work, GBytes *envelope, GError **error)
{
	guint8 record[KEY_SIZE];
	char aad[REQUEST_AAD_SIZE];
	seal_random(record, sizeof record);
	request_aad(AAD_ENVELOPE, work->receipt.number, aad);
	g_autoptr(GBytes) box = seal_close(
		record, aad, g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope));
	gboolean ok = insert_request(store, work, box, error);
	gint64 row = sqlite3_last_insert_rowid(store->db);
	ok = ok && insert_wrap(store, work, row, record, error);
	OPENSSL_cleanse(record, sizeof record);
	return ok && store_exec(store,
			     "INSERT INTO outbox (request, state, changed_at)"
			     " VALUES (?, 'queued', ?)",
			     BIND(B_INT(row), B_INT(work->filing->now)), error);
}

static gboolean file_work(struct store *store, gpointer data, GError **error)
{
	struct filing_work *work = data;
	struct envelope envelope = {
		.receipt = &work->receipt,
		.payload = work->filing->payload,
		.evidence = work->filing->evidence,
	};
	guint8 leaf[ENVELOPE_LEAF_SIZE], hash[LEDGER_HASH_SIZE];
	make_uuid(work->receipt.uuid);
	if (request_fleet_tag(store, work->filing->common_id, work->fleet_tag))
		outbox_tag_text(work->fleet_tag, envelope.holder);
	seal_random(envelope.salt, sizeof envelope.salt);
	if (!take_number(store, work, error))
		return FALSE;
	envelope_leaf(&envelope, leaf);
	ledger_leaf_hash(leaf, sizeof leaf, hash);
	if (!request_ledger_append(store, hash, &work->receipt.size, work->receipt.root, error))
		return FALSE;
	g_autoptr(GBytes) frozen = envelope_build(&envelope);
	return insert_sealed(store, work, frozen, error) &&
	       tally_add(store, work->filing->common_id, work->filing->date, error);
}

gboolean requests_file(struct store *store, const struct request_filing *filing,
	struct request_receipt *ret, GError **error)
{
	struct filing_work work = {.filing = filing};
	/* The day's key is synced before a commit may need it. */
	if (!check_filing(filing, error) || !store_ready(store, error) ||
		!day_keys_make(store->days, filing->date, error) ||
		!store_transact(store, STORE_ROOM_FREE, file_work, &work, error))
		return FALSE;
	*ret = work.receipt;
	return TRUE;
}

static gboolean outside_valid(const char *outside)
{
	gsize max = sizeof((struct request_row *)NULL)->outside;
	if (!outside || !*outside || strlen(outside) >= max || !g_utf8_validate(outside, -1, NULL))
		return FALSE;
	for (const char *at = outside; *at; at = g_utf8_next_char(at))
		if (g_unichar_iscntrl(g_utf8_get_char(at)))
			return FALSE;
	return TRUE;
}

gboolean requests_done(
	struct store *store, const char *number, const char *outside, gint64 now, GError **error)
{
	const struct outbox_news news = {.outside = outside, .now = now};
	if (!request_number_valid(number) || !outside_valid(outside))
		return store_fail(error, STORE_ERROR_INVALID, "not a number to file under");
	return outbox_apply(store, number, OUTBOX_BY_HAND, &news, NULL, error);
}

static gboolean reason_valid(const char *reason)
{
	gsize n = reason ? strspn(reason, "abcdefghijklmnopqrstuvwxyz0123456789-") : 0;
	return n > 0 && n < 32 && reason[n] == '\0';
}

gboolean requests_cancel(
	struct store *store, const char *number, const char *reason, gint64 now, GError **error)
{
	const struct outbox_news news = {.reason = reason, .now = now};
	if (!request_number_valid(number) || !reason_valid(reason))
		return store_fail(error, STORE_ERROR_INVALID, "not a reason code");
	return outbox_apply(store, number, OUTBOX_CANCEL, &news, NULL, error);
}
