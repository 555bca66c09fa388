/* SPDX-License-Identifier: MIT
 *
 * test_ledger_proof.c - proofs against RFC 6962's own, recursive definition.
 */
#include "kiosk/record/ledger_proof.h"

#include "tests/check.h"

#define SIZES 66 /* past a power of two by one, and one more */

static guint8 leaves[SIZES][LEDGER_HASH_SIZE];

static void make_leaves(void)
{
	for (guint i = 0; i < SIZES; i++)
		ledger_leaf_hash(&i, sizeof i, leaves[i]);
}

/* MTH, PATH and SUBPROOF as §2.1, §2.1.1 and §2.1.2 write them. */
static guint64 half(guint64 n)
{
	guint64 k = 1;
	while (k * 2 < n)
		k *= 2;
	return k;
}

static void mth(guint64 from, guint64 n, guint8 *ret)
{
	guint8 left[LEDGER_HASH_SIZE], right[LEDGER_HASH_SIZE];
	const struct ledger_edge none = {0};
	if (n == 0) {
		ledger_root(&none, ret);
	} else if (n == 1) {
		memcpy(ret, leaves[from], LEDGER_HASH_SIZE);
	} else {
		mth(from, half(n), left);
		mth(from + half(n), n - half(n), right);
		ledger_node_hash(left, right, ret);
	}
}

static void path(guint64 m, guint64 from, guint64 n, struct ledger_proof *proof)
{
	guint64 k = half(n);
	if (n == 1)
		return;
	path(m < k ? m : m - k, m < k ? from : from + k, m < k ? k : n - k, proof);
	mth(m < k ? from + k : from, m < k ? n - k : k, proof->hash[proof->n++]);
}

static void subproof(guint64 m, guint64 from, guint64 n, bool known, struct ledger_proof *proof)
{
	guint64 k = half(n);
	if (m == n) {
		if (!known)
			mth(from, n, proof->hash[proof->n++]);
	} else if (m <= k) {
		subproof(m, from, k, known, proof);
		mth(from + k, n - k, proof->hash[proof->n++]);
	} else {
		subproof(m - k, from + k, n - k, false, proof);
		mth(from, k, proof->hash[proof->n++]);
	}
}

static gboolean take_run(
	gpointer data, const struct ledger_run *run, struct ledger_edge *edge, GError **error)
{
	for (guint64 i = run->from; i < run->to; i++)
		ledger_append(edge, leaves[i]);
	return TRUE;
}

static bool same(const struct ledger_proof *a, const struct ledger_proof *b)
{
	return a->n == b->n && memcmp(a->hash, b->hash, a->n * sizeof a->hash[0]) == 0;
}

static void inclusion_is_that_of_the_definition_at_every_size(void)
{
	for (guint64 n = 1; n <= SIZES; n++) {
		guint8 root[LEDGER_HASH_SIZE];
		mth(0, n, root);
		for (guint64 m = 0; m < n; m++) {
			struct ledger_plan plan;
			struct ledger_proof got, want = {0};
			path(m, 0, n, &want);
			CHECK(ledger_plan_inclusion(m, n, &plan));
			CHECK(ledger_proof_build(&plan, take_run, NULL, &got, NULL));
			CHECK(same(&got, &want));
			CHECK(ledger_proof_includes(&got, m, n, leaves[m], root));
		}
	}
}

static void consistency_is_that_of_the_definition_at_every_pair_of_sizes(void)
{
	for (guint64 n = 0; n <= SIZES; n++) {
		guint8 root[LEDGER_HASH_SIZE], old_root[LEDGER_HASH_SIZE];
		mth(0, n, root);
		for (guint64 m = 0; m <= n; m++) {
			struct ledger_plan plan;
			struct ledger_proof got, want = {0};
			if (m > 0)
				subproof(m, 0, n, true, &want);
			mth(0, m, old_root);
			CHECK(ledger_plan_consistency(m, n, &plan));
			CHECK(ledger_proof_build(&plan, take_run, NULL, &got, NULL));
			CHECK(same(&got, &want));
			CHECK(ledger_proof_continues(&got, m, old_root, n, root));
		}
	}
}

static bool includes_changed(struct ledger_proof proof, guint64 m, guint64 n, guint i)
{
	guint8 root[LEDGER_HASH_SIZE];
	mth(0, n, root);
	proof.hash[i / LEDGER_HASH_SIZE][i % LEDGER_HASH_SIZE] ^= (guint8)(1 << i % 8);
	return ledger_proof_includes(&proof, m, n, leaves[m], root);
}

