/* SPDX-License-Identifier: MIT */
#include "mac.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

#include "wipe.h"

#define OPENSSL_STACK 8192 /* its calls go some 2 KiB deep */

#define HALF      8    /* bytes of a DES key and of what DES works on */
#define BLOCK_MAC 0x91 /* MAC_A */
#define UNUSED    0xFF /* of the list of block numbers */

/* Keys and what stands between two steps; one struct, so that it is wiped as one. */
struct work {
	uint8_t key[MAC_MASTER_SIZE];
	uint8_t in[MAC_CHAIN_MAX];
	uint8_t out[MAC_CHAIN_MAX];
};

DEFINE_WIPE(work)

/* DES keys under which ciphering twice gives the text again, or undoes another key's:
 * NIST SP 800-67 rev. 2, section 3.3.2. Parity bits are left out of account. */
static const uint8_t weak[][HALF] = {
	{0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01},
	{0xFE, 0xFE, 0xFE, 0xFE, 0xFE, 0xFE, 0xFE, 0xFE},
	{0xE0, 0xE0, 0xE0, 0xE0, 0xF1, 0xF1, 0xF1, 0xF1},
	{0x1F, 0x1F, 0x1F, 0x1F, 0x0E, 0x0E, 0x0E, 0x0E},
	{0x01, 0x1F, 0x01, 0x1F, 0x01, 0x0E, 0x01, 0x0E},
	{0x1F, 0x01, 0x1F, 0x01, 0x0E, 0x01, 0x0E, 0x01},
	{0x01, 0xE0, 0x01, 0xE0, 0x01, 0xF1, 0x01, 0xF1},
	{0xE0, 0x01, 0xE0, 0x01, 0xF1, 0x01, 0xF1, 0x01},
	{0x01, 0xFE, 0x01, 0xFE, 0x01, 0xFE, 0x01, 0xFE},
	{0xFE, 0x01, 0xFE, 0x01, 0xFE, 0x01, 0xFE, 0x01},
	{0x1F, 0xE0, 0x1F, 0xE0, 0x0E, 0xF1, 0x0E, 0xF1},
	{0xE0, 0x1F, 0xE0, 0x1F, 0xF1, 0x0E, 0xF1, 0x0E},
	{0x1F, 0xFE, 0x1F, 0xFE, 0x0E, 0xFE, 0x0E, 0xFE},
	{0xFE, 0x1F, 0xFE, 0x1F, 0xFE, 0x0E, 0xFE, 0x0E},
	{0xE0, 0xFE, 0xE0, 0xFE, 0xF1, 0xFE, 0xF1, 0xFE},
	{0xFE, 0xE0, 0xFE, 0xE0, 0xFE, 0xF1, 0xFE, 0xF1},
};

static bool same_key(const uint8_t *a, const uint8_t *b)
{
	uint8_t differ = 0;
	for (size_t i = 0; i < HALF; i++)
		differ |= (uint8_t)((a[i] ^ b[i]) & 0xFE);
	return differ == 0;
}

static bool is_weak(const uint8_t *half)
{
	for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++)
		if (same_key(half, weak[i]))
			return true;
	return false;
}

/* Of two or three halves, in the byte order DES is given. Two equal neighbours undo each
 * other and leave single DES; the first and third may be equal, as in the card's own key. */
static bool is_strong(const uint8_t *key, size_t len)
{
	for (size_t at = 0; at < len; at += HALF) {
		if (is_weak(key + at))
			return false;
		if (at > 0 && same_key(key + at, key + at - HALF))
			return false;
	}
	return true;
}

/* The chip's numbers are little-endian, half by half. */
static void reverse_halves(uint8_t *to, const uint8_t *from, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = from[i - i % HALF + (HALF - 1 - i % HALF)];
}

/* OpenSSL leaves the last blocks, which may be half a key, in stack frames it has left. */
__attribute__((noinline)) static void wipe_below(void)
{
	uint8_t frames[OPENSSL_STACK];
	explicit_bzero(frames, sizeof(frames));
}

