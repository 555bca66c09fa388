/* SPDX-License-Identifier: MIT
 *
 * Readers that know no frames: Sony's by service and block, and those that tell
 * the number of the card and nothing else.
 */
#include "tests/pcsc/talk.h"

#define IDM     "01 14 B3 14 31 41 59 2A"
#define OTHER   "01 14 B3 27 18 28 18 2A"
#define GET_IDM "FF CA 00 00 00"
#define SELECT  "FF A4 00 01 02 8B 1A"
#define BLOCK   "30 31 32 33 34 35 36 37 38 39 41 42 43 44 45 46"

static const struct felica_target target = {
	.idm = {0x01, 0x14, 0xB3, 0x14, 0x31, 0x41, 0x59, 0x2A}};

static enum card_err read_two(struct talk *t, uint8_t ret[32], uint16_t *ret_flags)
{
	static const uint8_t blocks[] = {0, 3};
	memset(ret, 0xEE, 32);
	*ret_flags = 0;
	return dialect_sony_select.read(&t->line, &target, 0x1A8B, blocks, 2, ret, ret_flags);
}

static void a_card_is_known_by_its_number_whatever_the_system(void)
{
	static const struct {
		const char *answer;
		enum card_err err;
	} rows[] = {
		{IDM " 90 00", CARD_ERR_OK},
		{"04 A1 B2 C3 90 00", CARD_ERR_TIMEOUT}, /* MIFARE */
		{"04 A1 B2 C3 D4 E5 F6 90 00", CARD_ERR_TIMEOUT},
		{IDM " 00 90 00", CARD_ERR_TIMEOUT},
		{"90 00", CARD_ERR_TIMEOUT},
		{"63 00", CARD_ERR_TIMEOUT},
		{"6F 00", CARD_ERR_PROTOCOL},
		{IDM " 63 00", CARD_ERR_PROTOCOL},
		{"90", CARD_ERR_PROTOCOL},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct talk t;
		struct felica_target got = {0};
		talk_begin(&t, "reader");
		script_add(&t.s, GET_IDM, rows[i].answer);
		CHECK_INT(dialect_sony_select.poll(&t.line, 0xFE00, &got), rows[i].err);
		CHECK_INT(got.idm[7], rows[i].err ? 0 : 0x2A);
		CHECK(script_spent(&t.s));
	}
}

/* One selection for all blocks; and since no answer says who gave it, who is there is asked
 * once more at the end. */
static void the_documented_read_is_spoken(void)
{
	static struct talk t;
	uint8_t got[32];
	uint16_t flags;
	talk_begin(&t, "reader");
	script_add(&t.s, SELECT, "90 00");
	script_add(&t.s, "FF B0 00 00 00", BLOCK " 90 00");
	script_add(&t.s, "FF B0 00 03 00", BLOCK " 90 00");
	script_add(&t.s, GET_IDM, IDM " 90 00");
	CHECK_INT(read_two(&t, got, &flags), CARD_ERR_OK);
	CHECK_INT(got[0], '0');
	CHECK_INT(got[31], 'F');
	CHECK_INT(flags, 0);
	CHECK(script_spent(&t.s));
}

static void a_card_exchanged_while_it_was_read_is_removed(void)
{
	static const char *const others[] = {OTHER " 90 00", "04 A1 B2 C3 90 00", "63 00"};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		static struct talk t;
		uint8_t got[32];
		uint16_t flags;
		talk_begin(&t, "reader");
		script_add(&t.s, SELECT, "90 00");
		script_add(&t.s, "FF B0 00 00 00", BLOCK " 90 00");
		script_add(&t.s, "FF B0 00 03 00", BLOCK " 90 00");
		script_add(&t.s, GET_IDM, others[i]);
		CHECK_INT(read_two(&t, got, &flags), CARD_ERR_REMOVED);
		CHECK_INT(got[0], 0xEE);
		CHECK(script_spent(&t.s));
	}
}

static bool is_silence(const char *answer)
{
	return answer[0] == '6' && (answer[1] == '3' || answer[1] == '4');
}

