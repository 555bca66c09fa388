/* SPDX-License-Identifier: MIT
 *
 * vcard_fault.h - what a badly behaved card does instead, and to, its answers.
 *
 * Pure. Which fault comes when is said by the card's fields.
 */
#ifndef TESTS_VIRTUAL_VCARD_FAULT_H
#define TESTS_VIRTUAL_VCARD_FAULT_H

#include "vcard_reader.h"

/* What becomes of the next command, after `told` answers since the card came and
 * `flapped` times that it went and came back. */
enum vcard_act vcard_fault_act(const struct vcard *card, unsigned told, unsigned flapped);

/* Spoil answer number `n` since the card came (the first is 1), if that is its fate. */
void vcard_fault_reply(
	const struct vcard *card, unsigned n, uint8_t reply[WIRE_APDU_MAX], size_t *len);

#endif
