/* SPDX-License-Identifier: MIT
 *
 * vcard_iso.h - what an ISO-DEP card answers to one ISO 7816-4 command.
 *
 * Pure. Selected application and file are kept in the state.
 */
#ifndef TESTS_VIRTUAL_VCARD_ISO_H
#define TESTS_VIRTUAL_VCARD_ISO_H

#include "vcard.h"
#include "vcard_state.h"

/* `ret` always gets a status word. A card that is no ISO-DEP card says 6E 00. */
void vcard_iso(const struct vcard *card, struct vcard_state *state, const uint8_t *apdu, size_t len,
	uint8_t ret[WIRE_APDU_MAX], size_t *ret_len);

#endif