static void silence_once_is_a_bad_moment(void)
{
	static struct talk t;
	uint8_t got[32];
	uint16_t flags;
	talk_begin(&t, "reader");
	script_add(&t.s, SELECT, "63 00");
	script_add(&t.s, SELECT, "90 00");
	script_add(&t.s, "FF B0 00 00 00", "63 00");
	script_add(&t.s, "FF B0 00 00 00", BLOCK " 90 00");
	script_add(&t.s, "FF B0 00 03 00", BLOCK " 90 00");
	script_add(&t.s, GET_IDM, IDM " 90 00");
	CHECK_INT(read_two(&t, got, &flags), CARD_ERR_OK);
	CHECK(script_spent(&t.s));
}

static void a_service_refused_is_one_the_card_has_not(void)
{
	static const char *const refusals[] = {
		"6A 82", "6A 83", "6A 88", "69 82", "63 00", "64 01"};
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		static struct talk t;
		uint8_t got[32];
		uint16_t flags;
		talk_begin(&t, "reader");
		script_add(&t.s, SELECT, refusals[i]);
		if (is_silence(refusals[i]))
			script_add(&t.s, SELECT, refusals[i]);
		script_add(&t.s, GET_IDM, IDM " 90 00");
		CHECK_INT(read_two(&t, got, &flags), CARD_ERR_UNREADABLE);
		CHECK_INT(flags, 0xFFA6);
		CHECK(script_spent(&t.s));
	}
}

static void a_block_refused_is_one_the_card_has_not(void)
{
	static const char *const refusals[] = {"6A 82", "6B 00", "62 82", "63 00"};
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		static struct talk t;
		uint8_t got[32];
		uint16_t flags;
		talk_begin(&t, "reader");
		script_add(&t.s, SELECT, "90 00");
		script_add(&t.s, "FF B0 00 00 00", BLOCK " 90 00");
		script_add(&t.s, "FF B0 00 03 00", refusals[i]);
		if (is_silence(refusals[i]))
			script_add(&t.s, "FF B0 00 03 00", refusals[i]);
		script_add(&t.s, GET_IDM, IDM " 90 00");
		CHECK_INT(read_two(&t, got, &flags), CARD_ERR_UNREADABLE);
		CHECK_INT(flags, 0xFFA8);
		CHECK_INT(got[0], 0xEE);
		CHECK(script_spent(&t.s));
	}
}

static void a_refusal_of_a_card_that_left_is_its_leaving(void)
{
	static const char *const others[] = {OTHER " 90 00", "63 00"};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		static struct talk t;
		uint8_t got[32];
		uint16_t flags;
		talk_begin(&t, "reader");
		script_add(&t.s, SELECT, "63 00");
		script_add(&t.s, SELECT, "63 00");
		script_add(&t.s, GET_IDM, others[i]);
		CHECK_INT(read_two(&t, got, &flags), CARD_ERR_REMOVED);
		CHECK_INT(flags, 0);
	}
}

static void an_answer_of_another_form_is_refused(void)
{
	static const struct {
		const char *select, *block;
		enum card_err err;
	} rows[] = {
		{"6F 00", NULL, CARD_ERR_PROTOCOL},
		{"6D 00", NULL, CARD_ERR_NO_DIALECT},
		{"6A 81", NULL, CARD_ERR_NO_DIALECT},
		{"90 00", "30 31 90 00", CARD_ERR_PROTOCOL},
		{"90 00", BLOCK " 00 90 00", CARD_ERR_PROTOCOL},
		{"90 00", "90 00", CARD_ERR_PROTOCOL},
		{"90 00", "6D 00", CARD_ERR_PROTOCOL},
		{"90 00", "6F 00", CARD_ERR_PROTOCOL},
		{"90 00", "90", CARD_ERR_PROTOCOL},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct talk t;
		uint8_t got[32];
		uint16_t flags;
		talk_begin(&t, "reader");
		script_add(&t.s, SELECT, rows[i].select);
		if (rows[i].block)
			script_add(&t.s, "FF B0 00 00 00", rows[i].block);
		CHECK_INT(read_two(&t, got, &flags), rows[i].err);
		CHECK_INT(got[0], 0xEE);
		CHECK(script_spent(&t.s));
	}
}

