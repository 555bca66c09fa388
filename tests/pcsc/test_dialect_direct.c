/* SPDX-License-Identifier: MIT
 *
 * Dialects that carry a frame as it is behind a header: ACS's and one of Sony's.
 */
#include "tests/pcsc/talk.h"

#define WILDCARD   "06 00 FF FF 00 00"
#define POLL_FRAME "06 00 FE 00 00 00"
#define POLLED     "12 01 01 14 B3 14 31 41 59 2A 10 0B 4B 42 84 85 D0 FF"

static const struct {
	const struct dialect *dialect;
	const char *header;
} rows[] = {
	{&dialect_acs, "FF 00 00 00 "},
	{&dialect_sony_frame, "FF FE 01 00 "},
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static const char *behind(size_t row, const char *rest, char ret[256])
{
	snprintf(ret, 256, "%s%s", rows[row].header, rest);
	return ret;
}

static void the_documented_frames_are_carried(void)
{
	struct bytes got = {0};
	CHECK_INT(talk_exchange(&dialect_acs, POLL_FRAME, "FF 00 00 00 06 06 00 FE 00 00 00",
			  POLLED " 90 00", &got),
		CARD_ERR_OK);
	CHECK(talk_same(&got, POLLED));
	CHECK_INT(talk_exchange(&dialect_acs, "10 06 01 14 B3 14 31 41 59 2A 01 09 01 01 80 00",
			  "FF 00 00 00 10 10 06 01 14 B3 14 31 41 59 2A 01 09 01 01 80 00",
			  "0C 07 01 14 B3 14 31 41 59 2A 01 A6 90 00", &got),
		CARD_ERR_OK);
	CHECK_INT(talk_exchange(&dialect_sony_frame, POLL_FRAME, "FF FE 01 00 06 06 00 FE 00 00 00",
			  POLLED " 90 00", &got),
		CARD_ERR_OK);
	CHECK_INT(talk_exchange(&dialect_sony_frame,
			  "10 06 01 14 B3 14 31 41 59 2A 01 8B 1A 01 80 01",
			  "FF FE 01 00 10 10 06 01 14 B3 14 31 41 59 2A 01 8B 1A 01 80 01",
			  "0C 07 01 14 B3 14 31 41 59 2A 01 A6 90 00", &got),
		CARD_ERR_OK);
}

static void a_reader_that_is_trusted_is_asked_nothing_to_begin(void)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		static struct talk t;
		talk_begin(&t, "reader");
		talk_opens(&t, rows[i].dialect, true, CARD_ERR_OK);
		rows[i].dialect->close(&t.line);
		CHECK_INT(t.s.sent, 0);
	}
}

/* Readers of other makes say 63 00 to what they do not know: that is no promise. */
static void an_unknown_reader_is_known_by_a_card_that_answers(void)
{
	static const struct {
		const char *answer;
		enum card_err err;
	} answers[] = {
		{POLLED " 90 00", CARD_ERR_OK},
		{"14 01 01 14 B3 14 31 41 59 2A 10 0B 4B 42 84 85 D0 FF FE 00 90 00", CARD_ERR_OK},
		{"63 00", CARD_ERR_NO_DIALECT},
		{"6A 81", CARD_ERR_NO_DIALECT},
		{"6D 00", CARD_ERR_NO_DIALECT},
		{"90 00", CARD_ERR_NO_DIALECT},
		{"12 01 90 00", CARD_ERR_NO_DIALECT},
		{POLLED " 63 00", CARD_ERR_NO_DIALECT},
		{POLLED " 00 90 00", CARD_ERR_NO_DIALECT},
		{"90", CARD_ERR_NO_DIALECT},
	};
	char want[256];
	for (size_t i = 0; i < N_ROWS; i++)
		for (size_t k = 0; k < sizeof(answers) / sizeof(answers[0]); k++) {
			static struct talk t;
			talk_begin(&t, "reader");
			script_add(&t.s, behind(i, "06 " WILDCARD, want), answers[k].answer);
			talk_opens(&t, rows[i].dialect, false, answers[k].err);
		}
}

static void a_bare_63_00_is_silence(void)
{
	static const struct {
		const char *answer;
		enum card_err err;
	} answers[] = {
		{POLLED " 90 00", CARD_ERR_OK},
		{"63 00", CARD_ERR_TIMEOUT},
		{"64 01", CARD_ERR_TIMEOUT},
		{POLLED " 63 00", CARD_ERR_PROTOCOL},
		{"90 00", CARD_ERR_PROTOCOL},
		{"62 82", CARD_ERR_PROTOCOL},
		{"67 00", CARD_ERR_PROTOCOL},
		{"6F 00", CARD_ERR_PROTOCOL},
		{"63", CARD_ERR_PROTOCOL},
	};
	char want[256];
	for (size_t i = 0; i < N_ROWS; i++)
		for (size_t k = 0; k < sizeof(answers) / sizeof(answers[0]); k++) {
			struct bytes got = {0};
			enum card_err err = talk_exchange(rows[i].dialect, POLL_FRAME,
				behind(i, "06 " POLL_FRAME, want), answers[k].answer, &got);
			CHECK_INT(err, answers[k].err);
			CHECK(err ? got.len == 0 : talk_same(&got, POLLED));
		}
}

static void an_instruction_the_reader_does_not_know_is_no_fault_of_the_card(void)
{
	static const char *const answers[] = {"6A 81", "6D 00", "6E 00", "68 00"};
	char want[256];
	for (size_t i = 0; i < N_ROWS; i++)
		for (size_t k = 0; k < sizeof(answers) / sizeof(answers[0]); k++) {
			struct bytes got = {0};
			CHECK_INT(talk_exchange(rows[i].dialect, POLL_FRAME,
					  behind(i, "06 " POLL_FRAME, want), answers[k], &got),
				CARD_ERR_NO_DIALECT);
			CHECK_INT(got.len, 0);
		}
}

static void a_frame_too_long_for_an_apdu_is_not_sent(void)
{
	static struct talk t;
	struct bytes got = {0};
	const struct bytes frames[] = {{.len = 256}, {.len = APDU_MAX}, {.full = true}};
	talk_begin(&t, "reader");
	for (size_t i = 0; i < N_ROWS; i++)
		for (size_t k = 0; k < sizeof(frames) / sizeof(frames[0]); k++)
			CHECK_INT(rows[i].dialect->exchange(&t.line, &frames[k], 0, &got),
				CARD_ERR_LIMIT);
	CHECK_INT(t.s.sent, 0);
}

static void a_card_taken_away_is_removed(void)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		static struct talk t;
		struct bytes frame, got = {0};
		talk_begin(&t, "reader");
		t.s.remove_from = 0;
		unhex(POLL_FRAME, &frame);
		CHECK_INT(rows[i].dialect->exchange(&t.line, &frame, 0, &got), CARD_ERR_REMOVED);
		CHECK_INT(rows[i].dialect->open(&t.line, false), CARD_ERR_REMOVED);
	}
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(the_documented_frames_are_carried),
		CASE(a_reader_that_is_trusted_is_asked_nothing_to_begin),
		CASE(an_unknown_reader_is_known_by_a_card_that_answers),
		CASE(a_bare_63_00_is_silence),
		CASE(an_instruction_the_reader_does_not_know_is_no_fault_of_the_card),
		CASE(a_frame_too_long_for_an_apdu_is_not_sent),
		CASE(a_card_taken_away_is_removed),
	};
	return CHECK_MAIN("dialect-direct", cases);
}
