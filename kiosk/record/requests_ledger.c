/* SPDX-License-Identifier: MIT
 *
 * requests_ledger.c - the ledger's leaves and edge in the database.
 */
#include "kiosk/record/requests_private.h"

#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/record/ledger_store.h"

/* On disk: the hashes of the set bits of size, lowest level first. */
static gboolean unpack(gint64 size, const guint8 *packed, gsize len, struct ledger_edge *ret)
{
	struct ledger_edge edge = {.size = (guint64)size};
	gsize at = 0;
	for (guint level = 0; level < 64; level++) {
		if (!(edge.size >> level & 1))
			continue;
		if (len - at < LEDGER_HASH_SIZE)
			return FALSE;
		memcpy(edge.hash[level], packed + at, LEDGER_HASH_SIZE);
		at += LEDGER_HASH_SIZE;
	}
	if (at != len)
		return FALSE;
	*ret = edge;
	return TRUE;
}

gboolean ledger_store_edge(struct store *store, struct ledger_edge *ret, GError **error)
{
	AUTO(sqlite3_stmt)
	statement = store_query(store, "SELECT size, hashes FROM ledger_edge", NULL, error);
	enum store_step step = statement ? store_step(store, statement, error) : STORE_STEP_FAILED;
	if (step == STORE_STEP_DONE)
		memset(ret, 0, sizeof *ret);
	if (step != STORE_STEP_ROW)
		return step == STORE_STEP_DONE;
	return unpack(sqlite3_column_int64(statement, 0), sqlite3_column_blob(statement, 1),
		       (gsize)sqlite3_column_bytes(statement, 1), ret) ||
	       store_fail(error, STORE_ERROR_DAMAGED, "ledger: edge and size do not fit");
}

static gboolean save(struct store *store, const struct ledger_edge *edge, GError **error)
{
	guint8 packed[sizeof edge->hash];
	gsize len = 0;
	for (guint level = 0; level < 64; level++) {
		if (!(edge->size >> level & 1))
			continue;
		memcpy(packed + len, edge->hash[level], LEDGER_HASH_SIZE);
		len += LEDGER_HASH_SIZE;
	}
	return store_exec(store,
		"INSERT INTO ledger_edge (one, size, hashes) VALUES (1, ?, ?)"
		" ON CONFLICT DO UPDATE SET size = excluded.size, hashes = excluded.hashes",
		BIND(B_INT((gint64)edge->size), B_BLOB(packed, len)), error);
}

gboolean request_ledger_append(struct store *store, const guint8 leaf_hash[LEDGER_HASH_SIZE],
	guint64 *ret_size, guint8 ret_root[LEDGER_HASH_SIZE], GError **error)
{
	struct ledger_edge edge;
	if (!ledger_store_edge(store, &edge, error) ||
		!store_exec(store, "INSERT INTO ledger_leaf (place, hash) VALUES (?, ?)",
			BIND(B_INT((gint64)edge.size), B_BLOB(leaf_hash, LEDGER_HASH_SIZE)), error))
		return FALSE;
	ledger_append(&edge, leaf_hash);
	if (!save(store, &edge, error))
		return FALSE;
	*ret_size = edge.size;
	ledger_root(&edge, ret_root);
	return TRUE;
}

/* Append leaf after leaf in order; a gap or a wrong length is damage. */
static gboolean recompute(struct store *store, struct ledger_edge *ret, GError **error)
{
	AUTO(ledger_hasher) hasher = ledger_hasher_new();
	AUTO(sqlite3_stmt)
	statement = store_query(
		store, "SELECT place, hash FROM ledger_leaf ORDER BY place", NULL, error);
	enum store_step step = STORE_STEP_FAILED;
	memset(ret, 0, sizeof *ret);
	while (statement && (step = store_step(store, statement, error)) == STORE_STEP_ROW) {
		const guint8 *hash = store_column_blob(statement, 1, LEDGER_HASH_SIZE);
		if (!hash || sqlite3_column_int64(statement, 0) != (gint64)ret->size)
			return store_fail(error, STORE_ERROR_DAMAGED,
				"ledger: leaf %" G_GUINT64_FORMAT " is missing", ret->size);
		ledger_hasher_append(hasher, ret, hash);
	}
	return step == STORE_STEP_DONE;
}

gboolean requests_ledger(
	struct store *store, guint64 *ret_size, guint8 ret_root[32], GError **error)
{
	struct ledger_edge kept, computed;
	guint8 root[LEDGER_HASH_SIZE], again[LEDGER_HASH_SIZE];
	if (!ledger_store_edge(store, &kept, error) || !recompute(store, &computed, error))
		return FALSE;
	ledger_root(&kept, root);
	ledger_root(&computed, again);
	if (kept.size != computed.size || CRYPTO_memcmp(root, again, sizeof root) != 0)
		return store_fail(
			error, STORE_ERROR_DAMAGED, "ledger: leaves do not give its root");
	*ret_size = kept.size;
	memcpy(ret_root, root, sizeof root);
	return TRUE;
}
