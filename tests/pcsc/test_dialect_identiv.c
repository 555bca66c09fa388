/* SPDX-License-Identifier: MIT
 *
 * Identiv and SCM readers: their own commands for FeliCa.
 */
#include "tests/pcsc/talk.h"

#define IDM     "11 14 B3 14 31 41 59 2A"
#define IDM_0   "01 14 B3 14 31 41 59 2A"
#define PMM     "10 0B 4B 42 84 85 D0 FF"
#define POLL    "FF 40 00 00 04 FE 00 01 00"
#define ANY     "FF 40 00 00 04 FF FF 01 00"
#define SYSTEMS "FF 4A 00 00 00"
#define READ    "FF 46 01 04 0A 8B 1A 80 00 80 01 80 02 80 03"
#define BLOCK   "30 31 32 33 34 35 36 37 38 39 41 42 43 44 45 46 "
#define TWO     IDM " 02 80 9E FE 00 90 00"

static const struct felica_target target = {
	.idm = {0x11, 0x14, 0xB3, 0x14, 0x31, 0x41, 0x59, 0x2A}};

static enum card_err poll(struct talk *t, struct felica_target *ret)
{
	memset(ret, 0, sizeof(*ret));
	enum card_err err = dialect_identiv.poll(&t->line, 0xFE00, ret);
	CHECK(script_spent(&t->s));
	return err;
}

static void a_card_that_names_its_system_is_polled_at_once(void)
{
	static struct talk t;
	struct felica_target got;
	talk_begin(&t, "reader");
	script_add(&t.s, POLL, IDM " " PMM " FE 00 90 00");
	CHECK_INT(poll(&t, &got), CARD_ERR_OK);
	CHECK(memcmp(got.idm, target.idm, IDM_SIZE) == 0);
	CHECK_INT(got.pmm[5], 0x85);
}

/* The order of the poll's data is known from the makers of two of the readers only. */
static void a_reader_with_another_order_in_mind_cannot_go_unnoticed(void)
{
	static const char *const answers[] = {IDM " " PMM " 80 9E 90 00",
		IDM " " PMM " FE 01 90 00", IDM " " PMM " FE 90 00", IDM " " PMM " FE 00 00 90 00",
		IDM " 90 00", IDM " " PMM " FE 00 63 00", "90 00", "67 00", "90"};
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		static struct talk t;
		struct felica_target got;
		talk_begin(&t, "reader");
		script_add(&t.s, POLL, answers[i]);
		CHECK_INT(poll(&t, &got), CARD_ERR_PROTOCOL);
		CHECK_INT(got.idm[1], 0);
	}
}

/* Which system it is, the nibble of the IDm and the list of systems must agree upon. */
static void a_card_that_does_not_name_its_system_is_asked_for_all(void)
{
	static const struct {
		const char *idm, *systems;
		enum card_err err;
	} rows[] = {
		{IDM, TWO, CARD_ERR_OK},
		{IDM_0, IDM_0 " 02 80 9E FE 00 90 00", CARD_ERR_PROTOCOL},
		{IDM_0, IDM_0 " 01 FE 00 90 00", CARD_ERR_OK},
		{IDM, IDM_0 " 02 80 9E FE 00 90 00", CARD_ERR_PROTOCOL},
		{IDM, IDM " 01 FE 00 90 00", CARD_ERR_PROTOCOL},
		{IDM_0, "63 00", CARD_ERR_OK}, /* a Lite chip: one system, and no such question */
		{IDM_0, "6A 81", CARD_ERR_OK},
		{IDM, "63 00", CARD_ERR_PROTOCOL},
		{IDM, IDM " 90 00", CARD_ERR_PROTOCOL},
		{IDM, "6F 00", CARD_ERR_PROTOCOL},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct talk t;
		struct felica_target got;
		char answer[128];
		snprintf(answer, sizeof(answer), "%s " PMM " 90 00", rows[i].idm);
		talk_begin(&t, "reader");
		script_add(&t.s, POLL, answer);
		script_add(&t.s, SYSTEMS, rows[i].systems);
		CHECK_INT(poll(&t, &got), rows[i].err);
	}
}

static void after_silence_the_card_is_asked_what_it_has(void)
{
	static const struct {
		const char *systems;
		enum card_err err;
	} rows[] = {
		{"63 00", CARD_ERR_TIMEOUT},
		{"6A 81", CARD_ERR_TIMEOUT},
		{IDM_0 " 01 80 9E 90 00", CARD_ERR_UNKNOWN_CARD},
		{IDM_0 " 02 00 03 86 A7 90 00", CARD_ERR_TRANSIT},
		{IDM_0 " 01 FE 00 90 00", CARD_ERR_OK},
		{TWO, CARD_ERR_OK},
		/* It has the system, and the reader did not go there. */
		{IDM_0 " 02 80 9E FE 00 90 00", CARD_ERR_PROTOCOL},
		{IDM_0 " 00 90 00", CARD_ERR_PROTOCOL},
		{IDM_0 " 02 80 9E 90 00", CARD_ERR_PROTOCOL},
		{IDM_0 " 01 80 9E FE 90 00", CARD_ERR_PROTOCOL},
		{"11 14 B3 14 31 41 59 90 00", CARD_ERR_PROTOCOL},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct talk t;
		struct felica_target got;
		talk_begin(&t, "reader");
		script_add(&t.s, POLL, "63 00");
		script_add(&t.s, SYSTEMS, rows[i].systems);
		CHECK_INT(poll(&t, &got), rows[i].err);
		CHECK_INT(got.idm[1], rows[i].err ? 0 : 0x14);
	}
}

