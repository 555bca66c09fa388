/* SPDX-License-Identifier: MIT
 *
 * What a probe finds on cards of every kind, in every make of reader, and that it ends
 * whatever they say.
 */
#include "tests/check.h"

#include <stdlib.h>

#include "pcsc/probe.h"
#include "tests/hostile/model.h"

#define APDUS_MAX 4000 /* of one probe, however a card lies */

static struct model model;
static struct probe found;
static const struct probe_wish none;

static enum card_err list(void *self, struct reader_state *ret, size_t max, size_t *ret_n)
{
	ret[0] = (struct reader_state){.present = true};
	memcpy(ret[0].name, model.name, strlen(model.name));
	vcard_reader_atr(&model.reader, model.card, ret[0].atr, &ret[0].atr_len);
	*ret_n = 1;
	return CARD_ERR_OK;
}

/* A sample by its name; freed by the caller. */
static struct vcard *sample(const char *id)
{
	struct vcard *card = vcard_find(VCARD_DIR, id, NULL);
	card = card ? card : vcard_find(VCARD_FIELD_DIR, id, NULL);
	if (!card) {
		fprintf(stderr, "no card %s\n", id);
		abort();
	}
	return card;
}

static enum card_err probe_again(const struct probe_wish *wish)
{
	struct card_trace trace;
	enum card_err err = probe_card(&model.t, model.name, wish, &found, &trace);
	CHECK_INT(model.open, 0);
	return err;
}

static enum card_err probe(enum reader_kind kind, const struct vcard *card)
{
	model_init(&model, kind, card);
	model.t.list = list;
	memset(&found, 0, sizeof(found));
	return probe_again(&none);
}

static const struct probe_service *service(uint16_t system, uint16_t code)
{
	for (size_t i = 0; i < found.n_systems; i++) {
		const struct probe_system *s = &found.systems[i];
		for (size_t j = 0; s->code == system && j < s->n_services; j++)
			if (found.services[s->service + j].code == code)
				return &found.services[s->service + j];
	}
	return NULL;
}

static size_t blocks(uint16_t system, uint16_t code)
{
	const struct probe_service *s = service(system, code);
	return s ? s->n_blocks : 99;
}

/* Byte `off` of block 0. */
static int byte(uint16_t system, uint16_t code, size_t off)
{
	const struct probe_service *s = service(system, code);
	return s && s->n_blocks > 0 ? found.blocks[s->block].data[off] : -1;
}

static void a_campus_card_is_known_by_systems_services_and_blocks(void)
{
	static const enum reader_kind kinds[] = {READER_KIND_SESSION, READER_KIND_SONY_FRAME,
		READER_KIND_DIRECT, READER_KIND_ACR122};
	struct vcard *card = sample("student");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		CHECK_INT(probe(kinds[i], card), CARD_ERR_OK);
		CHECK(found.felica && found.systems_listed && !found.cut);
		CHECK_INT(found.n_systems, 2);
		CHECK_INT(found.systems[0].code, 0x809E);
		CHECK_INT(found.systems[1].code, 0xFE00);
		CHECK_INT(found.systems[1].target.idm[0], 0x11);
		CHECK_INT(found.systems[1].way, PROBE_WALKED);
		CHECK_INT(blocks(0xFE00, 0x1A8B), 4);
		CHECK_INT(blocks(0xFE00, 0x7A0B), 1);
		CHECK_INT(byte(0xFE00, 0x1A8B, 2), '3');
		CHECK_INT(service(0xFE00, 0x1A8B)->flags & 0xFF, FELICA_SF2_NO_BLOCK);
		CHECK(found.most_blocks >= 8);
		CHECK_INT(found.atr[0], 0x3B);
	}
	vcard_free(card);
}

/* Readers that frame for themselves cannot walk: the services that are known are tried. */
static void readers_with_commands_of_their_own_find_what_is_known(void)
{
	static const enum reader_kind kinds[] = {READER_KIND_IDENTIV, READER_KIND_SONY_SELECT};
	struct vcard *card = sample("staff");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		CHECK_INT(probe(kinds[i], card), CARD_ERR_OK);
		CHECK(found.felica);
		CHECK_INT(blocks(0xFE00, 0x1A8B), 4);
		CHECK(found.systems[0].way != PROBE_WALKED);
		CHECK(service(0xFE00, 0x120F) == NULL);
	}
	vcard_free(card);
}

static void a_system_no_poll_finds_is_read_by_its_number(void)
{
	struct vcard *card = sample("poll-first");
	CHECK_INT(probe(READER_KIND_SESSION, card), CARD_ERR_OK);
	CHECK_INT(found.n_systems, 3);
	CHECK_INT(found.systems[2].code, 0xFE00);
	CHECK_INT(blocks(0xFE00, 0x1A8B), 4);
	vcard_free(card);
}

