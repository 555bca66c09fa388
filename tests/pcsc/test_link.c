/* SPDX-License-Identifier: MIT
 *
 * The link to a FeliCa card where the reader does not understand, or frames for itself.
 */
#include "pcsc/link.h"

#include "tests/check.h"
#include "tests/hostile/model.h"
#include "tests/pcsc/jobs.h"

#define NEVER_SAID 7 /* stays in what a failure must not write */

static struct model model;
static struct card_trace trace;
static struct dialect_memory memory;
static struct vcard *card;

static struct link link_to(enum reader_kind kind)
{
	model_init(&model, kind, card);
	trace = (struct card_trace){0};
	memory = (struct dialect_memory){0};
	return (struct link){
		.line = {.t = &model.t, .trace = &trace}, .reader = model.name, .memory = &memory};
}

static enum card_err survey(struct link *link, size_t *ret_n)
{
	struct felica_target first;
	uint16_t systems[FELICA_SYSTEMS_MAX];
	return link_survey(link, &first, systems, ret_n);
}

/* Whatever is asked over the link; nothing is found out. */
static void check_unasked(struct link *link)
{
	static const uint8_t blocks[] = {0}, data[FELICA_BLOCK_SIZE] = {0};
	static const uint16_t services[] = {0x1A8B};
	struct felica_target target = {0};
	struct bytes frame = {.at = {2, 0}, .len = 2}, answer;
	uint16_t version;
	uint8_t got[FELICA_BLOCK_SIZE];
	size_t n = NEVER_SAID;
	CHECK_INT(link_exchange(link, "poll", &frame, 50000, &answer), CARD_ERR_NO_DIALECT);
	size_t asked = model.sent;
	CHECK(asked > 0);
	CHECK_INT(link_system(link, 0xFE00, &target), CARD_ERR_NO_DIALECT);
	CHECK_INT(survey(link, &n), CARD_ERR_NO_DIALECT);
	CHECK_INT(link_read(link, &target, 0x1A8B, blocks, 1, got), CARD_ERR_NO_DIALECT);
	CHECK_INT(link_blocks(link, &target, 0x1A8B, blocks, 1, got, &n), CARD_ERR_NO_DIALECT);
	CHECK_INT(link_write(link, &target, 0x0009, 0, data), CARD_ERR_NO_DIALECT);
	CHECK_INT(link_services(link, &target, services, &version, 1), CARD_ERR_NO_DIALECT);
	CHECK_INT(n, NEVER_SAID);
	CHECK_INT(model.sent, asked);
}

static enum card_err refuse(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *t)
{
	model.sent++;
	memcpy(ret, "\x6A\x81", 2);
	*ret_len = 2;
	return CARD_ERR_OK;
}

static void a_reader_that_understands_nothing_is_not_asked_twice(void)
{
	struct link link = link_to(READER_KIND_PLAIN); /* it tells a number at least */
	check_unasked(&link);
	link = link_to(READER_KIND_PLAIN);
	model.t.transmit = refuse;
	check_unasked(&link);
}

static void a_survey_by_commands_is_made_once(void)
{
	struct link link = link_to(READER_KIND_IDENTIV);
	size_t n = 0, again = 0;
	CHECK_INT(survey(&link, &n), CARD_ERR_OK);
	CHECK_INT(n, 2);
	size_t asked = model.sent;
	CHECK_INT(survey(&link, &again), CARD_ERR_OK);
	CHECK_INT(again, 2);
	CHECK_INT(model.sent, asked);
	link_close(&link);
}

/* The reader was changed for one of another make under the same name. */
static void a_survey_doubts_a_dialect_that_was_only_remembered(void)
{
	struct link link = link_to(READER_KIND_ACR122);
	size_t n = 0;
	link.reader = "Reader of no make";
	memcpy(memory.rows[0].reader, link.reader, strlen(link.reader) + 1);
	memory.rows[0].dialect = &dialect_identiv;
	CHECK_INT(survey(&link, &n), CARD_ERR_OK);
	CHECK_INT(n, 2);
	CHECK_STR(link.dialect ? link.dialect->name : "none", "acr122");
	CHECK(dialect_remembered(&memory, link.reader) == &dialect_acr122);
	link_close(&link);
}

static void more_services_than_one_question_may_name_are_refused(void)
{
	static const uint16_t services[FELICA_SERVICES_MAX + 1];
	struct link link = link_to(READER_KIND_DIRECT);
	struct felica_target target;
	uint16_t versions[FELICA_SERVICES_MAX + 1];
	CHECK_INT(link_system(&link, 0xFE00, &target), CARD_ERR_OK);
	size_t asked = model.sent;
	CHECK_INT(link_services(&link, &target, services, versions, FELICA_SERVICES_MAX + 1),
		CARD_ERR_LIMIT);
	CHECK_INT(model.sent, asked);
	link_close(&link);
}

/* It needs a write, which readers that frame for themselves have no command for. */
static void a_token_no_reader_can_prove_is_not_to_be_held_again(void)
{
	struct vcard *token = vcard_find(VCARD_FIELD_DIR, "lite-s", NULL);
	struct card_job job = job_of_all();
	struct card_reading reading;
	job.memory = &memory;
	memory = (struct dialect_memory){0};
	CHECK(token != NULL);
	model_init(&model, READER_KIND_IDENTIV, token);
	for (int tap = 0; token && tap < 3; tap++) {
		model_rewind(&model);
		CHECK_STR(card_err_name(card_read(&model.t, model.name, &job, &reading, &trace)),
			"no-dialect");
	}
	vcard_free(token);
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(a_reader_that_understands_nothing_is_not_asked_twice),
		CASE(a_survey_by_commands_is_made_once),
		CASE(a_survey_doubts_a_dialect_that_was_only_remembered),
		CASE(more_services_than_one_question_may_name_are_refused),
		CASE(a_token_no_reader_can_prove_is_not_to_be_held_again),
	};
	card = vcard_find(VCARD_DIR, "student", NULL);
	if (!card)
		return 2;
	int code = CHECK_MAIN("link", cases);
	vcard_free(card);
	return code;
}
