/* SPDX-License-Identifier: MIT
 *
 * PC/SC transparent session, over the card's handle and over the reader's own.
 */
#include "pcsc/tlv.h"
#include "tests/pcsc/talk.h"

#define END        "FF C2 00 00 02 82 00 00"
#define START      "FF C2 00 00 02 81 00 00"
#define FELICA     "FF C2 00 02 04 8F 02 03 00 00"
#define OK         "C0 03 00 90 00 90 00"
#define POLLED     "12 01 01 14 B3 14 31 41 59 2A 10 0B 4B 42 84 85 D0 FF"
#define POLL_FRAME "06 00 FE 00 00 00"
#define POLL       "FF C2 00 01 0F 5F 46 04 50 C3 00 00 95 06 06 00 FE 00 00 00 00"
#define READ_FRAME "16 06 01 14 B3 14 31 41 59 2A 01 8B 1A 04 80 00 80 01 80 02 80 03"
#define READER     "SONY FeliCa RC-S300/P"

static void a_session_costs_two_apdus_to_begin_and_one_to_end(void)
{
	static struct talk t;
	talk_begin(&t, READER);
	script_add(&t.s, START, OK);
	script_add(&t.s, FELICA, "C0 03 00 90 00 8F 01 03 5F 51 02 3B 00 90 00");
	script_add(&t.s, END, OK);
	CHECK_INT(dialect_transparent.open(&t.line, true), CARD_ERR_OK);
	dialect_transparent.close(&t.line);
	CHECK(script_spent(&t.s));
}

/* It refuses to begin another; once ended, it begins. */
static void a_session_left_open_by_a_crashed_program_is_ended_first(void)
{
	static const char *const refusals[] = {"C0 03 00 69 8A 90 00", "C0 03 00 6F 00 90 00",
		"C0 03 00 6A 81 90 00", "C0 03 00 64 00 90 00", "C0 03 00 63 00 90 00", "90 00"};
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		static struct talk t;
		talk_begin(&t, READER);
		script_add(&t.s, START, refusals[i]);
		script_add(&t.s, END, OK);
		script_add(&t.s, START, OK);
		script_add(&t.s, FELICA, OK);
		talk_opens(&t, &dialect_transparent, false, CARD_ERR_OK);
	}
}

static void a_reader_another_program_goes_on_to_own_is_busy(void)
{
	static struct talk t;
	talk_begin(&t, READER);
	script_add(&t.s, START, "C0 03 00 69 8A 90 00");
	script_add(&t.s, END, "C0 03 00 69 8A 90 00");
	script_add(&t.s, START, "C0 03 00 69 8A 90 00");
	talk_opens(&t, &dialect_transparent, false, CARD_ERR_BUSY);
	CHECK_INT(t.trace.sw, 0x698A);
}

static void a_reader_that_never_begins_does_not_speak_it(void)
{
	static struct talk t;
	talk_begin(&t, READER);
	script_add(&t.s, START, "C0 03 00 6A 81 90 00");
	script_add(&t.s, END, "C0 03 00 6A 81 90 00");
	script_add(&t.s, START, "C0 03 00 6A 81 90 00");
	talk_opens(&t, &dialect_transparent, true, CARD_ERR_NO_DIALECT);
}

/* One APDU is all that a reader of another make is bothered with. */
static void an_instruction_refused_is_not_tried_again(void)
{
	static const char *const refusals[] = {
		"6D 00", "6E 00", "6A 81", "63 00", "68 00", "6F 00", "69 85", "00 00"};
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		static struct talk t;
		talk_begin(&t, READER);
		script_add(&t.s, START, refusals[i]);
		talk_opens(&t, &dialect_transparent, true, CARD_ERR_NO_DIALECT);
	}
}

