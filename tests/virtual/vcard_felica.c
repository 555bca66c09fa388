/* SPDX-License-Identifier: MIT */
#include "vcard_felica.h"

#include "vcard_blocks.h"

enum {
	POLLING = 0x00,
	REQUEST_SERVICE = 0x02,
	REQUEST_RESPONSE = 0x04,
	READ = 0x06,
	WRITE = 0x08,
	SEARCH_SERVICE = 0x0A,
	REQUEST_SYSTEM = 0x0C,
};

#define WILDCARD      0xFF
#define NODES_MAX     32
#define KEY_VERSION   0x0000
#define ABSENT        0xFFFF
#define ROOT_AREA     0x0000
#define ROOT_END      0xFFFE
#define SPEED_212_424 0x0083

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
	for (size_t tag = 0; tag < card->n_tags; tag++) {
		const struct vcard_tag *t = &card->tags[tag];
		size_t n = t->first_only ? 1 : t->n_systems;
		for (size_t i = 0; i < n; i++)
			if (matches(t->systems[i].code, high, low)) {
				*ret = (struct where){tag, i};
				return true;
			}
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

static bool has_area(const struct vcard_system *system, uint16_t code)
{
	for (size_t i = 0; i < system->n_areas; i++)
		if (system->areas[i].code == code)
			return true;
	return code == ROOT_AREA;
}

/* Root and system key are nodes too. */
static bool has_node(const struct vcard_system *system, uint16_t code)
{
	return code == ABSENT || has_area(system, code) || vcard_service(system, code);
}

static bool request_service(const struct vcard_system *system, struct in in, struct out *out)
{
	uint8_t n;
	uint16_t code;
	if (!take(&in, &n) || n == 0 || n > NODES_MAX || in.left != 2u * n)
		return false;
	put_u8(out, n);
	while (take_le16(&in, &code))
		put_le16(out, has_node(system, code) ? KEY_VERSION : ABSENT);
	return true;
}

/* The node after `code` in the order of codes, an area before what it holds. An area ends
 * somewhere; a service is its own end. False: that was the last. */
static bool next_node(const struct vcard_system *system, uint32_t code, struct vcard_area *ret)
{
	uint32_t best = UINT32_MAX;
	for (size_t i = 0; i < system->n_areas; i++)
		if (system->areas[i].code > code && system->areas[i].code < best) {
			*ret = system->areas[i];
			best = ret->code;
		}
	for (size_t i = 0; i < system->n_services; i++)
		if (system->services[i].code > code && system->services[i].code < best) {
			*ret = (struct vcard_area){system->services[i].code, 0};
			best = ret->code;
		}
	return best != UINT32_MAX;
}

/* Place 0 is the system's root area. */
static bool search_service(const struct vcard_system *system, struct in in, struct out *out)
{
	struct vcard_area node = {ROOT_AREA, ROOT_END};
	uint16_t i;
	if (!take_le16(&in, &i) || in.left != 0)
		return false;
	bool there = true;
	for (uint16_t k = 0; there && k < i; k++)
		there = next_node(system, node.code, &node);
	put_le16(out, there ? node.code : ABSENT);
	if (there && node.end != 0)
		put_le16(out, node.end);
	return true;
}

static bool request_system(const struct vcard_tag *tag, struct in in, struct out *out)
{
	if (in.left != 0)
		return false;
	put_u8(out, (unsigned)tag->n_systems);
	for (size_t i = 0; i < tag->n_systems; i++) {
		put_u8(out, tag->systems[i].code >> 8);
		put_u8(out, tag->systems[i].code & 0xFF);
	}
	return true;
}

static bool request_response(struct in in, struct out *out)
{
	put_u8(out, 0);
	return in.left == 0;
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

static bool answer_standard(const struct vcard_tag *tag, const struct vcard_system *system,
	uint8_t command, struct in in, struct out *out)
{
	switch (command) {
	case REQUEST_SERVICE:
		return request_service(system, in, out);
	case REQUEST_RESPONSE:
		return request_response(in, out);
	case READ:
		return vcard_read_blocks(tag, system, NULL, in, out);
	case SEARCH_SERVICE:
		return search_service(system, in, out);
	case REQUEST_SYSTEM:
		return request_system(tag, in, out);
	default:
		return false;
	}
}

static bool answer_lite_s(const struct vcard_tag *tag, struct vcard_lite_s_state *state,
	uint8_t command, struct in in, struct out *out)
{
	if (command == READ)
		return vcard_read_blocks(tag, &tag->systems[0], state, in, out);
	return command == WRITE && vcard_write_blocks(tag, state, in, out);
}

static bool answer_addressed(const struct vcard *card, struct vcard_state *state, uint8_t command,
	struct in in, struct out *out, struct where *where)
{
	if (in.left < VCARD_IDM_SIZE || !addressed(card, in.at, where))
		return false;
	const struct vcard_tag *tag = &card->tags[where->tag];
	begin(out, command, in.at);
	in.at += VCARD_IDM_SIZE;
	in.left -= VCARD_IDM_SIZE;
	if (tag->lite_s.is)
		return answer_lite_s(tag, &state->lite_s[where->tag], command, in, out);
	return answer_standard(tag, &tag->systems[where->system], command, in, out);
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
	bool answers = command == POLLING
			       ? poll(card, in, &out, &where)
			       : answer_addressed(card, state, command, in, &out, &where);
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
