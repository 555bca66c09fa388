/* SPDX-License-Identifier: MIT
 *
 * What is refused, most of it before a word is said to the card: layouts beyond their
 * limits, keys that are not there, messages that are too long.
 */
#include "pcsc/steps.h"

#include "pcsc/felica.h"
#include "pcsc/reading.h"
#include "tests/check.h"
#include "tests/pcsc/jobs.h"
#include "tests/pcsc/script.h"

#define SERVICE 0x000B

static struct script script;
static struct card_trace trace;

/* A reader that would take anything. */
static enum card_err run(const struct card_layout *layout, const struct card_job *job)
{
	WIPED(steps) ret = {.len = SIZE_MAX};
	script_init(&script, "ACS ACR1252 Dual Reader 00 00");
	script.any_order = true;
	trace = (struct card_trace){0};
	struct link link = {.line = {.t = &script.t, .trace = &trace}, .reader = script.reader};
	enum card_err err = steps_run(&link, layout, job, &ret);
	CHECK(ret.len == SIZE_MAX);
	return err;
}

static void a_layout_beyond_its_limits_is_refused_before_a_word_is_said(void)
{
	static const struct card_layout layouts[] = {
		{.name = "no blocks",
			.steps = {{.kind = LAYOUT_READ, .code = SERVICE}},
			.n_steps = 1},
		{.name = "many blocks",
			.steps = {{.kind = LAYOUT_READ,
				.code = SERVICE,
				.n_blocks = LAYOUT_BLOCKS_MAX + 1}},
			.n_steps = 1},
		{.name = "MAC of none", .steps = {{.kind = LAYOUT_MAC}}, .n_steps = 1},
		{.name = "MAC of many",
			.steps = {{.kind = LAYOUT_MAC, .n_blocks = LAYOUT_BLOCKS_MAX + 1}},
			.n_steps = 1},
		{.name = "many bytes",
			.steps = {{.kind = LAYOUT_BINARY, .len = LAYOUT_DATA_MAX + 1}},
			.n_steps = 1},
		{.name = "no such step",
			.steps = {{.kind = (enum layout_step_kind)(LAYOUT_RECORD + 1)}},
			.n_steps = 1},
		{.name = "many steps", .n_steps = LAYOUT_STEPS_MAX + 1},
	};
	const struct card_job job = job_of_all();
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		enum card_err err = run(&layouts[i], &job);
		if (err != CARD_ERR_LIMIT || script.sent != 0)
			fprintf(stderr, "layout of %s\n", layouts[i].name);
		CHECK_STR(card_err_name(err), "limit");
		CHECK_INT(script.sent, 0);
	}
}

static bool no_challenge(uint8_t ret[MAC_BLOCK_SIZE])
{
	return false;
}

static void a_token_is_not_proven_without_its_key_or_a_challenge(void)
{
	static const struct card_layout token = {.name = "token",
		.steps = {{.kind = LAYOUT_MAC, .n_blocks = 1}},
		.n_steps = 1,
		.mac_key = "campus"};
	struct card_layout other = token;
	struct card_job job = job_of_all();
	memcpy(other.mac_key, "campu", sizeof("campu"));
	CHECK_INT(run(&other, &job), CARD_ERR_UNPROVEN);
	job.challenge = no_challenge;
	CHECK_INT(run(&token, &job), CARD_ERR_UNPROVEN);
	job.challenge = NULL;
	CHECK_INT(run(&token, &job), CARD_ERR_UNPROVEN);
	CHECK_INT(script.sent, 0);
}

static void a_message_that_did_not_fit_is_never_sent_in_part(void)
{
	static const uint8_t more[APDU_MAX] = {0};
	struct bytes apdu = {.len = 1}, answer = {0};
	uint16_t sw = 0x1234;
	bytes_put(&apdu, more, sizeof(more));
	CHECK(apdu.full && apdu.len == 1);
	script_init(&script, "reader");
	trace = (struct card_trace){0};
	const struct line line = {.t = &script.t, .trace = &trace};
	CHECK_INT(line_transmit(&line, &apdu, &answer, &sw), CARD_ERR_LIMIT);
	CHECK_INT(script.sent, 0);
	CHECK_INT(sw, 0x1234);
}

static void where_no_escape_is_offered_none_is_tried(void)
{
	const struct dialect *found = NULL;
	script_init(&script, "Reader of no make");
	script.any_order = true; /* and understands nothing */
	struct card_transport plain = script.t;
	plain.escape = NULL;
	trace = (struct card_trace){0};
	const struct line line = {.t = &plain, .trace = &trace};
	CHECK_INT(dialect_open(&line, script.reader, NULL, &found), CARD_ERR_NO_DIALECT);
	CHECK(script.sent > 0 && found == NULL);
}

static void a_field_of_more_digits_than_it_has_is_unreadable(void)
{
	struct card_layout layout = {.name = "wide",
		.steps = {{.kind = LAYOUT_BINARY, .len = 32}},
		.n_steps = 1,
		.number = {0, 9},
		.expires = {16, 8}};
	static const uint8_t data[32] = "99-246801      020990331        ";
	struct card_reading reading = {0};
	CHECK_INT(layout_decode(&layout, data, sizeof(data), &reading), CARD_ERR_OK);
	CHECK_INT(reading.expires, 20990331);
	layout.expires = (struct layout_slice){15, 9};
	CHECK_INT(layout_decode(&layout, data, sizeof(data), &reading), CARD_ERR_UNREADABLE);
	layout.expires = (struct layout_slice){16, 8};
	layout.reissue = (struct layout_slice){16, 4};
	CHECK_INT(layout_decode(&layout, data, sizeof(data), &reading), CARD_ERR_OK);
	CHECK_INT(reading.reissue, 2099);
	layout.reissue.len = 5;
	CHECK_INT(layout_decode(&layout, data, sizeof(data), &reading), CARD_ERR_UNREADABLE);
}

static void services_of_another_card_are_not_taken(void)
{
	static const uint8_t idm[IDM_SIZE] = {1, 2, 3, 4, 5, 6, 7, 8},
			     said[] = {13, 0x03, 1, 2, 3, 4, 5, 6, 7, 9, 1, 0, 0};
	uint16_t versions[FELICA_SERVICES_MAX + 1] = {0x1234};
	CHECK_INT(felica_services(cursor_over(said, sizeof(said)), idm, versions, 1),
		CARD_ERR_PROTOCOL);
	CHECK_INT(versions[0], 0x1234);
}

static void a_reader_with_an_endless_name_is_none(void)
{
	static const char name[READER_NAME_SIZE + 1] = {[0 ... READER_NAME_SIZE - 1] = 'x'};
	const struct card_job job = job_of_all();
	struct card_reading reading;
	script_init(&script, name);
	CHECK_INT(card_read(&script.t, name, &job, &reading, &trace), CARD_ERR_NO_READER);
	CHECK_INT(script.sent, 0);
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(a_layout_beyond_its_limits_is_refused_before_a_word_is_said),
		CASE(a_token_is_not_proven_without_its_key_or_a_challenge),
		CASE(a_message_that_did_not_fit_is_never_sent_in_part),
		CASE(where_no_escape_is_offered_none_is_tried),
		CASE(a_field_of_more_digits_than_it_has_is_unreadable),
		CASE(services_of_another_card_are_not_taken),
		CASE(a_reader_with_an_endless_name_is_none),
	};
	return CHECK_MAIN("refusals", cases);
}
