/* SPDX-License-Identifier: MIT
 *
 * ledger_proof.h - inclusion and consistency proofs of the Merkle tree.
 *
 * Pure. A proof is a list of roots of disjoint runs of leaves: it is planned from the
 * numbers alone, and whoever has the leaves gives the root of each run, so that one pass
 * over them is enough and none of the tree is kept.
 */
#ifndef KIOSK_RECORD_LEDGER_PROOF_H
#define KIOSK_RECORD_LEDGER_PROOF_H

#include "kiosk/record/ledger.h"

/* Largest tree: sizes are signed 64-bit numbers in the store and in other tools. */
#define LEDGER_SIZE_MAX  ((guint64)G_MAXINT64)
#define LEDGER_PROOF_MAX 64 /* hashes a proof in such a tree may have */

struct ledger_proof {
	guint n;
	guint8 hash[LEDGER_PROOF_MAX][LEDGER_HASH_SIZE]; /* nearest the leaves first */
};

/* Root of each of these runs of leaves, `from` to before `to`, in the proof's order. */
struct ledger_plan {
	guint n;
	struct ledger_run {
		guint64 from, to;
	} run[LEDGER_PROOF_MAX];
};

/* PATH(leaf, D[size]) of RFC 6962 §2.1.1. FALSE: no such leaf. */
gboolean ledger_plan_inclusion(guint64 leaf, guint64 size, struct ledger_plan *ret);

/* PROOF(old, D[size]) of RFC 6962 §2.1.2; empty for old 0 and old = size. FALSE: old > size. */
gboolean ledger_plan_consistency(guint64 old, guint64 size, struct ledger_plan *ret);

/* Append the leaf hashes of a run to `edge`, which is empty. */
typedef gboolean (*ledger_run_func)(
	gpointer data, const struct ledger_run *run, struct ledger_edge *edge, GError **error);

gboolean ledger_proof_build(const struct ledger_plan *plan, ledger_run_func run, gpointer data,
	struct ledger_proof *ret, GError **error);

/* RFC 9162 §2.1.3.2. */
gboolean ledger_proof_includes(const struct ledger_proof *proof, guint64 leaf, guint64 size,
	const guint8 leaf_hash[LEDGER_HASH_SIZE], const guint8 root[LEDGER_HASH_SIZE]);

/* RFC 9162 §2.1.4.2, and for old 0 the empty tree's root with an empty proof. */
gboolean ledger_proof_continues(const struct ledger_proof *proof, guint64 old,
	const guint8 old_root[LEDGER_HASH_SIZE], guint64 size, const guint8 root[LEDGER_HASH_SIZE]);

#endif