/* 3DES-CBC of w->in into w->out with the two-part key in w->key. */
static bool encrypt(struct work *w, const uint8_t iv[HALF], size_t len)
{
	int n = 0;
	if (!is_strong(w->key, MAC_KEY_SIZE))
		return false;
	memcpy(w->key + MAC_KEY_SIZE, w->key, HALF);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool done = ctx && EVP_EncryptInit_ex2(ctx, EVP_des_ede3_cbc(), w->key, iv, NULL) == 1 &&
		    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
		    EVP_EncryptUpdate(ctx, w->out, &n, w->in, (int)len) == 1 && n == (int)len;
	EVP_CIPHER_CTX_free(ctx);
	wipe_below();
	return done;
}

static bool cmac(const uint8_t master[MAC_MASTER_SIZE], const uint8_t *data, uint8_t ret[HALF])
{
	size_t n = 0;
	char cipher[] = "DES-EDE3-CBC";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher, 0),
		OSSL_PARAM_construct_end()};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
	bool done = ctx && EVP_MAC_init(ctx, master, MAC_MASTER_SIZE, params) == 1 &&
		    EVP_MAC_update(ctx, data, MAC_BLOCK_SIZE) == 1 &&
		    EVP_MAC_final(ctx, ret, &n, HALF) == 1 && n == HALF;
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	wipe_below();
	return done;
}

bool mac_card_key(const uint8_t master[MAC_MASTER_SIZE], const uint8_t id[MAC_BLOCK_SIZE],
	uint8_t ret[MAC_KEY_SIZE])
{
	WIPED(work) w = {0};
	if (!is_strong(master, MAC_MASTER_SIZE))
		return false;
	memcpy(w.in, id, MAC_BLOCK_SIZE);
	if (!cmac(master, w.in, w.out))
		return false;
	w.in[0] ^= 0x80;
	if (!cmac(master, w.in, w.out + HALF))
		return false;
	reverse_halves(w.key, w.out, MAC_KEY_SIZE);
	if (!is_strong(w.key, MAC_KEY_SIZE))
		return false;
	memcpy(ret, w.out, MAC_KEY_SIZE);
	return true;
}

bool mac_session_key(const uint8_t card_key[MAC_KEY_SIZE], const uint8_t challenge[MAC_BLOCK_SIZE],
	uint8_t ret[MAC_KEY_SIZE])
{
	static const uint8_t zero[HALF];
	WIPED(work) w = {0};
	reverse_halves(w.key, card_key, MAC_KEY_SIZE);
	reverse_halves(w.in, challenge, MAC_BLOCK_SIZE);
	if (!encrypt(&w, zero, MAC_BLOCK_SIZE))
		return false;
	memcpy(ret, w.out, MAC_KEY_SIZE);
	return true;
}

bool mac_chain(const uint8_t key[MAC_KEY_SIZE], const uint8_t iv[MAC_SIZE], const uint8_t *data,
	size_t len, uint8_t ret[MAC_SIZE])
{
	WIPED(work) w = {0};
	if (len == 0 || len > sizeof(w.in) || len % HALF != 0)
		return false;
	memcpy(w.key, key, MAC_KEY_SIZE);
	reverse_halves(w.in, data, len);
	if (!encrypt(&w, iv, len))
		return false;
	reverse_halves(ret, w.out + len - HALF, HALF);
	return true;
}

/* Block numbers, 16 bits little-endian, MAC_A's own last. */
static void list_blocks(uint8_t *to, const uint8_t *numbers, size_t n)
{
	memset(to, UNUSED, HALF);
	for (size_t i = 0; i <= n; i++) {
		to[2 * i] = i < n ? numbers[i] : BLOCK_MAC;
		to[2 * i + 1] = 0;
	}
}

bool mac_of_read(const uint8_t session_key[MAC_KEY_SIZE], const uint8_t challenge[MAC_BLOCK_SIZE],
	const uint8_t *numbers, size_t n, const uint8_t *data, uint8_t ret[MAC_SIZE])
{
	WIPED(work) w = {0};
	if (n == 0 || n > MAC_BLOCKS_MAX)
		return false;
	list_blocks(w.in, numbers, n);
	memcpy(w.in + HALF, data, n * MAC_BLOCK_SIZE);
	reverse_halves(w.out, challenge, HALF);
	return mac_chain(session_key, w.out, w.in, HALF + n * MAC_BLOCK_SIZE, ret);
}

bool mac_equal(const uint8_t a[MAC_SIZE], const uint8_t b[MAC_SIZE])
{
	return CRYPTO_memcmp(a, b, MAC_SIZE) == 0;
}
