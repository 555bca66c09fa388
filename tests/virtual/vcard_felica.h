/* SPDX-License-Identifier: MIT
 *
 * vcard_felica.h - what a FeliCa card answers to one frame.
 *
 * Pure. As a real card does it: silence for a system it has not, a foreign
 * IDm, or a frame out of form; status flags for what it can talk about.
 */
#ifndef TESTS_VIRTUAL_VCARD_FELICA_H
#define TESTS_VIRTUAL_VCARD_FELICA_H

#include <stdbool.h>

#include "vcard.h"

#define FELICA_FRAME_MAX 255 /* LEN is one byte and counts itself */

/* Length of the answer in `ret`, LEN included; 0: the card keeps silent. */
size_t vcard_felica(
	const struct vcard *card, const uint8_t *frame, size_t len, uint8_t ret[FELICA_FRAME_MAX]);

/* Is the frame a Read Without Encryption? */
bool vcard_felica_is_read(const uint8_t *frame, size_t len);

#endif