static void a_reader_that_wants_no_le_is_spoken_to_without(void)
{
	static struct talk t;
	talk_begin(&t, READER);
	script_add(&t.s, START, "67 00");
	script_add(&t.s, "FF C2 00 00 02 81 00", OK);
	script_add(&t.s, FELICA, "67 00");
	script_add(&t.s, "FF C2 00 02 04 8F 02 03 00", OK);
	talk_opens(&t, &dialect_transparent, false, CARD_ERR_OK);
	talk_begin(&t, READER);
	script_add(&t.s, START, "67 00");
	script_add(&t.s, "FF C2 00 00 02 81 00", "67 00");
	talk_opens(&t, &dialect_transparent, false, CARD_ERR_NO_DIALECT);
}

static void a_session_that_cannot_speak_felica_is_ended(void)
{
	static const char *const refusals[] = {"C0 03 00 6A 81 90 00", "6D 00", "90 00"};
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		static struct talk t;
		talk_begin(&t, READER);
		script_add(&t.s, START, OK);
		script_add(&t.s, FELICA, refusals[i]);
		script_add(&t.s, END, OK);
		talk_opens(&t, &dialect_transparent, true, CARD_ERR_NO_DIALECT);
		CHECK(t.trace.sw != 0x9000 || i == 2);
	}
}

/* Choosing FeliCa may make the reader look for a card; that none answers is the poll's to say. */
static void a_silent_card_does_not_fail_the_session(void)
{
	static struct talk t;
	talk_begin(&t, READER);
	script_add(&t.s, START, OK);
	script_add(&t.s, FELICA, "C0 03 00 64 01 90 00");
	talk_opens(&t, &dialect_transparent, false, CARD_ERR_OK);
}

static void a_card_taken_away_while_it_begins_is_removed(void)
{
	for (size_t k = 0; k < 2; k++) {
		static struct talk t;
		talk_begin(&t, READER);
		script_add(&t.s, START, OK);
		script_add(&t.s, FELICA, OK);
		t.s.remove_from = k;
		CHECK_INT(dialect_transparent.open(&t.line, true), CARD_ERR_REMOVED);
	}
}

static void the_documented_poll_and_read_are_spoken(void)
{
	struct bytes got = {0};
	CHECK_INT(talk_exchange(&dialect_transparent, POLL_FRAME, POLL,
			  "C0 03 00 90 00 92 01 00 96 02 00 00 97 12 " POLLED " 90 00", &got),
		CARD_ERR_OK);
	CHECK(talk_same(&got, POLLED));
	CHECK_INT(talk_exchange(&dialect_transparent, READ_FRAME,
			  "FF C2 00 01 1F 5F 46 04 50 C3 00 00 95 16 " READ_FRAME " 00",
			  "C0 03 00 90 00 97 0C 0C 07 01 14 B3 14 31 41 59 2A 01 A8 90 00", &got),
		CARD_ERR_OK);
	CHECK(talk_same(&got, "0C 07 01 14 B3 14 31 41 59 2A 01 A8"));
}

