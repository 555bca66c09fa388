/* SPDX-License-Identifier: MIT */
#include "kiosk/ctl/card_shape.h"

#include <string.h>

#define KANA_FIRST 0xA1
#define KANA_LAST  0xDF

enum shape {
#define X(name, letter, byte) SHAPE_##name,
	SHAPE_LIST(X)
#undef X
		SHAPE_COUNT
};

static const struct {
	char letter;
	guint8 byte;
} shapes[] = {
#define X(name, letter, byte) [SHAPE_##name] = {letter, byte},
	SHAPE_LIST(X)
#undef X
};
_Static_assert(G_N_ELEMENTS(shapes) == SHAPE_COUNT, "a letter for every shape");

static enum shape classify(guint8 byte)
{
	for (guint i = SHAPE_NUL; i <= SHAPE_HYPHEN; i++)
		if (byte == shapes[i].byte)
			return i;
	if (g_ascii_isdigit(byte))
		return SHAPE_DIGIT;
	if (g_ascii_isupper(byte))
		return SHAPE_UPPER;
	if (g_ascii_islower(byte))
		return SHAPE_LOWER;
	return byte >= KANA_FIRST && byte <= KANA_LAST ? SHAPE_KANA : SHAPE_OTHER;
}

guint8 shape_of(guint8 byte)
{
	return shapes[classify(byte)].byte;
}

char shape_letter(guint8 byte)
{
	return shapes[classify(byte)].letter;
}

gboolean shape_parse(char letter, guint8 *ret)
{
	for (guint i = 0; i < SHAPE_COUNT; i++) {
		if (shapes[i].letter != letter)
			continue;
		*ret = shapes[i].byte;
		return TRUE;
	}
	return FALSE;
}

/* `place`: '9', 'A', 'X' of a pattern, or a character that stands for itself. */
static gboolean place_may_be(char place, char shape)
{
	gboolean wild = strchr("9AX", place) != NULL;
	if (shape == SHAPE_NIBBLE)
		return wild || (g_ascii_isxdigit(place) && !g_ascii_islower(place));
	if (shape == '9')
		return place == 'X' || g_ascii_isdigit(place);
	if (shape == 'A')
		return place == 'A' || place == 'X' || g_ascii_isupper(place);
	if (shape == 'a')
		return place == 'A' || place == 'X' || g_ascii_islower(place);
	return shape == '-' && place == '-';
}

gboolean shape_may_match(const char *pattern, const char *number)
{
	for (; *pattern && *number; pattern++, number++)
		if (!place_may_be(*pattern, *number))
			return FALSE;
	return !*pattern && !*number;
}

gboolean shape_may_be(const char *text, const guint8 *bytes, gsize len)
{
	if (strlen(text) != len)
		return FALSE;
	for (gsize i = 0; i < len; i++)
		if (shape_of((guint8)text[i]) != shape_of(bytes[i]))
			return FALSE;
	return TRUE;
}
