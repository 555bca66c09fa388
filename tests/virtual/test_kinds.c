/* SPDX-License-Identifier: MIT
 *
 * Does a reader of each make say what its manual says? No pcscd.
 */
#include "tests/check.h"

#include <glib.h>

#include "tests/virtual/desk.h"

static void every_kind_reads_the_card_as_its_manual_tells(void)
{
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++) {
		struct desk d;
		desk_lay(&d, kind, TALK_CARD);
		for (const struct talk_row *row = talk_of(kind); row->say; row++) {
			d.reader.escape = row->escape;
			desk_says(&d, row->say, row->hear);
		}
		desk_clear(&d);
	}
}

static void get_data_gives_the_uid_on_every_kind(void)
{
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++) {
		struct desk d;
		desk_lay(&d, kind, "mifare");
		desk_says(&d, "FF CA 00 00 00", "04 A1 B2 C3 90 00");
		desk_says(&d, "FF CA 01 00 00", "6A 81");
		desk_clear(&d);
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
		desk_lay(&d, want[i].kind, TALK_CARD);
		if (want[i].session)
			desk_says(&d, "FF C2 00 00 02 81 00 00", want[i].session);
		if (want[i].sony_frame)
			desk_says(&d, "FF FE 01 00 06 06 00 FE 00 00 00", want[i].sony_frame);
		if (want[i].direct)
			desk_says(&d, "FF 00 00 00 06 06 00 FE 00 00 00", want[i].direct);
		if (want[i].select)
			desk_says(&d, "FF A4 00 01 02 8B 1A", want[i].select);
		if (want[i].poll)
			desk_says(&d, "FF 40 00 00 04 FE 00 00 00", want[i].poll);
		desk_clear(&d);
	}
}

/* Of a system it has not, and a foreign IDm. */
static void a_silent_card_is_told_as_each_kind_tells_it(void)
{
	struct desk d;
	desk_lay(&d, READER_KIND_SONY_FRAME, TALK_CARD);
	desk_says(&d, "FF FE 01 00 06 06 00 00 03 00 00", "63 00");
	desk_says(&d, "FF FE 01 00", "63 00");
	desk_says(&d, "FF FE 00 00 07 06 01 0B 20 01 80 01 00", "6D 00");
	desk_clear(&d);
	desk_lay(&d, READER_KIND_ACR122, TALK_CARD);
	desk_says(&d, "FF 00 00 00 09 D4 4A 01 01 00 00 03 01 00", "D5 4B 00 90 00");
	desk_says(&d, "FF 00 00 00 0D D4 40 01 0A 04 21 2E 4C 0A 11 22 33 01", "D5 41 01 90 00");
	desk_says(&d, "0A 04 21 2E 4C 0A 11 22 33 01", "63 00");
	desk_clear(&d);
	desk_lay(&d, READER_KIND_ACR122_T0, TALK_CARD);
	desk_says(&d, "FF 00 00 00 09 D4 4A 01 01 00 00 03 01 00", "61 05");
	desk_says(&d, "FF C0 00 00 05", "D5 4B 00 90 00");
	desk_clear(&d);
	desk_lay(&d, READER_KIND_IDENTIV, TALK_CARD);
	desk_says(&d, "FF 40 00 00 04 00 03 00 00", "63 00");
	desk_clear(&d);
	desk_lay(&d, READER_KIND_IDENTIV, "mifare");
	desk_says(&d, "FF 4A 00 00 00", "63 00");
	desk_clear(&d);
}

static void sony_select_finds_the_system_that_holds_the_service(void)
{
	struct desk d;
	desk_lay(&d, READER_KIND_SONY_SELECT, TALK_CARD);
	desk_says(&d, "FF B0 00 00 00", "69 86");
	desk_says(&d, "FF A4 00 01 02 0B 7A", "90 00");
	desk_says(&d, "FF A4 00 01 02 8B 1A", "90 00");
	desk_says(&d, "FF B0 00 04 00", "6A 83");
	desk_says(&d, "FF B0 80 02 00", "6B 00");
	desk_says(&d, "FF A4 00 00 02 8B 1A", "6B 00");
	desk_says(&d, "FF A4 00 01 01 8B", "67 00");
	desk_says(&d, "FF B0 00 02 00", "<b2> 90 00");
	vcard_reader_power(&d.reader, WIRE_POWER_RESET);
	desk_says(&d, "FF B0 00 02 00", "69 86");
	desk_says(&d, "FF A4 00 01 02 8B 1A", "90 00");
	desk_says(&d, "FF A4 00 01 02 4B 43", "6A 82");
	desk_says(&d, "FF B0 00 00 00", "69 86");
	desk_clear(&d);
	desk_lay(&d, READER_KIND_SONY_SELECT, "unreadable");
	desk_says(&d, "FF A4 00 01 02 8B 1A", "90 00");
	desk_says(&d, "FF B0 00 00 00", "69 82");
	desk_clear(&d);
}

