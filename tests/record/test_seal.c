/* SPDX-License-Identifier: MIT
 *
 * test_seal.c - boxes, hashes and codes against published and slow computations.
 */
#include "kiosk/record/seal.h"

#include <openssl/evp.h>

#include "tests/check.h"

static const guint8 key[KEY_SIZE] = "an example of a key of 32 bytes!";

static void hex(const guint8 *data, gsize n, char *ret)
{
	for (gsize i = 0; i < n; i++)
		g_snprintf(ret + 2 * i, 3, "%02x", data[i]);
}

/* GCM from its definition (SP 800-38D) over AES-256 blocks, to compare with. */
static void aes_block(const guint8 in[16], guint8 ret[16])
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;
	EVP_EncryptInit_ex(ctx, EVP_aes_256_ecb(), NULL, key, NULL);
	EVP_EncryptUpdate(ctx, ret, &n, in, 16);
	EVP_CIPHER_CTX_free(ctx);
}

static void multiply(guint8 x[16], const guint8 h[16])
{
	guint8 z[16] = {0}, v[16];
	memcpy(v, h, 16);
	for (int i = 0; i < 128; i++) {
		if (x[i / 8] >> (7 - i % 8) & 1)
			for (int j = 0; j < 16; j++)
				z[j] ^= v[j];
		int odd = v[15] & 1;
		for (int j = 15; j > 0; j--)
			v[j] = (guint8)(v[j] >> 1 | v[j - 1] << 7);
		v[0] >>= 1;
		if (odd)
			v[0] ^= 0xe1;
	}
	memcpy(x, z, 16);
}

static void ghash(guint8 y[16], const guint8 h[16], const guint8 *data, gsize len)
{
	for (gsize at = 0; at < len; at += 16) {
		for (gsize j = 0; j < 16 && at + j < len; j++)
			y[j] ^= data[at + j];
		multiply(y, h);
	}
}

static void slow_gcm(const guint8 nonce[12], const char *aad, const guint8 *data, gsize len,
	guint8 *ret_text, guint8 ret_tag[16])
{
	guint8 h[16] = {0}, block[16] = {0}, pad[16], y[16] = {0}, bound[64] = {1};
	gsize n = strlen(aad) + 1;
	memcpy(bound + 1, aad, n - 1);
	aes_block(h, h);
	memcpy(block, nonce, 12);
	for (gsize i = 0; i < len; i++) {
		block[15] = (guint8)(2 + i / 16);
		aes_block(block, pad);
		ret_text[i] = data[i] ^ pad[i % 16];
	}
	ghash(y, h, bound, n);
	ghash(y, h, ret_text, len);
	guint8 lengths[16] = {0};
	lengths[6] = (guint8)(n * 8 >> 8);
	lengths[7] = (guint8)(n * 8);
	lengths[14] = (guint8)(len * 8 >> 8);
	lengths[15] = (guint8)(len * 8);
	ghash(y, h, lengths, 16);
	block[15] = 1;
	aes_block(block, pad);
	for (int i = 0; i < 16; i++)
		ret_tag[i] = y[i] ^ pad[i];
}

static void a_box_is_aes_256_gcm_with_its_version_bound(void)
{
	static const char data[] = "共通ID 3141592653 and some more than one block";
	for (gsize len = 0; len < sizeof data; len++) {
		guint8 text[sizeof data], tag[16];
		g_autoptr(GBytes) box = seal_close(key, "request/1", data, len);
		const guint8 *b = g_bytes_get_data(box, NULL);
		CHECK_INT(g_bytes_get_size(box), len + SEAL_OVERHEAD);
		slow_gcm(b + 1, "request/1", (const guint8 *)data, len, text, tag);
		CHECK_INT(b[0], 1);
		CHECK(memcmp(b + 13, text, len) == 0);
		CHECK(memcmp(b + 13 + len, tag, 16) == 0);
	}
}

static void what_was_closed_opens_again(void)
{
	guint8 data[4096];
	seal_random(data, sizeof data);
	for (gsize len = 0; len <= sizeof data; len = len * 3 + 1) {
		g_autoptr(GBytes) box = seal_close(key, "a", data, len);
		g_autoptr(GBytes) back =
			seal_open(key, "a", g_bytes_get_data(box, NULL), g_bytes_get_size(box));
		CHECK(back != NULL);
		CHECK_INT(g_bytes_get_size(back), len);
		CHECK(len == 0 || memcmp(g_bytes_get_data(back, NULL), data, len) == 0);
	}
}

static void a_changed_byte_or_another_place_opens_nothing(void)
{
	guint8 other[KEY_SIZE];
	g_autoptr(GBytes) box = seal_close(key, "wrap/1", "secret", 6);
	gsize n = 0;
	const guint8 *bytes = g_bytes_get_data(box, &n);
	for (gsize i = 0; i < n * 8; i++) {
		g_autofree guint8 *changed = g_memdup2(bytes, n);
		changed[i / 8] ^= (guint8)(1 << i % 8);
		CHECK(seal_open(key, "wrap/1", changed, n) == NULL);
	}
	for (gsize len = 0; len < n; len++)
		CHECK(seal_open(key, "wrap/1", bytes, len) == NULL);
	CHECK(seal_open(key, "wrap/2", bytes, n) == NULL);
	CHECK(seal_open(key, "", bytes, n) == NULL);
	memcpy(other, key, sizeof other);
	other[31] ^= 1;
	CHECK(seal_open(other, "wrap/1", bytes, n) == NULL);
}

static void no_two_boxes_share_a_nonce(void)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(
		g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
	for (int i = 0; i < 10000; i++) {
		g_autoptr(GBytes) box = seal_close(key, "", "", 0);
		CHECK(g_hash_table_add(seen, g_bytes_new_from_bytes(box, 1, 12)));
	}
}

static void hashes_are_those_of_fips_180(void)
{
	guint8 hash[SEAL_HASH_SIZE];
	char text[65];
	seal_sha256("abc", 3, hash);
	hex(hash, sizeof hash, text);
	CHECK_STR(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	seal_sha256("", 0, hash);
	hex(hash, sizeof hash, text);
	CHECK_STR(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	seal_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, hash);
	hex(hash, sizeof hash, text);
	CHECK_STR(text, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

/* HMAC fills a short key with zeros, so ours of 32 bytes can stand for it. */
static void codes_are_those_of_rfc_4231(void)
{
	guint8 k[KEY_SIZE] = {0}, mac[SEAL_HASH_SIZE];
	char text[65];
	memset(k, 0x0b, 20);
	seal_hmac(k, "Hi There", 8, mac);
	hex(mac, sizeof mac, text);
	CHECK_STR(text, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	memset(k, 0, sizeof k);
	memcpy(k, "Jefe", 4);
	seal_hmac(k, "what do ya want for nothing?", 28, mac);
	hex(mac, sizeof mac, text);
	CHECK_STR(text, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a box is AES-256-GCM with its version bound",
			a_box_is_aes_256_gcm_with_its_version_bound},
		{"what was closed opens again", what_was_closed_opens_again},
		{"a changed byte or another place opens nothing",
			a_changed_byte_or_another_place_opens_nothing},
		{"no two boxes share a nonce", no_two_boxes_share_a_nonce},
		{"hashes are those of FIPS 180", hashes_are_those_of_fips_180},
		{"codes are those of RFC 4231", codes_are_those_of_rfc_4231},
	};
	return CHECK_MAIN("seal", cases);
}
