/* SPDX-License-Identifier: MIT
 *
 * A ledger of a million leaves: verified from the database as "madoguchictl ledger verify"
 * and each signing do it, beside as many bare SHA-256 of 65 bytes (what one node of the tree
 * costs) with the context made once; the same for the tree in memory. The best of five
 * rounds, taken in turn. Prints seconds and the share of the bare rate. Judges nothing.
 */
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "kiosk/record/ledger_store.h"
#include "kiosk/record/requests_private.h"
#include "tests/record/folder.h"

#define LEAVES 1000000
#define ROUNDS 5

static void need(gboolean ok, const GError *error)
{
	if (ok)
		return;
	fprintf(stderr, "bench_ledger: %s\n", error ? error->message : "cannot be run");
	exit(1);
}

/* Invented leaves: the number of each, hashed. */
static void leaf_of(guint32 i, guint8 ret[LEDGER_HASH_SIZE])
{
	memset(ret, 0, LEDGER_HASH_SIZE);
	memcpy(ret, &i, sizeof i);
}

static gboolean fill(struct store *store, gpointer data, GError **error)
{
	guint64 size;
	guint8 root[LEDGER_HASH_SIZE], leaf[LEDGER_HASH_SIZE];
	struct ledger_edge edge = {0};
	AUTO(ledger_hasher) hasher = ledger_hasher_new();
	/* The edge of all but the last, which is appended as a filing does it. */
	for (guint32 i = 0; i < LEAVES - 1; i++) {
		leaf_of(i, leaf);
		ledger_hasher_append(hasher, &edge, leaf);
		if (!store_exec(store, "INSERT INTO ledger_leaf (place, hash) VALUES (?, ?)",
			    BIND(B_INT(i), B_BLOB(leaf, sizeof leaf)), error))
			return FALSE;
	}
	g_autoptr(GByteArray) packed = g_byte_array_new();
	for (guint level = 0; level < 64; level++)
		if (edge.size >> level & 1)
			g_byte_array_append(packed, edge.hash[level], LEDGER_HASH_SIZE);
	leaf_of(LEAVES - 1, leaf);
	return store_exec(store, "INSERT INTO ledger_edge (one, size, hashes) VALUES (1, ?, ?)",
		       BIND(B_INT(LEAVES - 1), B_BLOB(packed->data, packed->len)), error) &&
	       request_ledger_append(store, leaf, &size, root, error);
}

static double bare(void)
{
	guint8 node[1 + 2 * LEDGER_HASH_SIZE] = {1};
	unsigned len = 0;
	EVP_MD *md = EVP_MD_fetch(NULL, "SHA256", NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	need(md && ctx && EVP_DigestInit_ex2(ctx, md, NULL), NULL);
	gint64 begin = g_get_monotonic_time();
	for (guint i = 0; i < LEAVES; i++)
		need(EVP_DigestInit_ex2(ctx, NULL, NULL) &&
				EVP_DigestUpdate(ctx, node, sizeof node) &&
				EVP_DigestFinal_ex(ctx, node + 1, &len),
			NULL);
	gint64 end = g_get_monotonic_time();
	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
	return (double)(end - begin) / 1e6;
}

static double memory(void)
{
	struct ledger_edge edge = {0};
	guint8 leaf[LEDGER_HASH_SIZE], root[LEDGER_HASH_SIZE];
	AUTO(ledger_hasher) hasher = ledger_hasher_new();
	gint64 begin = g_get_monotonic_time();
	for (guint32 i = 0; i < LEAVES; i++) {
		leaf_of(i, leaf);
		ledger_hasher_append(hasher, &edge, leaf);
	}
	ledger_hasher_root(hasher, &edge, root);
	return (double)(g_get_monotonic_time() - begin) / 1e6;
}

static double database(struct store *store)
{
	guint64 size = 0;
	guint8 root[LEDGER_HASH_SIZE];
	GError *error = NULL;
	gint64 begin = g_get_monotonic_time();
	need(requests_ledger(store, &size, root, &error) && size == LEAVES, error);
	return (double)(g_get_monotonic_time() - begin) / 1e6;
}

int main(void)
{
	struct folder folder;
	GError *error = NULL;
	double best[3] = {1e9, 1e9, 1e9};
	folder_make(&folder);
	need(store_transact(folder.store, STORE_ROOM_FREE, fill, NULL, &error), error);
	folder_reopen(&folder);
	for (guint i = 0; i < ROUNDS; i++) {
		best[0] = MIN(best[0], bare());
		best[1] = MIN(best[1], memory());
		best[2] = MIN(best[2], database(folder.store));
	}
	printf("%d leaves\n"
	       "bare SHA-256 of 65 bytes  %.3f s\n"
	       "tree in memory            %.3f s  share %.2f\n"
	       "verified in the database  %.3f s  share %.2f\n",
		LEAVES, best[0], best[1], best[0] / best[1], best[2], best[0] / best[2]);
	folder_remove(&folder);
	return 0;
}
