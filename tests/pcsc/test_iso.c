/* SPDX-License-Identifier: MIT
 *
 * ISO 7816-4 commands byte for byte, every branch of every status word, and
 * cards that answer anything at all.
 */
#include "pcsc/iso.h"

#include "tests/check.h"
#include "tests/pcsc/script.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define READER        "any reader"

#define AID "D2 76 00 00 85 01 01"

static const uint8_t aid[] = {0xD2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01};

/* What is asked of the card; `ret` was "AA" before. */
typedef enum card_err (*act)(const struct line *line, struct bytes *ret);

static enum card_err uid(const struct line *line, struct bytes *ret)
{
	return iso_uid(line, ret);
}

static enum card_err by_aid(const struct line *line, struct bytes *ret)
{
	return iso_select_aid(line, aid, sizeof(aid));
}

static enum card_err by_file(const struct line *line, struct bytes *ret)
{
	return iso_select_file(line, 0xE104);
}

static enum card_err binary(const struct line *line, struct bytes *ret)
{
	return iso_read_binary(line, 0x0002, 4, ret);
}

static enum card_err record(const struct line *line, struct bytes *ret)
{
	return iso_read_record(line, 2, 1, ret);
}

static enum card_err play(struct script *s, act ask, struct bytes *ret)
{
	struct card_trace trace = {0};
	struct line line = {&s->t, &trace, false};
	unhex("AA", ret);
	return ask(&line, ret);
}

/* The conversation, as pairs of command and answer, ends so and brings just this. */
static void check_talk(
	act ask, const char *const talk[][2], size_t n, enum card_err want, const char *brought)
{
	struct script s;
	struct bytes got, expected;
	char hex[2 * APDU_MAX];
	script_init(&s, READER);
	for (size_t i = 0; i < n; i++)
		script_add(&s, talk[i][0], talk[i][1]);
	CHECK_INT(play(&s, ask, &got), want);
	CHECK(script_spent(&s));
	snprintf(hex, sizeof(hex), "AA%s", brought);
	unhex(hex, &expected);
	CHECK_INT(got.len, expected.len);
	CHECK(memcmp(got.at, expected.at, expected.len) == 0);
}

#define TALK(ask, err, brought, ...)                                                               \
	do {                                                                                       \
		static const char *const talk[][2] = {__VA_ARGS__};                                \
		check_talk(ask, talk, LENGTH(talk), err, brought);                                 \
	} while (0)

#define OK      CARD_ERR_OK
#define UNKNOWN CARD_ERR_UNKNOWN_CARD
#define REFUSED CARD_ERR_UNREADABLE
#define BROKEN  CARD_ERR_PROTOCOL

static void the_number_of_a_chip_has_four_seven_eight_or_ten_bytes(void)
{
	TALK(uid, OK, "01020304", {"FFCA000000", "01020304 9000"});
	TALK(uid, OK, "04112233445566", {"FFCA000000", "04112233445566 9000"});
	TALK(uid, OK, "0114B31431415926", {"FFCA000000", "0114B31431415926 9000"});
	TALK(uid, OK, "00112233445566778899", {"FFCA000000", "00112233445566778899 9000"});
	TALK(uid, UNKNOWN, "", {"FFCA000000", "9000"});
	TALK(uid, UNKNOWN, "", {"FFCA000000", "010203 9000"});
	TALK(uid, UNKNOWN, "", {"FFCA000000", "0011223344556677889900 9000"});
	TALK(uid, UNKNOWN, "", {"FFCA000000", "6A81"});
	TALK(uid, UNKNOWN, "", {"FFCA000000", "01020304 6A81"});
	TALK(uid, CARD_ERR_REMOVED, "", {"FFCA000000", "6300"});
	TALK(uid, OK, "01020304", {"FFCA000000", "6C04"}, {"FFCA000004", "01020304 9000"});
	TALK(uid, UNKNOWN, "", {"FFCA000000", "6C04"}, {"FFCA000004", "6C04"});
}

#define SELECT     "00A40400 07" AID "00"
#define SELECT_OFF "00A4040C 07" AID

