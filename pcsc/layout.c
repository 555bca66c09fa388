/* SPDX-License-Identifier: MIT */
#include "layout.h"

#include <string.h>

#include "cursor.h"
#include "name.h"
#include "reading.h"
#include "wipe.h"

#define NO_REISSUE  (-1)
#define BLANKS      "\0 " /* how issuers fill fields that state nothing */
#define N_BLANKS    2
#define DATE_LEN    8
#define REISSUE_MAX 4 /* digits */

DEFINE_WIPE(card_reading)

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

size_t layout_step_len(const struct layout_step *step)
{
	switch (step->kind) {
	case LAYOUT_READ:
	case LAYOUT_MAC:
		return (size_t)step->n_blocks * FELICA_BLOCK_SIZE;
	case LAYOUT_UID:
	case LAYOUT_BINARY:
	case LAYOUT_RECORD:
		return step->len;
	case LAYOUT_SYSTEM:
	case LAYOUT_AID:
	case LAYOUT_FILE:
		break;
	}
	return 0;
}

size_t layout_step_at(const struct card_layout *layout, size_t i)
{
	size_t at = 0;
	for (size_t k = 0; k < i && k < layout->n_steps && k < LAYOUT_STEPS_MAX; k++)
		at += layout_step_len(&layout->steps[k]);
	return at;
}

bool layout_is_felica(const struct card_layout *layout)
{
	return layout->n_steps > 0 && layout->steps[0].kind == LAYOUT_SYSTEM;
}

/* The bytes of one field; false if the card's blocks end before the field does. */
static bool cut(struct cursor data, struct layout_slice slice, struct cursor *ret)
{
	return cursor_skip(&data, slice.off) && cursor_part(&data, slice.len, ret);
}

/* As cut(), for fields a card may do without: then empty. */
static struct cursor cut_trimmed(struct cursor data, struct layout_slice slice)
{
	struct cursor field = {NULL, 0};
	if (cut(data, slice, &field))
		cursor_trim(&field, BLANKS, N_BLANKS);
	return field;
}

static bool equals(struct cursor field, const char *text)
{
	return field.left == strlen(text) &&
	       (field.left == 0 || memcmp(field.at, text, field.left) == 0);
}

static enum card_err decode_digits(struct cursor field, size_t max, int32_t *ret)
{
	int32_t value = 0;
	uint8_t c;
	if (field.left > max)
		return CARD_ERR_UNREADABLE;
	while (cursor_u8(&field, &c)) {
		if (!is_digit((char)c))
			return CARD_ERR_UNREADABLE;
		value = value * 10 + (c - '0');
	}
	*ret = value;
	return CARD_ERR_OK;
}

static bool is_date(int32_t date)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int32_t month = date / 100 % 100, day = date % 100, year = date / 10000;
	return year >= 1900 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

/* Blank, all zeros and all nines are the ways of issuers to say "none". */
static enum card_err decode_date(struct cursor field, int32_t *ret)
{
	int32_t date = 0;
	if (field.left == 0)
		return CARD_ERR_OK;
	enum card_err err = decode_digits(field, DATE_LEN, &date);
	if (err)
		return err;
	if (date == 0 || date == 99999999)
		return CARD_ERR_OK;
	if (field.left != DATE_LEN || !is_date(date))
		return CARD_ERR_UNREADABLE;
	*ret = date;
	return CARD_ERR_OK;
}

static enum card_err decode_number(
	const struct card_layout *layout, struct cursor data, struct card_reading *r)
{
	struct cursor field;
	if (!cut(data, layout->number, &field))
		return CARD_ERR_UNREADABLE;
	size_t n_padding = layout->n_padding < sizeof(layout->padding) ? layout->n_padding
								       : sizeof(layout->padding);
	cursor_trim(&field, layout->padding, n_padding);
	if (field.left == 0)
		return CARD_ERR_NO_DATA;
	if (field.left >= sizeof(r->number))
		return CARD_ERR_UNREADABLE;
	size_t len = field.left;
	cursor_copy(&field, (uint8_t *)r->number, len);
	for (size_t i = 0; i < len; i++)
		if (!is_digit(r->number[i]) && !is_letter(r->number[i]) && r->number[i] != '-')
			return CARD_ERR_UNREADABLE;
	return CARD_ERR_OK;
}

static bool is_ours(const struct card_layout *layout, const char *number)
{
	for (size_t i = 0; i < layout->n_patterns; i++)
		if (layout_pattern_matches(layout->patterns[i].text, number))
			return true;
	return layout->n_patterns == 0;
}

/* Only the class knows what the number of this card is, where a site has several kinds. */
static void decode_class(
	const struct card_layout *layout, struct cursor data, struct card_reading *r)
{
	struct cursor code = cut_trimmed(data, layout->class_);
	memcpy(r->key_kind, layout->key_kind, sizeof(r->key_kind));
	for (size_t i = 0; i < layout->n_classes; i++) {
		const struct layout_class *class = &layout->classes[i];
		if (code.left == 0 || !equals(code, class->code))
			continue;
		memcpy(r->class_, class->name, sizeof(r->class_));
		if (class->key_kind[0])
			memcpy(r->key_kind, class->key_kind, sizeof(r->key_kind));
		return;
	}
}

static enum card_err decode_issue(
	const struct card_layout *layout, struct cursor data, struct card_reading *r)
{
	struct cursor reissue = cut_trimmed(data, layout->reissue);
	if (reissue.left > 0) {
		enum card_err err = decode_digits(reissue, REISSUE_MAX, &r->reissue);
		if (err)
			return err;
	}
	enum card_err err = decode_date(cut_trimmed(data, layout->issued), &r->issued);
	return err ? err : decode_date(cut_trimmed(data, layout->expires), &r->expires);
}

/* A name that cannot be shown is left out: it only greets, and must not turn anyone away. */
static void decode_name(
	const struct card_layout *layout, struct cursor data, struct card_reading *r)
{
	struct cursor field;
	if (cut(data, layout->name_, &field))
		name_decode(layout->name_encoding, field, r->name, sizeof(r->name));
}

enum card_err layout_decode(
	const struct card_layout *layout, const uint8_t *data, size_t len, struct card_reading *ret)
{
	struct cursor all = cursor_over(data, len);
	if (cursor_all_zero(all))
		return CARD_ERR_NO_DATA;
	/* The school first: another school may fill the other fields as it likes. */
	if (layout->school_id[0] && !equals(cut_trimmed(all, layout->school), layout->school_id))
		return CARD_ERR_FOREIGN;
	WIPED(card_reading) r = {.reissue = NO_REISSUE, .stable_idm = layout->stable_idm};
	memcpy(r.layout, layout->name, sizeof(r.layout));
	enum card_err err = decode_number(layout, all, &r);
	if (err)
		return err;
	if (!is_ours(layout, r.number))
		return CARD_ERR_FOREIGN;
	decode_class(layout, all, &r);
	decode_name(layout, all, &r);
	err = decode_issue(layout, all, &r);
	if (!err)
		*ret = r;
	return err;
}
