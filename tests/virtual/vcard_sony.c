/* SPDX-License-Identifier: MIT */
#include "vcard_sony.h"

#include "vcard_felica.h"

enum { INS_FRAME = 0xFE, INS_SELECT = 0xA4, INS_READ = 0xB0 };

/* No source tells these: our choice. */
enum {
	SW_SILENT = 0x6300,        /* the card does not answer */
	SW_NO_SERVICE = 0x6A82,    /* as for a file that is not there */
	SW_NO_BLOCK = 0x6A83,      /* as for a record that is not there */
	SW_NONE_SELECTED = 0x6986, /* as for a file that was not selected */
	SW_FLAGS = 0x6982,         /* status flags of the card that are not about a block */
	SW_WRONG_P1_P2 = 0x6B00,
};

enum {
	READ = 0x06,
	READ_LEN = 16, /* of one block of one service */
	FLAGS_AT = 10, /* in the answer: LEN, code, IDm, SF1, SF2, count, data */
	DATA_AT = 13,
	SF2_NO_BLOCK = 0xA8,
};

bool sony_frame(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu,
	struct response *ret)
{
	uint8_t answer[FELICA_FRAME_MAX];
	if (apdu->ins != INS_FRAME || apdu->p1 != 1 || apdu->p2 != 0)
		return false;
	size_t len = vcard_felica(card, &r->state, apdu->data, apdu->len, answer);
	response_put(ret, answer, len);
	response_sw(ret, len > 0 ? KIND_SW_OK : SW_SILENT);
	return true;
}

static bool holds(const struct vcard_system *system, uint16_t code)
{
	for (size_t i = 0; i < system->n_services; i++)
		if (system->services[i].code == code)
			return true;
	return false;
}

/* Which system FF A4 addresses is unknown: the first that holds the service. */
static bool find(const struct vcard *card, uint16_t code, uint8_t ret_idm[VCARD_IDM_SIZE])
{
	for (size_t tag = 0; tag < card->n_tags; tag++)
		for (size_t i = 0; i < card->tags[tag].n_systems; i++) {
			if (!holds(&card->tags[tag].systems[i], code))
				continue;
			vcard_idm(&card->tags[tag], i, ret_idm);
			return true;
		}
	return false;
}

static unsigned choose(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu)
{
	if (apdu->p1 != 0 || apdu->p2 != 1)
		return SW_WRONG_P1_P2;
	if (apdu->len != sizeof(r->selected.service))
		return KIND_SW_WRONG_LENGTH;
	uint16_t code = (uint16_t)(apdu->data[0] | apdu->data[1] << 8);
	r->selected.done = find(card, code, r->selected.idm);
	r->selected.service[0] = apdu->data[0];
	r->selected.service[1] = apdu->data[1];
	return r->selected.done ? KIND_SW_OK : SW_NO_SERVICE;
}

static size_t read_block(struct vcard_reader *r, const struct vcard *card, uint8_t block,
	uint8_t ret[FELICA_FRAME_MAX])
{
	uint8_t room[WIRE_APDU_MAX];
	struct response frame = {room, 0};
	response_put_u8(&frame, READ_LEN);
	response_put_u8(&frame, READ);
	response_put(&frame, r->selected.idm, sizeof(r->selected.idm));
	response_put_u8(&frame, 1);
	response_put(&frame, r->selected.service, sizeof(r->selected.service));
	response_put_u8(&frame, 1);
	response_put_u8(&frame, 0x80); /* two bytes, the first service of the list */
	response_put_u8(&frame, block);
	return vcard_felica(card, &r->state, frame.at, frame.len, ret);
}

static unsigned give_block(struct vcard_reader *r, const struct vcard *card,
	const struct apdu *apdu, struct response *ret)
{
	uint8_t answer[FELICA_FRAME_MAX];
	if (apdu->p1 != 0)
		return SW_WRONG_P1_P2; /* FF B0 80: several blocks, in a form nobody tells */
	if (!r->selected.done)
		return SW_NONE_SELECTED;
	size_t len = read_block(r, card, apdu->p2, answer);
	if (len == 0)
		return SW_SILENT;
	if (len == DATA_AT + VCARD_BLOCK_SIZE && answer[FLAGS_AT] == 0) {
		response_put(ret, answer + DATA_AT, VCARD_BLOCK_SIZE);
		return KIND_SW_OK;
	}
	return answer[FLAGS_AT + 1] == SF2_NO_BLOCK ? SW_NO_BLOCK : SW_FLAGS;
}

bool sony_select(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu,
	struct response *ret)
{
	if (apdu->ins == INS_SELECT)
		response_sw(ret, choose(r, card, apdu));
	else if (apdu->ins == INS_READ)
		response_sw(ret, give_block(r, card, apdu, ret));
	else
		return false;
	return true;
}