static void an_application_is_selected_in_the_form_the_card_takes(void)
{
	TALK(by_aid, OK, "", {SELECT, "9000"});
	TALK(by_aid, OK, "", {SELECT, "6F0A8408A000000003000000 9000"});
	TALK(by_aid, OK, "", {SELECT, "6110"}); /* what is held back is not fetched */
	TALK(by_aid, OK, "", {SELECT, "6284"});
	TALK(by_aid, OK, "", {SELECT, "6C02"}, {"00A40400 07" AID "02", "6F00 9000"});
	TALK(by_aid, OK, "", {SELECT, "6700"}, {SELECT_OFF, "9000"});
	TALK(by_aid, OK, "", {SELECT, "6A86"}, {SELECT_OFF, "9000"});
	TALK(by_aid, OK, "", {SELECT, "6A87"}, {SELECT_OFF, "9000"});
	TALK(by_aid, OK, "", {SELECT, "6B00"}, {SELECT_OFF, "9000"});
	/* a form that asks for nothing may be answered all the same */
	TALK(by_aid, OK, "", {SELECT, "6A86"}, {SELECT_OFF, "6F0A8408A000000003000000 9000"});
	TALK(by_aid, OK, "", {SELECT, "6A86"}, {SELECT_OFF, "6110"});
	TALK(by_aid, REFUSED, "", {SELECT, "6A86"}, {SELECT_OFF, "6A86"});
	TALK(by_aid, REFUSED, "", {SELECT, "6A86"}, {SELECT_OFF, "6C02"});
	TALK(by_aid, UNKNOWN, "", {SELECT, "6A86"}, {SELECT_OFF, "6A82"});
}

static void a_card_without_the_application_is_unknown(void)
{
	TALK(by_aid, UNKNOWN, "", {SELECT, "6A82"});
	TALK(by_aid, UNKNOWN, "", {SELECT, "6999"});
	TALK(by_aid, UNKNOWN, "", {SELECT, "6A81"});
	TALK(by_aid, UNKNOWN, "", {SELECT, "6D00"});
	TALK(by_aid, UNKNOWN, "", {SELECT, "6E00"});
	TALK(by_aid, UNKNOWN, "", {SELECT, "6300"});
	TALK(by_aid, REFUSED, "", {SELECT, "6283"});
	TALK(by_aid, REFUSED, "", {SELECT, "6982"});
	TALK(by_aid, REFUSED, "", {SELECT, "6985"});
}

static void a_file_is_selected_in_the_form_the_card_takes(void)
{
	TALK(by_file, OK, "", {"00A4000C 02E104", "9000"});
	TALK(by_file, OK, "", {"00A4000C 02E104", "6A86"}, {"00A4020C 02E104", "9000"});
	TALK(by_file, OK, "", {"00A4000C 02E104", "6A86"}, {"00A4020C 02E104", "6700"},
		{"00A40000 02E104 00", "6F00 9000"});
	TALK(by_file, UNKNOWN, "", {"00A4000C 02E104", "6A82"});
	TALK(by_file, REFUSED, "", {"00A4000C 02E104", "6982"});
	TALK(by_file, REFUSED, "", {"00A4000C 02E104", "6A86"}, {"00A4020C 02E104", "6A86"},
		{"00A40000 02E104 00", "6A86"});
}

static void an_identifier_of_no_length_or_too_long_is_not_sent(void)
{
	static const uint8_t long_aid[17] = {0xA0};
	struct card_trace trace = {0};
	struct script s;
	script_init(&s, READER);
	struct line line = {&s.t, &trace, false};
	CHECK_INT(iso_select_aid(&line, long_aid, 0), CARD_ERR_LIMIT);
	CHECK_INT(iso_select_aid(&line, long_aid, 17), CARD_ERR_LIMIT);
	CHECK_INT(iso_select_aid(&line, long_aid, SIZE_MAX), CARD_ERR_LIMIT);
	CHECK_INT(s.sent, 0);
}

static void a_file_is_read_until_it_is_there_or_ends(void)
{
	TALK(binary, OK, "01020304", {"00B0000204", "01020304 9000"});
	/* in as many commands as the card likes */
	TALK(binary, OK, "01020304", {"00B0000204", "010203 9000"}, {"00B0000501", "04 9000"});
	/* it ends early, and says so in one of four ways */
	TALK(binary, OK, "0102", {"00B0000204", "0102 6282"});
	TALK(binary, OK, "0102", {"00B0000204", "0102 9000"}, {"00B0000402", "6B00"});
	TALK(binary, OK, "0102", {"00B0000204", "0102 9000"}, {"00B0000402", "9000"});
	TALK(binary, OK, "0102", {"00B0000204", "6C02"}, {"00B0000202", "0102 9000"},
		{"00B0000402", "6B00"});
	TALK(binary, OK, "", {"00B0000204", "6B00"});
	TALK(binary, OK, "", {"00B0000204", "6282"});
	TALK(binary, OK, "", {"00B0000204", "9000"});
	/* what stands before an error counts for nothing */
	TALK(binary, OK, "", {"00B0000204", "0102 6B00"});
	TALK(binary, REFUSED, "", {"00B0000204", "0102 9000"}, {"00B0000402", "6982"});
}

