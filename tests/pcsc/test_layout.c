/* SPDX-License-Identifier: MIT
 *
 * Layouts seen on cards of Japan's universities (cards.md §3), as data.
 */
#include "pcsc/layout.h"

#include "tests/check.h"
#include "tests/pcsc/sample.h"

/* A card whose number field holds these twelve bytes. */
static void with_number(const char field[12], uint8_t ret[64])
{
	sample_data(sample_find("student"), ret);
	memcpy(ret + 2, field, 12);
}

static struct card_layout any_number(void)
{
	struct card_layout layout = fcf_layout;
	layout.n_patterns = 0;
	return layout;
}

static void check_number(const struct card_layout *layout, const char field[12], const char *want)
{
	uint8_t data[64];
	struct card_reading r = {0};
	with_number(field, data);
	CHECK_INT(layout_decode(layout, data, sizeof(data), &r), CARD_ERR_OK);
	CHECK_STR(r.number, want);
}

static void check_err(
	const struct card_layout *layout, const uint8_t *data, size_t len, enum card_err want)
{
	struct card_reading r = {.reissue = 4711};
	CHECK_INT(layout_decode(layout, data, len, &r), want);
	CHECK(want == CARD_ERR_OK || (r.reissue == 4711 && r.number[0] == '\0'));
}

static void a_number_is_found_however_it_is_padded(void)
{
	struct card_layout layout = any_number();
	check_number(&layout, "37-246801\0\0\0", "37-246801");
	check_number(&layout, "37-246801   ", "37-246801");
	check_number(&layout, "      123456", "123456");
	check_number(&layout,
		"\0\0\0\0\0\0"
		"123456",
		"123456");
	check_number(&layout, "  1234567 \0 ", "1234567");
	check_number(&layout, "15NC010\0\0\0\0\0", "15NC010");
	check_number(&layout, "012345678901", "012345678901");
}

static void zeros_belong_to_the_number_unless_the_layout_says_otherwise(void)
{
	struct card_layout layout = any_number();
	check_number(&layout, "0000012345\0\0", "0000012345");
	layout.padding[2] = '0';
	layout.n_padding = 3;
	check_number(&layout, "0000012345\0\0", "12345");
}

static void what_stands_in_no_number_is_unreadable(void)
{
	static const char *const bad[] = {"37-24\0"
					  "6801\0\0",
		"37 246801\0\0\0", "37/246801\0\0\0", "37-24680\xC1\0\0\0", "37_246801\0\0\0",
		"\x01"
		"7-246801\0\0\0",
		"37-246801\n\0\0"};
	struct card_layout layout = any_number();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint8_t data[64];
		with_number(bad[i], data);
		check_err(&layout, data, sizeof(data), CARD_ERR_UNREADABLE);
	}
}

static void a_number_of_another_form_is_foreign(void)
{
	uint8_t data[64];
	with_number("37-24680\0\0\0\0", data);
	check_err(&fcf_layout, data, sizeof(data), CARD_ERR_FOREIGN);
	with_number("37-2468011\0\0", data);
	check_err(&fcf_layout, data, sizeof(data), CARD_ERR_FOREIGN);
}

static void another_school_is_foreign_whatever_its_fields_hold(void)
{
	uint8_t data[64];
	with_number("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", data);
	memcpy(data + 32, "13770002", 8);
	check_err(&fcf_layout, data, sizeof(data), CARD_ERR_FOREIGN);
	memset(data + 32, 0, 8);
	check_err(&fcf_layout, data, sizeof(data), CARD_ERR_FOREIGN);
}

static void a_site_without_a_school_id_does_not_ask_for_it(void)
{
	uint8_t data[64];
	struct card_layout layout = fcf_layout;
	layout.school_id[0] = '\0';
	sample_data(sample_find("student"), data);
	memset(data + 32, 0xFF, 8);
	check_err(&layout, data, sizeof(data), CARD_ERR_OK);
}

