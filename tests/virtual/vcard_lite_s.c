/* SPDX-License-Identifier: MIT */
#include "vcard_lite_s.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

#define HALF         8 /* DES block; the chip keeps each half of a block the other way round */
#define DES_KEYS     24
#define NUMBERS_MAX  4 /* in the eight bytes before the data of MAC_A */
#define NOT_READABLE 0xA5
#define NO_BLOCK     0xA8
#define NO_CHALLENGE 0xB2
#define DIVERSIFIER  0x80 /* turned in the ID for the second half of the key */

enum {
	REG = 0x0E,
	RC = 0x80,
	MAC = 0x81,
	ID = 0x82,
	D_ID = 0x83,
	SER_C = 0x84,
	SYS_C = 0x85,
	CKV = 0x86,
	CK = 0x87,
	MC = 0x88,
	WCNT = 0x90,
	MAC_A = 0x91,
	STATE = 0x92,
};

static void turn(const uint8_t *from, size_t halves, uint8_t *ret)
{
	for (size_t i = 0; i < halves * HALF; i++)
		ret[i] = from[i / HALF * HALF + (HALF - 1 - i % HALF)];
}

/* Two-key triple DES in CBC mode; all in the chip's order. */
static bool encrypt(const uint8_t key[VCARD_KEY_SIZE], const uint8_t start[HALF],
	const uint8_t *text, size_t len, uint8_t *ret)
{
	uint8_t keys[DES_KEYS];
	int n = 0;
	memcpy(keys, key, VCARD_KEY_SIZE);
	memcpy(keys + VCARD_KEY_SIZE, key, HALF);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	bool good = c && EVP_EncryptInit_ex(c, EVP_des_ede3_cbc(), NULL, keys, start) == 1 &&
		    EVP_CIPHER_CTX_set_padding(c, 0) == 1 &&
		    EVP_EncryptUpdate(c, ret, &n, text, (int)len) == 1 && (size_t)n == len;
	EVP_CIPHER_CTX_free(c);
	return good;
}

bool vcard_lite_s_session(const uint8_t key[VCARD_KEY_SIZE],
	const uint8_t challenge[VCARD_BLOCK_SIZE], uint8_t ret[VCARD_KEY_SIZE])
{
	static const uint8_t zero[HALF];
	uint8_t k[VCARD_KEY_SIZE], r[VCARD_BLOCK_SIZE], session[VCARD_KEY_SIZE];
	turn(key, 2, k);
	turn(challenge, 2, r);
	if (!encrypt(k, zero, r, sizeof(r), session))
		return false;
	turn(session, 2, ret);
	return true;
}

bool vcard_lite_s_mac(const uint8_t session[VCARD_KEY_SIZE], const uint8_t start[VCARD_MAC_SIZE],
	const uint8_t *first, const uint8_t *data, size_t n_blocks, uint8_t ret[VCARD_MAC_SIZE])
{
	uint8_t key[VCARD_KEY_SIZE], iv[HALF];
	uint8_t text[HALF + VCARD_LITE_S_READS * VCARD_BLOCK_SIZE], code[sizeof(text)];
	size_t halves = 0;
	if (n_blocks > VCARD_LITE_S_READS)
		return false;
	turn(session, 2, key);
	turn(start, 1, iv);
	if (first)
		turn(first, 1, text), halves = 1;
	turn(data, n_blocks * 2, text + halves * HALF);
	halves += n_blocks * 2;
	if (halves == 0 || !encrypt(key, iv, text, halves * HALF, code))
		return false;
	turn(code + (halves - 1) * HALF, 1, ret);
	return true;
}