static void a_file_that_may_not_be_read_is_unreadable(void)
{
	TALK(binary, UNKNOWN, "", {"00B0000204", "6A82"});
	TALK(binary, REFUSED, "", {"00B0000204", "6982"});
	TALK(binary, REFUSED, "", {"00B0000204", "6986"});
	TALK(binary, REFUSED, "", {"00B0000204", "01020304 6281"});
	TALK(binary, REFUSED, "", {"00B0000204", "6D00"});
	TALK(binary, REFUSED, "", {"00B0000204", "6C02"}, {"00B0000202", "6C02"});
}

static void more_than_was_asked_for_breaks_the_protocol(void)
{
	TALK(binary, BROKEN, "", {"00B0000204", "0102030405 9000"});
	TALK(binary, BROKEN, "", {"00B0000204", "6C05"});
	TALK(binary, BROKEN, "", {"00B0000204", "6C00"});
	TALK(binary, BROKEN, "", {"00B0000204", "6C02"}, {"00B0000202", "010203 9000"});
	TALK(binary, BROKEN, "", {"00B0000204", "6104"}, {"00C0000004", "0102030405 9000"});
}

static void what_is_held_back_is_fetched(void)
{
	TALK(binary, OK, "01020304", {"00B0000204", "6104"}, {"00C0000004", "01020304 9000"});
	TALK(binary, OK, "01020304", {"00B0000204", "01 6103"}, {"00C0000003", "020304 9000"});
	TALK(binary, OK, "01020304", {"00B0000204", "6102"}, {"00C0000002", "0102 6102"},
		{"00C0000002", "0304 9000"});
	/* never more than was asked for, however much there is */
	TALK(binary, OK, "01020304", {"00B0000204", "6100"}, {"00C0000004", "01020304 6110"});
	TALK(binary, OK, "01020304", {"00B0000204", "01020304 6110"});
	TALK(binary, OK, "01020304", {"00B0000204", "6104"}, {"00C0000004", "6C02"},
		{"00C0000002", "0102 6102"}, {"00C0000002", "0304 9000"});
	TALK(binary, OK, "0102", {"00B0000204", "6104"}, {"00C0000004", "0102 6282"});
	TALK(binary, REFUSED, "", {"00B0000204", "01 6103"}, {"00C0000003", "6F00"});
	/* promised over and over, never given */
	TALK(binary, BROKEN, "", {"00B0000204", "6104"}, {"00C0000004", "6104"});
}

static void a_record_is_read_by_number(void)
{
	TALK(record, OK, "0102030405", {"00B2011400", "0102030405 9000"});
	TALK(record, OK, "0102", {"00B2011400", "0102 6282"});
	TALK(record, OK, "0102", {"00B2011400", "6C02"}, {"00B2011402", "0102 9000"});
	TALK(record, OK, "0102", {"00B2011400", "6102"}, {"00C0000002", "0102 9000"});
	TALK(record, OK, "", {"00B2011400", "9000"});
	TALK(record, UNKNOWN, "", {"00B2011400", "6A82"});
	TALK(record, REFUSED, "", {"00B2011400", "6A83"});
	TALK(record, REFUSED, "", {"00B2011400", "6982"});
	TALK(record, REFUSED, "", {"00B2011400", "6B00"});
}

/* A card that answers every command alike, or with the next bytes of a file. */
struct echo {
	struct card_transport t;
	struct bytes answer;
	unsigned asked;
	size_t at_once;   /* > 0: a file, so many bytes at a time */
	size_t file_size; /* byte i of it is i & 0xFF */
	size_t longest;   /* most bytes one command asked for */
};

static void read_file(struct echo *e, const uint8_t *apdu, size_t len)
{
	size_t off = (size_t)apdu[2] << 8 | apdu[3], le = apdu[4];
	e->answer = (struct bytes){0};
	CHECK(len == 5 && apdu[1] == 0xB0 && le > 0);
	e->longest = le > e->longest ? le : e->longest;
	for (size_t i = 0; i < le && i < e->at_once && off + i < e->file_size; i++)
		bytes_put_u8(&e->answer, (off + i) & 0xFF);
	bytes_put_u8(&e->answer, off < e->file_size ? 0x90 : 0x6B);
	bytes_put_u8(&e->answer, 0x00);
}

