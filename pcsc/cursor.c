/* SPDX-License-Identifier: MIT */
#include "cursor.h"

#include <string.h>

struct cursor cursor_over(const uint8_t *bytes, size_t len)
{
	return (struct cursor){bytes, len};
}

bool cursor_part(struct cursor *c, size_t n, struct cursor *ret)
{
	if (n > c->left)
		return false;
	*ret = cursor_over(c->at, n);
	if (n > 0)
		c->at += n;
	c->left -= n;
	return true;
}

bool cursor_tail(struct cursor *c, size_t n, struct cursor *ret)
{
	if (n > c->left)
		return false;
	struct cursor rest = *c;
	cursor_part(&rest, c->left - n, c);
	*ret = rest;
	return true;
}

bool cursor_skip(struct cursor *c, size_t n)
{
	struct cursor skipped;
	return cursor_part(c, n, &skipped);
}

bool cursor_copy(struct cursor *c, uint8_t *ret, size_t n)
{
	struct cursor part;
	if (!cursor_part(c, n, &part))
		return false;
	if (n > 0)
		memcpy(ret, part.at, n);
	return true;
}

bool cursor_u8(struct cursor *c, uint8_t *ret)
{
	return cursor_copy(c, ret, 1);
}

bool cursor_be16(struct cursor *c, uint16_t *ret)
{
	uint8_t b[2];
	if (!cursor_copy(c, b, sizeof(b)))
		return false;
	*ret = (uint16_t)(b[0] << 8 | b[1]);
	return true;
}

bool cursor_le16(struct cursor *c, uint16_t *ret)
{
	uint8_t b[2];
	if (!cursor_copy(c, b, sizeof(b)))
		return false;
	*ret = (uint16_t)(b[1] << 8 | b[0]);
	return true;
}

void cursor_trim(struct cursor *c, const char *set, size_t n)
{
	while (c->left > 0 && memchr(set, c->at[0], n))
		cursor_skip(c, 1);
	while (c->left > 0 && memchr(set, c->at[c->left - 1], n))
		c->left--;
}

bool cursor_all_zero(struct cursor c)
{
	for (size_t i = 0; i < c.left; i++)
		if (c.at[i] != 0)
			return false;
	return true;
}