/* It knows neither Request System Code nor Search Service Code nor Request Service. */
static void a_lite_card_is_called_by_the_systems_that_are_known(void)
{
	struct vcard *card = sample("lite-s");
	CHECK_INT(probe(READER_KIND_SESSION, card), CARD_ERR_OK);
	CHECK(found.felica && !found.systems_listed);
	CHECK_INT(found.systems[0].code, 0x88B4);
	CHECK_INT(found.systems[0].way, PROBE_TRIED);
	const struct probe_service *s = service(0x88B4, 0x000B);
	CHECK(s != NULL);
	bool id = false;
	for (size_t i = 0; s && i < s->n_blocks; i++)
		id = id || found.blocks[s->block + i].number == 0x82;
	CHECK(id);
	CHECK_INT(byte(0x88B4, 0x000B, 2), '9');
	CHECK(service(0x88B4, 0x1A8B) == NULL);
	CHECK_INT(found.most_blocks, 4);
	vcard_free(card);
}

static void services_with_a_key_are_named_and_not_read(void)
{
	struct vcard *card = sample("student");
	card->tags[0].systems[1].services[1].code = 0x7A08;
	CHECK_INT(probe(READER_KIND_SESSION, card), CARD_ERR_OK);
	CHECK_INT(blocks(0xFE00, 0x7A08), 0);
	CHECK(service(0xFE00, 0x7A08) && service(0xFE00, 0x7A08)->flags == 0);
	CHECK_INT(blocks(0xFE00, 0x1A8B), 4);
	CHECK(!probe_is_open(0x1A88) && probe_is_open(0x1A8B));
	CHECK_STR(probe_attribute(0x1A8B), "random, read-only, no key");
	CHECK_STR(probe_attribute(0x120F), "cyclic, read-only, no key");
	CHECK_STR(probe_attribute(0x003E), "unknown, key");
	vcard_free(card);
}

static void a_card_that_is_no_felica_card_is_a_result(void)
{
	struct vcard *card = sample("mifare");
	CHECK_INT(probe(READER_KIND_SESSION, card), CARD_ERR_OK);
	CHECK(!found.felica);
	CHECK_INT(found.n_systems, 0);
	CHECK(found.uid_len == 4 || found.uid_len == 7);
	vcard_free(card);
}

static void a_reader_without_a_dialect_still_tells_the_number(void)
{
	struct vcard *card = sample("student");
	CHECK_INT(probe(READER_KIND_PLAIN, card), CARD_ERR_OK);
	CHECK_INT(found.uid_len, IDM_SIZE);
	CHECK_INT(found.n_services, 0);
	vcard_free(card);
}

static void applications_are_found_by_name_and_their_files_read(void)
{
	struct probe_wish wish = {.n_aids = 2, .n_files = 2, .files = {0x011E, 0x0121}};
	memcpy(wish.aids[0].aid, "\xA0\x00\x00\x00\x03", 5);
	wish.aids[0].len = 5;
	memcpy(wish.aids[1].aid, "\xF0\x54\x4F\x44\x41\x49", 6);
	wish.aids[1].len = 6;
	struct vcard *card = sample("iso-binary");
	probe(READER_KIND_SESSION, card);
	model_rewind(&model);
	CHECK_INT(probe_again(&wish), CARD_ERR_OK);
	CHECK_INT(found.n_aids, 2);
	CHECK(!found.aids[0].answers && found.aids[1].answers);
	CHECK_INT(found.n_files, 1);
	CHECK_INT(found.files[0].id, 0x011E);
	CHECK(memcmp(found.files[0].data, "ST99-246801", 11) == 0);
	vcard_free(card);
}

static void records_are_read_without_their_names(void)
{
	struct probe_wish wish = {.n_aids = 1};
	memcpy(wish.aids[0].aid, "\xF0\x54\x4F\x44\x41\x50", 6);
	wish.aids[0].len = 6;
	struct vcard *card = sample("iso-record");
	probe(READER_KIND_SESSION, card);
	model_rewind(&model);
	CHECK_INT(probe_again(&wish), CARD_ERR_OK);
	CHECK_INT(found.n_files, 3);
	CHECK_INT(found.files[2].sfi, 1);
	CHECK_INT(found.files[2].record, 3);
	CHECK(memcmp(found.files[1].data, "2024040120990331", 16) == 0);
	vcard_free(card);
}

/* Whole or not at all. */
static void a_card_taken_away_at_any_moment_leaves_no_half_result(void)
{
	struct vcard *card = sample("student");
	CHECK_INT(probe(READER_KIND_SESSION, card), CARD_ERR_OK);
	size_t n = model.sent;
	CHECK(n > 20);
	for (size_t i = 0; i < n; i++) {
		model_rewind(&model);
		memset(&found, 0, sizeof(found));
		model.remove_from = i;
		enum card_err err = probe_again(&none);
		/* Timing comes last, and a card that is gone by then was read. */
		CHECK(err == CARD_ERR_REMOVED || found.n_blocks == 5);
		CHECK(err == CARD_ERR_OK || found.reader[0] == '\0');
	}
	vcard_free(card);
}

