/* SPDX-License-Identifier: MIT
 *
 * vcard_felica.h - what a FeliCa card answers to one frame.
 *
 * Pure. As real cards do it: silence for a system they have not, a foreign
 * IDm, or a frame out of form; status flags for what they can talk about.
 * Where two lie together, each hears every frame and the first that can
 * answers.
 */
#ifndef TESTS_VIRTUAL_VCARD_FELICA_H
#define TESTS_VIRTUAL_VCARD_FELICA_H

#include "vcard_frame.h"
#include "vcard_state.h"

/* Length of the answer in `ret`, LEN included; 0: the card keeps silent (and has left,
 * if state->gone says so). */
size_t vcard_felica(const struct vcard *card, struct vcard_state *state, const uint8_t *frame,
	size_t len, uint8_t ret[FELICA_FRAME_MAX]);

/* IDm of the system spoken to last; in the beginning system 0 of the first chip. False:
 * no FeliCa chip is in the field. */
bool vcard_felica_idm(
	const struct vcard *card, const struct vcard_state *state, uint8_t ret[VCARD_IDM_SIZE]);

#endif
