/* SPDX-License-Identifier: MIT
 *
 * vcard_lite_s.h - the blocks that a FeliCa Lite-S makes up itself, and its arithmetic.
 *
 * Written from the published vectors alone and apart from pcsc/mac.c, so that one
 * can be held against the other. False: OpenSSL refused, or memory is out.
 */
#ifndef TESTS_VIRTUAL_VCARD_LITE_S_H
#define TESTS_VIRTUAL_VCARD_LITE_S_H

#include "vcard_state.h"

#define VCARD_LITE_S_READ  0x000B /* service codes */
#define VCARD_LITE_S_WRITE 0x0009
#define VCARD_LITE_S_USER  14 /* blocks 00 to 0D */
#define VCARD_LITE_S_READS 4  /* blocks at once */
#define VCARD_MAC_SIZE     8

/* Block numbers[i] of a read whose blocks before it are in `data`: the MAC is over
 * those. 0, or status flag 2. */
unsigned vcard_lite_s_block(const struct vcard_tag *tag, const struct vcard_lite_s_state *state,
	const uint16_t *numbers, size_t i, const uint8_t *data, uint8_t ret[VCARD_BLOCK_SIZE]);

/* The challenge is taken; every other block is read-only, as on a card that was issued. */
bool vcard_lite_s_write(
	struct vcard_lite_s_state *state, uint16_t block, const uint8_t data[VCARD_BLOCK_SIZE]);

/* All in the order of the card's blocks. */
bool vcard_lite_s_session(const uint8_t key[VCARD_KEY_SIZE],
	const uint8_t challenge[VCARD_BLOCK_SIZE], uint8_t ret[VCARD_KEY_SIZE]);

/* `first`: the eight bytes before the data that tell MAC_A from the older MAC; NULL for
 * the latter. `start` is the first half of the challenge. */
bool vcard_lite_s_mac(const uint8_t session[VCARD_KEY_SIZE], const uint8_t start[VCARD_MAC_SIZE],
	const uint8_t *first, const uint8_t *data, size_t n_blocks, uint8_t ret[VCARD_MAC_SIZE]);

/* Card key from the issuer's master and the card's ID block. */
bool vcard_lite_s_key(const uint8_t master[VCARD_MASTER_SIZE], const uint8_t id[VCARD_BLOCK_SIZE],
	uint8_t ret[VCARD_KEY_SIZE]);

#endif
