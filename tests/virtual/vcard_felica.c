/* SPDX-License-Identifier: MIT */
#include "vcard_felica.h"

#include <string.h>

enum {
	POLLING = 0x00,
	REQUEST_SERVICE = 0x02,
	REQUEST_RESPONSE = 0x04,
	READ = 0x06,
	SEARCH_SERVICE = 0x0A,
	REQUEST_SYSTEM = 0x0C,
};

/* Status flag 2. */
enum {
	NO_ERROR = 0x00,
	SERVICE_COUNT = 0xA1,
	BLOCK_COUNT = 0xA2,
	LIST_ORDER = 0xA3,
	NOT_ACCESSIBLE = 0xA5,
	NO_SERVICE = 0xA6,
	ACCESS_MODE = 0xA7,
	NO_BLOCK = 0xA8,
};

#define WILDCARD       0xFF
#define SERVICES_MAX   16
#define NODES_MAX      32
#define KEYLESS        0x01 /* lowest bit of a service code */
#define KEY_VERSION    0x0000
#define ABSENT         0xFFFF
#define NOT_LIST_BOUND 0xFF /* SF1 */
#define SPEED_212_424  0x0083

struct in {
	const uint8_t *at;
	size_t left;
};

struct out {
	uint8_t *at;
	size_t len;
};

static bool take(struct in *in, uint8_t *ret)
{
	if (in->left == 0)
		return false;
	*ret = *in->at++;
	in->left--;
	return true;
}

static bool take_le16(struct in *in, uint16_t *ret)
{
	uint8_t low, high;
	if (!take(in, &low) || !take(in, &high))
		return false;
	*ret = (uint16_t)(low | high << 8);
	return true;
}

static void put(struct out *out, const void *bytes, size_t len)
{
	if (out->len + len > FELICA_FRAME_MAX)
		return; /* no answer of ours is that long: 12 blocks are 205 bytes */
	memcpy(out->at + out->len, bytes, len);
	out->len += len;
}

static void put_u8(struct out *out, unsigned value)
{
	const uint8_t byte = (uint8_t)value;
	put(out, &byte, 1);
}

static void begin(struct out *out, uint8_t command, const uint8_t idm[VCARD_IDM_SIZE])
{
	put_u8(out, 0);
	put_u8(out, command + 1u);
	put(out, idm, VCARD_IDM_SIZE);
}

/* A system of a chip in the field. */
struct where {
	size_t tag, system;
};

static bool matches(uint16_t code, uint8_t high, uint8_t low)
{
	return (high == WILDCARD || high == code >> 8) && (low == WILDCARD || low == (code & 0xFF));
}

/* The first system that answers to a poll's two bytes; false: none. */
static bool find_system(const struct vcard *card, uint8_t high, uint8_t low, struct where *ret)
{
	for (size_t tag = 0; tag < card->n_tags; tag++)
		for (size_t i = 0; i < card->tags[tag].n_systems; i++)
			if (matches(card->tags[tag].systems[i].code, high, low)) {
				*ret = (struct where){tag, i};
				return true;
			}
	return false;
}

static bool poll(const struct vcard *card, struct in in, struct out *out, struct where *where)
{
	static const uint8_t slots[] = {0x00, 0x01, 0x03, 0x07, 0x0F};
	uint8_t high, low, request, slot, idm[VCARD_IDM_SIZE];
	if (!take(&in, &high) || !take(&in, &low) || !take(&in, &request) || !take(&in, &slot) ||
		in.left != 0 || !memchr(slots, slot, sizeof(slots)) ||
		!find_system(card, high, low, where))
		return false;
	const struct vcard_tag *tag = &card->tags[where->tag];
	vcard_idm(tag, where->system, idm);
	begin(out, POLLING, idm);
	put(out, tag->pmm, sizeof(tag->pmm));
	uint16_t more = request == 1 ? tag->systems[where->system].code : SPEED_212_424;
	if (request == 1 || request == 2) {
		put_u8(out, more >> 8);
		put_u8(out, more & 0xFF);
	}
	return true;
}