static void more_blocks_than_any_card_gives_are_not_asked(void)
{
	static struct talk t;
	static const uint8_t blocks[FELICA_BLOCKS_MAX + 1];
	uint8_t data[(FELICA_BLOCKS_MAX + 1) * FELICA_BLOCK_SIZE];
	uint16_t flags;
	talk_begin(&t, "reader");
	CHECK_INT(dialect_sony_select.read(
			  &t.line, &target, 0x1A8B, blocks, FELICA_BLOCKS_MAX + 1, data, &flags),
		CARD_ERR_LIMIT);
	CHECK_INT(t.s.sent, 0);
}

static void an_unknown_reader_is_known_by_what_it_makes_of_a_service(void)
{
	static const struct {
		const char *idm, *select;
		enum card_err err;
	} rows[] = {
		{IDM " 90 00", "90 00", CARD_ERR_OK},
		{IDM " 90 00", "6A 82", CARD_ERR_OK}, /* no such service: understood */
		{IDM " 90 00", "6A 81", CARD_ERR_NO_DIALECT},
		{IDM " 90 00", "6D 00", CARD_ERR_NO_DIALECT},
		{IDM " 90 00", "63 00", CARD_ERR_NO_DIALECT},
		{IDM " 90 00", "6F 00", CARD_ERR_NO_DIALECT},
		{"04 A1 B2 C3 90 00", NULL, CARD_ERR_NO_DIALECT},
		{"6A 81", NULL, CARD_ERR_NO_DIALECT},
		{"63 00", NULL, CARD_ERR_NO_DIALECT},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct talk t;
		talk_begin(&t, "reader");
		script_add(&t.s, GET_IDM, rows[i].idm);
		if (rows[i].select)
			script_add(&t.s, SELECT, rows[i].select);
		talk_opens(&t, &dialect_sony_select, false, rows[i].err);
	}
	static struct talk trusted;
	talk_begin(&trusted, "reader");
	talk_opens(&trusted, &dialect_sony_select, true, CARD_ERR_OK);
}

static void a_card_taken_away_at_any_moment_is_removed(void)
{
	for (size_t k = 0; k < 4; k++) {
		static struct talk t;
		uint8_t got[32];
		uint16_t flags;
		talk_begin(&t, "reader");
		script_add(&t.s, SELECT, "90 00");
		script_add(&t.s, "FF B0 00 00 00", BLOCK " 90 00");
		script_add(&t.s, "FF B0 00 03 00", BLOCK " 90 00");
		t.s.remove_from = k;
		CHECK_INT(read_two(&t, got, &flags), CARD_ERR_REMOVED);
	}
}

static void a_reader_that_tells_only_the_number_carries_nothing(void)
{
	static const struct {
		const char *answer;
		enum card_err err;
	} rows[] = {
		{IDM " 90 00", CARD_ERR_OK},
		{"04 A1 B2 C3 90 00", CARD_ERR_NO_DIALECT},
		{"63 00", CARD_ERR_NO_DIALECT},
		{"6A 81", CARD_ERR_NO_DIALECT},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct talk t;
		talk_begin(&t, "reader");
		script_add(&t.s, GET_IDM, rows[i].answer);
		talk_opens(&t, &dialect_uid_only, true, rows[i].err);
	}
	CHECK(!dialect_uid_only.exchange && !dialect_uid_only.poll && !dialect_uid_only.read);
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(a_card_is_known_by_its_number_whatever_the_system),
		CASE(the_documented_read_is_spoken),
		CASE(a_card_exchanged_while_it_was_read_is_removed),
		CASE(silence_once_is_a_bad_moment),
		CASE(a_service_refused_is_one_the_card_has_not),
		CASE(a_block_refused_is_one_the_card_has_not),
		CASE(a_refusal_of_a_card_that_left_is_its_leaving),
		CASE(an_answer_of_another_form_is_refused),
		CASE(more_blocks_than_any_card_gives_are_not_asked),
		CASE(an_unknown_reader_is_known_by_what_it_makes_of_a_service),
		CASE(a_card_taken_away_at_any_moment_is_removed),
		CASE(a_reader_that_tells_only_the_number_carries_nothing),
	};
	return CHECK_MAIN("dialect-select", cases);
}
