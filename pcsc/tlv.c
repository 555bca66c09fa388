/* SPDX-License-Identifier: MIT */
#include "tlv.h"

static bool take_tag(struct cursor *in, uint16_t *ret)
{
	uint8_t first, second;
	if (!cursor_u8(in, &first))
		return false;
	*ret = first;
	if ((first & 0x1F) != 0x1F)
		return true;
	if (!cursor_u8(in, &second) || second & 0x80) /* three bytes and more: none is known */
		return false;
	*ret = (uint16_t)(first << 8 | second);
	return true;
}

static bool take_length(struct cursor *in, size_t *ret)
{
	uint8_t first, byte;
	uint16_t word;
	if (!cursor_u8(in, &first))
		return false;
	if (first < 0x80) {
		*ret = first;
		return true;
	}
	if (first == 0x81 && cursor_u8(in, &byte)) {
		*ret = byte;
		return true;
	}
	if (first == 0x82 && cursor_be16(in, &word)) {
		*ret = word;
		return true;
	}
	return false;
}

bool tlv_next(struct cursor *in, struct tlv *ret)
{
	struct cursor rest = *in;
	struct tlv found;
	size_t len;
	if (!take_tag(&rest, &found.tag) || !take_length(&rest, &len))
		return false;
	if (!cursor_part(&rest, len, &found.value))
		return false;
	*in = rest;
	*ret = found;
	return true;
}

void tlv_put(struct bytes *to, uint16_t tag, const void *value, size_t len)
{
	if (tag > 0xFF)
		bytes_put_u8(to, tag >> 8);
	bytes_put_u8(to, tag & 0xFF);
	if (len >= 0x100) {
		bytes_put_u8(to, 0x82);
		bytes_put_u8(to, (len >> 8) & 0xFF);
	} else if (len >= 0x80) {
		bytes_put_u8(to, 0x81);
	}
	bytes_put_u8(to, len & 0xFF);
	bytes_put(to, value, len);
}
