/* SPDX-License-Identifier: MIT */
#include "vcard_iso.h"

#include "response.h"

#define SW_NO_CLA 0x6E00

void vcard_iso(const struct vcard *card, struct vcard_state *state, const uint8_t *apdu, size_t len,
	uint8_t ret[WIRE_APDU_MAX], size_t *ret_len)
{
	struct response response = {ret, 0};
	(void)card, (void)state, (void)apdu, (void)len;
	response_sw(&response, SW_NO_CLA);
	*ret_len = response.len;
}
