/* SPDX-License-Identifier: MIT
 *
 * Does a reader of each make say what its manual says? No pcscd.
 */
#include "tests/check.h"

#include <glib.h>
#include <stdlib.h>

#include "tests/virtual/talk.h"

/* A reader and the card in its field. */
struct desk {
	struct vcard *card;
	struct vcard_reader reader;
};

static void lay(struct desk *d, enum reader_kind kind, const char *id)
{
	g_autoptr(GError) error = NULL;
	*d = (struct desk){vcard_find(VCARD_DIR, id, &error), {.kind = kind}};
	if (d->card)
		return;
	fprintf(stderr, "%s\n", error->message);
	exit(2);
}

static void clear(struct desk *d)
{
	d->card = vcard_free(d->card);
}

/* What is said is kept in memory of just its size, so that a sanitizer sees a step beyond. */
static enum vcard_act say_bytes(struct desk *d, const uint8_t *bytes, size_t len, GString *ret)
{
	uint8_t answer[WIRE_APDU_MAX];
	size_t got = 0;
	uint8_t *exact = g_memdup2(bytes, len);
	enum vcard_act act = vcard_reader_apdu(&d->reader, d->card, exact, len, answer, &got);
	for (size_t i = 0; act == VCARD_ANSWERS && i < got; i++)
		g_string_append_printf(ret, "%02X", answer[i]);
	g_free(exact);
	return act;
}

static void says(struct desk *d, const char *row, const char *want)
{
	uint8_t bytes[WIRE_APDU_MAX];
	g_autoptr(GString) got = g_string_new(NULL);
	g_autofree char *hex = talk_hex(row, d->card), *answer = talk_hex(want, d->card);
	CHECK_INT(say_bytes(d, bytes, talk_bytes(hex, bytes, sizeof(bytes)), got), VCARD_ANSWERS);
	if (strcmp(got->str, answer) != 0)
		fprintf(stderr, "%s, %s:\n", reader_kind_name(d->reader.kind), row);
	CHECK_STR(got->str, answer);
}

static void every_kind_reads_the_card_as_its_manual_tells(void)
{
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++) {
		struct desk d;
		lay(&d, kind, TALK_CARD);
		for (const struct talk_row *row = talk_of(kind); row->say; row++) {
			d.reader.escape = row->escape;
			says(&d, row->say, row->hear);
		}
		clear(&d);
	}
}

static void get_data_gives_the_uid_on_every_kind(void)
{
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++) {
		struct desk d;
		lay(&d, kind, "mifare");
		says(&d, "FF CA 00 00 00", "04 A1 B2 C3 90 00");
		says(&d, "FF CA 01 00 00", "6A 81");
		clear(&d);
	}
}

static void a_kind_refuses_the_dialects_of_the_others(void)
{
	static const struct {
		enum reader_kind kind;
		const char *session, *sony_frame, *direct, *select, *poll;
	} want[] = {
		{READER_KIND_SESSION, NULL, "6D 00", "6D 00", "6D 00", "6D 00"},
		{READER_KIND_SESSION_ESCAPE, "6D 00", "6D 00", "6D 00", "6D 00", "6D 00"},
		{READER_KIND_SONY_FRAME, "6D 00", NULL, "6D 00", "6D 00", "6D 00"},
		{READER_KIND_SONY_SELECT, "6D 00", "6D 00", "6D 00", NULL, "6D 00"},
		{READER_KIND_DIRECT, "6A 81", "6A 81", NULL, "6A 81", "6A 81"},
		{READER_KIND_ACR122, "6A 81", "6A 81", "63 00", "6A 81", "6A 81"},
		{READER_KIND_ACR122_T0, "6A 81", "6A 81", "63 00", "6A 81", "6A 81"},
		{READER_KIND_IDENTIV, "6D 00", "6D 00", "6D 00", "6D 00", NULL},
		{READER_KIND_PLAIN, "6D 00", "6D 00", "6D 00", "6D 00", "6D 00"},
	};
	_Static_assert(G_N_ELEMENTS(want) == READER_KIND_COUNT, "every kind");
	for (size_t i = 0; i < G_N_ELEMENTS(want); i++) {
		struct desk d;
		lay(&d, want[i].kind, TALK_CARD);
		if (want[i].session)
			says(&d, "FF C2 00 00 02 81 00 00", want[i].session);
		if (want[i].sony_frame)
			says(&d, "FF FE 01 00 06 06 00 FE 00 00 00", want[i].sony_frame);
		if (want[i].direct)
			says(&d, "FF 00 00 00 06 06 00 FE 00 00 00", want[i].direct);
		if (want[i].select)
			says(&d, "FF A4 00 01 02 8B 1A", want[i].select);
		if (want[i].poll)
			says(&d, "FF 40 00 00 04 FE 00 00 00", want[i].poll);
		clear(&d);
	}
}

