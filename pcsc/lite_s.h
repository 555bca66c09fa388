/* SPDX-License-Identifier: MIT
 *
 * lite_s.h - read a FeliCa Lite-S card so that it proves to hold the key.
 */
#ifndef PCSC_LITE_S_H
#define PCSC_LITE_S_H

#include "link.h"
#include "mac.h"

#define LITE_S_BLOCKS_MAX 2 /* of the user's, beside ID and MAC_A: four at once */

/* Write the challenge to RC, read ID (82h), the n blocks and MAC_A (91h) in one go, and
 * check. `ret` gets n blocks, only on success. UNPROVEN: the MAC is another one. More
 * than LITE_S_BLOCKS_MAX blocks are read in several goes, each checked. */
enum card_err lite_s_read(struct link *link, const struct felica_target *target,
	const uint8_t master[MAC_MASTER_SIZE], const uint8_t challenge[MAC_BLOCK_SIZE],
	const uint8_t *blocks, size_t n, uint8_t *ret);

#endif