static void a_service_without_data_says_so(void)
{
	uint8_t data[64] = {0};
	check_err(&fcf_layout, data, sizeof(data), CARD_ERR_NO_DATA);
	check_err(&fcf_layout, data, 0, CARD_ERR_NO_DATA);
	with_number("            ", data);
	check_err(&fcf_layout, data, sizeof(data), CARD_ERR_NO_DATA);
}

/* Both kinds of number stand at the same place; only the class tells them apart. */
static void the_class_says_what_kind_of_number_it_is(void)
{
	static const struct {
		char code[3];
		const char *class_, *key_kind;
	} rows[] = {{"01", "student", "student-number"}, {"02", "student", "student-number"},
		{"11", "staff", "staff-number"}, {"99", "", "common-id"}, {"1 ", "", "common-id"},
		{"  ", "", "common-id"}, {"\xFF\x01", "", "common-id"}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t data[64];
		struct card_reading r = {0};
		sample_data(sample_find("student"), data);
		memcpy(data, rows[i].code, 2);
		CHECK_INT(layout_decode(&fcf_layout, data, sizeof(data), &r), CARD_ERR_OK);
		CHECK_STR(r.class_, rows[i].class_);
		CHECK_STR(r.key_kind, rows[i].key_kind);
	}
}

static void a_class_without_a_kind_of_its_own_takes_the_layouts(void)
{
	uint8_t data[64];
	struct card_reading r = {0};
	struct card_layout layout = fcf_layout;
	layout.classes[0].key_kind[0] = '\0';
	sample_data(sample_find("student"), data);
	CHECK_INT(layout_decode(&layout, data, sizeof(data), &r), CARD_ERR_OK);
	CHECK_STR(r.class_, "student");
	CHECK_STR(r.key_kind, "common-id");
}

static void check_date(const char field[8], enum card_err err, int32_t want)
{
	uint8_t data[64];
	struct card_reading r = {0};
	sample_data(sample_find("student"), data);
	memcpy(data + 48, field, 8);
	CHECK_INT(layout_decode(&fcf_layout, data, sizeof(data), &r), err);
	CHECK_INT(r.expires, want);
}

static void dates_are_real_absent_or_refused(void)
{
	check_date("20260331", CARD_ERR_OK, 20260331);
	check_date("20240229", CARD_ERR_OK, 20240229);
	check_date("\0\0\0\0\0\0\0\0", CARD_ERR_OK, 0);
	check_date("        ", CARD_ERR_OK, 0);
	check_date("00000000", CARD_ERR_OK, 0);
	check_date("99999999", CARD_ERR_OK, 0);
	check_date("20261331", CARD_ERR_UNREADABLE, 0);
	check_date("20260431", CARD_ERR_UNREADABLE, 0);
	check_date("20260300", CARD_ERR_UNREADABLE, 0);
	check_date("2026033 ", CARD_ERR_UNREADABLE, 0);
	check_date("-2026033", CARD_ERR_UNREADABLE, 0);
	check_date("H2803390", CARD_ERR_UNREADABLE, 0);
}

static void check_reissue(char c, enum card_err err, int32_t want)
{
	uint8_t data[64];
	struct card_reading r = {0};
	sample_data(sample_find("student"), data);
	data[14] = (uint8_t)c;
	CHECK_INT(layout_decode(&fcf_layout, data, sizeof(data), &r), err);
	CHECK_INT(r.reissue, want);
}

static void a_reissue_count_is_a_number_or_not_stated(void)
{
	check_reissue('0', CARD_ERR_OK, 0);
	check_reissue('9', CARD_ERR_OK, 9);
	check_reissue(' ', CARD_ERR_OK, -1);
	check_reissue('\0', CARD_ERR_OK, -1);
	check_reissue('A', CARD_ERR_UNREADABLE, 0);
}

static void a_name_that_cannot_be_shown_turns_no_one_away(void)
{
	uint8_t data[64];
	struct card_reading r = {0};
	sample_data(sample_find("student"), data);
	data[18] = 0x07;
	CHECK_INT(layout_decode(&fcf_layout, data, sizeof(data), &r), CARD_ERR_OK);
	CHECK_STR(r.name, "");
	CHECK_STR(r.number, "37-246801");
}