/* Any answer replaced by any other: it ends, in few APDUs, within its own arrays. */
static void spoilt_answers_are_survived(void)
{
	struct vcard *card = sample("student");
	CHECK_INT(probe(READER_KIND_DIRECT, card), CARD_ERR_OK);
	size_t n = model.sent;
	srandom(20261122);
	for (size_t i = 0; i < 4000; i++) {
		model_rewind(&model);
		model.replaced = (size_t)random() % n;
		model.instead = (struct bytes){0};
		size_t len = (size_t)random() % 40;
		for (size_t j = 0; j < len; j++)
			bytes_put_u8(&model.instead, (uint8_t)random());
		bytes_put(&model.instead, "\x90\x00", 2);
		probe_again(&none);
		CHECK(model.sent <= APDUS_MAX);
		CHECK(found.n_blocks <= PROBE_BLOCKS_MAX && found.n_services <= PROBE_SERVICES_MAX);
	}
	vcard_free(card);
}

/* A card whose lists never end: it says yes to everything. */
static struct {
	size_t asked;
	uint16_t next; /* service */
} endless;

static void answer_frame(const uint8_t *frame, struct bytes *ret)
{
	static const uint8_t idm[IDM_SIZE] = {0x01, 2, 3, 4, 5, 6, 7, 8};
	bytes_put_u8(ret, 0);
	bytes_put_u8(ret, frame[1] + 1);
	uint8_t own[IDM_SIZE];
	memcpy(own, frame[1] == 0x00 ? idm : frame + 2, sizeof(own));
	bytes_put(ret, own, sizeof(own));
	if (frame[1] == 0x00)
		bytes_put(ret, "\x10\x0B\x4B\x42\x84\x85\xD0\xFF", 8);
	if (frame[1] == 0x0C) {
		bytes_put_u8(ret, 16);
		for (int i = 0; i < 32; i++)
			bytes_put_u8(ret, (uint8_t)(0x40 + i));
	}
	if (frame[1] == 0x0A) {
		endless.next += 0x40;
		bytes_put_u8(ret, (endless.next & 0xC0) | 0x0B);
		bytes_put_u8(ret, (uint8_t)(endless.next >> 8));
	}
	if (frame[1] == 0x06) {
		uint8_t n = frame[13], data[FELICA_BLOCK_SIZE] = "0123456789ABCDE";
		bytes_put(ret, "\x00\x00", 2);
		bytes_put_u8(ret, n);
		for (uint8_t i = 0; i < n; i++)
			bytes_put(ret, data, sizeof(data));
	}
	ret->at[0] = (uint8_t)ret->len;
}

static enum card_err say_yes(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	struct bytes answer = {0};
	endless.asked++;
	if (len > 6 && apdu[1] == 0x00)
		answer_frame(apdu + 5, &answer);
	bytes_put(&answer, answer.len > 0 ? "\x90\x00" : "\x6A\x81", 2);
	memcpy(ret, answer.at, answer.len);
	*ret_len = answer.len;
	return CARD_ERR_OK;
}

static void lists_without_an_end_end_at_their_limits(void)
{
	struct vcard *card = sample("student");
	model_init(&model, READER_KIND_DIRECT, card);
	model.t.list = list;
	model.t.transmit = say_yes;
	CHECK_INT(probe_again(&none), CARD_ERR_OK);
	CHECK(found.cut);
	CHECK_INT(found.n_systems, FELICA_SYSTEMS_MAX);
	CHECK_INT(found.n_services, PROBE_SERVICES_MAX);
	CHECK_INT(found.n_blocks, PROBE_BLOCKS_MAX);
	CHECK_INT(found.services[0].n_blocks, PROBE_SERVICE_BLOCKS_MAX);
	CHECK_INT(found.most_blocks, FELICA_BLOCKS_MAX);
	CHECK(endless.asked < PROBE_SERVICES_MAX + PROBE_BLOCKS_MAX + 200);
	vcard_free(card);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a campus card is known by systems, services and blocks",
			a_campus_card_is_known_by_systems_services_and_blocks},
		{"readers with commands of their own find what is known",
			readers_with_commands_of_their_own_find_what_is_known},
		{"a system no poll finds is read by its number",
			a_system_no_poll_finds_is_read_by_its_number},
		{"a Lite card is called by the systems that are known",
			a_lite_card_is_called_by_the_systems_that_are_known},
		{"services with a key are named and not read",
			services_with_a_key_are_named_and_not_read},
		{"a card that is no FeliCa card is a result",
			a_card_that_is_no_felica_card_is_a_result},
		{"a reader without a dialect still tells the number",
			a_reader_without_a_dialect_still_tells_the_number},
		{"applications are found by name and their files read",
			applications_are_found_by_name_and_their_files_read},
		{"records are read without their names", records_are_read_without_their_names},
		{"a card taken away at any moment leaves no half result",
			a_card_taken_away_at_any_moment_leaves_no_half_result},
		{"spoilt answers are survived", spoilt_answers_are_survived},
		{"lists without an end end at their limits",
			lists_without_an_end_end_at_their_limits},
	};
	return CHECK_MAIN("probe", cases);
}