/* Of a system it has not, and a foreign IDm. */
static void a_silent_card_is_told_as_each_kind_tells_it(void)
{
	struct desk d;
	lay(&d, READER_KIND_SONY_FRAME, TALK_CARD);
	says(&d, "FF FE 01 00 06 06 00 00 03 00 00", "63 00");
	says(&d, "FF FE 01 00", "63 00");
	clear(&d);
	lay(&d, READER_KIND_ACR122, TALK_CARD);
	says(&d, "FF 00 00 00 09 D4 4A 01 01 00 00 03 01 00", "D5 4B 00 90 00");
	says(&d, "FF 00 00 00 0D D4 40 01 0A 04 21 2E 4C 0A 11 22 33 01", "D5 41 01 90 00");
	says(&d, "0A 04 21 2E 4C 0A 11 22 33 01", "63 00");
	clear(&d);
	lay(&d, READER_KIND_ACR122_T0, TALK_CARD);
	says(&d, "FF 00 00 00 09 D4 4A 01 01 00 00 03 01 00", "61 05");
	says(&d, "FF C0 00 00 05", "D5 4B 00 90 00");
	clear(&d);
	lay(&d, READER_KIND_IDENTIV, TALK_CARD);
	says(&d, "FF 40 00 00 04 00 03 00 00", "63 00");
	clear(&d);
	lay(&d, READER_KIND_IDENTIV, "mifare");
	says(&d, "FF 4A 00 00 00", "63 00");
	clear(&d);
}

static void sony_select_finds_the_system_that_holds_the_service(void)
{
	struct desk d;
	lay(&d, READER_KIND_SONY_SELECT, TALK_CARD);
	says(&d, "FF B0 00 00 00", "69 86");
	says(&d, "FF A4 00 01 02 0B 7A", "90 00");
	says(&d, "FF A4 00 01 02 8B 1A", "90 00");
	says(&d, "FF B0 00 04 00", "6A 83");
	says(&d, "FF B0 80 02 00", "6B 00");
	says(&d, "FF A4 00 00 02 8B 1A", "6B 00");
	says(&d, "FF A4 00 01 01 8B", "67 00");
	says(&d, "FF B0 00 02 00", "<b2> 90 00");
	vcard_reader_power(&d.reader, WIRE_POWER_RESET);
	says(&d, "FF B0 00 02 00", "69 86");
	says(&d, "FF A4 00 01 02 8B 1A", "90 00");
	says(&d, "FF A4 00 01 02 4B 43", "6A 82");
	says(&d, "FF B0 00 00 00", "69 86");
	clear(&d);
	lay(&d, READER_KIND_SONY_SELECT, "unreadable");
	says(&d, "FF A4 00 01 02 8B 1A", "90 00");
	says(&d, "FF B0 00 00 00", "69 82");
	clear(&d);
}

static void acr122_takes_only_what_its_chip_knows(void)
{
	struct desk d;
	lay(&d, READER_KIND_ACR122, TALK_CARD);
	says(&d, "FF 00 00 00 02 D4 02", "63 00");
	says(&d, "FF 00 00 00 01 D4", "63 00");
	says(&d, "FF 00 00 00 00", "63 00");
	says(&d, "FF 00 00 00 02 D4 4A", "D5 4B 00 90 00");
	says(&d, "FF 00 00 00 04 D4 4A 01 00", "D5 4B 00 90 00"); /* 106 kbit/s */
	says(&d, "FF 00 00 00 05 D4 4A 01 01 00", "D5 4B 00 90 00");
	says(&d, "FF 00 00 00 02 D4 40", "D5 41 27 90 00");
	says(&d, "FF 00 00 00 0D D4 40 02 0A 04 <IDm8>", "D5 41 27 90 00");
	says(&d, "FF 00 00 00 0D D4 40 01 0A 04 <IDm8>", "D5 41 00 0B 05 <IDm8> 00 90 00");
	clear(&d);
}

static void an_answer_waits_once_and_only_in_its_length(void)
{
	struct desk d;
	lay(&d, READER_KIND_ACR122_T0, TALK_CARD);
	says(&d, "FF C0 00 00 05", "69 85");
	says(&d, "FF 00 00 00 0D D4 40 01 0A 04 <IDm8>", "61 10");
	says(&d, "FF C0 00 00 10", "D5 41 00 0B 05 <IDm8> 00 90 00");
	says(&d, "FF C0 00 00 10", "69 85");
	says(&d, "FF 00 00 00 0D D4 40 01 0A 04 <IDm8>", "61 10");
	says(&d, "FF C0 00 00 0F", "67 00");
	says(&d, "FF 00 00 00 0D D4 40 01 0A 04 <IDm8>", "61 10");
	vcard_reader_power(&d.reader, WIRE_POWER_DOWN);
	says(&d, "FF C0 00 00 10", "69 85");
	clear(&d);
}

