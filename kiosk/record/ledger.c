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

struct ledger_hasher {
	EVP_MD *md; /* fetched once: a fetch costs several hashes */
	EVP_MD_CTX *ctx;
};

struct ledger_hasher *ledger_hasher_new(void)
{
	struct ledger_hasher *hasher = g_new0(struct ledger_hasher, 1);
	hasher->md = EVP_MD_fetch(NULL, "SHA256", NULL);
	hasher->ctx = EVP_MD_CTX_new();
	if (!hasher->md || !hasher->ctx || !EVP_DigestInit_ex2(hasher->ctx, hasher->md, NULL))
		g_error("SHA-256 is not available");
	return hasher;
}

struct ledger_hasher *ledger_hasher_free(struct ledger_hasher *hasher)
{
	if (!hasher)
		return NULL;
	EVP_MD_CTX_free(hasher->ctx);
	EVP_MD_free(hasher->md);
	g_free(hasher);
	return NULL;
}

static void hash(
	struct ledger_hasher *hasher, gconstpointer data, gsize len, guint8 ret[LEDGER_HASH_SIZE])
{
	if (!EVP_DigestInit_ex2(hasher->ctx, NULL, NULL) ||
		!EVP_DigestUpdate(hasher->ctx, data, len) ||
		!EVP_DigestFinal_ex(hasher->ctx, ret, NULL))
		g_error("SHA-256 is not available");
}

void ledger_hasher_node(struct ledger_hasher *hasher, const guint8 left[LEDGER_HASH_SIZE],
	const guint8 right[LEDGER_HASH_SIZE], guint8 ret[LEDGER_HASH_SIZE])
{
	guint8 both[1 + 2 * LEDGER_HASH_SIZE] = {NODE_PREFIX};
	memcpy(both + 1, left, LEDGER_HASH_SIZE);
	memcpy(both + 1 + LEDGER_HASH_SIZE, right, LEDGER_HASH_SIZE);
	hash(hasher, both, sizeof both, ret);
}

/* Like adding one to a binary number: each full subtree met is carried up. */
void ledger_hasher_append(struct ledger_hasher *hasher, struct ledger_edge *edge,
	const guint8 leaf_hash[LEDGER_HASH_SIZE])
{
	guint8 carry[LEDGER_HASH_SIZE];
	memcpy(carry, leaf_hash, sizeof carry);
	guint level = 0;
	for (; edge->size >> level & 1; level++)
		ledger_hasher_node(hasher, edge->hash[level], carry, carry);
	memcpy(edge->hash[level], carry, sizeof carry);
	edge->size++;
}

void ledger_hasher_root(
	struct ledger_hasher *hasher, const struct ledger_edge *edge, guint8 ret[LEDGER_HASH_SIZE])
{
	guint8 root[LEDGER_HASH_SIZE];
	gboolean begun = FALSE;
	for (guint level = 0; level < 64; level++) {
		if (!(edge->size >> level & 1))
			continue;
		if (begun)
			ledger_hasher_node(hasher, edge->hash[level], root, root);
		else
			memcpy(root, edge->hash[level], sizeof root);
		begun = TRUE;
	}
	/* The empty tree's root is the hash of nothing. */
	if (!begun)
		hash(hasher, "", 0, root);
	memcpy(ret, root, sizeof root);
}

void ledger_leaf_hash(gconstpointer leaf, gsize len, guint8 ret[LEDGER_HASH_SIZE])
{
	AUTO(ledger_hasher) hasher = ledger_hasher_new();
	static const guint8 prefix = LEAF_PREFIX;
	if (!EVP_DigestUpdate(hasher->ctx, &prefix, 1) ||
		!EVP_DigestUpdate(hasher->ctx, leaf, len) ||
		!EVP_DigestFinal_ex(hasher->ctx, ret, NULL))
		g_error("SHA-256 is not available");
}

void ledger_node_hash(const guint8 left[LEDGER_HASH_SIZE], const guint8 right[LEDGER_HASH_SIZE],
	guint8 ret[LEDGER_HASH_SIZE])
{
	AUTO(ledger_hasher) hasher = ledger_hasher_new();
	ledger_hasher_node(hasher, left, right, ret);
}

void ledger_append(struct ledger_edge *edge, const guint8 leaf_hash[LEDGER_HASH_SIZE])
{
	AUTO(ledger_hasher) hasher = ledger_hasher_new();
	ledger_hasher_append(hasher, edge, leaf_hash);
}

void ledger_root(const struct ledger_edge *edge, guint8 ret[LEDGER_HASH_SIZE])
{
	AUTO(ledger_hasher) hasher = ledger_hasher_new();
	ledger_hasher_root(hasher, edge, ret);
}
