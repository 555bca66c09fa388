/* SPDX-License-Identifier: MIT
 *
 * Whole conversations: both dialects, every card of the sample world, and
 * every way an exchange may break.
 */
#include "pcsc/card.h"

#include <stdlib.h>

#include "tests/check.h"
#include "tests/pcsc/sample.h"

#define BLANK " 20202020202020202020202020202020 "

static enum card_err read_with(struct script *s, struct card_reading *ret, struct card_trace *trace)
{
	return sample_read(s, &fcf_layout, 1, ret, trace);
}

static void check_card(enum speech speech, const struct sample *card)
{
	static struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	sample_script(&s, speech, card);
	CHECK_INT(read_with(&s, &r, &trace), card->err);
	CHECK(script_spent(&s));
	CHECK(trace.step != NULL);
	if (card->err)
		return;
	CHECK(sample_matches(card, &r));
	CHECK(reading_is_sound(&r));
	CHECK_STR(r.dialect, speech_names[speech]);
	CHECK_STR(r.reader, speech_readers[speech]);
}

static void every_sample_card_is_read_for_what_it_is(void)
{
	for (enum speech speech = 0; speech < SPEECH_COUNT; speech++)
		for (size_t i = 0; i < n_samples; i++)
			check_card(speech, &samples[i]);
}

/* Byte for byte as cards.md gives them, so that a fault shared by the other tests' builder
 * and the library would be seen. */
static void the_documented_exchange_over_a_transparent_session_is_spoken(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	script_init(&s, "SONY FeliCa RC-S300/P (0236798) 00 00");
	script_add(&s, "FFC20000028100 00", "C0030090009000");
	script_add(&s, "FFC20002048F020300 00", "C0030090008F0103 9000");
	script_add(&s, "FFC200010F5F460450C30000950606 00FE000000 00",
		"C003009000 920100 96020000 971212 01 0114B3141592653A 100B4B428485D0FF 9000");
	script_add(&s,
		"FFC200011F5F460450C30000951616 060114B3141592653A 018B1A 04 8000800180028003 00",
		"C003009000 920100 96020000 974D4D07 0114B3141592653A 0000 04"
		"30313337 2D323436383031 00 0000 30 32"
		"83678345835F83438140835E838D8345"
		"31333939303030313230323230343031"
		"32303939303333314148323830333339 9000");
	script_add(&s, "FFC20000028200 00", "C0030090009000");
	CHECK_INT(read_with(&s, &r, &trace), CARD_ERR_OK);
	CHECK(script_spent(&s));
	CHECK_STR(r.number, "37-246801");
	CHECK_STR(r.name, "トウダイ タロウ");
	CHECK_STR(r.class_, "student");
	CHECK_INT(r.expires, 20990331);
}

static void the_documented_exchange_over_an_acs_reader_is_spoken(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	script_init(&s, "ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 00 00");
	script_add(&s, "FF000000060600FE000000", "12011114B3141592653A100B4B428485D0FF 9000");
	script_add(&s, "FF000000161606 1114B3141592653A 018B1A048000800180028003",
		"4D07 1114B3141592653A 000004 3131 303031323334350000000000 30 31"
		"91A0914F81408E9F9859202020202020"
		"31333939303030313230323230343031"
		"32303939303333314148323830333339 9000");
	CHECK_INT(read_with(&s, &r, &trace), CARD_ERR_OK);
	CHECK(script_spent(&s));
	CHECK_STR(r.number, "0012345");
	CHECK_STR(r.name, "蔵前 次郎");
	CHECK_STR(r.key_kind, "staff-number");
	CHECK_INT(r.idm[0], 0x01);
}

/* APDUs that only tidy up: their failure takes nothing from a reading. */
static bool only_tidies(const struct script *s, size_t i)
{
	const struct bytes *want = &s->lines[i].want;
	return want->len > 5 && want->at[1] == 0xC2 && want->at[5] == 0x82;
}

