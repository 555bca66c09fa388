/* SPDX-License-Identifier: MIT
 *
 * vcard_state.h - what a card in the field remembers until it leaves or loses power.
 *
 * Zeroed when it comes; changed by the card's half only.
 */
#ifndef TESTS_VIRTUAL_VCARD_STATE_H
#define TESTS_VIRTUAL_VCARD_STATE_H

#include <stdbool.h>
#include <stddef.h>

/* Of all cards in the field. */
struct vcard_state {
	bool gone;  /* it left instead of answering */
	size_t tag; /* FeliCa chip and system spoken to last */
	size_t system;
};

#endif