static void fields_beyond_the_blocks_are_absent_but_the_number_is_not(void)
{
	uint8_t data[64];
	struct card_reading r = {0};
	struct card_layout layout = fcf_layout;
	layout.school_id[0] = '\0';
	sample_data(sample_find("student"), data);
	CHECK_INT(layout_decode(&layout, data, 32, &r), CARD_ERR_OK);
	CHECK_INT(r.expires, 0);
	CHECK_INT(r.issued, 0);
	CHECK_STR(r.name, "トウト ハナコ");
	CHECK_INT(layout_decode(&layout, data, 31, &r), CARD_ERR_OK);
	CHECK_STR(r.name, "");
	check_err(&layout, data, 13, CARD_ERR_UNREADABLE);
	check_err(&fcf_layout, data, 32, CARD_ERR_FOREIGN);
}

static void a_slice_beyond_every_limit_reads_nothing(void)
{
	uint8_t data[64];
	struct card_layout layout = fcf_layout;
	sample_data(sample_find("student"), data);
	layout.number = (struct layout_slice){0xFFFF, 0xFFFF};
	check_err(&layout, data, sizeof(data), CARD_ERR_UNREADABLE);
	layout.number = (struct layout_slice){2, 62};
	check_err(&layout, data, sizeof(data), CARD_ERR_UNREADABLE);
	layout = fcf_layout;
	layout.name_ = layout.expires = layout.issued = layout.reissue =
		(struct layout_slice){1, 0xFFFF};
	check_err(&layout, data, sizeof(data), CARD_ERR_OK);
}

static void the_number_may_fill_its_field_to_the_last_byte_but_no_more(void)
{
	uint8_t data[64];
	struct card_reading r = {0};
	struct card_layout layout = {.name = "long", .number = {0, READING_NUMBER_SIZE - 1}};
	memset(data, '7', sizeof(data));
	CHECK_INT(layout_decode(&layout, data, sizeof(data), &r), CARD_ERR_OK);
	CHECK_INT(strlen(r.number), READING_NUMBER_SIZE - 1);
	layout.number.len = READING_NUMBER_SIZE;
	check_err(&layout, data, sizeof(data), CARD_ERR_UNREADABLE);
}

static void the_number_ends_before_the_first_stop(void)
{
	struct card_layout layout = any_number();
	uint8_t data[64];
	layout.has_stop = true;
	check_number(&layout, "15NC010\0\x01\xFF#\0", "15NC010");
	check_number(&layout, "15NC010 \0abc", "15NC010");
	check_number(&layout, "012345678901", "012345678901");
	layout.stop = '=';
	check_number(&layout, "  1234=5678=", "1234");
	with_number("=12345678901", data);
	check_err(&layout, data, sizeof(data), CARD_ERR_NO_DATA);
	with_number("  =123456789", data);
	check_err(&layout, data, sizeof(data), CARD_ERR_NO_DATA);
	with_number("12/34=567890", data);
	check_err(&layout, data, sizeof(data), CARD_ERR_UNREADABLE);
}

/* The numbers of chips, and BCD. */
static void a_number_may_be_told_in_hexadecimal_digits(void)
{
	struct card_layout layout = any_number();
	layout.n_padding = 0;
	layout.number = (struct layout_slice){2, 7};
	layout.number_form = LAYOUT_HEX;
	check_number(&layout, "\x04\xA1\xB2\xC3\xD4\xE5\x20#####", "04A1B2C3D4E520");
	check_number(&layout, "\x00\x00\x00\x12\x34\x56\x00#####", "00000012345600");
	layout.number_form = LAYOUT_HEX_REVERSED;
	check_number(&layout, "\x04\xA1\xB2\xC3\xD4\xE5\x20#####", "20E5D4C3B2A104");
	layout.padding[0] = '\xFF';
	layout.n_padding = 1;
	layout.number_form = LAYOUT_HEX;
	check_number(&layout, "\x12\x34\x56\xFF\xFF\xFF\xFF#####", "123456");
}

