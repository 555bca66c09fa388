/* SPDX-License-Identifier: MIT
 *
 * ACS ACR122U: what its PN532 is told, and what it says.
 */
#include "tests/pcsc/talk.h"

#define IDM        "11 14 B3 14 31 41 59 2A"
#define PMM        "10 0B 4B 42 84 85 D0 FF"
#define POLL_FRAME "06 00 FE 00 01 00"
#define POLL_212   "FF 00 00 00 09 D4 4A 01 01 00 FE 00 01 00"
#define POLL_424   "FF 00 00 00 09 D4 4A 01 02 00 FE 00 01 00"
#define WILDCARD   "FF 00 00 00 09 D4 4A 01 01 00 FF FF 00 00"
#define POLLED     "14 01 " IDM " " PMM " FE 00"
#define READ_FRAME "16 06 " IDM " 01 8B 1A 04 80 00 80 01 80 02 80 03"
#define READ       "FF 00 00 00 19 D4 40 01 " READ_FRAME
#define REFUSED    "0C 07 " IDM " 01 A5"
#define NONE       "D5 4B 00 90 00"

static enum card_err ask(struct talk *t, const char *frame_hex, struct bytes *ret)
{
	struct bytes frame;
	unhex(frame_hex, &frame);
	enum card_err err = dialect_acr122.exchange(&t->line, &frame, 50000, ret);
	CHECK(script_spent(&t->s));
	return err;
}

static void a_poll_is_the_pn532s_own_and_its_answer_a_frame_again(void)
{
	struct bytes got = {0};
	CHECK_INT(talk_exchange(&dialect_acr122, POLL_FRAME, POLL_212,
			  "D5 4B 01 01 " POLLED " 90 00", &got),
		CARD_ERR_OK);
	CHECK(talk_same(&got, POLLED));
}

static void other_frames_go_to_the_card_listed(void)
{
	struct bytes got = {0};
	CHECK_INT(talk_exchange(
			  &dialect_acr122, READ_FRAME, READ, "D5 41 00 " REFUSED " 90 00", &got),
		CARD_ERR_OK);
	CHECK(talk_same(&got, REFUSED));
}

static void a_card_of_the_other_speed_is_found_too(void)
{
	static struct talk t;
	struct bytes got = {0};
	talk_begin(&t, "reader");
	script_add(&t.s, POLL_212, NONE);
	script_add(&t.s, POLL_424, "D5 4B 01 01 " POLLED " 90 00");
	CHECK_INT(ask(&t, POLL_FRAME, &got), CARD_ERR_OK);
	CHECK(talk_same(&got, POLLED));
}

static void nothing_at_either_speed_is_silence(void)
{
	static const char *const silence[] = {NONE, "63 00"};
	for (size_t i = 0; i < 2; i++) {
		static struct talk t;
		struct bytes got = {0};
		talk_begin(&t, "reader");
		script_add(&t.s, POLL_212, silence[i]);
		script_add(&t.s, POLL_424, silence[i]);
		CHECK_INT(ask(&t, POLL_FRAME, &got), CARD_ERR_TIMEOUT);
		CHECK_INT(got.len, 0);
	}
}

static void a_poll_answered_in_another_form_is_refused(void)
{
	static const struct {
		const char *answer;
		enum card_err err;
	} rows[] = {
		{"D5 4B 02 01 " POLLED " 90 00", CARD_ERR_PROTOCOL}, /* two of one */
		{"D5 4B 01 02 " POLLED " 90 00", CARD_ERR_PROTOCOL}, /* the second of one */
		{"D5 4B 00 01 90 00", CARD_ERR_PROTOCOL},            /* none, and yet more */
		{"D5 4B 01 01 90 00", CARD_ERR_PROTOCOL},
		{"D5 4B 01 90 00", CARD_ERR_PROTOCOL},
		{"D5 4B 90 00", CARD_ERR_PROTOCOL},
		{"D5 41 00 " POLLED " 90 00", CARD_ERR_PROTOCOL},
		{"D4 4B 01 01 " POLLED " 90 00", CARD_ERR_PROTOCOL},
		{"D5 7F 90 00", CARD_ERR_PROTOCOL}, /* the PN532's "syntax error" */
		{"D5 90 00", CARD_ERR_PROTOCOL},
		{"90 00", CARD_ERR_PROTOCOL},
		{"D5 4B 01 01 " POLLED " 63 00", CARD_ERR_PROTOCOL},
		{"6F 00", CARD_ERR_PROTOCOL},
		{"90", CARD_ERR_PROTOCOL},
		{"6A 81", CARD_ERR_NO_DIALECT},
		{"6D 00", CARD_ERR_NO_DIALECT},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes got = {0};
		CHECK_INT(
			talk_exchange(&dialect_acr122, POLL_FRAME, POLL_212, rows[i].answer, &got),
			rows[i].err);
		CHECK_INT(got.len, 0);
	}
}

