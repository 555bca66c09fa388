/* SPDX-License-Identifier: MIT
 *
 * talk.h - what is said to a reader of each kind to read the student card, and its answers.
 *
 * Rows are hex as the manuals print it: blanks mean nothing, and <…> stands for
 * what the card holds. The tables follow the manuals, not our code.
 */
#ifndef TESTS_VIRTUAL_TALK_H
#define TESTS_VIRTUAL_TALK_H

#include <stdbool.h>

#include "tests/virtual/vcard_reader.h"

#define TALK_CARD "student" /* systems 809E and FE00, the latter with service 1A8B */

/* In the order in which they are said; ends with a row without `say`. */
struct talk_row {
	const char *say, *hear;
	bool escape; /* said over SCardControl */
};

/* NULL: a reader that has no such conversation. */
const struct talk_row *talk_of(enum reader_kind kind);

/* `row` without blanks, its <…> filled in: <IDm8>, <PMm8> of the card's system FE00, <IDm0>
 * of system 0, <ATR>, <64> the blocks of 1A8B, <b0> to <b3> one of them. The caller frees. */
char *talk_hex(const char *row, const struct vcard *card);

/* Bytes of hex without blanks. Returns how many, at most `max`. */
size_t talk_bytes(const char *hex, uint8_t *ret, size_t max);

#endif
