/* SPDX-License-Identifier: MIT */
#include "tests/pcsc/sample.h"

#include <string.h>

static bool ends_within(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

/* By another hand than name.c's. */
bool text_is_shown(const char *text)
{
	const uint8_t *p = (const uint8_t *)text;
	while (*p) {
		size_t more = *p < 0x80 ? 0 : (*p & 0xE0) == 0xC0 ? 1 : (*p & 0xF0) == 0xE0 ? 2 : 3;
		uint32_t c = more == 0 ? *p : *p & (0x3F >> more);
		if ((*p >= 0x80 && *p < 0xC2) || *p > 0xF4)
			return false;
		for (p++; more > 0; more--, p++) {
			if ((*p & 0xC0) != 0x80)
				return false;
			c = c << 6 | (*p & 0x3F);
		}
		if (c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0xD800 && c < 0xF900))
			return false;
	}
	return true;
}

bool reading_is_sound(const struct card_reading *r)
{
	static const char letters[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";
	if (!ends_within(r->layout, sizeof(r->layout)) ||
		!ends_within(r->number, sizeof(r->number)) ||
		!ends_within(r->class_, sizeof(r->class_)) ||
		!ends_within(r->name, sizeof(r->name)) ||
		!ends_within(r->key_kind, sizeof(r->key_kind)))
		return false;
	if (r->number[0] == '\0' || r->number[strspn(r->number, letters)] != '\0')
		return false;
	if (r->reissue < -1)
		return false;
	if ((r->expires != 0 && (r->expires < 19000101 || r->expires > 99991231)) ||
		(r->issued != 0 && (r->issued < 19000101 || r->issued > 99991231)))
		return false;
	return text_is_shown(r->name);
}