static const struct vcard_service *find_service(const struct vcard_system *system, uint16_t code)
{
	for (size_t i = 0; i < system->n_services; i++)
		if (system->services[i].code == code)
			return &system->services[i];
	return NULL;
}

static void request_service(const struct vcard_system *system, struct in in, struct out *out)
{
	uint8_t n;
	uint16_t code;
	if (!take(&in, &n) || n == 0 || n > NODES_MAX || in.left != 2u * n) {
		out->len = 0;
		return;
	}
	put_u8(out, n);
	while (take_le16(&in, &code)) {
		bool there = code == ABSENT || find_service(system, code);
		uint16_t version = there ? KEY_VERSION : ABSENT;
		put_u8(out, version & 0xFF);
		put_u8(out, version >> 8);
	}
}

/* Index 0 is the system's root area, the services follow. */
static void search_service(const struct vcard_system *system, struct in in, struct out *out)
{
	uint16_t i, code = ABSENT;
	if (!take_le16(&in, &i) || in.left != 0) {
		out->len = 0;
		return;
	}
	if (i == 0) {
		put(out, "\x00\x00\xFE\xFF", 4);
		return;
	}
	if (i <= system->n_services)
		code = system->services[i - 1].code;
	put_u8(out, code & 0xFF);
	put_u8(out, code >> 8);
}

static void request_system(const struct vcard_tag *tag, struct in in, struct out *out)
{
	if (in.left != 0) {
		out->len = 0;
		return;
	}
	put_u8(out, (unsigned)tag->n_systems);
	for (size_t i = 0; i < tag->n_systems; i++) {
		put_u8(out, tag->systems[i].code >> 8);
		put_u8(out, tag->systems[i].code & 0xFF);
	}
}

/* Services and blocks of one read, as far as they have been checked. */
struct read {
	const struct vcard_service *services[SERVICES_MAX];
	uint8_t n_services, n_blocks;
	uint8_t sf1, sf2;
	struct out data;
};

static bool refuse(struct read *r, unsigned sf1, unsigned sf2)
{
	r->sf1 = (uint8_t)sf1;
	r->sf2 = (uint8_t)sf2;
	return false;
}

/* Position in a list, as the products with a bitmap in SF1 tell it. */
static unsigned at(size_t i)
{
	return 1u << i % 8;
}

/* False without a refusal: the frame is out of form, and a card says nothing to that. */
static bool take_services(const struct vcard_system *system, struct in *in, struct read *r)
{
	uint16_t code;
	if (!take(in, &r->n_services))
		return false;
	if (r->n_services == 0 || r->n_services > SERVICES_MAX)
		return refuse(r, NOT_LIST_BOUND, SERVICE_COUNT);
	for (size_t i = 0; i < r->n_services; i++) {
		if (!take_le16(in, &code))
			return false;
		r->services[i] = find_service(system, code);
		if (!r->services[i])
			return refuse(r, at(i), NO_SERVICE);
		if (!(code & KEYLESS))
			return refuse(r, at(i), NOT_ACCESSIBLE);
		if (r->services[i]->status)
			return refuse(
				r, r->services[i]->status >> 8, r->services[i]->status & 0xFF);
	}
	return true;
}

static bool take_block(struct in *in, struct read *r, size_t i)
{
	uint8_t head, low, high = 0;
	if (!take(in, &head) || !take(in, &low) || (!(head & 0x80) && !take(in, &high)))
		return false;
	if ((head & 0x0F) >= r->n_services)
		return refuse(r, at(i), LIST_ORDER);
	if (head & 0x70)
		return refuse(r, at(i), ACCESS_MODE);
	const struct vcard_service *service = r->services[head & 0x0F];
	size_t block = (size_t)(low | high << 8);
	if (block >= service->n_blocks)
		return refuse(r, at(i), NO_BLOCK);
	put(&r->data, service->data + block * VCARD_BLOCK_SIZE, VCARD_BLOCK_SIZE);
	return true;
}

