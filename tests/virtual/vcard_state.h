/* SPDX-License-Identifier: MIT
 *
 * vcard_state.h - what a card in the field remembers until it leaves or loses power.
 *
 * Zeroed when it comes; changed by the card's half only.
 */
#ifndef TESTS_VIRTUAL_VCARD_STATE_H
#define TESTS_VIRTUAL_VCARD_STATE_H

#include "vcard.h"

struct vcard_lite_s_state {
	bool challenged; /* block RC was written: */
	uint8_t challenge[VCARD_BLOCK_SIZE];
};

struct vcard_iso_state {
	size_t application, file; /* selected: index + 1; 0: none */
	uint8_t rest[VCARD_FILE_MAX];
	size_t rest_len; /* bytes to be fetched with GET RESPONSE */
};

/* Of all cards in the field. */
struct vcard_state {
	bool gone;  /* it left instead of answering */
	size_t tag; /* FeliCa chip and system spoken to last */
	size_t system;
	struct vcard_lite_s_state lite_s[VCARD_TAGS_MAX];
	struct vcard_iso_state iso;
};

#endif