static void hexadecimal_digits_of_nothing_are_no_number(void)
{
	uint8_t data[64];
	struct card_reading r = {0};
	struct card_layout layout = any_number();
	layout.n_padding = 0;
	layout.number_form = LAYOUT_HEX;
	with_number("\0\0\0\0\0\0\0\0\0\0\0\0", data);
	check_err(&layout, data, sizeof(data), CARD_ERR_NO_DATA);
	layout.number = (struct layout_slice){16, (READING_NUMBER_SIZE - 1) / 2};
	CHECK_INT(layout_decode(&layout, data, sizeof(data), &r), CARD_ERR_OK);
	CHECK_INT(strlen(r.number), READING_NUMBER_SIZE - 2);
	layout.number.len++;
	check_err(&layout, data, sizeof(data), CARD_ERR_UNREADABLE);
	layout.number = (struct layout_slice){60, 7};
	check_err(&layout, data, sizeof(data), CARD_ERR_UNREADABLE);
}

static void a_class_may_have_its_number_elsewhere(void)
{
	uint8_t data[64];
	struct card_reading r = {0};
	struct card_layout layout = any_number();
	layout.classes[2].number = (struct layout_slice){2, 6};
	sample_data(sample_find("staff"), data);
	CHECK_INT(layout_decode(&layout, data, sizeof(data), &r), CARD_ERR_OK);
	CHECK_STR(r.number, "001234");
	CHECK_STR(r.class_, "staff");
	sample_data(sample_find("student"), data);
	CHECK_INT(layout_decode(&layout, data, sizeof(data), &r), CARD_ERR_OK);
	CHECK_STR(r.number, "37-246801");
	layout.classes[0].number = (struct layout_slice){62, 6};
	check_err(&layout, data, sizeof(data), CARD_ERR_UNREADABLE);
}

static void a_card_without_school_and_number_was_never_written_to(void)
{
	uint8_t data[64];
	sample_data(sample_find("student"), data);
	memset(data + 2, ' ', 12);
	check_err(&fcf_layout, data, sizeof(data), CARD_ERR_NO_DATA);
	memset(data + 32, 0, 8);
	check_err(&fcf_layout, data, sizeof(data), CARD_ERR_NO_DATA);
	memcpy(data + 32, "13770002", 8);
	check_err(&fcf_layout, data, sizeof(data), CARD_ERR_FOREIGN);
}

static void each_step_has_its_room_in_the_data(void)
{
	static const struct card_layout felica = {
		.steps = {{.kind = LAYOUT_SYSTEM, .code = 0xFE00, .len = 9},
			{.kind = LAYOUT_READ, .n_blocks = 4},
			{.kind = LAYOUT_SYSTEM, .code = 0x88B4},
			{.kind = LAYOUT_MAC, .n_blocks = 2}},
		.n_steps = 4};
	static const struct card_layout iso = {
		.steps = {{.kind = LAYOUT_UID, .len = 7}, {.kind = LAYOUT_AID, .aid_len = 6},
			{.kind = LAYOUT_FILE, .code = 0x011E},
			{.kind = LAYOUT_BINARY, .off = 5, .len = 64},
			{.kind = LAYOUT_RECORD, .len = 32}},
		.n_steps = 5};
	static const size_t of_felica[] = {0, 0, 64, 64, 96, 96}, of_iso[] = {0, 7, 7, 7, 71, 103};
	for (size_t i = 0; i < sizeof(of_felica) / sizeof(of_felica[0]); i++) {
		CHECK_INT(layout_step_at(&felica, i), of_felica[i]);
		CHECK_INT(layout_step_at(&iso, i), of_iso[i]);
	}
	CHECK(layout_is_felica(&felica));
	CHECK(!layout_is_felica(&iso));
	CHECK(!layout_is_felica(&(struct card_layout){.name = "none"}));
}

