/* SPDX-License-Identifier: MIT */
#include "name.h"

#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "wipe.h"

#define TEXT_SIZE      256 /* longest name field, decoded */
#define DAKUTEN        0xDE
#define HANDAKUTEN     0xDF
#define IDEOGRAPHIC_SP 0x3000

/* Text being written; `full` once a character found no room. */
struct text {
	char at[TEXT_SIZE];
	size_t len, max;
	bool full;
};

DEFINE_WIPE(text)

/* JIS X 0201 A1..DF -> full-width katakana, one for one. */
static const uint16_t full_width[] = {0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1,
	0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4,
	0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9,
	0x30BB, 0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD,
	0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2,
	0x30E4, 0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3, 0x309B,
	0x309C};
_Static_assert(sizeof(full_width) / sizeof(full_width[0]) == 0xDF - 0xA1 + 1, "A1 to DF");

static bool is_half_width(uint8_t byte)
{
	return byte >= 0xA1 && byte <= 0xDF;
}

static bool is_lead(uint8_t byte)
{
	return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
}

/* What the voicing mark `mark` adds to the katakana of `base`; 0: it does not combine. */
static uint32_t voicing(uint8_t base, uint8_t mark)
{
	bool ha_row = base >= 0xCA && base <= 0xCE;
	if (mark == HANDAKUTEN)
		return ha_row ? 2 : 0;
	if (mark != DAKUTEN)
		return 0;
	if (base == 0xB3) /* u -> vu */
		return 0x30F4 - 0x30A6;
	return ha_row || (base >= 0xB6 && base <= 0xC4) ? 1 : 0;
}

/* c: below 0x10000 */
static size_t encode_utf8(uint32_t c, char out[3])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : 3;
	static const uint8_t lead[] = {0, 0, 0xC0, 0xE0};
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3F));
	out[0] = (char)(lead[n] | c);
	return n;
}

/* False for what is no character one may show. */
static bool put(struct text *t, uint32_t c)
{
	if (c < 0x20 || (c >= 0x7F && c <= 0x9F))
		return false;
	if (c > 0xFFFF || (c >= 0xD800 && c <= 0xF8FF)) /* CP932 ends there; or private */
		return false;
	char out[3];
	size_t n = encode_utf8(c == IDEOGRAPHIC_SP ? ' ' : c, out);
	if (t->full || n > t->max - t->len) {
		t->full = true;
		return true;
	}
	memcpy(t->at + t->len, out, n);
	t->len += n;
	return true;
}

static bool put_half_width(struct text *t, struct cursor *in, uint8_t byte)
{
	uint32_t c = full_width[byte - 0xA1];
	struct cursor ahead = *in;
	uint8_t mark = 0;
	if (cursor_u8(&ahead, &mark) && voicing(byte, mark) > 0) {
		c += voicing(byte, mark);
		*in = ahead;
	}
	return put(t, c);
}

static bool put_double_byte(struct text *t, struct cursor *in, uint8_t lead, iconv_t cd)
{
	uint8_t trail;
	if (!cursor_u8(in, &trail))
		return true; /* the other half was cut off with the rest of the name */
	char from[2] = {(char)lead, (char)trail}, *src = from;
	uint8_t to[8];
	char *dst = (char *)to;
	size_t src_left = sizeof(from), dst_left = sizeof(to);
	if (iconv(cd, &src, &src_left, &dst, &dst_left) == (size_t)-1 || src_left != 0 ||
		dst_left != 4)
		return false;
	return put(t, (uint32_t)to[0] << 24 | (uint32_t)to[1] << 16 | (uint32_t)to[2] << 8 | to[3]);
}

static bool decode_cp932(struct text *t, struct cursor in)
{
	/* Half-width kana and ASCII need no table, so most names survive without one. */
	iconv_t cd = iconv_open("UTF-32BE", "CP932");
	bool ok = true;
	uint8_t byte;
	while (ok && cursor_u8(&in, &byte)) {
		if (is_half_width(byte))
			ok = put_half_width(t, &in, byte);
		else if (is_lead(byte))
			ok = cd != (iconv_t)-1 && put_double_byte(t, &in, byte, cd);
		else
			ok = byte < 0x7F && put(t, byte);
	}
	if (cd != (iconv_t)-1)
		iconv_close(cd);
	return ok;
}

static bool decode_ascii(struct text *t, struct cursor in)
{
	uint8_t byte;
	while (cursor_u8(&in, &byte))
		if (byte >= 0x7F || !put(t, byte))
			return false;
	return true;
}

bool name_decode(enum layout_encoding encoding, struct cursor in, char *ret, size_t size)
{
	WIPED(text) t = {.max = (size < TEXT_SIZE ? size : TEXT_SIZE) - 1};
	cursor_trim(&in, "\0 ", 2);
	if (!(encoding == LAYOUT_CP932 ? decode_cp932(&t, in) : decode_ascii(&t, in)))
		return false;
	/* Full-width spaces were no padding bytes, but are spaces by now. */
	size_t from = 0;
	while (from < t.len && t.at[from] == ' ')
		from++;
	while (t.len > from && t.at[t.len - 1] == ' ')
		t.len--;
	memcpy(ret, t.at + from, t.len - from);
	ret[t.len - from] = '\0';
	return true;
}
