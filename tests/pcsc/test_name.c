/* SPDX-License-Identifier: MIT */
#include "pcsc/name.h"

#include "tests/check.h"
#include "tests/pcsc/sample.h"

/* NULL: refused. `size` 0: as large as a reading's. */
static void check(enum layout_encoding encoding, const char *hex, size_t size, const char *want)
{
	struct bytes keep;
	char got[64] = "untouched";
	unhex(hex, &keep);
	bool ok = name_decode(encoding, bytes_read(&keep), got, size ? size : sizeof(got));
	CHECK_INT(ok, want != NULL);
	CHECK_STR(got, want ? want : "untouched");
}

static void half_width_kana_is_composed(void)
{
	check(LAYOUT_CP932, "D4 CF C0 DE 20 C0 DB B3", 0, "ヤマダ タロウ");
	check(LAYOUT_CP932, "CA DF CB DF CC DF CD DF CE DF", 0, "パピプペポ");
	check(LAYOUT_CP932, "CA DE CB DE CC DE CD DE CE DE", 0, "バビブベボ");
	check(LAYOUT_CP932, "B3 DE A7 B0 C4 DE", 0, "ヴァード");
	check(LAYOUT_CP932, "B6 DE B7 DE B8 DE B9 DE BA DE", 0, "ガギグゲゴ");
	check(LAYOUT_CP932, "BB DE BC DE BD DE BE DE BF DE", 0, "ザジズゼゾ");
	check(LAYOUT_CP932, "C0 DE C1 DE C2 DE C3 DE C4 DE", 0, "ダヂヅデド");
}

static void a_mark_that_combines_with_nothing_stands_alone(void)
{
	check(LAYOUT_CP932, "B1 DE", 0, "ア゛");
	check(LAYOUT_CP932, "B6 DF", 0, "カ゜");
	check(LAYOUT_CP932, "DE", 0, "゛");
	check(LAYOUT_CP932, "B6 DE DE", 0, "ガ゛");
}

static void every_half_width_byte_has_its_full_width_form(void)
{
	check(LAYOUT_CP932, "A1 A2 A3 A4 A5 A6 A7 A8 A9 AA AB AC AD AE AF B0", 0,
		"。「」、・ヲァィゥェォャュョッー");
	check(LAYOUT_CP932, "B1 B2 B3 B4 B5 B6 B7 B8 B9 BA BB BC BD BE BF C0", 0,
		"アイウエオカキクケコサシスセソタ");
	check(LAYOUT_CP932, "C1 C2 C3 C4 C5 C6 C7 C8 C9 CA CB CC CD CE CF D0", 0,
		"チツテトナニヌネノハヒフヘホマミ");
	check(LAYOUT_CP932, "D1 D2 D3 D4 D5 D6 D7 D8 D9 DA DB DC DD DE DF", 0,
		"ムメモヤユヨラリルレロワン゛゜");
}

static void full_width_names_are_decoded(void)
{
	check(LAYOUT_CP932, "83 67 83 45 83 5F 83 43 81 40 83 5E 83 8D 83 45", 0,
		"トウダイ タロウ");
	check(LAYOUT_CP932, "91 A0 91 4F 81 40 8E 9F 98 59", 0, "蔵前 次郎");
	/* letters only CP932 has, which family names do */
	check(LAYOUT_CP932, "EE E0 ED 95 81 40 82 E4", 0, "髙﨑 ゆ");
}

static void ascii_names_are_kept(void)
{
	check(LAYOUT_CP932, "59 41 4D 41 44 41 2C 54 41 52 4F", 0, "YAMADA,TARO");
	check(LAYOUT_ASCII, "41 4E 44 45 52 53 53 4F 4E 2D 4C 49 4E 44 51 56", 0,
		"ANDERSSON-LINDQV");
	check(LAYOUT_CP932, "5C 7E", 0, "\\~");
}

static void a_name_cut_in_half_a_character_loses_only_that(void)
{
	check(LAYOUT_CP932, "91 A0 91 4F 81 40 8E 9F 98", 0, "蔵前 次");
	check(LAYOUT_CP932, "91 A0 91 4F 98 00 00 00", 0, "蔵前");
	check(LAYOUT_CP932, "91", 0, "");
}

