/* SPDX-License-Identifier: MIT
 *
 * Which dialect is spoken with whom, and what each makes of a reader's words.
 */
#include "pcsc/dialect.h"

#include "pcsc/tlv.h"
#include "tests/check.h"
#include "tests/pcsc/script.h"

#define END      "FF C2 00 00 02 82 00 00"
#define START    "FF C2 00 00 02 81 00 00"
#define FELICA   "FF C2 00 02 04 8F 02 03 00 00"
#define WILDCARD "FF 00 00 00 06 06 00 FF FF 00 00"
#define OK       "C0 03 00 90 00 90 00"
#define POLLED   "12 01 01 14 B3 14 31 41 59 2A 10 0B 4B 42 84 85 D0 FF"
#define POLL     "FF C2 00 01 0F 5F 46 04 50 C3 00 00 95 06 06 00 FE 00 00 00 00"

struct talk {
	struct script s;
	struct card_trace trace;
	struct line line;
};

static const struct line *begin(struct talk *l, const char *reader)
{
	script_init(&l->s, reader);
	l->trace = (struct card_trace){0};
	l->line = (struct line){.t = &l->s.t, .trace = &l->trace};
	return &l->line;
}

static void check_opens(struct talk *l, enum card_err want, const struct dialect *which)
{
	const struct dialect *got = NULL;
	CHECK_INT(dialect_open(&l->line, l->s.reader, NULL, &got), want);
	CHECK(got == which);
	CHECK(script_spent(&l->s));
}

static void a_sony_reader_is_spoken_to_in_a_transparent_session_at_once(void)
{
	static const char *const names[] = {"SONY FeliCa RC-S300/P (0236798) 00 00",
		"Sony Corporation RC-S660/U 00 00", "Sony FeliCa Port/PaSoRi 4.0 0"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct talk l;
		begin(&l, names[i]);
		script_add(&l.s, END, "6F 00");
		script_add(&l.s, START, OK);
		script_add(&l.s, FELICA, OK);
		check_opens(&l, CARD_ERR_OK, &dialect_transparent);
	}
}

static void an_acs_reader_is_spoken_to_directly_at_once(void)
{
	static const char *const names[] = {
		"ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 00 00",
		"ACS ACR1251 Dual Reader 00 00", "ACS ACR1255U-J1 01 00"};
	static const char *const answers[] = {POLLED " 90 00", "63 00", POLLED " 90 00"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct talk l;
		begin(&l, names[i]);
		script_add(&l.s, WILDCARD, answers[i]);
		check_opens(&l, CARD_ERR_OK, &dialect_acs);
	}
}

static void a_reader_of_unknown_name_is_probed(void)
{
	struct talk l;
	begin(&l, "Virtual PCD 00 00");
	script_add(&l.s, END, "6A 81");
	script_add(&l.s, START, "6A 81");
	script_add(&l.s, WILDCARD, POLLED " 90 00");
	check_opens(&l, CARD_ERR_OK, &dialect_acs);
	begin(&l, "Virtual PCD 00 00");
	script_add(&l.s, END, OK);
	script_add(&l.s, START, OK);
	script_add(&l.s, FELICA, OK);
	check_opens(&l, CARD_ERR_OK, &dialect_transparent);
}

static void a_hint_that_misleads_is_corrected_by_the_probe(void)
{
	struct talk l;
	begin(&l, "ACS ACR1252 9.0 00 00");
	script_add(&l.s, WILDCARD, "6D 00");
	script_add(&l.s, END, OK);
	script_add(&l.s, START, OK);
	script_add(&l.s, FELICA, OK);
	check_opens(&l, CARD_ERR_OK, &dialect_transparent);
}

/* Readers of other makes say 63 00 to what they do not know: that is no promise. */
static void silence_proves_a_dialect_only_where_the_name_does(void)
{
	struct talk l;
	begin(&l, "Identiv uTrust 3700 F 00 00");
	script_add(&l.s, END, "63 00");
	script_add(&l.s, START, "63 00");
	script_add(&l.s, WILDCARD, "63 00");
	check_opens(&l, CARD_ERR_NO_DIALECT, NULL);
}

static void the_pn532_readers_of_acs_are_not_taken_for_others(void)
{
	struct talk l;
	begin(&l, "ACS ACR122U PICC Interface 00 00");
	script_add(&l.s, END, "63 00");
	script_add(&l.s, START, "63 00");
	script_add(&l.s, WILDCARD, "63 00");
	check_opens(&l, CARD_ERR_NO_DIALECT, NULL);
}

static void a_session_left_open_by_a_crashed_program_is_ended_first(void)
{
	struct talk l;
	begin(&l, "SONY FeliCa RC-S300/P");
	script_add(&l.s, END, OK);
	script_add(&l.s, START, OK);
	script_add(&l.s, FELICA, OK);
	check_opens(&l, CARD_ERR_OK, &dialect_transparent);
	CHECK_INT(l.s.lines[0].want.at[5], 0x82);
}

static void a_reader_another_program_owns_is_busy(void)
{
	struct talk l;
	begin(&l, "SONY FeliCa RC-S300/P");
	script_add(&l.s, END, OK);
	script_add(&l.s, START, "C0 03 00 69 8A 90 00");
	check_opens(&l, CARD_ERR_BUSY, NULL);
	CHECK_INT(l.trace.sw, 0x698A);
}

