/* SPDX-License-Identifier: MIT
 *
 * A probe of cards that are made to pass its limits, or answer in part only.
 */
#include "pcsc/probe.h"

#include "tests/check.h"

#define READER     "ACS ACR1252 Dual Reader 00 00"
#define FRAME      5 /* where it begins in an APDU of that reader */
#define IDM_AT     2 /* in a frame */
#define POLLING    0x00
#define SERVICES   0x02
#define READING    0x06
#define SEARCHING  0x0A
#define SYSTEMS    0x0C
#define RECORD_LEN 4

/* A card as odd as a test wants. */
static struct {
	bool felica;
	size_t n_systems;           /* that it lists */
	bool same_system;           /* all of them one and the same */
	const uint16_t *services;   /* that a search finds; NULL: it knows no search */
	size_t n_services;          /* … one after the other */
	uint16_t flags;             /* of every read, instead of data */
	bool silent;                /* it says nothing to a read */
	size_t n_records, file_len; /* of each file of an ISO-DEP card */
} card;

static struct probe found;

static void put_head(struct bytes *ret, const uint8_t *frame)
{
	static const uint8_t idm[IDM_SIZE] = {0x01, 2, 3, 4, 5, 6, 7, 8};
	bytes_put_u8(ret, 0);
	bytes_put_u8(ret, frame[1] + 1);
	bytes_put(ret, frame[1] == POLLING ? idm : frame + IDM_AT, IDM_SIZE);
}

static void put_systems(struct bytes *ret)
{
	bytes_put_u8(ret, (uint8_t)card.n_systems);
	for (size_t i = 0; i < card.n_systems; i++) {
		bytes_put_u8(ret, 0x80);
		bytes_put_u8(ret, card.same_system ? 0 : (uint8_t)i);
	}
}

static void put_found(struct bytes *ret, const uint8_t *frame)
{
	size_t i = frame[10] | (size_t)frame[11] << 8;
	uint16_t code = i < card.n_services ? card.services[i] : 0xFFFF;
	bytes_put_u8(ret, code & 0xFF);
	bytes_put_u8(ret, code >> 8);
}

static void put_blocks(struct bytes *ret, uint8_t n)
{
	static const uint8_t data[FELICA_BLOCK_SIZE] = "0123456789ABCDE";
	bytes_put_u8(ret, card.flags >> 8);
	bytes_put_u8(ret, card.flags & 0xFF);
	if (card.flags)
		return;
	bytes_put_u8(ret, n);
	for (uint8_t i = 0; i < n; i++)
		bytes_put(ret, data, sizeof(data));
}

/* False: nothing comes back. */
static bool answer_frame(const uint8_t *frame, struct bytes *ret)
{
	put_head(ret, frame);
	if (frame[1] == POLLING)
		bytes_put(ret, "\x10\x0B\x4B\x42\x84\x85\xD0\xFF", 8);
	else if (frame[1] == SYSTEMS)
		put_systems(ret);
	else if (frame[1] == SEARCHING && card.services)
		put_found(ret, frame);
	else if (frame[1] == READING && !card.silent)
		put_blocks(ret, frame[13]);
	else
		return false;
	ret->at[0] = (uint8_t)ret->len;
	return true;
}

static void answer_iso(const uint8_t *apdu, struct bytes *ret)
{
	bool is_record = apdu[1] == 0xB2, there = !is_record || apdu[2] <= card.n_records;
	size_t len = is_record ? RECORD_LEN : card.file_len;
	if (apdu[1] == 0xB0 && (apdu[2] | apdu[3]) != 0)
		len = 0;
	for (size_t i = 0; there && apdu[1] != 0xA4 && i < len; i++)
		bytes_put_u8(ret, '0');
	bytes_put(ret, there ? "\x90\x00" : "\x6A\x83", 2);
}

static void answer(const uint8_t *apdu, size_t len, struct bytes *ret)
{
	if (apdu[0] == 0x00 && !card.felica)
		answer_iso(apdu, ret);
	else if (apdu[1] == 0xCA)
		bytes_put(ret, "\x04\xA1\xB2\xC3\x90\x00", 6);
	else if (apdu[1] == 0x00 && len > FRAME && card.felica && answer_frame(apdu + FRAME, ret))
		bytes_put(ret, "\x90\x00", 2);
	else
		*ret = (struct bytes){.at = {0x63, 0x00}, .len = 2};
}

static enum card_err transmit(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	struct bytes said = {0};
	answer(apdu, len, &said);
	CHECK(said.len <= max && !said.full);
	memcpy(ret, said.at, said.len);
	*ret_len = said.len;
	return CARD_ERR_OK;
}

static enum card_err list(void *self, struct reader_state *ret, size_t max, size_t *ret_n)
{
	return CARD_ERR_NO_READER;
}

static enum card_err connect(void *self, const char *reader, struct card_trace *trace)
{
	return CARD_ERR_OK;
}

static void disconnect(void *self)
{
}