static void the_status_of_the_pn532_names_the_cause(void)
{
	static const struct {
		const char *answer;
		enum card_err err;
	} rows[] = {
		{"D5 41 01 90 00", CARD_ERR_TIMEOUT},
		{"D5 41 41 90 00", CARD_ERR_TIMEOUT}, /* the upper bits are no cause */
		{"D5 41 2A 90 00", CARD_ERR_REMOVED},
		{"D5 41 2B 90 00", CARD_ERR_REMOVED},
		{"D5 41 02 90 00", CARD_ERR_PROTOCOL}, /* CRC */
		{"D5 41 13 90 00", CARD_ERR_PROTOCOL},
		{"D5 41 27 90 00", CARD_ERR_PROTOCOL},
		{"D5 41 02 " REFUSED " 90 00", CARD_ERR_PROTOCOL},
		{"D5 41 00 90 00", CARD_ERR_PROTOCOL}, /* well, but where is the frame? */
		{"D5 41 90 00", CARD_ERR_PROTOCOL},
		{"D5 4B 00 " REFUSED " 90 00", CARD_ERR_PROTOCOL},
		{"63 00", CARD_ERR_TIMEOUT},
		{"6A 81", CARD_ERR_NO_DIALECT},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes got = {0};
		CHECK_INT(talk_exchange(&dialect_acr122, READ_FRAME, READ, rows[i].answer, &got),
			rows[i].err);
		CHECK_INT(got.len, 0);
	}
}

static void an_answer_kept_back_is_fetched(void)
{
	static struct talk t;
	struct bytes got = {0};
	talk_begin(&t, "reader");
	script_add(&t.s, READ, "61 11");
	script_add(&t.s, "FF C0 00 00 11", "D5 41 00 " REFUSED " 90 00");
	CHECK_INT(ask(&t, READ_FRAME, &got), CARD_ERR_OK);
	CHECK(talk_same(&got, REFUSED));
	talk_begin(&t, "reader");
	script_add(&t.s, READ, "61 03");
	script_add(&t.s, "FF C0 00 00 03", "D5 41 00 61 0C");
	script_add(&t.s, "FF C0 00 00 0C", REFUSED " 90 00");
	CHECK_INT(ask(&t, READ_FRAME, &got), CARD_ERR_OK);
	CHECK(talk_same(&got, REFUSED));
}

static void an_answer_kept_back_for_ever_is_given_up(void)
{
	static struct talk t;
	struct bytes got = {0};
	talk_begin(&t, "reader");
	script_add(&t.s, READ, "61 01");
	for (int i = 0; i < 4; i++)
		script_add(&t.s, "FF C0 00 00 01", "D5 61 01");
	CHECK_INT(ask(&t, READ_FRAME, &got), CARD_ERR_PROTOCOL);
	CHECK_INT(got.len, 0);
}

/* 61 00 is 256 bytes more, each time. */
static void an_answer_longer_than_any_is_a_limit(void)
{
	static struct talk t;
	struct bytes got = {0};
	char part[1200] = "";
	for (int i = 0; i < 256; i++)
		strcat(part, "5A");
	strcat(part, "61 00");
	talk_begin(&t, "reader");
	script_add(&t.s, READ, "61 00");
	for (int i = 0; i < 4; i++)
		script_add(&t.s, "FF C0 00 00 00", part);
	CHECK_INT(ask(&t, READ_FRAME, &got), CARD_ERR_LIMIT);
	CHECK_INT(got.len, 0);
}