static void a_card_taken_away_at_any_moment_is_removed_and_reads_fine_again(void)
{
	static struct script s;
	for (enum speech speech = 0; speech < SPEECH_COUNT; speech++) {
		const struct sample *card = sample_find("student");
		sample_script(&s, speech, card);
		for (size_t k = 0; k < s.n; k++) {
			struct card_reading r = {.reissue = 4711}, again = {0};
			struct card_trace trace;
			bool last = k + 1 == s.n && only_tidies(&s, k);
			script_rewind(&s);
			s.remove_from = k;
			CHECK_INT(read_with(&s, &r, &trace), last ? CARD_ERR_OK : CARD_ERR_REMOVED);
			CHECK(last || r.reissue == 4711);
			CHECK_INT(s.open, 0);
			script_rewind(&s);
			CHECK_INT(read_with(&s, &again, &trace), CARD_ERR_OK);
			CHECK(sample_matches(card, &again));
			CHECK(script_spent(&s));
		}
	}
}

/* Play `card` with answer k replaced, in any order; then unharmed. */
static enum card_err read_broken(struct script *s, size_t k, const struct bytes *instead)
{
	struct card_reading r = {0};
	struct card_trace trace;
	script_rewind(s);
	s->any_order = true;
	s->replaced = k;
	s->instead = *instead;
	enum card_err err = read_with(s, &r, &trace);
	CHECK_INT(s->open, 0);
	CHECK(err != CARD_ERR_OK || reading_is_sound(&r));
	return err;
}

static void check_reads_again(struct script *s, const struct sample *card)
{
	struct card_reading r = {0};
	struct card_trace trace;
	script_rewind(s);
	s->any_order = false;
	CHECK_INT(read_with(s, &r, &trace), CARD_ERR_OK);
	CHECK(sample_matches(card, &r));
	CHECK(script_spent(s));
}

/* The reader's own answers, before the card is asked: a reader that does not understand. */
static bool is_reader_talk(const struct script *s, size_t i)
{
	const struct bytes *want = &s->lines[i].want;
	return want->at[1] == 0xC2 && want->at[3] != 0x01;
}

/* A reader that answers this strangely may be in another's session: that is ended first. */
static bool is_asked_again(const struct script *s, size_t i)
{
	return is_reader_talk(s, i) && s->lines[i].want.at[5] == 0x81;
}

static bool follows_from_garbage(const struct script *s, size_t i, enum card_err err)
{
	if (only_tidies(s, i))
		return err == CARD_ERR_OK;
	if (is_asked_again(s, i) && err == CARD_ERR_OK)
		return true;
	return err == (is_reader_talk(s, i) ? CARD_ERR_NO_DIALECT : CARD_ERR_PROTOCOL);
}

static void check_every_cut(enum speech speech)
{
	static struct script s;
	const struct sample *card = sample_find("staff");
	sample_script(&s, speech, card);
	for (size_t k = 0; k < s.n; k++) {
		for (size_t len = 0; len < s.lines[k].answer.len; len++) {
			struct bytes cut = s.lines[k].answer;
			cut.len = len;
			enum card_err err = read_broken(&s, k, &cut);
			CHECK(len == 0 && !only_tidies(&s, k) ? err == CARD_ERR_REMOVED
							      : follows_from_garbage(&s, k, err));
		}
		check_reads_again(&s, card);
	}
}

static void a_truncated_answer_is_noticed_at_every_length(void)
{
	check_every_cut(TRANSPARENT);
	check_every_cut(ACS);
}

static void an_answer_with_bytes_too_many_is_noticed_at_every_place(void)
{
	static struct script s;
	for (enum speech speech = 0; speech < SPEECH_COUNT; speech++) {
		const struct sample *card = sample_find("staff");
		sample_script(&s, speech, card);
		for (size_t k = 0; k < s.n; k++) {
			const struct bytes *whole = &s.lines[k].answer;
			struct bytes more = {0};
			bytes_put(&more, whole->at, whole->len - 2);
			/* the head of one more object, without its body */
			bytes_put(&more, "\x97\x7F\x90\x00", 4);
			CHECK(follows_from_garbage(&s, k, read_broken(&s, k, &more)));
			check_reads_again(&s, card);
		}
	}
}