static void a_session_that_cannot_speak_felica_is_ended(void)
{
	struct talk l;
	begin(&l, "SONY FeliCa RC-S300/P");
	script_add(&l.s, END, OK);
	script_add(&l.s, START, OK);
	script_add(&l.s, FELICA, "C0 03 00 6A 81 90 00");
	script_add(&l.s, END, OK);
	script_add(&l.s, WILDCARD, "6A 81");
	check_opens(&l, CARD_ERR_NO_DIALECT, NULL);
}

/* Choosing FeliCa may make the reader look for a card; that none answers is the poll's to say. */
static void a_silent_card_does_not_fail_the_session(void)
{
	struct talk l;
	begin(&l, "SONY FeliCa RC-S300/P");
	script_add(&l.s, END, OK);
	script_add(&l.s, START, OK);
	script_add(&l.s, FELICA, "C0 03 00 64 01 90 00");
	check_opens(&l, CARD_ERR_OK, &dialect_transparent);
}

static enum card_err poll_with(
	const struct dialect *d, const char *want, const char *answer, struct bytes *ret)
{
	struct talk l;
	struct bytes frame;
	begin(&l, "reader");
	script_add(&l.s, want, answer);
	unhex("06 00 FE 00 00 00", &frame);
	enum card_err err = d->exchange(&l.line, &frame, 50000, ret);
	CHECK(script_spent(&l.s));
	return err;
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
		struct bytes want, got = {0};
		enum card_err err = poll_with(&dialect_transparent, POLL, rows[i].answer, &got);
		if (err != rows[i].err)
			fprintf(stderr, "%s\n", rows[i].answer);
		CHECK_INT(err, rows[i].err);
		unhex(POLLED, &want);
		CHECK_INT(got.len, err ? 0 : want.len);
		CHECK(err || memcmp(got.at, want.at, want.len) == 0);
	}
}

static void a_bare_63_00_of_an_acs_reader_is_silence(void)
{
	static const char poll[] = "FF 00 00 00 06 06 00 FE 00 00 00";
	static const struct {
		const char *answer;
		enum card_err err;
	} rows[] = {
		{POLLED " 90 00", CARD_ERR_OK},
		{"63 00", CARD_ERR_TIMEOUT},
		{POLLED " 63 00", CARD_ERR_PROTOCOL},
		{"90 00", CARD_ERR_PROTOCOL},
		{"6A 81", CARD_ERR_PROTOCOL},
		{"63", CARD_ERR_PROTOCOL},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes got = {0};
		CHECK_INT(poll_with(&dialect_acs, poll, rows[i].answer, &got), rows[i].err);
		CHECK_INT(got.len, rows[i].err ? 0 : 18);
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
	CHECK_INT(poll_with(&dialect_transparent, POLL, answer, &got), CARD_ERR_OK);
	CHECK_INT(got.len, 253);
	CHECK_INT(got.at[252], 0x5A);
}

static void the_timer_is_microseconds_little_endian(void)
{
	struct talk l;
	struct bytes frame, got = {0};
	begin(&l, "reader");
	script_add(&l.s, "FF C2 00 01 0F 5F 46 04 78 56 34 12 95 06 06 00 FE 00 00 00 00",
		"C0 03 00 64 01 90 00");
	unhex("06 00 FE 00 00 00", &frame);
	CHECK_INT(
		dialect_transparent.exchange(&l.line, &frame, 0x12345678, &got), CARD_ERR_TIMEOUT);
	CHECK(script_spent(&l.s));
}

static void a_frame_too_long_for_an_apdu_is_not_sent(void)
{
	struct talk l;
	struct bytes frame = {.len = 256}, got = {0};
	begin(&l, "reader");
	CHECK_INT(dialect_acs.exchange(&l.line, &frame, 0, &got), CARD_ERR_LIMIT);
	CHECK_INT(dialect_transparent.exchange(&l.line, &frame, 0, &got), CARD_ERR_LIMIT);
	frame = (struct bytes){.len = APDU_MAX};
	CHECK_INT(dialect_transparent.exchange(&l.line, &frame, 0, &got), CARD_ERR_LIMIT);
	frame = (struct bytes){.full = true};
	CHECK_INT(dialect_acs.exchange(&l.line, &frame, 0, &got), CARD_ERR_LIMIT);
	CHECK_INT(dialect_transparent.exchange(&l.line, &frame, 0, &got), CARD_ERR_LIMIT);
	CHECK_INT(l.s.sent, 0);
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
		CASE(a_sony_reader_is_spoken_to_in_a_transparent_session_at_once),
		CASE(an_acs_reader_is_spoken_to_directly_at_once),
		CASE(a_reader_of_unknown_name_is_probed),
		CASE(a_hint_that_misleads_is_corrected_by_the_probe),
		CASE(silence_proves_a_dialect_only_where_the_name_does),
		CASE(the_pn532_readers_of_acs_are_not_taken_for_others),
		CASE(a_session_left_open_by_a_crashed_program_is_ended_first),
		CASE(a_reader_another_program_owns_is_busy),
		CASE(a_session_that_cannot_speak_felica_is_ended),
		CASE(a_silent_card_does_not_fail_the_session),
		CASE(object_c0_is_judged_not_the_status_word),
		CASE(a_bare_63_00_of_an_acs_reader_is_silence),
		CASE(a_long_answer_keeps_its_length),
		CASE(the_timer_is_microseconds_little_endian),
		CASE(a_frame_too_long_for_an_apdu_is_not_sent),
		CASE(objects_are_written_as_they_are_read),
		CASE(a_broken_object_is_left_where_it_stands),
	};
	return CHECK_MAIN("dialect", cases);
}
