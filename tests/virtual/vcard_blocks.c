/* SPDX-License-Identifier: MIT */
#include "vcard_blocks.h"

#include "vcard_lite_s.h"

#define SERVICES_MAX   16
#define KEYLESS        0x01 /* lowest bit of a service code */
#define NOT_LIST_BOUND 0xFF /* SF1 */

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

/* One command, as far as it has been checked. */
struct list {
	const struct vcard_tag *tag;
	const struct vcard_service *services[SERVICES_MAX];
	uint8_t n_services, n_blocks;
	uint16_t blocks[VCARD_BLOCKS_MAX];
	uint8_t of[VCARD_BLOCKS_MAX]; /* index of each block's service */
	uint8_t sf1, sf2;
};

static bool refuse(struct list *l, unsigned sf1, unsigned sf2)
{
	l->sf1 = (uint8_t)sf1;
	l->sf2 = (uint8_t)sf2;
	return false;
}

/* Position in a list: some products count from 1, the others set a bit. */
static unsigned at(const struct list *l, size_t i)
{
	return l->tag->ordinal ? (unsigned)i + 1 : 1u << i % 8;
}

/* Service lists of several systems: the one addressed. False without a refusal: the frame
 * is out of form. */
static bool take_services(const struct vcard_system *system, struct in *in, struct list *l)
{
	uint16_t code;
	if (!take(in, &l->n_services))
		return false;
	if (l->n_services == 0 || l->n_services > SERVICES_MAX)
		return refuse(l, NOT_LIST_BOUND, SERVICE_COUNT);
	for (size_t i = 0; i < l->n_services; i++) {
		if (!take_le16(in, &code))
			return false;
		l->services[i] = vcard_service(system, code);
		if (!l->services[i])
			return refuse(l, at(l, i), NO_SERVICE);
		if (!(code & KEYLESS))
			return refuse(l, at(l, i), NOT_ACCESSIBLE);
		uint16_t status = l->services[i]->status;
		if (status)
			return refuse(l, status >> 8, status & 0xFF);
	}
	return true;
}

static bool take_block(struct in *in, struct list *l, size_t i)
{
	uint8_t head, low, high = 0;
	if (!take(in, &head) || !take(in, &low) || (!(head & 0x80) && !take(in, &high)))
		return false;
	l->of[i] = head & 0x0F;
	l->blocks[i] = (uint16_t)(low | high << 8);
	if (l->of[i] >= l->n_services)
		return refuse(l, at(l, i), LIST_ORDER);
	if (head & 0x70)
		return refuse(l, at(l, i), ACCESS_MODE);
	if (!l->tag->lite_s.is && l->blocks[i] >= l->services[l->of[i]]->n_blocks)
		return refuse(l, at(l, i), NO_BLOCK);
	return true;
}

static bool take_blocks(struct in *in, struct list *l, size_t most)
{
	if (!take(in, &l->n_blocks))
		return false;
	if (l->n_blocks == 0 || l->n_blocks > most)
		return refuse(l, NOT_LIST_BOUND, BLOCK_COUNT);
	for (size_t i = 0; i < l->n_blocks; i++)
		if (!take_block(in, l, i))
			return false;
	return true;
}

static bool fetch(const struct vcard_lite_s_state *lite_s, struct list *l, struct out *data)
{
	for (size_t i = 0; i < l->n_blocks; i++) {
		const uint8_t *from = l->services[l->of[i]]->data + l->blocks[i] * VCARD_BLOCK_SIZE;
		uint8_t made[VCARD_BLOCK_SIZE];
		unsigned sf2 = NO_ERROR;
		if (l->tag->lite_s.is) {
			sf2 = vcard_lite_s_block(l->tag, lite_s, l->blocks, i, data->at, made);
			from = made;
		}
		if (sf2 != NO_ERROR)
			return refuse(l, at(l, i), sf2);
		put(data, from, VCARD_BLOCK_SIZE);
	}
	return true;
}

bool vcard_read_blocks(const struct vcard_tag *tag, const struct vcard_system *system,
	const struct vcard_lite_s_state *lite_s, struct in in, struct out *out)
{
	uint8_t room[FELICA_FRAME_MAX];
	struct out data = {room, 0};
	struct list l = {.tag = tag};
	bool good = take_services(system, &in, &l) && take_blocks(&in, &l, tag->blocks_per_read) &&
		    in.left == 0 && fetch(lite_s, &l, &data);
	if (!good && l.sf2 == NO_ERROR)
		return false;
	put_u8(out, l.sf1);
	put_u8(out, l.sf2);
	if (good) {
		put_u8(out, l.n_blocks);
		put(out, room, data.len);
	}
	return true;
}

bool vcard_write_blocks(const struct vcard_tag *tag, struct vcard_lite_s_state *lite_s,
	struct in in, struct out *out)
{
	struct list l = {.tag = tag};
	bool good = take_services(&tag->systems[0], &in, &l) && take_blocks(&in, &l, 1);
	if (!good && l.sf2 == NO_ERROR)
		return false;
	if (good && in.left != VCARD_BLOCK_SIZE)
		return false;
	if (good && l.services[0]->code != VCARD_LITE_S_WRITE)
		refuse(&l, at(&l, 0), NOT_ACCESSIBLE);
	else if (good && !vcard_lite_s_write(lite_s, l.blocks[0], in.at))
		refuse(&l, at(&l, 0), NOT_ACCESSIBLE);
	put_u8(out, l.sf1);
	put_u8(out, l.sf2);
	return true;
}
