/* SPDX-License-Identifier: MIT
 *
 * Readers of each make when the card leaves, and when they are told nonsense. No pcscd.
 */
#include "tests/check.h"

#include <glib.h>

#include "tests/virtual/desk.h"

static void a_card_may_leave_in_every_dialect(void)
{
	static const struct {
		enum reader_kind kind;
		const char *before, *read;
	} rows[] = {
		{READER_KIND_SONY_FRAME, NULL, "FF FE 01 00 10 10 06 <IDm8> 01 8B 1A 01 80 01"},
		{READER_KIND_SONY_SELECT, "FF A4 00 01 02 8B 1A", "FF B0 00 00 00"},
		{READER_KIND_DIRECT, NULL, "FF 00 00 00 10 10 06 <IDm8> 01 8B 1A 01 80 01"},
		{READER_KIND_ACR122, NULL,
			"FF 00 00 00 13 D4 40 01 10 06 <IDm8> 01 8B 1A 01 80 01"},
		{READER_KIND_ACR122, NULL, "10 06 <IDm8> 01 8B 1A 01 80 01"},
		{READER_KIND_ACR122_T0, NULL,
			"FF 00 00 00 13 D4 40 01 10 06 <IDm8> 01 8B 1A 01 80 01"},
		{READER_KIND_IDENTIV, "FF 40 00 00 04 FE 00 00 00", "FF 46 01 01 04 8B 1A 80 00"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct desk d;
		uint8_t bytes[WIRE_APDU_MAX];
		g_autoptr(GString) got = g_string_new(NULL);
		desk_lay(&d, rows[i].kind, "half-way");
		g_autofree char *hex = talk_hex(rows[i].read, d.card);
		g_autofree char *before = rows[i].before ? talk_hex(rows[i].before, d.card) : NULL;
		if (before)
			desk_say(&d, bytes, talk_bytes(before, bytes, sizeof(bytes)), got);
		CHECK_INT(desk_say(&d, bytes, talk_bytes(hex, bytes, sizeof(bytes)), got),
			VCARD_LEAVES);
		desk_clear(&d);
	}
}

/* One row with a byte changed or its end cut off, or as it is. */
static void say_mutated(struct desk *d, const struct talk_row *row, GRand *rand)
{
	uint8_t bytes[WIRE_APDU_MAX];
	g_autoptr(GString) got = g_string_new(NULL);
	g_autofree char *hex = talk_hex(row->say, d->card);
	size_t len = talk_bytes(hex, bytes, sizeof(bytes));
	d->reader.escape = row->escape;
	if (g_rand_int_range(rand, 0, 3) == 0)
		bytes[g_rand_int_range(rand, 0, (gint32)len)] ^= (uint8_t)g_rand_int(rand);
	if (g_rand_int_range(rand, 0, 10) == 0)
		len = (size_t)g_rand_int_range(rand, 0, (gint32)len + 1);
	CHECK_INT(desk_say(d, bytes, len, got), VCARD_ANSWERS);
	CHECK(got->len >= 4 && got->len <= 2 * WIRE_APDU_MAX);
}

static void mutated_talk_is_survived(void)
{
	const guint32 seed = 20221122;
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	struct desk d;
	desk_lay(&d, READER_KIND_PLAIN, TALK_CARD);
	printf("seed %u; ", seed);
	for (int i = 0; i < 5000; i++) {
		d.reader = (struct vcard_reader){.kind = (enum reader_kind)(i % READER_KIND_COUNT)};
		for (const struct talk_row *row = talk_of(d.reader.kind); row->say; row++)
			say_mutated(&d, row, rand);
	}
	desk_clear(&d);
}

#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(a_card_may_leave_in_every_dialect),
		CASE(mutated_talk_is_survived),
	};
	return CHECK_MAIN("readers of each make, ill-treated", cases);
}
