/* SPDX-License-Identifier: MIT
 *
 * vpcd_swap.h - a transport beneath which the card is swapped between two APDUs.
 */
#ifndef TESTS_VIRTUAL_VPCD_SWAP_H
#define TESTS_VIRTUAL_VPCD_SWAP_H

#include "pcsc/transport.h"
#include "tests/virtual/vpcd_card.h"

struct vpcd_swap {
	struct card_transport t; /* for card_read() */
	const struct card_transport *under;
	struct vpcd_card *hand;
	const struct vcard *next;
	unsigned after; /* APDUs the first card answers */
	unsigned told;  /* APDUs so far */
	bool swapped;
};

/* All pointers are borrowed; `ret` must stay where it is. */
void vpcd_swap_init(struct vpcd_swap *ret, const struct card_transport *under,
	struct vpcd_card *hand, const struct vcard *next, unsigned after);

#endif