/* What a changed byte `at` of the answer to a read of four blocks may lead to. */
static bool may_follow(size_t at, enum card_err err)
{
	if (at == 10) /* SF1; with 01 A6 or A8 behind it the card would be another */
		return err == CARD_ERR_UNREADABLE;
	if (at == 11) /* SF2 means something only where SF1 does */
		return err == CARD_ERR_OK;
	if (at < 13)
		return err == CARD_ERR_PROTOCOL;
	if (at >= 77)
		return err == CARD_ERR_PROTOCOL;
	return err == CARD_ERR_OK || err == CARD_ERR_FOREIGN || err == CARD_ERR_UNREADABLE;
}

static void a_flipped_bit_anywhere_in_a_read_has_the_right_cause(void)
{
	static struct script s;
	const struct sample *card = sample_find("staff");
	sample_script(&s, ACS, card);
	const size_t k = s.n - 1;
	CHECK_INT(s.lines[k].answer.len, 79);
	for (size_t bit = 0; bit < 8 * s.lines[k].answer.len; bit++) {
		struct bytes flipped = s.lines[k].answer;
		flipped.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
		enum card_err err = read_broken(&s, k, &flipped);
		if (!may_follow(bit / 8, err))
			fprintf(stderr, "byte %zu: %s\n", bit / 8, card_err_name(err));
		CHECK(may_follow(bit / 8, err));
	}
	check_reads_again(&s, card);
}

static void a_card_of_three_blocks_is_read_with_fewer(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	struct card_layout layout = fcf_layout;
	layout.school_id[0] = '\0';
	script_init(&s, speech_readers[ACS]);
	script_add(&s, "FF000000060600FE000000", "12010114B3141592653A100B4B428485D0FF 9000");
	script_add(&s, "FF000000161606 0114B3141592653A 018B1A048000800180028003",
		"0C07 0114B3141592653A 01A8 9000");
	script_add(&s, "FF000000141406 0114B3141592653A 018B1A03800080018002",
		"3D07 0114B3141592653A 000003 3131 303031323334350000000000 30 31"
		"20202020202020202020202020202020"
		"31333939303030313230323230343031 9000");
	CHECK_INT(sample_read(&s, &layout, 1, &r, &trace), CARD_ERR_OK);
	CHECK(script_spent(&s));
	CHECK_STR(r.number, "0012345");
	CHECK_STR(r.name, "");
	CHECK_INT(r.expires, 0);
}

static void add_polled(struct script *s)
{
	script_init(s, speech_readers[ACS]);
	script_add(s, "FF000000060600FE000000", "12010114B3141592653A100B4B428485D0FF 9000");
}

/* Four blocks are what every chip gives at once. */
static void a_layout_of_many_blocks_is_read_four_at_a_time(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	struct card_layout layout = {.name = "six",
		.steps = {{.kind = LAYOUT_SYSTEM, .code = 0xFE00},
			{.kind = LAYOUT_READ,
				.code = 0x120F,
				.blocks = {0, 1, 2, 3, 4, 9},
				.n_blocks = 6}},
		.n_steps = 2,
		.number = {88, 8}};
	add_polled(&s);
	script_add(&s, "FF000000161606 0114B3141592653A 010F12048000800180028003",
		"4D07 0114B3141592653A 000004" BLANK BLANK BLANK BLANK "9000");
	script_add(&s, "FF000000121206 0114B3141592653A 010F120280048009",
		"2D07 0114B3141592653A 000002" BLANK "3030303030303030 3132333435363738 9000");
	CHECK_INT(sample_read(&s, &layout, 1, &r, &trace), CARD_ERR_OK);
	CHECK(script_spent(&s));
	CHECK_STR(r.number, "12345678");
}

static void a_card_that_holds_no_block_of_the_layout_is_unreadable(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	struct card_layout layout = fcf_layout;
	layout.steps[1].n_blocks = 1;
	add_polled(&s);
	script_add(&s, "FF000000101006 0114B3141592653A 018B1A018000",
		"0C07 0114B3141592653A 01A8 9000");
	CHECK_INT(sample_read(&s, &layout, 1, &r, &trace), CARD_ERR_UNREADABLE);
	CHECK_INT(trace.flags, 0x01A8);
	CHECK(script_spent(&s));
}

