/* SPDX-License-Identifier: MIT
 *
 * vcard_kind.h - what one make of reader is given of a command, and its status words.
 *
 * A make is one function: it writes the response and says true, or false for a
 * command that this make does not know. Pure, but for its own part of the
 * reader's state.
 */
#ifndef TESTS_VIRTUAL_VCARD_KIND_H
#define TESTS_VIRTUAL_VCARD_KIND_H

#include "response.h"
#include "vcard_reader.h"

/* Status words that several makes use; one that only one make has stands in its file. */
#define KIND_SW_OK           0x9000
#define KIND_SW_FAILED       0x6300 /* ACS: the operation failed; the card is silent */
#define KIND_SW_WRONG_LENGTH 0x6700
#define KIND_SW_UNSUPPORTED  0x6A81
#define KIND_SW_NO_INS       0x6D00
#define KIND_SW_NO_CLA       0x6E00

/* A short APDU of class FF, cut. */
struct apdu {
	uint8_t ins, p1, p2;
	const uint8_t *data; /* NULL when `len` is 0 */
	size_t len;
	uint8_t le; /* of a command without data; 0: none, or 256 */
};

typedef bool kind_command(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu,
	struct response *ret);

#endif
