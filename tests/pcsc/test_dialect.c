/* SPDX-License-Identifier: MIT
 *
 * Which dialect is spoken with whom: names, probing, memory.
 */
#include "pcsc/dialect.h"

#include "pcsc/link.h"
#include "tests/pcsc/talk.h"

#define OK         "C0 03 00 90 00 90 00"
#define IDM        "01 14 B3 14 31 41 59 2A"
#define PMM        "10 0B 4B 42 84 85 D0 FF"
#define POLLED     "12 01 " IDM " " PMM
#define START      "FF C2 00 00 02 81 00 00"
#define FELICA     "FF C2 00 02 04 8F 02 03 00 00"
#define SONY_POLL  "FF FE 01 00 06 06 00 FF FF 00 00"
#define ACS_POLL   "FF 00 00 00 06 06 00 FF FF 00 00"
#define PN532_POLL "FF 00 00 00 09 D4 4A 01 01 00 FF FF 00 00"
#define UTRUST     "FF 40 00 00 04 FF FF 01 00"
#define GET_IDM    "FF CA 00 00 00"
#define SELECT     "FF A4 00 01 02 8B 1A"
#define UNKNOWN    "Virtual PCD 00 00"
#define ACR1252    "ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 00 00"

/* What each row of the table is known by, in the order of probing. */
static const char *const questions[] = {
	START, SONY_POLL, ACS_POLL, PN532_POLL, UTRUST, GET_IDM, SELECT, GET_IDM};

static void add_refusals(struct script *s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		bool number = strcmp(questions[i], GET_IDM) == 0;
		script_add(s, questions[i], number ? IDM " 90 00" : "6A 81");
	}
}

static void check_opens(struct talk *t, struct dialect_memory *memory, enum card_err want,
	const struct dialect *which)
{
	const struct dialect *got = NULL;
	CHECK_INT(dialect_open(&t->line, t->s.reader, memory, &got), want);
	CHECK(got == which);
	CHECK(script_spent(&t->s));
}

static void the_table_stands_in_the_order_of_probing(void)
{
	static const char *const names[] = {"transparent", "sony-frame", "acs-direct", "acr122",
		"identiv", "sony-select", "transparent-escape", "uid-only"};
	const size_t n = sizeof(names) / sizeof(names[0]);
	for (size_t i = 0; i < n; i++) {
		const struct dialect *d = dialect_row(i);
		CHECK_STR(d->name, names[i]);
		CHECK(d->hints && d->open && d->close);
		CHECK(!d->poll == !d->read);
	}
	CHECK(!dialect_row(n));
}

/* As libccid names the readers that facts know, and libacsccid the NTT one. */
static void a_reader_whose_name_promises_is_asked_nothing_to_begin(void)
{
	static const struct {
		const char *reader;
		const struct dialect *dialect;
	} rows[] = {
		{"ACS ACR122U PICC Interface 00 00", &dialect_acr122},
		{"ACS ACR1251 Dual Reader 00 00", &dialect_acs},
		{"ACS ACR1251 CL Reader PICC 0", &dialect_acs},
		{ACR1252, &dialect_acs},
		{"ACS ACR1252 Reader 00 00", &dialect_acs},
		{"ACS ACR1252IMP Reader 00 00", &dialect_acs},
		{"ACS ACR1255U-J1 01 00", &dialect_acs},
		{"ACS ACR1281U 00 00", &dialect_acs},
		{"ACS ACR1552 CL Reader 00 00", &dialect_acs},
		{"ACS ACR1552 1S CL Reader 00 00", &dialect_acs},
		{"ACS ACR1581 1S Dual Reader 00 00", &dialect_acs},
		{"ACS WalletMate 1S CL Reader 00 00", &dialect_acs},
		{"Identiv uTrust 3700 F CL Reader 00 00", &dialect_identiv},
		{"Identiv uTrust 3701 F CL Reader 00 00", &dialect_identiv},
		{"Identiv uTrust 3720 Contactless Reader 00 00", &dialect_identiv},
		{"Identiv uTrust 3721 Contactless Reader 00 00", &dialect_identiv},
		{"Identiv Identiv uTrust 4701 F Dual Interface Reader 01 00", &dialect_identiv},
		{"Identiv Identiv uTrust 4711 F CL + SAM Reader 00 00", &dialect_identiv},
		{"Identive Identive CLOUD 4700 F Dual Interface Reader 00 00", &dialect_identiv},
		{"SCM Microsystems Inc. SCL3711 00 00", &dialect_identiv},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct talk t;
		talk_begin(&t, rows[i].reader);
		check_opens(&t, NULL, CARD_ERR_OK, rows[i].dialect);
		CHECK_INT(t.s.sent, 0);
	}
}