static void more_systems_than_a_nibble_can_count_are_refused(void)
{
	static struct talk t;
	struct felica_target got;
	char answer[256] = IDM_0 " 11 ";
	for (int i = 0; i < 17; i++)
		strcat(answer, "FE 00 ");
	strcat(answer, "90 00");
	talk_begin(&t, "reader");
	script_add(&t.s, POLL, "63 00");
	script_add(&t.s, SYSTEMS, answer);
	CHECK_INT(poll(&t, &got), CARD_ERR_PROTOCOL);
}

static void a_poll_for_any_system_takes_the_one_that_answers(void)
{
	static const char *const answers[] = {IDM_0 " " PMM " 80 9E 90 00", IDM_0 " " PMM " 90 00"};
	for (size_t i = 0; i < 2; i++) {
		static struct talk t;
		struct felica_target got = {0};
		talk_begin(&t, "reader");
		script_add(&t.s, ANY, answers[i]);
		CHECK_INT(dialect_identiv.poll(&t.line, FELICA_ANY_SYSTEM, &got), CARD_ERR_OK);
		CHECK_INT(got.idm[0], 1);
		CHECK(script_spent(&t.s));
	}
}

static enum card_err read_four(const char *answer, uint8_t *ret, uint16_t *ret_flags)
{
	static struct talk t;
	static const uint8_t blocks[] = {0, 1, 2, 3};
	memset(ret, 0xEE, 64);
	*ret_flags = 0;
	talk_begin(&t, "reader");
	script_add(&t.s, READ, answer);
	enum card_err err =
		dialect_identiv.read(&t.line, &target, 0x1A8B, blocks, 4, ret, ret_flags);
	CHECK(script_spent(&t.s));
	return err;
}

static void the_documented_read_is_spoken_and_checked(void)
{
	static const struct {
		const char *answer;
		enum card_err err;
		uint16_t flags;
	} rows[] = {
		{IDM " 00 00 04 " BLOCK BLOCK BLOCK BLOCK "90 00", CARD_ERR_OK, 0},
		{IDM_0 " 00 00 04 " BLOCK BLOCK BLOCK BLOCK "90 00", CARD_ERR_PROTOCOL, 0},
		{IDM " 00 00 03 " BLOCK BLOCK BLOCK "90 00", CARD_ERR_PROTOCOL, 0},
		{IDM " 00 00 04 " BLOCK BLOCK BLOCK "90 00", CARD_ERR_PROTOCOL, 0},
		{IDM " 00 00 05 " BLOCK BLOCK BLOCK BLOCK "90 00", CARD_ERR_PROTOCOL, 0},
		{IDM " 00 00 04 " BLOCK BLOCK BLOCK BLOCK "00 90 00", CARD_ERR_PROTOCOL, 0},
		{IDM " 00 00 90 00", CARD_ERR_PROTOCOL, 0},
		{IDM " 00 90 00", CARD_ERR_PROTOCOL, 0},
		{IDM " 01 A6 90 00", CARD_ERR_UNREADABLE, 0x01A6},
		{IDM " FF A8 00 90 00", CARD_ERR_UNREADABLE, 0xFFA8},
		{"63 00", CARD_ERR_TIMEOUT, 0},
		{"6F 00", CARD_ERR_PROTOCOL, 0},
		{"6D 00", CARD_ERR_NO_DIALECT, 0},
		{"90 00", CARD_ERR_PROTOCOL, 0},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t got[64];
		uint16_t flags;
		CHECK_INT(read_four(rows[i].answer, got, &flags), rows[i].err);
		CHECK_INT(flags, rows[i].flags);
		CHECK_INT(got[63], rows[i].err ? 0xEE : 'F');
	}
}

static void the_systems_of_a_card_are_listed(void)
{
	static const struct {
		const char *answer;
		enum card_err err;
	} rows[] = {
		{TWO, CARD_ERR_OK},
		{IDM_0 " 02 80 9E FE 00 90 00", CARD_ERR_PROTOCOL},
		{"63 00", CARD_ERR_TIMEOUT},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct talk t;
		uint16_t got[FELICA_SYSTEMS_MAX] = {0};
		size_t n = 0;
		talk_begin(&t, "reader");
		script_add(&t.s, SYSTEMS, rows[i].answer);
		CHECK_INT(dialect_identiv.systems(&t.line, &target, got, &n), rows[i].err);
		CHECK_INT(n, rows[i].err ? 0 : 2);
		CHECK_INT(got[1], rows[i].err ? 0 : 0xFE00);
		CHECK(script_spent(&t.s));
	}
}