static bool cmac(const uint8_t master[VCARD_MASTER_SIZE], const uint8_t id[VCARD_BLOCK_SIZE],
	uint8_t ret[HALF])
{
	char cipher[] = "DES-EDE3-CBC";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher, 0),
		OSSL_PARAM_construct_end(),
	};
	size_t len = 0;
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	EVP_MAC_CTX *c = mac ? EVP_MAC_CTX_new(mac) : NULL;
	bool good = c && EVP_MAC_init(c, master, VCARD_MASTER_SIZE, params) == 1 &&
		    EVP_MAC_update(c, id, VCARD_BLOCK_SIZE) == 1 &&
		    EVP_MAC_final(c, ret, &len, HALF) == 1 && len == HALF;
	EVP_MAC_CTX_free(c);
	EVP_MAC_free(mac);
	return good;
}

bool vcard_lite_s_key(const uint8_t master[VCARD_MASTER_SIZE], const uint8_t id[VCARD_BLOCK_SIZE],
	uint8_t ret[VCARD_KEY_SIZE])
{
	uint8_t other[VCARD_BLOCK_SIZE];
	memcpy(other, id, sizeof(other));
	other[0] ^= DIVERSIFIER;
	return cmac(master, id, ret) && cmac(master, other, ret + HALF);
}

/* MAC_A names the blocks it is over, its own number last. */
static bool name_blocks(const uint16_t *numbers, size_t i, uint8_t ret[HALF])
{
	memset(ret, 0xFF, HALF);
	if (i >= NUMBERS_MAX)
		return false;
	for (size_t k = 0; k <= i; k++) {
		ret[2 * k] = (uint8_t)(numbers[k] & 0xFF);
		ret[2 * k + 1] = (uint8_t)(numbers[k] >> 8);
	}
	return true;
}

static unsigned prove(const struct vcard_tag *tag, const struct vcard_lite_s_state *state,
	const uint16_t *numbers, size_t i, const uint8_t *data, uint8_t ret[VCARD_BLOCK_SIZE])
{
	uint8_t session[VCARD_KEY_SIZE], first[HALF];
	if (!state->challenged)
		return NO_CHALLENGE;
	bool good = name_blocks(numbers, i, first) &&
		    vcard_lite_s_session(tag->lite_s.key, state->challenge, session) &&
		    vcard_lite_s_mac(session, state->challenge, numbers[i] == MAC_A ? first : NULL,
			    data, i, ret);
	return good ? 0 : NOT_READABLE;
}

unsigned vcard_lite_s_block(const struct vcard_tag *tag, const struct vcard_lite_s_state *state,
	const uint16_t *numbers, size_t i, const uint8_t *data, uint8_t ret[VCARD_BLOCK_SIZE])
{
	const struct vcard_system *system = &tag->systems[0];
	const uint16_t number = numbers[i];
	memset(ret, 0, VCARD_BLOCK_SIZE);
	if (number < VCARD_LITE_S_USER) {
		memcpy(ret, system->services[0].data + number * VCARD_BLOCK_SIZE, VCARD_BLOCK_SIZE);
		return 0;
	}
	switch (number) {
	case RC:
	case CK:
		return NOT_READABLE;
	case MAC:
	case MAC_A:
		return prove(tag, state, numbers, i, data, ret);
	case ID:
		memcpy(ret, tag->lite_s.id, VCARD_BLOCK_SIZE);
		return 0;
	case D_ID:
		memcpy(ret, tag->idm, VCARD_IDM_SIZE);
		memcpy(ret + VCARD_IDM_SIZE, tag->pmm, VCARD_IDM_SIZE);
		return 0;
	case SYS_C:
		ret[0] = (uint8_t)(system->code >> 8);
		ret[1] = (uint8_t)(system->code & 0xFF);
		return 0;
	case CKV:
		memcpy(ret, tag->lite_s.key_version, sizeof(tag->lite_s.key_version));
		return 0;
	case REG:
	case SER_C:
	case MC:
	case WCNT:
	case STATE:
		return 0;
	default:
		return NO_BLOCK;
	}
}

bool vcard_lite_s_write(
	struct vcard_lite_s_state *state, uint16_t block, const uint8_t data[VCARD_BLOCK_SIZE])
{
	if (block != RC)
		return false;
	memcpy(state->challenge, data, VCARD_BLOCK_SIZE);
	state->challenged = true;
	return true;
}