static enum card_err transmit(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	struct echo *e = self;
	CHECK(len >= 5 && len <= 5 + 16 + 1);
	e->asked++;
	if (e->at_once > 0)
		read_file(e, apdu, len);
	if (e->answer.len == 0)
		return CARD_ERR_REMOVED;
	CHECK(e->answer.len <= max);
	memcpy(ret, e->answer.at, e->answer.len);
	*ret_len = e->answer.len;
	return CARD_ERR_OK;
}

static void echo_init(struct echo *e)
{
	*e = (struct echo){.t = {.self = e, .transmit = transmit}};
}

static enum card_err ask_echo(struct echo *e, act ask, struct bytes *ret)
{
	struct card_trace trace = {0};
	struct line line = {&e->t, &trace, false};
	unhex("AA", ret);
	e->asked = 0;
	return ask(&line, ret);
}

static const struct {
	act ask;
	size_t most; /* bytes it may bring */
} acts[] = {{uid, ISO_UID_MAX}, {by_aid, 0}, {by_file, 0}, {binary, 4}, {record, 256}};

static void check_answer(struct echo *e)
{
	for (size_t i = 0; i < LENGTH(acts); i++) {
		struct bytes ret;
		enum card_err err = ask_echo(e, acts[i].ask, &ret);
		/* the most any of them may need: GET RESPONSE 16 times after the command,
		 * each with its length restated, and 4 bytes one at a time */
		if (e->asked > 34)
			CHECK_INT(e->asked, 34);
		if (err && (ret.len != 1 || ret.at[0] != 0xAA))
			CHECK(!"written though it failed");
		if (ret.len > 1 + acts[i].most || ret.full)
			CHECK(!"more than was asked for");
	}
}

static void every_status_word_after_any_length_ends_soon(void)
{
	static const size_t lengths[] = {0, 1, 4, 5, 8, 255, 256, 257, APDU_MAX - 2};
	struct echo e;
	echo_init(&e);
	for (size_t i = 0; i < LENGTH(lengths); i++)
		for (unsigned sw = 0; sw <= 0xFFFF; sw += i < 4 || sw >> 8 == 0x61 ? 1 : 17) {
			e.answer.len = lengths[i];
			bytes_put_u8(&e.answer, (uint8_t)(sw >> 8));
			bytes_put_u8(&e.answer, sw & 0xFF);
			check_answer(&e);
		}
}

static void only_these_status_words_are_success(void)
{
	static const uint16_t good[] = {0x9000, 0x6282, 0x6284, 0x6B00};
	struct echo e;
	struct bytes ret;
	echo_init(&e);
	for (unsigned sw = 0; sw <= 0xFFFF; sw++) {
		bool may = sw >> 8 == 0x61;
		for (size_t i = 0; i < LENGTH(good); i++)
			may = may || sw == good[i];
		e.answer = (struct bytes){.at = {sw >> 8, sw & 0xFF}, .len = 2};
		for (size_t i = 0; !may && i < LENGTH(acts); i++)
			if (ask_echo(&e, acts[i].ask, &ret) == CARD_ERR_OK)
				CHECK_INT(sw, 0x9000);
	}
}

static void an_answer_without_status_word_breaks_the_protocol(void)
{
	struct echo e;
	struct bytes ret;
	echo_init(&e);
	e.answer.len = 1;
	for (size_t i = 0; i < LENGTH(acts); i++) {
		CHECK_INT(ask_echo(&e, acts[i].ask, &ret), CARD_ERR_PROTOCOL);
		CHECK_INT(ret.len, 1);
	}
	e.answer.len = 0;
	for (size_t i = 0; i < LENGTH(acts); i++) {
		CHECK_INT(ask_echo(&e, acts[i].ask, &ret), CARD_ERR_REMOVED);
		CHECK_INT(ret.len, 1);
	}
}

static enum card_err read_echo(struct echo *e, uint16_t off, size_t len, struct bytes *ret)
{
	struct card_trace trace = {0};
	struct line line = {&e->t, &trace, false};
	*ret = (struct bytes){0};
	e->asked = 0;
	return iso_read_binary(&line, off, len, ret);
}

static void a_long_file_is_read_in_parts(void)
{
	struct echo e;
	struct bytes ret;
	echo_init(&e);
	e.at_once = 256;
	e.file_size = 0x8000;
	CHECK_INT(read_echo(&e, 0x0101, APDU_MAX, &ret), CARD_ERR_OK);
	CHECK_INT(ret.len, APDU_MAX);
	CHECK_INT(e.asked, 3);
	CHECK_INT(e.longest, ISO_READ_AT_ONCE);
	for (size_t i = 0; i < ret.len; i++)
		CHECK_INT(ret.at[i], (0x0101 + i) & 0xFF);
	/* up to the last byte that 15 bits of offset reach */
	CHECK_INT(read_echo(&e, 0x7FFF, 1, &ret), CARD_ERR_OK);
	CHECK_INT(ret.len, 1);
	e.file_size = 0x0105;
	CHECK_INT(read_echo(&e, 0x0101, APDU_MAX, &ret), CARD_ERR_OK);
	CHECK_INT(ret.len, 4);
}