static void a_sony_reader_is_offered_a_session_then_frames_then_blocks(void)
{
	static const char *const names[] = {"SONY FeliCa RC-S300/P (0236798) 00 00",
		"SONY FeliCa RC-S300/S 00 00", "SONY FeliCa RC-S660/U 00 00",
		"Sony FeliCa Port/PaSoRi 4.0 0"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		static struct talk t;
		talk_begin(&t, names[i]);
		script_add(&t.s, START, OK);
		script_add(&t.s, FELICA, OK);
		check_opens(&t, NULL, CARD_ERR_OK, &dialect_transparent);
		talk_begin(&t, names[i]);
		add_refusals(&t.s, 0, 1);
		script_add(&t.s, SONY_POLL, POLLED " 90 00");
		check_opens(&t, NULL, CARD_ERR_OK, &dialect_sony_frame);
		talk_begin(&t, names[i]);
		add_refusals(&t.s, 0, 2);
		script_add(&t.s, GET_IDM, IDM " 90 00");
		script_add(&t.s, SELECT, "90 00");
		check_opens(&t, NULL, CARD_ERR_OK, &dialect_sony_select);
		talk_begin(&t, names[i]);
		add_refusals(&t.s, 0, 2);
		add_refusals(&t.s, 5, 7);
		script_add_escape(&t.s, START, OK);
		script_add_escape(&t.s, FELICA, OK);
		check_opens(&t, NULL, CARD_ERR_OK, &dialect_transparent_escape);
	}
}

/* The n-th that answers, and nothing asked beyond. */
static void a_reader_of_unknown_name_is_probed_in_order(void)
{
	static const struct {
		size_t refused;
		const char *answer;
		const struct dialect *dialect;
	} rows[] = {
		{1, POLLED " 90 00", &dialect_sony_frame},
		{2, POLLED " 90 00", &dialect_acs},
		{3, "D5 4B 00 90 00", &dialect_acr122},
		{4, IDM " " PMM " 80 9E 90 00", &dialect_identiv},
		{6, "90 00", &dialect_sony_select},
		{7, IDM " 90 00", &dialect_uid_only},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct talk t;
		talk_begin(&t, UNKNOWN);
		add_refusals(&t.s, 0, rows[i].refused);
		script_add(&t.s, questions[rows[i].refused], rows[i].answer);
		check_opens(&t, NULL, CARD_ERR_OK, rows[i].dialect);
	}
}

static void a_reader_that_understands_nothing_has_no_dialect(void)
{
	static const char *const words[] = {"63 00", "6A 81", "6D 00", "90 00"};
	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
		static struct talk t;
		const struct dialect *got = NULL;
		talk_begin(&t, "HID Global OMNIKEY 5022 Smart Card Reader 00 00");
		t.s.any_order = true;
		for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
			script_add(&t.s, questions[i], words[k]);
		CHECK_INT(dialect_open(&t.line, t.s.reader, NULL, &got), CARD_ERR_NO_DIALECT);
		CHECK(!got);
	}
}

static void a_card_taken_away_while_a_reader_is_probed_is_removed(void)
{
	for (size_t k = 0; k < 8; k++) {
		static struct talk t;
		struct dialect_memory memory = {0};
		const struct dialect *got = NULL;
		talk_begin(&t, UNKNOWN);
		add_refusals(&t.s, 0, 8);
		t.s.remove_from = k;
		CHECK_INT(dialect_open(&t.line, UNKNOWN, &memory, &got), CARD_ERR_REMOVED);
		CHECK(!got && !memory.rows[0].dialect);
	}
}

static void what_was_found_is_remembered_reader_by_reader(void)
{
	static struct talk t;
	struct dialect_memory memory = {0};
	talk_begin(&t, UNKNOWN);
	add_refusals(&t.s, 0, 2);
	script_add(&t.s, ACS_POLL, POLLED " 90 00");
	check_opens(&t, &memory, CARD_ERR_OK, &dialect_acs);
	talk_begin(&t, UNKNOWN);
	check_opens(&t, &memory, CARD_ERR_OK, &dialect_acs);
	CHECK_INT(t.s.sent, 0);
	talk_begin(&t, "Virtual PCD 00 01");
	add_refusals(&t.s, 0, 3);
	script_add(&t.s, PN532_POLL, "D5 4B 00 90 00");
	check_opens(&t, &memory, CARD_ERR_OK, &dialect_acr122);
	dialect_forget(&memory, UNKNOWN);
	talk_begin(&t, UNKNOWN);
	script_add(&t.s, START, OK);
	script_add(&t.s, FELICA, OK);
	check_opens(&t, &memory, CARD_ERR_OK, &dialect_transparent);
	talk_begin(&t, "Virtual PCD 00 01");
	check_opens(&t, &memory, CARD_ERR_OK, &dialect_acr122);
}

/* The one remembered is not asked twice. */
static void a_reader_that_forgot_its_dialect_is_probed_anew(void)
{
	static struct talk t;
	struct dialect_memory memory = {.rows = {{UNKNOWN, &dialect_transparent}}};
	talk_begin(&t, UNKNOWN);
	add_refusals(&t.s, 0, 2);
	script_add(&t.s, ACS_POLL, POLLED " 90 00");
	check_opens(&t, &memory, CARD_ERR_OK, &dialect_acs);
	CHECK(memory.rows[0].dialect == &dialect_acs);
}

