/* SPDX-License-Identifier: MIT
 *
 * response.h - a response APDU being written, within its limit.
 */
#ifndef TESTS_VIRTUAL_RESPONSE_H
#define TESTS_VIRTUAL_RESPONSE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "wire.h"

#define RESPONSE_BODY_MAX (WIRE_APDU_MAX - 2) /* the status word always fits */

struct response {
	uint8_t *at;
	size_t len;
};

static inline void response_put(struct response *r, const void *bytes, size_t len)
{
	if (r->len > RESPONSE_BODY_MAX || len > RESPONSE_BODY_MAX - r->len)
		return;
	memcpy(r->at + r->len, bytes, len);
	r->len += len;
}

static inline void response_put_u8(struct response *r, unsigned value)
{
	const uint8_t byte = (uint8_t)value;
	response_put(r, &byte, 1);
}

static inline void response_sw(struct response *r, unsigned sw)
{
	r->at[r->len++] = (uint8_t)(sw >> 8);
	r->at[r->len++] = (uint8_t)(sw & 0xFF);
}

/* A data object with a BER length of one or two bytes. */
static inline void response_tlv(struct response *r, unsigned tag, const void *value, size_t len)
{
	if (tag > 0xFF)
		response_put_u8(r, tag >> 8);
	response_put_u8(r, tag & 0xFF);
	if (len >= 0x80)
		response_put_u8(r, 0x81);
	response_put_u8(r, (unsigned)len);
	response_put(r, value, len);
}

#endif