static void a_card_that_dribbles_is_given_up(void)
{
	struct echo e;
	struct bytes ret;
	echo_init(&e);
	e.at_once = 16;
	e.file_size = 0x8000;
	CHECK_INT(read_echo(&e, 0, 512, &ret), CARD_ERR_OK);
	CHECK_INT(e.asked, 32);
	e.at_once = 1;
	CHECK_INT(read_echo(&e, 0, 512, &ret), CARD_ERR_LIMIT);
	CHECK_INT(e.asked, 64);
	CHECK_INT(ret.len, 0);
}

static void what_cannot_be_addressed_or_kept_is_not_asked_for(void)
{
	struct echo e;
	struct bytes ret = {0};
	struct card_trace trace = {0};
	echo_init(&e);
	struct line line = {&e.t, &trace, false};
	CHECK_INT(read_echo(&e, 0x8000, 1, &ret), CARD_ERR_LIMIT);
	CHECK_INT(read_echo(&e, 0x7FFF, 2, &ret), CARD_ERR_LIMIT);
	CHECK_INT(read_echo(&e, 0, APDU_MAX + 1, &ret), CARD_ERR_LIMIT);
	CHECK_INT(read_echo(&e, 0, SIZE_MAX, &ret), CARD_ERR_LIMIT);
	CHECK_INT(iso_read_record(&line, 31, 1, &ret), CARD_ERR_LIMIT);
	CHECK_INT(e.asked, 0);
	CHECK_INT(read_echo(&e, 0, 0, &ret), CARD_ERR_OK);
	CHECK_INT(e.asked, 0);
}

static void a_record_that_finds_no_room_is_left_out_whole(void)
{
	struct echo e;
	struct bytes ret = {.len = APDU_MAX - 3};
	struct card_trace trace = {0};
	echo_init(&e);
	struct line line = {&e.t, &trace, false};
	unhex("01020304 9000", &e.answer);
	CHECK_INT(iso_read_record(&line, 1, 1, &ret), CARD_ERR_LIMIT);
	CHECK_INT(iso_uid(&line, &ret), CARD_ERR_LIMIT);
	CHECK_INT(ret.len, APDU_MAX - 3);
	CHECK(!ret.full);
}

static void a_card_that_leaves_is_removed_at_any_step(void)
{
	for (size_t from = 0; from < 4; from++) {
		struct script s;
		struct bytes ret;
		script_init(&s, READER);
		script_add(&s, "00B0000204", "01 6103");
		script_add(&s, "00C0000003", "6C01");
		script_add(&s, "00C0000001", "02 9000");
		script_add(&s, "00B0000402", "0304 9000");
		s.remove_from = from;
		CHECK_INT(play(&s, binary, &ret), CARD_ERR_REMOVED);
		CHECK_INT(ret.len, 1);
		CHECK_INT(s.sent, from + 1);
	}
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(the_number_of_a_chip_has_four_seven_eight_or_ten_bytes),
		CASE(an_application_is_selected_in_the_form_the_card_takes),
		CASE(a_card_without_the_application_is_unknown),
		CASE(a_file_is_selected_in_the_form_the_card_takes),
		CASE(an_identifier_of_no_length_or_too_long_is_not_sent),
		CASE(a_file_is_read_until_it_is_there_or_ends),
		CASE(a_file_that_may_not_be_read_is_unreadable),
		CASE(more_than_was_asked_for_breaks_the_protocol),
		CASE(what_is_held_back_is_fetched),
		CASE(a_record_is_read_by_number),
		CASE(every_status_word_after_any_length_ends_soon),
		CASE(only_these_status_words_are_success),
		CASE(an_answer_without_status_word_breaks_the_protocol),
		CASE(a_long_file_is_read_in_parts),
		CASE(a_card_that_dribbles_is_given_up),
		CASE(what_cannot_be_addressed_or_kept_is_not_asked_for),
		CASE(a_record_that_finds_no_room_is_left_out_whole),
		CASE(a_card_that_leaves_is_removed_at_any_step),
	};
	return CHECK_MAIN("iso", cases);
}