static void patterns_match_the_whole_number_place_by_place(void)
{
	CHECK(layout_pattern_matches("99-999999", "37-246801"));
	CHECK(!layout_pattern_matches("99-999999", "37-24680"));
	CHECK(!layout_pattern_matches("99-999999", "37-2468011"));
	CHECK(!layout_pattern_matches("99-999999", "37x246801"));
	CHECK(layout_pattern_matches("99AA999", "15NC010"));
	CHECK(layout_pattern_matches("XXXXXXX", "15nc010"));
	CHECK(!layout_pattern_matches("AAAAAAA", "15NC010"));
	CHECK(!layout_pattern_matches("XX", "1-"));
	CHECK(layout_pattern_matches("S9", "S5"));
	CHECK(!layout_pattern_matches("S9", "T5"));
	CHECK(layout_pattern_matches("", ""));
	CHECK(!layout_pattern_matches("", "1"));
	CHECK(!layout_pattern_matches("9", ""));
}

static void the_same_card_is_known_again_and_no_other(void)
{
	struct card_reading a = {.layout = "fcf", .number = "37-246801", .stable_idm = true}, b = a;
	CHECK(reading_same_card(&a, &b));
	b.idm[7] = 1;
	CHECK(!reading_same_card(&a, &b));
	a.stable_idm = b.stable_idm = false;
	CHECK(reading_same_card(&a, &b));
	b.reissue = 1;
	CHECK(!reading_same_card(&a, &b));
	b = a;
	strcpy(b.number, "37-246802");
	CHECK(!reading_same_card(&a, &b));
	b = a;
	strcpy(b.layout, "other");
	CHECK(!reading_same_card(&a, &b));
}

static void a_wiped_reading_holds_nothing(void)
{
	struct card_reading r, nothing = {0};
	memset(&r, 0xA5, sizeof(r));
	reading_wipe(&r);
	memset(&nothing, 0, sizeof(nothing));
	CHECK(memcmp(&r, &nothing, sizeof(r)) == 0);
}

static void every_cause_has_a_word(void)
{
#define X(name, value) CHECK(strcmp(card_err_name(CARD_ERR_##name), "unheard-of") != 0);
	CARD_ERR_LIST(X)
#undef X
	CHECK_STR(card_err_name(CARD_ERR_NO_READER), "no-reader");
	CHECK_STR(card_err_name((enum card_err)1), "unheard-of");
	CHECK_STR(card_err_name((enum card_err) - 99), "unheard-of");
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(a_number_is_found_however_it_is_padded),
		CASE(zeros_belong_to_the_number_unless_the_layout_says_otherwise),
		CASE(what_stands_in_no_number_is_unreadable),
		CASE(a_number_of_another_form_is_foreign),
		CASE(another_school_is_foreign_whatever_its_fields_hold),
		CASE(a_site_without_a_school_id_does_not_ask_for_it),
		CASE(a_service_without_data_says_so),
		CASE(the_class_says_what_kind_of_number_it_is),
		CASE(a_class_without_a_kind_of_its_own_takes_the_layouts),
		CASE(dates_are_real_absent_or_refused),
		CASE(a_reissue_count_is_a_number_or_not_stated),
		CASE(a_name_that_cannot_be_shown_turns_no_one_away),
		CASE(fields_beyond_the_blocks_are_absent_but_the_number_is_not),
		CASE(a_slice_beyond_every_limit_reads_nothing),
		CASE(the_number_may_fill_its_field_to_the_last_byte_but_no_more),
		CASE(the_number_ends_before_the_first_stop),
		CASE(a_number_may_be_told_in_hexadecimal_digits),
		CASE(hexadecimal_digits_of_nothing_are_no_number),
		CASE(a_class_may_have_its_number_elsewhere),
		CASE(a_card_without_school_and_number_was_never_written_to),
		CASE(each_step_has_its_room_in_the_data),
		CASE(patterns_match_the_whole_number_place_by_place),
		CASE(the_same_card_is_known_again_and_no_other),
		CASE(a_wiped_reading_holds_nothing),
		CASE(every_cause_has_a_word),
	};
	return CHECK_MAIN("layout", cases);
}
