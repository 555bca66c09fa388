/* SPDX-License-Identifier: MIT
 *
 * tlv.h - BER-TLV as PC/SC part 3 readers speak it: tags of one or two bytes,
 * definite lengths of up to two bytes. Pure.
 */
#ifndef PCSC_TLV_H
#define PCSC_TLV_H

#include "bytes.h"
#include "cursor.h"

struct tlv {
	uint16_t tag; /* 0x97, 0x5F46 … */
	struct cursor value;
};

/* Take the next object. False at the end and for a broken one: tell apart by in->left. */
bool tlv_next(struct cursor *in, struct tlv *ret);

void tlv_put(struct bytes *to, uint16_t tag, const void *value, size_t len);

#endif