/* Everything said but one thing: another place, size, leaf, root, one hash more or less. */
static void check_inclusion_refusals(guint64 m, guint64 n)
{
	struct ledger_proof proof = {0};
	guint8 root[LEDGER_HASH_SIZE];
	path(m, 0, n, &proof);
	mth(0, n, root);
	for (guint64 other = 0; other < n + 3; other++)
		CHECK_INT(ledger_proof_includes(&proof, other, n, leaves[m], root), other == m);
	for (guint64 other = 0; other < n; other++)
		CHECK_INT(ledger_proof_includes(&proof, m, n, leaves[other], root), other == m);
	for (guint i = 0; i < proof.n * LEDGER_HASH_SIZE; i++)
		CHECK(!includes_changed(proof, m, n, i));
	struct ledger_proof other = proof;
	other.n++;
	CHECK(!ledger_proof_includes(&other, m, n, leaves[m], root));
	other.n = proof.n - 1;
	CHECK(proof.n == 0 || !ledger_proof_includes(&other, m, n, leaves[m], root));
	root[n % LEDGER_HASH_SIZE] ^= 1;
	CHECK(!ledger_proof_includes(&proof, m, n, leaves[m], root));
}

static void a_changed_inclusion_proof_is_refused(void)
{
	for (guint64 n = 1; n <= 17; n++)
		for (guint64 m = 0; m < n; m++)
			check_inclusion_refusals(m, n);
}

static void check_consistency_refusals(guint64 m, guint64 n)
{
	struct ledger_proof proof = {0};
	guint8 root[LEDGER_HASH_SIZE], old[LEDGER_HASH_SIZE];
	if (m > 0)
		subproof(m, 0, n, true, &proof);
	mth(0, n, root);
	mth(0, m, old);
	for (guint i = 0; i < proof.n * LEDGER_HASH_SIZE; i++) {
		struct ledger_proof bad = proof;
		bad.hash[i / LEDGER_HASH_SIZE][i % LEDGER_HASH_SIZE] ^= 0x40;
		CHECK(!ledger_proof_continues(&bad, m, old, n, root));
	}
	struct ledger_proof other = proof;
	other.n++;
	CHECK(!ledger_proof_continues(&other, m, old, n, root));
	other.n = proof.n - 1;
	CHECK(proof.n == 0 || !ledger_proof_continues(&other, m, old, n, root));
	old[3] ^= 1;
	CHECK(!ledger_proof_continues(&proof, m, old, n, root));
	old[3] ^= 1;
	root[3] ^= 1;
	/* Nothing is said of a new tree by the empty one. */
	CHECK(m == 0 || !ledger_proof_continues(&proof, m, old, n, root));
}

static void a_changed_consistency_proof_is_refused(void)
{
	for (guint64 n = 1; n <= 17; n++)
		for (guint64 m = 0; m <= n; m++)
			check_consistency_refusals(m, n);
}

static void numbers_out_of_range_are_refused(void)
{
	struct ledger_plan plan;
	struct ledger_proof proof = {.n = LEDGER_PROOF_MAX + 1};
	CHECK(!ledger_plan_inclusion(0, 0, &plan));
	CHECK(!ledger_plan_inclusion(5, 5, &plan));
	CHECK(!ledger_plan_inclusion(0, G_MAXUINT64, &plan));
	CHECK(!ledger_plan_consistency(6, 5, &plan));
	CHECK(!ledger_plan_consistency(1, G_MAXUINT64, &plan));
	CHECK(!ledger_proof_includes(&proof, 0, 5, leaves[0], leaves[0]));
	CHECK(!ledger_proof_continues(&proof, 1, leaves[0], 5, leaves[0]));
	CHECK(!ledger_proof_continues(&proof, 6, leaves[0], 5, leaves[0]));
}

static void the_largest_tree_has_a_plan_that_fits(void)
{
	struct ledger_plan plan;
	static const guint64 places[] = {0, 1, LEDGER_SIZE_MAX / 2, LEDGER_SIZE_MAX - 1};
	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		guint64 sum = 0;
		CHECK(ledger_plan_inclusion(places[i], LEDGER_SIZE_MAX, &plan));
		for (guint j = 0; j < plan.n; j++)
			sum += plan.run[j].to - plan.run[j].from;
		CHECK(plan.n <= LEDGER_PROOF_MAX);
		CHECK(sum == LEDGER_SIZE_MAX - 1);
		CHECK(ledger_plan_consistency(places[i] + 1, LEDGER_SIZE_MAX, &plan));
		CHECK(plan.n <= LEDGER_PROOF_MAX);
	}
}

int main(void)
{
	static const struct check_case cases[] = {
		{"inclusion is that of the definition at every size",
			inclusion_is_that_of_the_definition_at_every_size},
		{"consistency is that of the definition at every pair of sizes",
			consistency_is_that_of_the_definition_at_every_pair_of_sizes},
		{"a changed inclusion proof is refused", a_changed_inclusion_proof_is_refused},
		{"a changed consistency proof is refused", a_changed_consistency_proof_is_refused},
		{"numbers out of range are refused", numbers_out_of_range_are_refused},
		{"the largest tree has a plan that fits", the_largest_tree_has_a_plan_that_fits},
	};
	make_leaves();
	return CHECK_MAIN("ledger proofs", cases);
}