static void acr122_takes_only_what_its_chip_knows(void)
{
	struct desk d;
	desk_lay(&d, READER_KIND_ACR122, TALK_CARD);
	desk_says(&d, "FF 00 00 00 02 D4 02", "63 00");
	desk_says(&d, "FF 00 00 00 01 D4", "63 00");
	desk_says(&d, "FF 00 00 00 00", "63 00");
	desk_says(&d, "FF 00 00 00 02 D4 4A", "D5 4B 00 90 00");
	desk_says(&d, "FF 00 00 00 04 D4 4A 01 00", "D5 4B 00 90 00"); /* 106 kbit/s */
	desk_says(&d, "FF 00 00 00 05 D4 4A 01 01 00", "D5 4B 00 90 00");
	desk_says(&d, "FF 00 00 00 09 D4 4A 00 01 00 FE 00 01 00", "D5 4B 00 90 00");
	desk_says(&d, "FF 00 00 00 02 D4 40", "D5 41 27 90 00");
	desk_says(&d, "FF 00 00 00 0D D4 40 02 0A 04 <IDm8>", "D5 41 27 90 00");
	desk_says(&d, "FF 00 00 00 0D D4 40 01 0A 04 <IDm8>", "D5 41 00 0B 05 <IDm8> 00 90 00");
	desk_says(&d, "0A 04 <IDm8>", "0B 05 <IDm8> 00 90 00");
	desk_clear(&d);
	desk_lay(&d, READER_KIND_ACR122, "mifare");
	desk_says(&d, "06 00 FE 00 00 00", "6E 00");
	desk_clear(&d);
}

static void an_answer_waits_once_and_only_in_its_length(void)
{
	struct desk d;
	desk_lay(&d, READER_KIND_ACR122_T0, TALK_CARD);
	desk_says(&d, "FF C0 00 00 05", "69 85");
	desk_says(&d, "FF 00 00 00 0D D4 40 01 0A 04 <IDm8>", "61 10");
	desk_says(&d, "FF C0 00 00 10", "D5 41 00 0B 05 <IDm8> 00 90 00");
	desk_says(&d, "FF C0 00 00 10", "69 85");
	desk_says(&d, "FF 00 00 00 0D D4 40 01 0A 04 <IDm8>", "61 10");
	desk_says(&d, "FF C0 00 00 0F", "67 00");
	desk_says(&d, "FF 00 00 00 0D D4 40 01 0A 04 <IDm8>", "61 10");
	vcard_reader_power(&d.reader, WIRE_POWER_DOWN);
	desk_says(&d, "FF C0 00 00 10", "69 85");
	desk_clear(&d);
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
		desk_lay(&d, kind, TALK_CARD);
		vcard_reader_atr(&d.reader, d.card, atr, &len);
		CHECK_INT(len, sizeof(own));
		CHECK(memcmp(atr, acr ? own : d.card->atr, sizeof(own)) == 0);
		desk_clear(&d);
		desk_lay(&d, kind, "mifare");
		vcard_reader_atr(&d.reader, d.card, atr, &len);
		CHECK_INT(len, d.card->atr_len);
		CHECK(memcmp(atr, d.card->atr, len) == 0);
		desk_clear(&d);
		desk_lay(&d, kind, "mute");
		vcard_reader_atr(&d.reader, d.card, atr, &len);
		CHECK_INT(len, 0);
		desk_clear(&d);
	}
}

static void identiv_keeps_the_system_that_answered_last(void)
{
	struct desk d;
	desk_lay(&d, READER_KIND_IDENTIV, TALK_CARD);
	desk_says(&d, "FF 46 01 01 04 8B 1A 80 00", "<IDm0> 01 A6 90 00");
	desk_says(&d, "FF 40 00 00 04 FE 00 00 00", "<IDm8><PMm8> 90 00");
	desk_says(&d, "FF 40 00 00 04 00 03 00 00", "63 00");
	desk_says(&d, "FF 46 01 01 04 8B 1A 80 00", "<IDm8> 00 00 01 <b0> 90 00");
	desk_says(&d, "FF 46 01 01 04 8B 1A 80 04", "<IDm8> 01 A8 90 00");
	desk_says(&d, "FF 46 02 01 04 8B 1A 80 00", "67 00");
	desk_says(&d, "FF 42 00 00 00", "67 00");
	desk_says(&d, "FF 40 00 00 03 FE 00 00", "67 00");
	desk_says(&d, "FF 48 01 01 04 8B 1A 80 00", "6D 00");
	vcard_reader_power(&d.reader, WIRE_POWER_RESET);
	desk_says(&d, "FF 44 00 00 00", "<IDm0> 00 90 00");
	desk_clear(&d);
}

static void escapes_are_for_the_reader_alone(void)
{
	struct desk d;
	desk_lay(&d, READER_KIND_SESSION_ESCAPE, TALK_CARD);
	desk_says(&d, "FF C2 00 00 02 81 00 00", "6D 00");
	d.reader.escape = true;
	desk_says(&d, "FF C2 00 00 02 81 00 00", "C0 03 00 90 00 90 00");
	desk_says(&d, "00 A4 04 00 00", "6E 00");
	d.reader.escape = false;
	desk_says(&d, "FF C2 00 00 02 82 00 00", "6D 00");
	desk_says(&d, "FF CA 00 00 00", "<IDm0> 90 00");
	desk_clear(&d);
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
		CASE(every_kind_has_its_word_and_its_reader),
	};
	return CHECK_MAIN("readers of each make", cases);
}