static void object_c0_is_judged_not_the_status_word(void)
{
	static const struct {
		const char *answer;
		enum card_err err;
	} rows[] = {
		{"C0 03 00 90 00 97 12 " POLLED " 90 00", CARD_ERR_OK},
		{"C0 03 00 90 00 92 01 00 96 02 00 00 97 12 " POLLED " 90 00", CARD_ERR_OK},
		{"97 12 " POLLED " C0 03 00 90 00 90 00", CARD_ERR_OK},
		{"C0 03 00 90 00 97 81 12 " POLLED " 90 00", CARD_ERR_OK},
		{"C0 03 00 90 00 97 82 00 12 " POLLED " 90 00", CARD_ERR_OK},
		{"C0 03 00 90 00 FF 6D 01 00 97 12 " POLLED " 90 00", CARD_ERR_OK},
		{"C0 03 00 64 01 90 00", CARD_ERR_TIMEOUT},
		{"C0 03 00 64 00 90 00", CARD_ERR_TIMEOUT},
		{"C0 03 01 64 01 97 12 " POLLED " 90 00", CARD_ERR_TIMEOUT},
		{"C0 03 00 90 00 C0 03 01 64 01 97 12 " POLLED " 90 00", CARD_ERR_TIMEOUT},
		{"C0 03 00 69 8A 90 00", CARD_ERR_BUSY},
		{"C0 03 00 62 82 97 12 " POLLED " 90 00", CARD_ERR_PROTOCOL},
		{"C0 03 00 63 00 90 00", CARD_ERR_PROTOCOL},
		{"C0 03 00 63 01 90 00", CARD_ERR_PROTOCOL},
		{"C0 03 00 67 00 90 00", CARD_ERR_PROTOCOL},
		{"C0 03 00 6A 80 90 00", CARD_ERR_PROTOCOL},
		{"C0 03 00 6F 00 90 00", CARD_ERR_PROTOCOL},
		{"C0 03 00 90 00 90 00", CARD_ERR_PROTOCOL},               /* no frame */
		{"97 12 " POLLED " 90 00", CARD_ERR_PROTOCOL},             /* no C0 */
		{"C0 02 00 90 97 12 " POLLED " 90 00", CARD_ERR_PROTOCOL}, /* C0 too short */
		{"C0 04 00 90 00 00 97 12 " POLLED " 90 00", CARD_ERR_PROTOCOL},
		{"C0 03 00 90 00 97 13 " POLLED " 90 00", CARD_ERR_PROTOCOL}, /* too long by one */
		{"C0 03 00 90 00 97 80 " POLLED " 90 00",
			CARD_ERR_PROTOCOL}, /* indefinite length */
		{"C0 03 00 90 00 97 83 00 00 12 " POLLED " 90 00", CARD_ERR_PROTOCOL},
		{"C0 03 00 90 00 97 12 " POLLED " 97 7F 90 00", CARD_ERR_PROTOCOL},
		{"90 00", CARD_ERR_PROTOCOL},
		{"6A 81", CARD_ERR_PROTOCOL},
		{"90", CARD_ERR_PROTOCOL},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes got = {0};
		enum card_err err =
			talk_exchange(&dialect_transparent, POLL_FRAME, POLL, rows[i].answer, &got);
		if (err != rows[i].err)
			fprintf(stderr, "%s\n", rows[i].answer);
		CHECK_INT(err, rows[i].err);
		CHECK(err ? got.len == 0 : talk_same(&got, POLLED));
	}
}

/* A frame of 15 blocks is longer than a one-byte length can tell. */
static void a_long_answer_keeps_its_length(void)
{
	char answer[1200] = "C0 03 00 90 00 97 81 FD FD";
	for (size_t i = 1; i < 253; i++)
		strcat(answer, "5A");
	strcat(answer, "90 00");
	struct bytes got = {0};
	CHECK_INT(talk_exchange(&dialect_transparent, POLL_FRAME, POLL, answer, &got), CARD_ERR_OK);
	CHECK_INT(got.len, 253);
	CHECK_INT(got.at[252], 0x5A);
}

/* 130 bytes of frame: 95 81 82. */
static void a_long_frame_is_sent_with_its_length_in_two_bytes(void)
{
	static struct talk t;
	struct bytes frame = {.len = 130}, got = {0};
	char want[1200] = "FF C2 00 01 8C 5F 46 04 50 C3 00 00 95 81 82";
	for (size_t i = 0; i < frame.len; i++)
		strcat(want, "00");
	strcat(want, "00");
	talk_begin(&t, READER);
	script_add(&t.s, want, "C0 03 00 64 01 90 00");
	CHECK_INT(dialect_transparent.exchange(&t.line, &frame, 50000, &got), CARD_ERR_TIMEOUT);
	CHECK(script_spent(&t.s));
}

static void the_timer_is_microseconds_little_endian(void)
{
	static struct talk t;
	struct bytes frame, got = {0};
	talk_begin(&t, READER);
	script_add(&t.s, "FF C2 00 01 0F 5F 46 04 78 56 34 12 95 06 06 00 FE 00 00 00 00",
		"C0 03 00 64 01 90 00");
	unhex(POLL_FRAME, &frame);
	CHECK_INT(
		dialect_transparent.exchange(&t.line, &frame, 0x12345678, &got), CARD_ERR_TIMEOUT);
	CHECK(script_spent(&t.s));
}

