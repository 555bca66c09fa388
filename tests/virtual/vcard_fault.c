/* SPDX-License-Identifier: MIT */
#include "vcard_fault.h"

#include <string.h>

#define SW_SIZE 2
#define FILLER  0x5A /* bytes that nothing gave */

enum vcard_act vcard_fault_act(const struct vcard *card, unsigned told, unsigned flapped)
{
	if (flapped < card->flaps && told >= card->flap_after)
		return VCARD_FLAPS;
	if (card->leave_after > 0 && told >= card->leave_after)
		return VCARD_LEAVES;
	if (card->mute_after > 0 && told >= card->mute_after)
		return VCARD_SILENT;
	return VCARD_ANSWERS;
}

/* A reply whose status word is kept is data only: the rest is cut off and put back. */
static size_t without_sw(const struct vcard *card, const uint8_t *reply, size_t len, uint8_t *ret)
{
	if (!card->keep_sw || len < SW_SIZE)
		return 0;
	memcpy(ret, reply + len - SW_SIZE, SW_SIZE);
	return SW_SIZE;
}

static size_t resize(const struct vcard *card, unsigned n, size_t len)
{
	if (n == card->truncate_reply && card->truncate_to < len)
		return card->truncate_to;
	if (n == card->lengthen_reply)
		return len + card->lengthen_by;
	return len;
}

void vcard_fault_reply(
	const struct vcard *card, unsigned n, uint8_t reply[WIRE_APDU_MAX], size_t *len)
{
	uint8_t sw[SW_SIZE];
	size_t tail = without_sw(card, reply, *len, sw);
	size_t body = *len - tail;
	if (n == card->corrupt_reply && card->corrupt_byte < *len)
		reply[card->corrupt_byte] ^= (uint8_t)(1u << card->corrupt_bit % 8);
	size_t wanted = resize(card, n, body);
	if (wanted == body)
		return;
	if (wanted > WIRE_APDU_MAX - tail)
		wanted = WIRE_APDU_MAX - tail;
	if (wanted > body)
		memset(reply + body, FILLER, wanted - body);
	memcpy(reply + wanted, sw, tail);
	*len = wanted + tail;
}