static void a_frame_of_no_use_is_not_sent(void)
{
	static struct talk t;
	struct bytes got = {0};
	const struct bytes full = {.full = true}, none = {.len = 0}, one = {.len = 1};
	struct bytes frame = {.at = {0, 6}, .len = 253};
	talk_begin(&t, "reader");
	CHECK_INT(dialect_acr122.exchange(&t.line, &full, 0, &got), CARD_ERR_LIMIT);
	CHECK_INT(dialect_acr122.exchange(&t.line, &frame, 0, &got), CARD_ERR_LIMIT);
	frame.len = APDU_MAX;
	CHECK_INT(dialect_acr122.exchange(&t.line, &frame, 0, &got), CARD_ERR_LIMIT);
	frame.at[1] = 0; /* a poll */
	CHECK_INT(dialect_acr122.exchange(&t.line, &frame, 0, &got), CARD_ERR_LIMIT);
	CHECK_INT(dialect_acr122.exchange(&t.line, &none, 0, &got), CARD_ERR_PROTOCOL);
	CHECK_INT(dialect_acr122.exchange(&t.line, &one, 0, &got), CARD_ERR_PROTOCOL);
	CHECK_INT(t.s.sent, 0);
}

/* That it found no card says as well who is speaking. */
static void an_unknown_reader_is_known_by_its_pn532(void)
{
	static const struct {
		const char *answer;
		enum card_err err;
	} rows[] = {
		{NONE, CARD_ERR_OK},
		{"D5 4B 01 01 12 01 " IDM " " PMM " 90 00", CARD_ERR_OK},
		{"63 00", CARD_ERR_NO_DIALECT},
		{"6A 81", CARD_ERR_NO_DIALECT},
		{"90 00", CARD_ERR_NO_DIALECT},
		{"12 01 " IDM " " PMM " 90 00", CARD_ERR_NO_DIALECT},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct talk t;
		talk_begin(&t, "reader");
		script_add(&t.s, WILDCARD, rows[i].answer);
		talk_opens(&t, &dialect_acr122, false, rows[i].err);
	}
}

static void a_reader_that_is_trusted_is_asked_nothing_to_begin(void)
{
	static struct talk t;
	talk_begin(&t, "reader");
	talk_opens(&t, &dialect_acr122, true, CARD_ERR_OK);
	dialect_acr122.close(&t.line);
	CHECK_INT(t.s.sent, 0);
}

static void a_card_taken_away_at_any_moment_is_removed(void)
{
	for (size_t k = 0; k < 2; k++) {
		static struct talk t;
		struct bytes frame, got = {0};
		talk_begin(&t, "reader");
		script_add(&t.s, POLL_212, NONE);
		script_add(&t.s, POLL_424, NONE);
		t.s.remove_from = k;
		unhex(POLL_FRAME, &frame);
		CHECK_INT(dialect_acr122.exchange(&t.line, &frame, 0, &got), CARD_ERR_REMOVED);
		talk_begin(&t, "reader");
		script_add(&t.s, READ, "61 11");
		t.s.remove_from = k;
		unhex(READ_FRAME, &frame);
		CHECK_INT(dialect_acr122.exchange(&t.line, &frame, 0, &got), CARD_ERR_REMOVED);
	}
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(a_poll_is_the_pn532s_own_and_its_answer_a_frame_again),
		CASE(other_frames_go_to_the_card_listed),
		CASE(a_card_of_the_other_speed_is_found_too),
		CASE(nothing_at_either_speed_is_silence),
		CASE(a_poll_answered_in_another_form_is_refused),
		CASE(the_status_of_the_pn532_names_the_cause),
		CASE(an_answer_kept_back_is_fetched),
		CASE(an_answer_kept_back_for_ever_is_given_up),
		CASE(an_answer_longer_than_any_is_a_limit),
		CASE(a_frame_of_no_use_is_not_sent),
		CASE(an_unknown_reader_is_known_by_its_pn532),
		CASE(a_reader_that_is_trusted_is_asked_nothing_to_begin),
		CASE(a_card_taken_away_at_any_moment_is_removed),
	};
	return CHECK_MAIN("dialect-acr122", cases);
}