/* It is not the reader it was: nor need it be what its name says. */
static void after_one_disappointment_a_name_promises_nothing(void)
{
	static struct talk t;
	struct dialect_memory memory = {.rows = {{ACR1252, &dialect_transparent}}};
	talk_begin(&t, ACR1252);
	script_add(&t.s, START, "6A 81");
	script_add(&t.s, ACS_POLL, "6A 81");
	script_add(&t.s, SONY_POLL, POLLED " 90 00");
	check_opens(&t, &memory, CARD_ERR_OK, &dialect_sony_frame);
}

/* A card that moved may have been the cause: the next one is probed again. */
static void that_nothing_was_understood_is_not_remembered(void)
{
	static struct talk t;
	struct dialect_memory memory = {0};
	talk_begin(&t, UNKNOWN);
	add_refusals(&t.s, 0, 8);
	check_opens(&t, &memory, CARD_ERR_OK, &dialect_uid_only);
	CHECK(!memory.rows[0].dialect);
}

static void the_memory_of_many_readers_keeps_the_newest(void)
{
	static struct talk t;
	struct dialect_memory memory = {0};
	char name[READER_NAME_SIZE];
	for (int i = 0; i < 2 * READER_MAX; i++) {
		snprintf(name, sizeof(name), "ACS ACR1252 %d", i);
		talk_begin(&t, name);
		check_opens(&t, &memory, CARD_ERR_OK, &dialect_acs);
		bool kept = false;
		for (size_t k = 0; k < READER_MAX; k++)
			kept = kept || strcmp(memory.rows[k].reader, name) == 0;
		CHECK(kept);
	}
	char longer[READER_NAME_SIZE + 32] = "ACR1252 ";
	memset(longer + 8, 'x', sizeof(longer) - 9);
	talk_begin(&t, longer);
	const struct dialect_memory before = memory;
	check_opens(&t, &memory, CARD_ERR_OK, &dialect_acs);
	CHECK(memcmp(&memory, &before, sizeof(memory)) == 0);
}

/* The reader's name said ACS; its firmware did not. */
static void a_promise_broken_at_the_first_question_is_probed_anew(void)
{
	static struct talk t;
	struct dialect_memory memory = {0};
	struct felica_target target;
	talk_begin(&t, ACR1252);
	struct link link = {.line = t.line, .reader = ACR1252, .memory = &memory};
	script_add(&t.s, "FF 00 00 00 06 06 00 FE 00 00 00", "6A 81");
	script_add(&t.s, START, "6A 81");
	script_add(&t.s, SONY_POLL, "6A 81");
	script_add(&t.s, PN532_POLL, "D5 4B 00 90 00");
	script_add(
		&t.s, "FF 00 00 00 09 D4 4A 01 01 00 FE 00 00 00", "D5 4B 01 01 " POLLED " 90 00");
	CHECK_INT(link_system(&link, 0xFE00, &target), CARD_ERR_OK);
	CHECK(link.dialect == &dialect_acr122);
	CHECK(memory.rows[0].dialect == &dialect_acr122);
	CHECK_INT(trace_apdus(&t.trace), 5);
	CHECK(script_spent(&t.s));
	link_close(&link);
}

/* Then no dialect is left to trust, and the next card begins from nothing. */
static void a_promise_broken_with_nothing_in_its_place_is_no_dialect(void)
{
	static struct talk t;
	struct dialect_memory memory = {.rows = {{ACR1252, &dialect_acs}}};
	struct felica_target target;
	talk_begin(&t, ACR1252);
	t.s.any_order = true;
	struct link link = {.line = t.line, .reader = ACR1252, .memory = &memory};
	CHECK_INT(link_system(&link, 0xFE00, &target), CARD_ERR_NO_DIALECT);
	CHECK(!link.dialect && !memory.rows[0].dialect);
	size_t sent = t.s.sent;
	CHECK_INT(link_system(&link, 0xFE00, &target), CARD_ERR_NO_DIALECT);
	CHECK_INT(t.s.sent, sent);
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(the_table_stands_in_the_order_of_probing),
		CASE(a_reader_whose_name_promises_is_asked_nothing_to_begin),
		CASE(a_sony_reader_is_offered_a_session_then_frames_then_blocks),
		CASE(a_reader_of_unknown_name_is_probed_in_order),
		CASE(a_reader_that_understands_nothing_has_no_dialect),
		CASE(a_card_taken_away_while_a_reader_is_probed_is_removed),
		CASE(what_was_found_is_remembered_reader_by_reader),
		CASE(a_reader_that_forgot_its_dialect_is_probed_anew),
		CASE(after_one_disappointment_a_name_promises_nothing),
		CASE(that_nothing_was_understood_is_not_remembered),
		CASE(the_memory_of_many_readers_keeps_the_newest),
		CASE(a_promise_broken_at_the_first_question_is_probed_anew),
		CASE(a_promise_broken_with_nothing_in_its_place_is_no_dialect),
	};
	return CHECK_MAIN("dialect", cases);
}
