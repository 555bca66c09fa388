/* SPDX-License-Identifier: MIT */
#include "number.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool place_matches(char place, char c)
{
	if (place == '9')
		return is_digit(c);
	if (place == 'A')
		return is_letter(c);
	if (place == 'X')
		return is_digit(c) || is_letter(c);
	return place == c;
}

bool layout_pattern_matches(const char *pattern, const char *number)
{
	for (; *pattern && *number; pattern++, number++)
		if (!place_matches(*pattern, *number))
			return false;
	return !*pattern && !*number;
}

bool number_is_ours(const struct card_layout *layout, const char *number)
{
	for (size_t i = 0; i < layout->n_patterns && i < LAYOUT_PATTERNS_MAX; i++)
		if (layout_pattern_matches(layout->patterns[i].text, number))
			return true;
	return layout->n_patterns == 0;
}

/* What stands before the first byte `stop`, or all of it. */
static struct cursor before(struct cursor field, char stop)
{
	struct cursor rest = field, ret = field;
	uint8_t c;
	while (cursor_u8(&rest, &c))
		if ((char)c == stop) {
			cursor_part(&field, field.left - rest.left - 1, &ret);
			break;
		}
	return ret;
}

static enum card_err decode_text(struct cursor field, char *ret)
{
	uint8_t c;
	if (field.left >= READING_NUMBER_SIZE)
		return CARD_ERR_UNREADABLE;
	while (cursor_u8(&field, &c)) {
		if (!is_digit((char)c) && !is_letter((char)c) && c != '-')
			return CARD_ERR_UNREADABLE;
		*ret++ = (char)c;
	}
	*ret = '\0';
	return CARD_ERR_OK;
}

static bool next_byte(struct cursor *field, bool reversed, uint8_t *ret)
{
	struct cursor last = *field;
	return reversed ? cursor_tail(field, 1, &last) && cursor_u8(&last, ret)
			: cursor_u8(field, ret);
}

static enum card_err decode_hex(struct cursor field, bool reversed, char *ret)
{
	static const char digits[] = "0123456789ABCDEF";
	uint8_t byte;
	if (cursor_all_zero(field))
		return CARD_ERR_NO_DATA;
	if (field.left > (READING_NUMBER_SIZE - 1) / 2)
		return CARD_ERR_UNREADABLE;
	while (next_byte(&field, reversed, &byte)) {
		*ret++ = digits[byte >> 4];
		*ret++ = digits[byte & 0x0F];
	}
	*ret = '\0';
	return CARD_ERR_OK;
}

enum card_err number_decode(
	const struct card_layout *layout, struct cursor field, char ret[READING_NUMBER_SIZE])
{
	if (layout->has_stop)
		field = before(field, layout->stop);
	cursor_trim(&field, layout->padding,
		layout->n_padding < sizeof(layout->padding) ? layout->n_padding
							    : sizeof(layout->padding));
	if (field.left == 0)
		return CARD_ERR_NO_DATA;
	if (layout->number_form == LAYOUT_TEXT)
		return decode_text(field, ret);
	return decode_hex(field, layout->number_form == LAYOUT_HEX_REVERSED, ret);
}
