/* SPDX-License-Identifier: MIT
 *
 * card_fit_masked.c - may a number of these shapes be one of the site's?
 */
#include <string.h>

#include "kiosk/ctl/card_fit.h"
#include "kiosk/ctl/card_shape.h"
#include "pcsc/reading.h"

/* A byte of this shape is surely, or may be, the byte `want`. */
static gboolean may_be(guint8 shape, guint8 want)
{
	return shape_of(want) == shape_of(shape);
}

static gboolean surely_is(guint8 shape, guint8 want)
{
	static const guint8 plain[] = {0x00, 0x20, '-'};
	return may_be(shape, want) && memchr(plain, want, sizeof plain) != NULL;
}

static gboolean is_padding(
	const struct card_layout *layout, guint8 shape, gboolean (*is)(guint8 shape, guint8 want))
{
	for (gsize i = 0; i < layout->n_padding && i < sizeof layout->padding; i++)
		if (is(shape, (guint8)layout->padding[i]))
			return TRUE;
	return FALSE;
}

/* Shape letters of bytes `from` to `to`; FALSE: no number has these. */
static gboolean spell(const struct card_layout *layout, const guint8 *field, gsize n,
	char ret[READING_NUMBER_SIZE])
{
	gboolean hex = layout->number_form != LAYOUT_TEXT;
	gsize places = hex ? 2 * n : n;
	if (n == 0 || places >= READING_NUMBER_SIZE)
		return FALSE;
	for (gsize i = 0; i < places; i++)
		ret[i] = hex ? SHAPE_NIBBLE : shape_letter(field[i]);
	ret[places] = '\0';
	return hex || strspn(ret, "9Aa-") == places;
}

static enum card_err try_number(const struct card_layout *layout, const guint8 *field, gsize n)
{
	char number[READING_NUMBER_SIZE];
	if (!spell(layout, field, n, number))
		return CARD_ERR_UNREADABLE;
	for (gsize i = 0; i < layout->n_patterns && i < LAYOUT_PATTERNS_MAX; i++)
		if (shape_may_match(layout->patterns[i].text, number))
			return CARD_ERR_OK;
	return layout->n_patterns == 0 ? CARD_ERR_OK : CARD_ERR_FOREIGN;
}

/* OK before FOREIGN before UNREADABLE before NO_DATA. */
static enum card_err better(enum card_err a, enum card_err b)
{
	static const enum card_err order[] = {CARD_ERR_OK, CARD_ERR_FOREIGN, CARD_ERR_UNREADABLE};
	for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return a;
}

/* Padding cut off both ends: what surely is, at least, and what may be, at most. */
static enum card_err try_trimmed(const struct card_layout *layout, const guint8 *field, gsize len)
{
	enum card_err best = CARD_ERR_NO_DATA;
	for (gsize from = 0; from < len; from++) {
		if (!is_padding(layout, field[from], surely_is))
			for (gsize to = len; to > from; to--) {
				if (!is_padding(layout, field[to - 1], surely_is))
					best = better(
						best, try_number(layout, field + from, to - from));
				if (!is_padding(layout, field[to - 1], may_be))
					break;
			}
		if (!is_padding(layout, field[from], may_be))
			break;
	}
	return best;
}

enum card_err card_fit_masked_number(
	const struct card_layout *layout, const guint8 *field, gsize len)
{
	enum card_err best = CARD_ERR_NO_DATA;
	for (gsize n = 0; layout->has_stop && n < len; n++) {
		if (!may_be(field[n], (guint8)layout->stop))
			continue;
		best = better(best, try_trimmed(layout, field, n));
		if (surely_is(field[n], (guint8)layout->stop))
			return best;
	}
	return better(best, try_trimmed(layout, field, len));
}