static void a_card_not_yet_awake_is_found_by_the_second_poll(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	const struct sample *card = sample_find("student");
	sample_script(&s, TRANSPARENT, card);
	memmove(&s.lines[3], &s.lines[2], (s.n - 2) * sizeof(s.lines[0]));
	s.n++;
	unhex("C003006401 9000", &s.lines[2].answer);
	CHECK_INT(read_with(&s, &r, &trace), CARD_ERR_OK);
	CHECK(sample_matches(card, &r));
	CHECK(script_spent(&s));
}

/* E-money cards share system FE00: to call them broken would send their holder away wrongly. */
static void a_card_without_the_service_is_unknown_not_unreadable(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	add_polled(&s);
	script_add(&s, "FF000000161606 0114B3141592653A 018B1A048000800180028003",
		"0C07 0114B3141592653A 01A6 9000");
	CHECK_INT(read_with(&s, &r, &trace), CARD_ERR_UNKNOWN_CARD);
	CHECK_INT(trace.flags, 0x01A6);
	CHECK(script_spent(&s));
}

static void a_card_silent_after_its_poll_is_removed(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	add_polled(&s);
	script_add(&s, "FF000000161606 0114B3141592653A 018B1A048000800180028003", "6300");
	CHECK_INT(read_with(&s, &r, &trace), CARD_ERR_REMOVED);
	CHECK_STR(trace.step, "read");
	CHECK_INT(trace.sw, 0x6300);
	CHECK(script_spent(&s));
}

static void an_all_zero_service_is_no_data(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	char answer[256] = "4D07 0114B3141592653A 000004 ";
	for (size_t i = 0; i < 64; i++)
		strcat(answer, "00");
	strcat(answer, "9000");
	add_polled(&s);
	script_add(&s, "FF000000161606 0114B3141592653A 018B1A048000800180028003", answer);
	CHECK_INT(read_with(&s, &r, &trace), CARD_ERR_NO_DATA);
	CHECK(script_spent(&s));
}

/* The second layout of the file fits where the first finds no system. */
static void each_layout_is_tried_in_turn(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	struct card_layout layouts[] = {fcf_layout, fcf_layout};
	layouts[0].steps[0].code = 0x81F8;
	strcpy(layouts[0].name, "first");
	sample_script(&s, ACS, sample_find("student"));
	memmove(&s.lines[4], &s.lines[0], s.n * sizeof(s.lines[0]));
	s.n += 4;
	static const char *const survey[][2] = {{"FF00000006 0600 81F8 0000", "6300"},
		{"FF00000006 0600 81F8 0000", "6300"},
		{"FF00000006 0600 FFFF 0000", "1201 0114B3141592653A 100B4B428485D0FF 9000"},
		{"FF0000000A 0A0C 0114B3141592653A", "0F0D 0114B3141592653A 02 809E FE00 9000"}};
	for (size_t i = 0; i < 4; i++) {
		unhex(survey[i][0], &s.lines[i].want);
		unhex(survey[i][1], &s.lines[i].answer);
	}
	CHECK_INT(sample_read(&s, layouts, 2, &r, &trace), CARD_ERR_OK);
	CHECK(script_spent(&s));
	CHECK_STR(r.layout, "fcf");
}

static void a_closer_layout_names_the_cause(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	struct card_layout layouts[] = {fcf_layout, fcf_layout};
	layouts[1].steps[0].code = 0x81F8;
	sample_script(&s, ACS, sample_find("other-university"));
	script_add(&s, "FF00000006 0600 81F8 0000", "6300");
	script_add(&s, "FF00000006 0600 FFFF 0000", "6300");
	CHECK_INT(sample_read(&s, layouts, 2, &r, &trace), CARD_ERR_FOREIGN);
	CHECK(script_spent(&s));
	CHECK_STR(trace.step, "decode");
}

static void no_layout_at_all_is_an_unknown_card(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	script_init(&s, speech_readers[ACS]);
	script_add(&s, "FFCA000000", "0114B3141592653A 9000");
	CHECK_INT(sample_read(&s, NULL, 0, &r, &trace), CARD_ERR_UNKNOWN_CARD);
	CHECK(script_spent(&s));
}

