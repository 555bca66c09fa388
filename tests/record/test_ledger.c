/* SPDX-License-Identifier: MIT
 *
 * test_ledger.c - the edge against RFC 6962's own definition.
 */
#include "kiosk/record/ledger.h"

#include "tests/check.h"

#define SIZES 300

static void hex(const guint8 hash[LEDGER_HASH_SIZE], char ret[65])
{
	for (int i = 0; i < LEDGER_HASH_SIZE; i++)
		g_snprintf(ret + 2 * i, 3, "%02x", hash[i]);
}

/* MTH as §2.1 writes it: split at the largest power of two below n. */
static void slow_root(const guint8 (*leaves)[LEDGER_HASH_SIZE], gsize n, guint8 *ret)
{
	if (n == 1) {
		memcpy(ret, leaves[0], LEDGER_HASH_SIZE);
		return;
	}
	gsize k = 1;
	while (k * 2 < n)
		k *= 2;
	guint8 left[LEDGER_HASH_SIZE], right[LEDGER_HASH_SIZE];
	slow_root(leaves, k, left);
	slow_root(leaves + k, n - k, right);
	ledger_node_hash(left, right, ret);
}

static void the_empty_tree_is_the_hash_of_nothing(void)
{
	struct ledger_edge edge = {0};
	guint8 root[LEDGER_HASH_SIZE];
	char text[65];
	ledger_root(&edge, root);
	hex(root, text);
	CHECK_STR(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* From the reference tests of certificate-transparency (merkletree). */
static void roots_are_those_of_certificate_transparency(void)
{
	static const struct {
		const char *leaf;
		gsize len;
		const char *root;
	} rows[] = {
		{"", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
		{"\x00", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
		{"\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
		{"\x20\x21", 2, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
		{"\x30\x31", 2, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
		{"\x40\x41\x42\x43", 4,
			"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
		{"\x50\x51\x52\x53\x54\x55\x56\x57", 8,
			"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
		{"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16,
			"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
	};
	struct ledger_edge edge = {0};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		guint8 leaf[LEDGER_HASH_SIZE], root[LEDGER_HASH_SIZE];
		char text[65];
		ledger_leaf_hash(rows[i].leaf, rows[i].len, leaf);
		ledger_append(&edge, leaf);
		ledger_root(&edge, root);
		hex(root, text);
		CHECK_STR(text, rows[i].root);
	}
}

static void the_edge_gives_the_root_of_the_whole_tree_at_every_size(void)
{
	static guint8 leaves[SIZES][LEDGER_HASH_SIZE];
	struct ledger_edge edge = {0};
	for (guint n = 1; n <= SIZES; n++) {
		guint8 root[LEDGER_HASH_SIZE], want[LEDGER_HASH_SIZE];
		ledger_leaf_hash(&n, sizeof n, leaves[n - 1]);
		ledger_append(&edge, leaves[n - 1]);
		ledger_root(&edge, root);
		slow_root((const guint8(*)[LEDGER_HASH_SIZE])leaves, n, want);
		CHECK(memcmp(root, want, sizeof root) == 0);
		CHECK_INT(edge.size, n);
	}
}

static void a_node_never_passes_for_a_leaf(void)
{
	guint8 both[64], a[LEDGER_HASH_SIZE], b[LEDGER_HASH_SIZE];
	for (guint i = 0; i < sizeof both; i++)
		both[i] = (guint8)i;
	ledger_leaf_hash(both, sizeof both, a);
	ledger_node_hash(both, both + LEDGER_HASH_SIZE, b);
	CHECK(memcmp(a, b, sizeof a) != 0);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"the empty tree is the hash of nothing", the_empty_tree_is_the_hash_of_nothing},
		{"roots are those of Certificate Transparency",
			roots_are_those_of_certificate_transparency},
		{"the edge gives the root of the whole tree at every size",
			the_edge_gives_the_root_of_the_whole_tree_at_every_size},
		{"a node never passes for a leaf", a_node_never_passes_for_a_leaf},
	};
	return CHECK_MAIN("ledger", cases);
}