static void the_services_of_a_card_are_told_by_their_keys(void)
{
	static const struct {
		const char *answer;
		enum card_err err;
	} rows[] = {
		{IDM " 02 01 00 FF FF 90 00", CARD_ERR_OK},
		{IDM_0 " 02 01 00 FF FF 90 00", CARD_ERR_PROTOCOL},
		{IDM " 01 01 00 FF FF 90 00", CARD_ERR_PROTOCOL},
		{IDM " 02 01 00 FF 90 00", CARD_ERR_PROTOCOL},
		{IDM " 02 01 00 FF FF 00 90 00", CARD_ERR_PROTOCOL},
		{"63 00", CARD_ERR_TIMEOUT},
	};
	static const uint16_t services[] = {0x1A8B, 0x7A0B};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct talk t;
		uint16_t got[2] = {7, 7};
		talk_begin(&t, "reader");
		script_add(&t.s, "FF 42 02 00 04 8B 1A 0B 7A", rows[i].answer);
		CHECK_INT(
			dialect_identiv.services(&t.line, &target, services, got, 2), rows[i].err);
		CHECK_INT(got[0], rows[i].err ? 7 : 1);
		CHECK_INT(got[1], rows[i].err ? 7 : FELICA_NO_SERVICE);
		CHECK(script_spent(&t.s));
	}
}

static void more_than_an_apdu_holds_is_not_asked(void)
{
	static struct talk t;
	static const uint16_t services[FELICA_SERVICES_MAX + 1];
	static const uint8_t blocks[FELICA_BLOCKS_MAX + 1];
	uint16_t versions[FELICA_SERVICES_MAX + 1], flags;
	uint8_t data[(FELICA_BLOCKS_MAX + 1) * FELICA_BLOCK_SIZE];
	talk_begin(&t, "reader");
	CHECK_INT(dialect_identiv.services(
			  &t.line, &target, services, versions, FELICA_SERVICES_MAX + 1),
		CARD_ERR_LIMIT);
	CHECK_INT(dialect_identiv.read(
			  &t.line, &target, 0x1A8B, blocks, FELICA_BLOCKS_MAX + 1, data, &flags),
		CARD_ERR_LIMIT);
	CHECK_INT(t.s.sent, 0);
}

static void an_unknown_reader_is_known_by_a_card_it_polls(void)
{
	static const struct {
		const char *answer;
		enum card_err err;
	} rows[] = {
		{IDM_0 " " PMM " 80 9E 90 00", CARD_ERR_OK},
		{IDM_0 " " PMM " 90 00", CARD_ERR_OK},
		{IDM_0 " 90 00", CARD_ERR_NO_DIALECT},
		{"63 00", CARD_ERR_NO_DIALECT},
		{"6A 81", CARD_ERR_NO_DIALECT},
		{"90 00", CARD_ERR_NO_DIALECT},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct talk t;
		talk_begin(&t, "reader");
		script_add(&t.s, ANY, rows[i].answer);
		talk_opens(&t, &dialect_identiv, false, rows[i].err);
	}
	static struct talk trusted;
	talk_begin(&trusted, "reader");
	talk_opens(&trusted, &dialect_identiv, true, CARD_ERR_OK);
}

static void a_card_taken_away_at_any_moment_is_removed(void)
{
	for (size_t k = 0; k < 2; k++) {
		static struct talk t;
		struct felica_target got;
		talk_begin(&t, "reader");
		script_add(&t.s, POLL, k == 0 ? "63 00" : IDM " " PMM " 90 00");
		t.s.remove_from = 1;
		CHECK_INT(poll(&t, &got), CARD_ERR_REMOVED);
		talk_begin(&t, "reader");
		t.s.remove_from = 0;
		CHECK_INT(poll(&t, &got), CARD_ERR_REMOVED);
	}
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(a_card_that_names_its_system_is_polled_at_once),
		CASE(a_reader_with_another_order_in_mind_cannot_go_unnoticed),
		CASE(a_card_that_does_not_name_its_system_is_asked_for_all),
		CASE(after_silence_the_card_is_asked_what_it_has),
		CASE(more_systems_than_a_nibble_can_count_are_refused),
		CASE(a_poll_for_any_system_takes_the_one_that_answers),
		CASE(the_documented_read_is_spoken_and_checked),
		CASE(the_systems_of_a_card_are_listed),
		CASE(the_services_of_a_card_are_told_by_their_keys),
		CASE(more_than_an_apdu_holds_is_not_asked),
		CASE(an_unknown_reader_is_known_by_a_card_it_polls),
		CASE(a_card_taken_away_at_any_moment_is_removed),
	};
	return CHECK_MAIN("dialect-identiv", cases);
}
