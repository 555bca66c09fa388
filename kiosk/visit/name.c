/* SPDX-License-Identifier: MIT
 *
 * name.c - is the name on a card plainly another one?
 *
 * A card holds 16 bytes: names are cut, put into kana or Latin letters, and written with
 * other forms of a character. So only two names of one script are compared, and only one
 * of which less than half is found in the other differs "plainly".
 */
#include "kiosk/visit/identity.h"

#include <string.h>
#include <strings.h>

#define NAME_CHARS_MAX 64 /* code points of a name that are looked at */
#define NAME_WORDS_MAX 8

enum script { SCRIPT_NONE, SCRIPT_LATIN, SCRIPT_KANA, SCRIPT_HAN, SCRIPT_OTHER };

struct name {
	enum script script;
	uint32_t chars[NAME_CHARS_MAX]; /* without spaces and marks, katakana as hiragana */
	size_t n;
};

/* One code point; 0 at the end or where the bytes are no UTF-8. */
static uint32_t next_char(const unsigned char **p)
{
	unsigned char lead = **p;
	int more = lead < 0x80 ? 0 : lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : -1;
	uint32_t c = more > 0 ? lead & (0x3fu >> more) : lead;

	if (lead == 0 || more < 0)
		return 0;
	(*p)++;
	for (; more > 0; more--, (*p)++) {
		if ((**p & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (**p & 0x3fu);
	}
	return c;
}

static bool is_kana(uint32_t c)
{
	return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fa) || c == 0x30fc;
}

static bool is_han(uint32_t c)
{
	return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
	       (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff) || c == 0x3005;
}

static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What stands between the parts of a name. */
static bool is_mark(uint32_t c)
{
	return (c < 0x80 && !is_letter(c)) || c == 0x3000 || c == 0x30fb || c == 0x2019;
}

static enum script script_of(uint32_t c)
{
	if (is_letter(c))
		return SCRIPT_LATIN;
	if (is_kana(c))
		return SCRIPT_KANA;
	return is_han(c) ? SCRIPT_HAN : SCRIPT_OTHER;
}

static enum script join(enum script a, enum script b)
{
	if (a == SCRIPT_NONE || a == b)
		return b;
	if ((a == SCRIPT_HAN && b == SCRIPT_KANA) || (a == SCRIPT_KANA && b == SCRIPT_HAN))
		return SCRIPT_HAN; /* kanji with kana among them */
	return SCRIPT_OTHER;
}

static uint32_t fold(uint32_t c)
{
	return c >= 0x30a1 && c <= 0x30f6 ? c - 0x60 : c;
}

static void name_read(const char *text, struct name *ret)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t c;

	ret->script = SCRIPT_NONE;
	ret->n = 0;
	while (ret->n < NAME_CHARS_MAX && (c = next_char(&p)) != 0) {
		if (is_mark(c))
			continue;
		ret->script = join(ret->script, script_of(c));
		ret->chars[ret->n++] = fold(c);
	}
}

/* Less than half of the card's characters stand in the directory's name. */
static bool chars_differ(const struct name *card, const struct name *name)
{
	size_t found = 0;
	bool used[NAME_CHARS_MAX] = {false};

	for (size_t i = 0; i < card->n; i++) {
		for (size_t k = 0; k < name->n; k++) {
			if (!used[k] && name->chars[k] == card->chars[i]) {
				used[k] = true;
				found++;
				break;
			}
		}
	}
	return found * 2 < card->n;
}

struct words {
	const char *at[NAME_WORDS_MAX];
	size_t len[NAME_WORDS_MAX], n;
};

static void words_read(const char *text, struct words *ret)
{
	ret->n = 0;
	while (*text && ret->n < NAME_WORDS_MAX) {
		size_t len = 0;
		while (is_letter((unsigned char)text[len]))
			len++;
		if (len > 0) {
			ret->at[ret->n] = text;
			ret->len[ret->n++] = len;
		}
		text += len > 0 ? len : 1;
	}
}

/* Equal as far as the shorter one goes: initials, a cut end, Taro and Tarou. */
static bool word_found(const char *word, size_t len, const struct words *in)
{
	for (size_t i = 0; i < in->n; i++)
		if (strncasecmp(word, in->at[i], len < in->len[i] ? len : in->len[i]) == 0)
			return true;
	return false;
}

static bool words_differ(const char *on_card, const char *name_en)
{
	struct words card, name;
	size_t found = 0;

	words_read(on_card, &card);
	words_read(name_en, &name);
	for (size_t i = 0; i < card.n; i++)
		found += word_found(card.at[i], card.len[i], &name);
	return found * 2 < card.n;
}

bool identity_name_differs(const char *on_card, const char *name_ja, const char *name_en)
{
	struct name card, ja, en;
	bool differs = false;

	name_read(on_card, &card);
	name_read(name_ja, &ja);
	name_read(name_en, &en);
	if (card.script == SCRIPT_LATIN && en.script == SCRIPT_LATIN)
		differs = words_differ(on_card, name_en);
	else if (card.script == SCRIPT_KANA || card.script == SCRIPT_HAN)
		differs = card.script == ja.script && chars_differ(&card, &ja);
	explicit_bzero(&card, sizeof card);
	explicit_bzero(&ja, sizeof ja);
	explicit_bzero(&en, sizeof en);
	return differs;
}
