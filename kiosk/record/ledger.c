/* SPDX-License-Identifier: MIT
 *
 * ledger.c - see ledger.h. RFC 6962 §2.1.
 */
#include "kiosk/record/ledger.h"

#include <string.h>

#include <openssl/evp.h>

/* Domain separation: a node can never pass for a leaf (§2.1). */
#define LEAF_PREFIX 0x00
#define NODE_PREFIX 0x01

static void hash(guint8 prefix, gconstpointer a, gsize a_len, gconstpointer b, gsize b_len,
	guint8 ret[LEDGER_HASH_SIZE])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	if (!ctx || !EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) ||
		!EVP_DigestUpdate(ctx, &prefix, 1) || !EVP_DigestUpdate(ctx, a, a_len) ||
		!EVP_DigestUpdate(ctx, b, b_len) || !EVP_DigestFinal_ex(ctx, ret, NULL))
		g_error("SHA-256 is not available");
	EVP_MD_CTX_free(ctx);
}

void ledger_leaf_hash(gconstpointer leaf, gsize len, guint8 ret[LEDGER_HASH_SIZE])
{
	hash(LEAF_PREFIX, leaf, len, NULL, 0, ret);
}

void ledger_node_hash(const guint8 left[LEDGER_HASH_SIZE], const guint8 right[LEDGER_HASH_SIZE],
	guint8 ret[LEDGER_HASH_SIZE])
{
	hash(NODE_PREFIX, left, LEDGER_HASH_SIZE, right, LEDGER_HASH_SIZE, ret);
}

/* Like adding one to a binary number: each full subtree met is carried up. */
void ledger_append(struct ledger_edge *edge, const guint8 leaf_hash[LEDGER_HASH_SIZE])
{
	guint8 carry[LEDGER_HASH_SIZE];
	memcpy(carry, leaf_hash, sizeof carry);
	guint level = 0;
	for (; edge->size >> level & 1; level++)
		ledger_node_hash(edge->hash[level], carry, carry);
	memcpy(edge->hash[level], carry, sizeof carry);
	edge->size++;
}

void ledger_root(const struct ledger_edge *edge, guint8 ret[LEDGER_HASH_SIZE])
{
	guint8 root[LEDGER_HASH_SIZE];
	gboolean begun = FALSE;
	for (guint level = 0; level < 64; level++) {
		if (!(edge->size >> level & 1))
			continue;
		if (begun)
			ledger_node_hash(edge->hash[level], root, root);
		else
			memcpy(root, edge->hash[level], sizeof root);
		begun = TRUE;
	}
	/* The empty tree's root is the hash of nothing. */
	if (!begun && !EVP_Digest("", 0, root, NULL, EVP_sha256(), NULL))
		g_error("SHA-256 is not available");
	memcpy(ret, root, sizeof root);
}