static enum card_err probe(const char *reader)
{
	static const struct card_transport t = {
		.list = list, .connect = connect, .transmit = transmit, .disconnect = disconnect};
	static const struct probe_wish wish = {.aids = {{.aid = {0xF0, 0x01}, .len = 2}},
		.n_aids = 1,
		.files = {0x0101},
		.n_files = 1};
	struct card_trace trace;
	memset(&found, 0, sizeof(found));
	return probe_card(&t, reader, &wish, &found, &trace);
}

static void a_system_named_twice_is_probed_once(void)
{
	static const uint16_t services[] = {0x1A8B};
	memset(&card, 0, sizeof(card));
	card.felica = card.same_system = true;
	card.n_systems = 3;
	card.services = services;
	card.n_services = 1;
	CHECK_INT(probe(READER), CARD_ERR_OK);
	CHECK_INT(found.n_systems, 1);
	CHECK_INT(found.systems[0].code, 0x8000);
	CHECK_INT(found.n_services, 1);
}

static void a_service_named_twice_is_read_once(void)
{
	static const uint16_t services[] = {0x1A8B, 0x1A8B, 0x7A0B, 0x1A8B};
	memset(&card, 0, sizeof(card));
	card.felica = true;
	card.n_systems = 1;
	card.services = services;
	card.n_services = 4;
	CHECK_INT(probe(READER), CARD_ERR_OK);
	CHECK_INT(found.n_services, 2);
	CHECK_INT(found.services[1].code, 0x7A0B);
	CHECK_INT(found.services[1].block, found.services[0].n_blocks);
}

/* It knows neither Search nor Request Service: the known ones are tried in each of sixteen
 * systems, more in all than there is room for. */
static void services_that_are_only_tried_end_at_their_limit(void)
{
	memset(&card, 0, sizeof(card));
	card.felica = true;
	card.n_systems = FELICA_SYSTEMS_MAX;
	card.flags = 0x01A8;
	CHECK_INT(probe(READER), CARD_ERR_OK);
	CHECK(found.cut);
	CHECK_INT(found.n_systems, FELICA_SYSTEMS_MAX);
	CHECK_INT(found.systems[0].way, PROBE_TRIED);
	CHECK_INT(found.n_services, PROBE_SERVICES_MAX);
	card.flags = 0;
	CHECK_INT(probe(READER), CARD_ERR_OK);
	CHECK(found.cut);
	CHECK_INT(found.n_blocks, PROBE_BLOCKS_MAX);
}

static void a_card_silent_to_a_read_but_there_is_told_so(void)
{
	static const uint16_t services[] = {0x1A8B, 0x7A0B};
	memset(&card, 0, sizeof(card));
	card.felica = card.silent = true;
	card.n_systems = 1;
	card.services = services;
	card.n_services = 2;
	CHECK_INT(probe(READER), CARD_ERR_OK);
	CHECK_INT(found.n_services, 2);
	CHECK(found.services[0].silent && found.services[1].silent);
	CHECK_INT(found.n_blocks, 0);
	CHECK_INT(found.most_blocks, 0);
}

static void a_card_that_lets_nothing_be_read_has_no_pace(void)
{
	static const uint16_t services[] = {0x1A8B};
	memset(&card, 0, sizeof(card));
	card.felica = true;
	card.n_systems = 1;
	card.services = services;
	card.n_services = 1;
	card.flags = 0x01A8;
	CHECK_INT(probe(READER), CARD_ERR_OK);
	CHECK_INT(found.services[0].flags, 0x01A8);
	CHECK_INT(found.most_blocks, 0);
	CHECK_INT(found.read_us, 0);
}

static void files_without_an_end_end_at_their_limit(void)
{
	memset(&card, 0, sizeof(card));
	card.n_records = 255;
	card.file_len = PROBE_FILE_SIZE;
	CHECK_INT(probe(READER), CARD_ERR_OK);
	CHECK(!found.felica && found.cut);
	CHECK_INT(found.n_aids, 1);
	CHECK_INT(found.n_files, PROBE_FILES_MAX);
	CHECK_INT(found.aids[0].n_files, PROBE_FILES_MAX);
	CHECK_INT(found.files[PROBE_RECORDS_MAX].sfi, 2);
}

static void an_empty_file_is_no_file(void)
{
	memset(&card, 0, sizeof(card));
	CHECK_INT(probe(READER), CARD_ERR_OK);
	CHECK(found.aids[0].answers);
	CHECK_INT(found.n_files, 0);
	CHECK(!found.cut);
}

static void a_reader_with_an_endless_name_is_none(void)
{
	static const char name[READER_NAME_SIZE + 1] = {[0 ... READER_NAME_SIZE - 1] = 'x'};
	CHECK_INT(probe(name), CARD_ERR_NO_READER);
	CHECK_STR(found.reader, "");
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(a_system_named_twice_is_probed_once),
		CASE(a_service_named_twice_is_read_once),
		CASE(services_that_are_only_tried_end_at_their_limit),
		CASE(a_card_silent_to_a_read_but_there_is_told_so),
		CASE(a_card_that_lets_nothing_be_read_has_no_pace),
		CASE(files_without_an_end_end_at_their_limit),
		CASE(an_empty_file_is_no_file),
		CASE(a_reader_with_an_endless_name_is_none),
	};
	return CHECK_MAIN("probe limits", cases);
}
