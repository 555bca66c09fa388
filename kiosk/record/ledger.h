/* SPDX-License-Identifier: MIT
 *
 * ledger.h - RFC 6962 Merkle tree over salted commitments.
 *
 * Pure arithmetic here; the leaves live in the store.
 */
#ifndef KIOSK_RECORD_LEDGER_H
#define KIOSK_RECORD_LEDGER_H

#include <glib.h>

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

void ledger_append(struct ledger_edge *edge, const guint8 leaf_hash[LEDGER_HASH_SIZE]);
void ledger_root(const struct ledger_edge *edge, guint8 ret[LEDGER_HASH_SIZE]);

#endif
