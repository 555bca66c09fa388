/* SPDX-License-Identifier: MIT
 *
 * ledger_proof.c - see ledger_proof.h.
 */
#include "kiosk/record/ledger_proof.h"

#include <string.h>

/* Largest power of two below n, for n > 1. */
static guint64 split(guint64 n)
{
	return G_GUINT64_CONSTANT(1) << (g_bit_storage(n - 1) - 1);
}

static void push(struct ledger_plan *plan, guint64 from, guint64 to)
{
	plan->run[plan->n++] = (struct ledger_run){from, to};
}

/* The way down is written from the root; a proof goes up. */
static void reverse(struct ledger_plan *plan)
{
	for (guint i = 0, j = plan->n; i + 1 < j; i++) {
		struct ledger_run run = plan->run[i];
		plan->run[i] = plan->run[--j];
		plan->run[j] = run;
	}
}

gboolean ledger_plan_inclusion(guint64 leaf, guint64 size, struct ledger_plan *ret)
{
	struct ledger_plan plan = {0};
	if (size > LEDGER_SIZE_MAX || leaf >= size)
		return FALSE;
	guint64 from = 0, to = size;
	while (to - from > 1) {
		guint64 middle = from + split(to - from);
		if (leaf < middle) {
			push(&plan, middle, to);
			to = middle;
		} else {
			push(&plan, from, middle);
			from = middle;
		}
	}
	reverse(&plan);
	*ret = plan;
	return TRUE;
}

gboolean ledger_plan_consistency(guint64 old, guint64 size, struct ledger_plan *ret)
{
	struct ledger_plan plan = {0};
	if (size > LEDGER_SIZE_MAX || old > size)
		return FALSE;
	guint64 from = 0, to = size;
	while (old > 0 && old < to) {
		guint64 middle = from + split(to - from);
		if (old <= middle) {
			push(&plan, middle, to);
			to = middle;
		} else {
			push(&plan, from, middle);
			from = middle;
		}
	}
	/* What the old tree ends with is known to its holder only if it is the old tree. */
	if (from > 0)
		push(&plan, from, to);
	reverse(&plan);
	*ret = plan;
	return TRUE;
}

gboolean ledger_proof_build(const struct ledger_plan *plan, ledger_run_func run, gpointer data,
	struct ledger_proof *ret, GError **error)
{
	struct ledger_proof proof = {.n = plan->n};
	for (guint i = 0; i < plan->n; i++) {
		struct ledger_edge edge = {0};
		if (!run(data, &plan->run[i], &edge, error))
			return FALSE;
		ledger_root(&edge, proof.hash[i]);
	}
	*ret = proof;
	return TRUE;
}

/* Where a hash stands in its level, and where the level ends. */
struct climb {
	guint64 at, end;
};

static void up(struct climb *climb)
{
	climb->at >>= 1;
	climb->end >>= 1;
}

/* Is the next hash of the proof on the left? If so, levels without a neighbour are passed. */
static gboolean from_left(struct climb *climb)
{
	if (!(climb->at & 1) && climb->at != climb->end)
		return FALSE;
	while (climb->at != 0 && !(climb->at & 1))
		up(climb);
	return TRUE;
}

gboolean ledger_proof_includes(const struct ledger_proof *proof, guint64 leaf, guint64 size,
	const guint8 leaf_hash[LEDGER_HASH_SIZE], const guint8 root[LEDGER_HASH_SIZE])
{
	guint8 r[LEDGER_HASH_SIZE];
	struct climb climb = {leaf, size - 1};
	if (size > LEDGER_SIZE_MAX || leaf >= size || proof->n > LEDGER_PROOF_MAX)
		return FALSE;
	memcpy(r, leaf_hash, sizeof r);
	for (guint i = 0; i < proof->n; i++) {
		if (climb.end == 0)
			return FALSE;
		if (from_left(&climb))
			ledger_node_hash(proof->hash[i], r, r);
		else
			ledger_node_hash(r, proof->hash[i], r);
		up(&climb);
	}
	return climb.end == 0 && memcmp(r, root, sizeof r) == 0;
}

/* Both roots at once: `was` of the old tree, `is` of the new. */
static gboolean climb_both(const struct ledger_proof *proof, guint i, struct climb climb,
	guint8 was[LEDGER_HASH_SIZE], guint8 is[LEDGER_HASH_SIZE])
{
	for (; i < proof->n; i++) {
		if (climb.end == 0)
			return FALSE;
		if (from_left(&climb)) {
			ledger_node_hash(proof->hash[i], was, was);
			ledger_node_hash(proof->hash[i], is, is);
		} else {
			ledger_node_hash(is, proof->hash[i], is);
		}
		up(&climb);
	}
	return climb.end == 0;
}

static gboolean is_empty_root(const guint8 root[LEDGER_HASH_SIZE])
{
	const struct ledger_edge none = {0};
	guint8 empty[LEDGER_HASH_SIZE];
	ledger_root(&none, empty);
	return memcmp(root, empty, sizeof empty) == 0;
}

gboolean ledger_proof_continues(const struct ledger_proof *proof, guint64 old,
	const guint8 old_root[LEDGER_HASH_SIZE], guint64 size, const guint8 root[LEDGER_HASH_SIZE])
{
	if (size > LEDGER_SIZE_MAX || old > size || proof->n > LEDGER_PROOF_MAX)
		return FALSE;
	if (old == size)
		return proof->n == 0 && memcmp(old_root, root, LEDGER_HASH_SIZE) == 0;
	if (old == 0)
		return proof->n == 0 && is_empty_root(old_root);
	struct climb climb = {old - 1, size - 1};
	while (climb.at & 1)
		up(&climb);
	/* A whole old tree stands for itself; otherwise the proof begins with its last part. */
	gboolean whole = climb.at == 0;
	guint8 was[LEDGER_HASH_SIZE], is[LEDGER_HASH_SIZE];
	if (proof->n == 0)
		return FALSE;
	memcpy(was, whole ? old_root : proof->hash[0], sizeof was);
	memcpy(is, was, sizeof is);
	return climb_both(proof, whole ? 0 : 1, climb, was, is) &&
	       memcmp(was, old_root, sizeof was) == 0 && memcmp(is, root, sizeof is) == 0;
}
