/* SPDX-License-Identifier: MIT
 *
 * mac.h - the arithmetic of FeliCa Lite-S internal authentication.
 *
 * Pure; triple DES is OpenSSL's. Byte order: card key, challenge and blocks are as
 * they stand in the card's blocks (CK 87h, RC 80h, MAC_A 91h); what the chip
 * reverses inside is reversed here. False: a key has a weak half or two equal
 * ones, or memory is out; nothing is written then. Source: facts "Authenticity",
 * recomputed vectors.
 */
#ifndef PCSC_MAC_H
#define PCSC_MAC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAC_MASTER_SIZE 24
#define MAC_KEY_SIZE    16
#define MAC_BLOCK_SIZE  16
#define MAC_SIZE        8
#define MAC_BLOCKS_MAX  3 /* under one MAC_A, its own left out: four numbers fill 8 bytes */

/* The card key of the card whose ID block (82h) is `id`: CMAC-3DES(master, id) and
 * CMAC-3DES(master, id with the top bit of byte 0 turned). */
bool mac_card_key(const uint8_t master[MAC_MASTER_SIZE], const uint8_t id[MAC_BLOCK_SIZE],
	uint8_t ret[MAC_KEY_SIZE]);

/* As the chip keeps it inside: good for mac_of_read() and mac_chain() only. */
bool mac_session_key(const uint8_t card_key[MAC_KEY_SIZE], const uint8_t challenge[MAC_BLOCK_SIZE],
	uint8_t ret[MAC_KEY_SIZE]);

/* MAC_A over a read of `n` blocks (numbers in reading order, their data one after the
 * other) that ended with block 91h. n is 1 to MAC_BLOCKS_MAX. */
bool mac_of_read(const uint8_t session_key[MAC_KEY_SIZE], const uint8_t challenge[MAC_BLOCK_SIZE],
	const uint8_t *numbers, size_t n, const uint8_t *data, uint8_t ret[MAC_SIZE]);

/* What lies under every MAC of the chip: 3DES-CBC over `data` (whole halves of 8 bytes,
 * MAC_CHAIN_MAX at most), each half reversed; the last one, reversed again. */
#define MAC_CHAIN_MAX (MAC_SIZE + MAC_BLOCKS_MAX * MAC_BLOCK_SIZE)
bool mac_chain(const uint8_t key[MAC_KEY_SIZE], const uint8_t iv[MAC_SIZE], const uint8_t *data,
	size_t len, uint8_t ret[MAC_SIZE]);

/* Equal, in a time that tells nothing. */
bool mac_equal(const uint8_t a[MAC_SIZE], const uint8_t b[MAC_SIZE]);

#endif