static bool take_blocks(const struct vcard_tag *tag, struct in *in, struct read *r)
{
	if (!take(in, &r->n_blocks))
		return false;
	if (r->n_blocks == 0 || r->n_blocks > tag->blocks_per_read)
		return refuse(r, NOT_LIST_BOUND, BLOCK_COUNT);
	for (size_t i = 0; i < r->n_blocks; i++)
		if (!take_block(in, r, i))
			return false;
	return in->left == 0;
}

static void read_blocks(const struct vcard_tag *tag, const struct vcard_system *system,
	struct in in, struct out *out)
{
	uint8_t data[FELICA_FRAME_MAX];
	struct read r = {.data = {data, 0}};
	bool good = take_services(system, &in, &r) && take_blocks(tag, &in, &r);
	if (!good && r.sf2 == NO_ERROR) {
		out->len = 0;
		return;
	}
	put_u8(out, r.sf1);
	put_u8(out, r.sf2);
	if (good) {
		put_u8(out, r.n_blocks);
		put(out, data, r.data.len);
	}
}

/* The system whose IDm the frame carries; false: none of ours. */
static bool addressed(const struct vcard *card, const uint8_t *idm, struct where *ret)
{
	uint8_t own[VCARD_IDM_SIZE];
	for (size_t tag = 0; tag < card->n_tags; tag++)
		for (size_t i = 0; i < card->tags[tag].n_systems; i++) {
			vcard_idm(&card->tags[tag], i, own);
			if (memcmp(own, idm, sizeof(own)) == 0) {
				*ret = (struct where){tag, i};
				return true;
			}
		}
	return false;
}

static bool answer_addressed(const struct vcard *card, uint8_t command, struct in in,
	struct out *out, struct where *where)
{
	if (in.left < VCARD_IDM_SIZE || !addressed(card, in.at, where))
		return false;
	const struct vcard_tag *tag = &card->tags[where->tag];
	const struct vcard_system *system = &tag->systems[where->system];
	begin(out, command, in.at);
	in.at += VCARD_IDM_SIZE;
	in.left -= VCARD_IDM_SIZE;
	if (command == REQUEST_SERVICE)
		request_service(system, in, out);
	else if (command == REQUEST_RESPONSE)
		put_u8(out, 0);
	else if (command == READ)
		read_blocks(tag, system, in, out);
	else if (command == SEARCH_SERVICE)
		search_service(system, in, out);
	else if (command == REQUEST_SYSTEM)
		request_system(tag, in, out);
	else
		out->len = 0;
	return out->len > 0;
}

size_t vcard_felica(const struct vcard *card, struct vcard_state *state, const uint8_t *frame,
	size_t len, uint8_t ret[FELICA_FRAME_MAX])
{
	struct in in = {frame, len};
	struct out out = {ret, 0};
	struct where where;
	uint8_t whole, command;
	if (!take(&in, &whole) || whole != len || !take(&in, &command))
		return 0;
	if (card->leave_on_read && command == READ) {
		state->gone = true;
		return 0;
	}
	bool answers = command == POLLING ? poll(card, in, &out, &where)
					  : answer_addressed(card, command, in, &out, &where);
	if (!answers)
		return 0;
	state->tag = where.tag;
	state->system = where.system;
	ret[0] = (uint8_t)out.len;
	return out.len;
}

bool vcard_felica_idm(
	const struct vcard *card, const struct vcard_state *state, uint8_t ret[VCARD_IDM_SIZE])
{
	if (state->tag >= card->n_tags)
		return false;
	vcard_idm(&card->tags[state->tag], state->system, ret);
	return true;
}
