/* SPDX-License-Identifier: MIT */
#include "layout.h"

#include <string.h>

#include "cursor.h"
#include "name.h"
#include "number.h"
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

/* The row of the card's class code; NULL: the layout does not know it. */
static const struct layout_class *find_class(const struct card_layout *layout, struct cursor data)
{
	struct cursor code = cut_trimmed(data, layout->class_);
	for (size_t i = 0; i < layout->n_classes && code.left > 0; i++)
		if (equals(code, layout->classes[i].code))
			return &layout->classes[i];
	return NULL;
}

/* Only the class knows what the number of this card is, and where it stands, where a site
 * has several kinds. */
static enum card_err decode_holder(
	const struct card_layout *layout, struct cursor data, struct card_reading *r)
{
	const struct layout_class *class = find_class(layout, data);
	struct layout_slice place = layout->number;
	memcpy(r->key_kind, layout->key_kind, sizeof(r->key_kind));
	if (class) {
		memcpy(r->class_, class->name, sizeof(r->class_));
		if (class->key_kind[0])
			memcpy(r->key_kind, class->key_kind, sizeof(r->key_kind));
		if (class->number.len > 0)
			place = class->number;
	}
	struct cursor field;
	if (!cut(data, place, &field))
		return CARD_ERR_UNREADABLE;
	enum card_err err = number_decode(layout, field, r->number);
	if (err)
		return err;
	return number_is_ours(layout, r->number) ? CARD_ERR_OK : CARD_ERR_FOREIGN;
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

/* The school first: another school may fill the other fields as it likes. A card that
 * states neither school nor number was never written to. */
static enum card_err check_school(const struct card_layout *layout, struct cursor data)
{
	struct cursor school = cut_trimmed(data, layout->school);
	if (!layout->school_id[0] || equals(school, layout->school_id))
		return CARD_ERR_OK;
	bool blank = school.left == 0 && cut_trimmed(data, layout->number).left == 0;
	return blank ? CARD_ERR_NO_DATA : CARD_ERR_FOREIGN;
}

enum card_err layout_decode(
	const struct card_layout *layout, const uint8_t *data, size_t len, struct card_reading *ret)
{
	struct cursor all = cursor_over(data, len);
	if (cursor_all_zero(all))
		return CARD_ERR_NO_DATA;
	enum card_err err = check_school(layout, all);
	if (err)
		return err;
	WIPED(card_reading) r = {.reissue = NO_REISSUE, .stable_idm = layout->stable_idm};
	memcpy(r.layout, layout->name, sizeof(r.layout));
	err = decode_holder(layout, all, &r);
	if (err)
		return err;
	decode_name(layout, all, &r);
	err = decode_issue(layout, all, &r);
	if (!err)
		*ret = r;
	return err;
}
