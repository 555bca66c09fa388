/* SPDX-License-Identifier: MIT
 *
 * vcard_frame.h - bytes of a FeliCa frame taken one by one, and an answer put together.
 */
#ifndef TESTS_VIRTUAL_VCARD_FRAME_H
#define TESTS_VIRTUAL_VCARD_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FELICA_FRAME_MAX 255 /* LEN is one byte and counts itself */

struct in {
	const uint8_t *at;
	size_t left;
};

struct out {
	uint8_t *at; /* FELICA_FRAME_MAX bytes */
	size_t len;
};

static inline bool take(struct in *in, uint8_t *ret)
{
	if (in->left == 0)
		return false;
	*ret = *in->at++;
	in->left--;
	return true;
}

static inline bool take_le16(struct in *in, uint16_t *ret)
{
	uint8_t low, high;
	if (!take(in, &low) || !take(in, &high))
		return false;
	*ret = (uint16_t)(low | high << 8);
	return true;
}

static inline void put(struct out *out, const void *bytes, size_t len)
{
	if (out->len + len > FELICA_FRAME_MAX)
		return; /* no answer of ours is that long: 15 blocks are 253 bytes */
	memcpy(out->at + out->len, bytes, len);
	out->len += len;
}

static inline void put_u8(struct out *out, unsigned value)
{
	const uint8_t byte = (uint8_t)value;
	put(out, &byte, 1);
}

static inline void put_le16(struct out *out, unsigned value)
{
	put_u8(out, value & 0xFF);
	put_u8(out, value >> 8);
}

#endif
