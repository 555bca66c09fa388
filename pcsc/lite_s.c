/* SPDX-License-Identifier: MIT */
#include "lite_s.h"

#include <string.h>

/* Services and blocks of the chip: facts "FeliCa Lite-S MAC". */
#define SERVICE_READ  0x000B
#define SERVICE_WRITE 0x0009
#define BLOCK_RC      0x80
#define BLOCK_ID      0x82
#define BLOCK_MAC_A   0x91

#define ONE_GO (LITE_S_BLOCKS_MAX + 2) /* ID, the user's, MAC_A */

_Static_assert(ONE_GO <= FELICA_BLOCKS_SAFE, "the chip reads no more at once");
_Static_assert(LITE_S_BLOCKS_MAX + 1 <= MAC_BLOCKS_MAX, "more than one MAC_A covers");

/* One Read Without Encryption and what checks it. */
struct go {
	uint8_t numbers[ONE_GO];
	uint8_t data[ONE_GO * FELICA_BLOCK_SIZE];
	uint8_t card_key[MAC_KEY_SIZE];
	uint8_t session_key[MAC_KEY_SIZE];
	uint8_t mac[MAC_SIZE];
};

DEFINE_WIPE(go)

struct found {
	uint8_t data[FELICA_BLOCKS_MAX * FELICA_BLOCK_SIZE];
};

DEFINE_WIPE(found)

/* The first half of the ID block is the card's IDm, and a MAC covers it; the one the card
 * gave to the poll is covered by nothing. (SATO CL6NX manual, page 495.) */
static bool is_of(const struct felica_target *target, const uint8_t *id)
{
	return ((id[0] ^ target->idm[0]) & ~FELICA_SYSTEM_NIBBLE) == 0 &&
	       memcmp(id + 1, target->idm + 1, IDM_SIZE - 1) == 0;
}

/* `n` blocks were read, ID the first of them, and MAC_A behind. */
static bool is_proven(struct go *go, const uint8_t *master, const uint8_t *challenge, size_t n)
{
	return mac_card_key(master, go->data, go->card_key) &&
	       mac_session_key(go->card_key, challenge, go->session_key) &&
	       mac_of_read(go->session_key, challenge, go->numbers, n, go->data, go->mac) &&
	       mac_equal(go->mac, go->data + n * FELICA_BLOCK_SIZE);
}

static enum card_err read_one_go(struct link *link, const struct felica_target *target,
	const uint8_t *master, const uint8_t *challenge, const uint8_t *blocks, size_t n,
	uint8_t *ret)
{
	WIPED(go) go = {.numbers = {BLOCK_ID}};
	memcpy(go.numbers + 1, blocks, n);
	go.numbers[1 + n] = BLOCK_MAC_A;
	enum card_err err = link_read(link, target, SERVICE_READ, go.numbers, n + 2, go.data);
	if (err)
		return err;
	if (!is_of(target, go.data) || !is_proven(&go, master, challenge, n + 1))
		return CARD_ERR_UNPROVEN;
	memcpy(ret, go.data + FELICA_BLOCK_SIZE, n * FELICA_BLOCK_SIZE);
	return CARD_ERR_OK;
}

enum card_err lite_s_read(struct link *link, const struct felica_target *target,
	const uint8_t master[MAC_MASTER_SIZE], const uint8_t challenge[MAC_BLOCK_SIZE],
	const uint8_t *blocks, size_t n, uint8_t *ret)
{
	WIPED(found) found = {0};
	if (n == 0 || n > FELICA_BLOCKS_MAX)
		return CARD_ERR_LIMIT;
	enum card_err err = link_write(link, target, SERVICE_WRITE, BLOCK_RC, challenge);
	for (size_t at = 0; !err && at < n; at += LITE_S_BLOCKS_MAX) {
		size_t now = n - at < LITE_S_BLOCKS_MAX ? n - at : LITE_S_BLOCKS_MAX;
		err = read_one_go(link, target, master, challenge, blocks + at, now,
			found.data + at * FELICA_BLOCK_SIZE);
	}
	if (!err)
		memcpy(ret, found.data, n * FELICA_BLOCK_SIZE);
	return err;
}