static void an_empty_name_survives(void)
{
	check(LAYOUT_CP932, "", 0, "");
	check(LAYOUT_CP932, "00 00 00 00", 0, "");
	check(LAYOUT_CP932, "20 20 20 00", 0, "");
	check(LAYOUT_CP932, "81 40 81 40", 0, "");
	check(LAYOUT_ASCII, "20 20", 0, "");
}

static void padding_is_trimmed_at_both_ends_only(void)
{
	check(LAYOUT_CP932, "00 20 C0 DB B3 20 00", 0, "タロウ");
	check(LAYOUT_CP932, "81 40 C0 81 40 DB 81 40 81 40", 0, "タ ロ");
	/* 0x20 and 0x00 are never second halves, so trimming cannot cut a character */
	check(LAYOUT_CP932, "C0 20 20 DB", 0, "タ  ロ");
}

static void control_characters_are_refused(void)
{
	check(LAYOUT_CP932, "C0 00 DB", 0, NULL);
	check(LAYOUT_CP932, "C0 0A DB", 0, NULL);
	check(LAYOUT_CP932, "1B 5B 33 31 6D", 0, NULL);
	check(LAYOUT_CP932, "41 7F", 0, NULL);
	check(LAYOUT_ASCII, "41 09 42", 0, NULL);
}

static void illegal_bytes_are_refused(void)
{
	check(LAYOUT_CP932, "80 41", 0, NULL);
	check(LAYOUT_CP932, "A0 41", 0, NULL);
	check(LAYOUT_CP932, "41 FD", 0, NULL);
	check(LAYOUT_CP932, "41 FE", 0, NULL);
	check(LAYOUT_CP932, "41 FF", 0, NULL);
	check(LAYOUT_CP932, "81 20 41", 0, NULL);
	check(LAYOUT_CP932, "85 40 41", 0, NULL); /* a row without characters */
	check(LAYOUT_ASCII, "41 C0", 0, NULL);
}

/* Issuers' own characters are tofu on any other screen. */
static void private_characters_are_refused(void)
{
	check(LAYOUT_CP932, "91 A0 F0 40", 0, NULL);
}

static void a_long_name_ends_between_two_characters(void)
{
	check(LAYOUT_CP932, "C0 DB B3", 10, "タロウ");
	check(LAYOUT_CP932, "C0 DB B3", 9, "タロ");
	check(LAYOUT_CP932, "C0 DB B3", 7, "タロ");
	check(LAYOUT_CP932, "C0 DB B3", 1, "");
	/* and nothing shorter slips into the room a longer one left */
	check(LAYOUT_CP932, "C0 DB 41", 6, "タ");
}

/* Every pair of bytes: decoded or refused, and never a broken string. */
static void every_pair_of_bytes_is_text_or_refused(void)
{
	size_t single = 0, kanji = 0, broken = 0;
	for (unsigned pair = 0; pair <= 0xFFFF; pair++) {
		const uint8_t in[] = {pair >> 8, pair & 0xFF};
		char got[64] = "";
		if (!name_decode(LAYOUT_CP932, cursor_over(in, sizeof(in)), got, sizeof(got)))
			continue;
		broken += !text_is_shown(got);
		bool lead = (in[0] > 0x80 && in[0] < 0xA0) || in[0] > 0xDF;
		*(lead ? &kanji : &single) += 1;
	}
	CHECK_INT(broken, 0);
	/* 158 letters and kana, or nothing, before each of the same; and the orphans behind them */
	CHECK(single >= 158 * 158);
	CHECK(kanji > 7500 && kanji < 8000); /* CP932 without its 1880 private characters */
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(half_width_kana_is_composed),
		CASE(a_mark_that_combines_with_nothing_stands_alone),
		CASE(every_half_width_byte_has_its_full_width_form),
		CASE(full_width_names_are_decoded),
		CASE(ascii_names_are_kept),
		CASE(a_name_cut_in_half_a_character_loses_only_that),
		CASE(an_empty_name_survives),
		CASE(padding_is_trimmed_at_both_ends_only),
		CASE(control_characters_are_refused),
		CASE(illegal_bytes_are_refused),
		CASE(private_characters_are_refused),
		CASE(a_long_name_ends_between_two_characters),
		CASE(every_pair_of_bytes_is_text_or_refused),
	};
	return CHECK_MAIN("name", cases);
}