static void acr122_has_an_atr_of_its_own(void)
{
	static const uint8_t own[] = {0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00,
		0x03, 0x06, 0x03, 0xF0, 0x11, 0x00, 0x00, 0x00, 0x00, 0x8A};
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++) {
		bool acr = kind == READER_KIND_ACR122 || kind == READER_KIND_ACR122_T0;
		uint8_t atr[WIRE_ATR_MAX];
		size_t len = 0;
		struct desk d;
		lay(&d, kind, TALK_CARD);
		vcard_reader_atr(&d.reader, d.card, atr, &len);
		CHECK_INT(len, sizeof(own));
		CHECK(memcmp(atr, acr ? own : d.card->atr, sizeof(own)) == 0);
		clear(&d);
		lay(&d, kind, "mifare");
		vcard_reader_atr(&d.reader, d.card, atr, &len);
		CHECK_INT(len, d.card->atr_len);
		CHECK(memcmp(atr, d.card->atr, len) == 0);
		clear(&d);
		lay(&d, kind, "mute");
		vcard_reader_atr(&d.reader, d.card, atr, &len);
		CHECK_INT(len, 0);
		clear(&d);
	}
}

static void identiv_keeps_the_system_that_answered_last(void)
{
	struct desk d;
	lay(&d, READER_KIND_IDENTIV, TALK_CARD);
	says(&d, "FF 46 01 01 04 8B 1A 80 00", "<IDm0> 01 A6 90 00");
	says(&d, "FF 40 00 00 04 FE 00 00 00", "<IDm8><PMm8> 90 00");
	says(&d, "FF 40 00 00 04 00 03 00 00", "63 00");
	says(&d, "FF 46 01 01 04 8B 1A 80 00", "<IDm8> 00 00 01 <b0> 90 00");
	says(&d, "FF 46 01 01 04 8B 1A 80 04", "<IDm8> 01 A8 90 00");
	says(&d, "FF 46 02 01 04 8B 1A 80 00", "67 00");
	says(&d, "FF 42 00 00 00", "67 00");
	says(&d, "FF 40 00 00 03 FE 00 00", "67 00");
	says(&d, "FF 48 01 01 04 8B 1A 80 00", "6D 00");
	vcard_reader_power(&d.reader, WIRE_POWER_RESET);
	says(&d, "FF 44 00 00 00", "<IDm0> 00 90 00");
	clear(&d);
}

static void escapes_are_for_the_reader_alone(void)
{
	struct desk d;
	lay(&d, READER_KIND_SESSION_ESCAPE, TALK_CARD);
	says(&d, "FF C2 00 00 02 81 00 00", "6D 00");
	d.reader.escape = true;
	says(&d, "FF C2 00 00 02 81 00 00", "C0 03 00 90 00 90 00");
	says(&d, "00 A4 04 00 00", "6E 00");
	d.reader.escape = false;
	says(&d, "FF C2 00 00 02 82 00 00", "6D 00");
	says(&d, "FF CA 00 00 00", "<IDm0> 90 00");
	clear(&d);
}

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
		lay(&d, rows[i].kind, "half-way");
		g_autofree char *hex = talk_hex(rows[i].read, d.card);
		g_autofree char *before = rows[i].before ? talk_hex(rows[i].before, d.card) : NULL;
		if (before)
			say_bytes(&d, bytes, talk_bytes(before, bytes, sizeof(bytes)), got);
		CHECK_INT(say_bytes(&d, bytes, talk_bytes(hex, bytes, sizeof(bytes)), got),
			VCARD_LEAVES);
		clear(&d);
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
	CHECK_INT(say_bytes(d, bytes, len, got), VCARD_ANSWERS);
	CHECK(got->len >= 4 && got->len <= 2 * WIRE_APDU_MAX);
}

static void mutated_talk_is_survived(void)
{
	const guint32 seed = 20221122;
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	struct desk d;
	lay(&d, READER_KIND_PLAIN, TALK_CARD);
	printf("seed %u; ", seed);
	for (int i = 0; i < 5000; i++) {
		d.reader = (struct vcard_reader){.kind = (enum reader_kind)(i % READER_KIND_COUNT)};
		for (const struct talk_row *row = talk_of(d.reader.kind); row->say; row++)
			say_mutated(&d, row, rand);
	}
	clear(&d);
}

static void every_kind_has_its_word_and_its_reader(void)
{
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++) {
		enum reader_kind got = READER_KIND_COUNT;
		CHECK(reader_kind_parse(reader_kind_name(kind), &got));
		CHECK_INT(got, kind);
		for (enum reader_kind other = 0; other < kind; other++)
			CHECK(strcmp(reader_kind_reader(kind), reader_kind_reader(other)) != 0);
	}
}

#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(every_kind_reads_the_card_as_its_manual_tells),
		CASE(get_data_gives_the_uid_on_every_kind),
		CASE(a_kind_refuses_the_dialects_of_the_others),
		CASE(a_silent_card_is_told_as_each_kind_tells_it),
		CASE(sony_select_finds_the_system_that_holds_the_service),
		CASE(acr122_takes_only_what_its_chip_knows),
		CASE(an_answer_waits_once_and_only_in_its_length),
		CASE(acr122_has_an_atr_of_its_own),
		CASE(identiv_keeps_the_system_that_answered_last),
		CASE(escapes_are_for_the_reader_alone),
		CASE(a_card_may_leave_in_every_dialect),
		CASE(mutated_talk_is_survived),
		CASE(every_kind_has_its_word_and_its_reader),
	};
	return CHECK_MAIN("readers of each make", cases);
}
