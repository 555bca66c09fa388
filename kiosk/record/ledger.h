/* SPDX-License-Identifier: MIT
 *
 * ledger.h - RFC 6962 Merkle tree over salted commitments.
 *
 * Pure arithmetic here; the leaves live in the store.
 */
#ifndef KIOSK_RECORD_LEDGER_H
#define KIOSK_RECORD_LEDGER_H

#include <glib.h>

#include "kiosk/cleanup.h"

#define LEDGER_HASH_SIZE 32

/* SHA-256(0x00 ‖ leaf) and SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1). */
void ledger_leaf_hash(gconstpointer leaf, gsize len, guint8 ret[LEDGER_HASH_SIZE]);
void ledger_node_hash(const guint8 left[LEDGER_HASH_SIZE], const guint8 right[LEDGER_HASH_SIZE],
	guint8 ret[LEDGER_HASH_SIZE]);

/* Right edge of the tree: one hash for each set bit of the size. Appending and
 * the root cost O(log n); the store keeps it as one row. */
struct ledger_edge {
	guint64 size;
	guint8 hash[64][LEDGER_HASH_SIZE]; /* [level]; meaningful where size has that bit */
};

/* SHA-256 looked up once, for who hashes a whole tree. Belongs to one thread. */
struct ledger_hasher;
struct ledger_hasher *ledger_hasher_new(void);
struct ledger_hasher *ledger_hasher_free(struct ledger_hasher *hasher);
DEFINE_CLEANUP(ledger_hasher, ledger_hasher_free)

/* As those without a hasher, which make one for each call. */
void ledger_hasher_node(struct ledger_hasher *hasher, const guint8 left[LEDGER_HASH_SIZE],
	const guint8 right[LEDGER_HASH_SIZE], guint8 ret[LEDGER_HASH_SIZE]);
void ledger_hasher_append(struct ledger_hasher *hasher, struct ledger_edge *edge,
	const guint8 leaf_hash[LEDGER_HASH_SIZE]);
void ledger_hasher_root(
	struct ledger_hasher *hasher, const struct ledger_edge *edge, guint8 ret[LEDGER_HASH_SIZE]);

void ledger_append(struct ledger_edge *edge, const guint8 leaf_hash[LEDGER_HASH_SIZE]);
void ledger_root(const struct ledger_edge *edge, guint8 ret[LEDGER_HASH_SIZE]);

#endif