static void a_refused_connection_is_handed_on_with_nothing_sent(void)
{
	static const enum card_err refusals[] = {CARD_ERR_BUSY, CARD_ERR_REMOVED, CARD_ERR_MUTE,
		CARD_ERR_NO_SERVICE, CARD_ERR_NOT_ALLOWED, CARD_ERR_NO_READER};
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct script s;
		struct card_reading r = {0};
		struct card_trace trace = {.sw = 0xFFFF};
		script_init(&s, speech_readers[ACS]);
		s.refusal = refusals[i];
		CHECK_INT(read_with(&s, &r, &trace), refusals[i]);
		CHECK_STR(trace.step, "connect");
		CHECK_INT(trace.sw, 0);
		CHECK_INT(s.sent, 0);
	}
}

static void a_transport_error_in_the_middle_keeps_its_cause(void)
{
	static const enum card_err errors[] = {
		CARD_ERR_BUSY, CARD_ERR_NO_SERVICE, CARD_ERR_LIMIT, CARD_ERR_MUTE};
	static struct script s;
	for (enum speech speech = 0; speech < SPEECH_COUNT; speech++) {
		for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
			struct card_reading r = {0};
			struct card_trace trace;
			sample_script(&s, speech, sample_find("student"));
			for (size_t k = 0; k < s.n; k++) {
				script_rewind(&s);
				s.any_order = true;
				s.lines[k].err = errors[i];
				enum card_err err = read_with(&s, &r, &trace);
				CHECK_INT(err, only_tidies(&s, k) ? CARD_ERR_OK : errors[i]);
				CHECK_INT(s.open, 0);
				s.lines[k].err = CARD_ERR_OK;
			}
		}
	}
}

static void a_layout_beyond_the_limits_asks_nothing_of_the_card(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	struct card_layout layout = fcf_layout;
	layout.steps[1].n_blocks = LAYOUT_BLOCKS_MAX + 1;
	add_polled(&s);
	CHECK_INT(sample_read(&s, &layout, 1, &r, &trace), CARD_ERR_LIMIT);
	CHECK(script_spent(&s));
}

static void a_reader_name_of_any_length_is_bounded(void)
{
	struct script s;
	struct card_reading r = {0};
	struct card_trace trace;
	char name[2 * READER_NAME_SIZE];
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	script_init(&s, name);
	CHECK_INT(read_with(&s, &r, &trace), CARD_ERR_NO_READER);
	CHECK_INT(s.sent, 0);
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(every_sample_card_is_read_for_what_it_is),
		CASE(the_documented_exchange_over_a_transparent_session_is_spoken),
		CASE(the_documented_exchange_over_an_acs_reader_is_spoken),
		CASE(a_card_taken_away_at_any_moment_is_removed_and_reads_fine_again),
		CASE(a_truncated_answer_is_noticed_at_every_length),
		CASE(an_answer_with_bytes_too_many_is_noticed_at_every_place),
		CASE(a_flipped_bit_anywhere_in_a_read_has_the_right_cause),
		CASE(a_card_of_three_blocks_is_read_with_fewer),
		CASE(a_layout_of_many_blocks_is_read_four_at_a_time),
		CASE(a_card_that_holds_no_block_of_the_layout_is_unreadable),
		CASE(a_card_not_yet_awake_is_found_by_the_second_poll),
		CASE(a_card_without_the_service_is_unknown_not_unreadable),
		CASE(a_card_silent_after_its_poll_is_removed),
		CASE(an_all_zero_service_is_no_data),
		CASE(each_layout_is_tried_in_turn),
		CASE(a_closer_layout_names_the_cause),
		CASE(no_layout_at_all_is_an_unknown_card),
		CASE(a_refused_connection_is_handed_on_with_nothing_sent),
		CASE(a_transport_error_in_the_middle_keeps_its_cause),
		CASE(a_layout_beyond_the_limits_asks_nothing_of_the_card),
		CASE(a_reader_name_of_any_length_is_bounded),
	};
	return CHECK_MAIN("card", cases);
}
