/* SPDX-License-Identifier: MIT
 *
 * base64url.c - see base64url.h.
 */
#include "kiosk/net/base64url.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char *base64url_encode(const void *bytes, gsize len)
{
	const guint8 *from = bytes;
	char *text = g_malloc(len / 3 * 4 + 5), *to = text;
	for (gsize i = 0; i < len; i += 3) {
		gsize n = MIN(len - i, 3);
		guint32 group = (guint32)from[i] << 16;
		group |= n > 1 ? (guint32)from[i + 1] << 8 : 0;
		group |= n > 2 ? from[i + 2] : 0;
		for (gsize j = 0; j <= n; j++)
			*to++ = alphabet[group >> (18 - 6 * j) & 63];
	}
	*to = '\0';
	return text;
}

/* 2 to 4 characters; FALSE if one is foreign or bits are set that mean nothing. */
static gboolean decode_group(const char *text, gsize n, guint8 *to)
{
	guint32 group = 0;
	for (gsize j = 0; j < 4; j++) {
		const char *found = j < n && text[j] ? strchr(alphabet, text[j]) : NULL;
		if (j < n && !found)
			return FALSE;
		group = group << 6 | (found ? (guint32)(found - alphabet) : 0);
	}
	for (gsize j = 0; j < n - 1; j++)
		to[j] = (guint8)(group >> (16 - 8 * j));
	return n == 4 || (group & (n == 3 ? 0xffu : 0xffffu)) == 0;
}

guint8 *base64url_decode(const char *text, gsize len, gsize *ret_len)
{
	if (len % 4 == 1)
		return NULL;
	g_autofree guint8 *bytes = g_malloc0(len / 4 * 3 + 4);
	guint8 *to = bytes;
	for (gsize i = 0; i < len; i += 4) {
		gsize n = MIN(len - i, 4);
		if (!decode_group(text + i, n, to))
			return NULL;
		to += n - 1;
	}
	*ret_len = (gsize)(to - bytes);
	return g_steal_pointer(&bytes);
}