static void a_frame_too_long_for_an_apdu_is_not_sent(void)
{
	static struct talk t;
	struct bytes got = {0};
	const struct bytes frames[] = {{.len = 256}, {.len = APDU_MAX}, {.full = true}};
	talk_begin(&t, READER);
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		CHECK_INT(
			dialect_transparent.exchange(&t.line, &frames[i], 0, &got), CARD_ERR_LIMIT);
	CHECK_INT(t.s.sent, 0);
}

/* The same words, to the reader instead of the card. */
static void the_session_is_spoken_to_the_reader_where_the_driver_lets_it_through(void)
{
	static struct talk t;
	const struct dialect *got = NULL;
	talk_begin(&t, "Reader of no name");
	t.s.any_order = true;
	script_add_escape(&t.s, START, OK);
	script_add_escape(&t.s, FELICA, OK);
	CHECK_INT(dialect_open(&t.line, t.s.reader, NULL, &got), CARD_ERR_OK);
	CHECK(got == &dialect_transparent_escape);
	CHECK(!t.line.escape);
}

static void a_driver_that_blocks_escapes_is_sent_none(void)
{
	static struct talk t;
	talk_begin(&t, READER);
	t.line.escape = true;
	trace_step(&t.trace, "session");
	talk_opens(&t, &dialect_transparent_escape, false, CARD_ERR_NO_DIALECT);
	CHECK_INT(t.s.sent, 0);
	CHECK_INT(trace_apdus(&t.trace), 0);
}

static void objects_are_written_as_they_are_read(void)
{
	static const uint8_t value[300] = {1, 2, 3};
	static const size_t lengths[] = {0, 1, 0x7F, 0x80, 0xFF, 0x100, 300};
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct bytes b = {0};
		struct tlv object;
		tlv_put(&b, 0x5F46, value, lengths[i]);
		struct cursor in = bytes_read(&b);
		CHECK(tlv_next(&in, &object));
		CHECK_INT(object.tag, 0x5F46);
		CHECK_INT(object.value.left, lengths[i]);
		CHECK_INT(in.left, 0);
		CHECK(!tlv_next(&in, &object));
	}
}

static void a_broken_object_is_left_where_it_stands(void)
{
	static const char *const broken[] = {"97", "5F", "5F 46", "97 05 01", "97 81", "97 82 01",
		"97 84 00 00 00 01 00", "1F 81 01 00"};
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct bytes b;
		struct tlv object;
		unhex(broken[i], &b);
		struct cursor in = bytes_read(&b);
		CHECK(!tlv_next(&in, &object));
		CHECK_INT(in.left, b.len);
	}
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(a_session_costs_two_apdus_to_begin_and_one_to_end),
		CASE(a_session_left_open_by_a_crashed_program_is_ended_first),
		CASE(a_reader_another_program_goes_on_to_own_is_busy),
		CASE(a_reader_that_never_begins_does_not_speak_it),
		CASE(an_instruction_refused_is_not_tried_again),
		CASE(a_reader_that_wants_no_le_is_spoken_to_without),
		CASE(a_session_that_cannot_speak_felica_is_ended),
		CASE(a_silent_card_does_not_fail_the_session),
		CASE(a_card_taken_away_while_it_begins_is_removed),
		CASE(the_documented_poll_and_read_are_spoken),
		CASE(object_c0_is_judged_not_the_status_word),
		CASE(a_long_answer_keeps_its_length),
		CASE(a_long_frame_is_sent_with_its_length_in_two_bytes),
		CASE(the_timer_is_microseconds_little_endian),
		CASE(a_frame_too_long_for_an_apdu_is_not_sent),
		CASE(the_session_is_spoken_to_the_reader_where_the_driver_lets_it_through),
		CASE(a_driver_that_blocks_escapes_is_sent_none),
		CASE(objects_are_written_as_they_are_read),
		CASE(a_broken_object_is_left_where_it_stands),
	};
	return CHECK_MAIN("dialect-transparent", cases);
}
