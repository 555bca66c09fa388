/* SPDX-License-Identifier: MIT */
#include "vcard_identiv.h"

#include "vcard_felica.h"

enum {
	INS_POLL = 0x40,
	INS_REQUEST_SERVICE = 0x42,
	INS_REQUEST_RESPONSE = 0x44,
	INS_READ = 0x46,
	INS_REQUEST_SYSTEM = 0x4A,
};

/* Codes of the frames behind them. */
enum {
	POLLING = 0x00,
	REQUEST_SERVICE = 0x02,
	REQUEST_RESPONSE = 0x04,
	READ = 0x06,
	REQUEST_SYSTEM = 0x0C,
};

enum {
	ELEMENT = 2,  /* a service code, or a block list element in its short form */
	POLL_LEN = 4, /* system high, low, request, slots: their order is unknown, our choice */
	HEAD = 2,     /* LEN and code of the answer, which the reader keeps */
	SW_SILENT = 0x6300, /* no source tells; our choice */
};

static void begin(struct response *frame, uint8_t code)
{
	response_put_u8(frame, 0); /* LEN, when it is known */
	response_put_u8(frame, code);
}

/* Begin a frame to the chip spoken to last. With no chip there it is one that nobody
 * answers. */
static void address(const struct vcard_reader *r, const struct vcard *card, uint8_t code,
	struct response *frame)
{
	uint8_t idm[VCARD_IDM_SIZE] = {0};
	vcard_felica_idm(card, &r->state, idm);
	begin(frame, code);
	response_put(frame, idm, sizeof(idm));
}

static unsigned send(struct vcard_reader *r, const struct vcard *card, struct response *frame,
	struct response *ret)
{
	uint8_t answer[FELICA_FRAME_MAX];
	if (frame->len > FELICA_FRAME_MAX)
		return KIND_SW_WRONG_LENGTH;
	frame->at[0] = (uint8_t)frame->len;
	size_t len = vcard_felica(card, &r->state, frame->at, frame->len, answer);
	if (len <= HEAD)
		return SW_SILENT;
	response_put(ret, answer + HEAD, len - HEAD);
	return KIND_SW_OK;
}

static unsigned poll(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu,
	struct response *ret)
{
	uint8_t room[WIRE_APDU_MAX];
	struct response frame = {room, 0};
	if (apdu->len != POLL_LEN)
		return KIND_SW_WRONG_LENGTH;
	begin(&frame, POLLING);
	response_put(&frame, apdu->data, apdu->len);
	return send(r, card, &frame, ret);
}

/* P1 services and P2 blocks, counted in front of their lists. */
static unsigned read_blocks(struct vcard_reader *r, const struct vcard *card,
	const struct apdu *apdu, struct response *ret)
{
	uint8_t room[WIRE_APDU_MAX];
	struct response frame = {room, 0};
	size_t services = ELEMENT * (size_t)apdu->p1, blocks = ELEMENT * (size_t)apdu->p2;
	if (apdu->len == 0 || apdu->len != services + blocks)
		return KIND_SW_WRONG_LENGTH;
	address(r, card, READ, &frame);
	response_put_u8(&frame, apdu->p1);
	response_put(&frame, apdu->data, services);
	response_put_u8(&frame, apdu->p2);
	response_put(&frame, apdu->data + services, blocks);
	return send(r, card, &frame, ret);
}

static unsigned request_service(struct vcard_reader *r, const struct vcard *card,
	const struct apdu *apdu, struct response *ret)
{
	uint8_t room[WIRE_APDU_MAX];
	struct response frame = {room, 0};
	if (apdu->len == 0 || apdu->len != ELEMENT * (size_t)apdu->p1)
		return KIND_SW_WRONG_LENGTH;
	address(r, card, REQUEST_SERVICE, &frame);
	response_put_u8(&frame, apdu->p1);
	response_put(&frame, apdu->data, apdu->len);
	return send(r, card, &frame, ret);
}

static unsigned request(
	struct vcard_reader *r, const struct vcard *card, uint8_t code, struct response *ret)
{
	uint8_t room[WIRE_APDU_MAX];
	struct response frame = {room, 0};
	address(r, card, code, &frame);
	return send(r, card, &frame, ret);
}

bool identiv(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu,
	struct response *ret)
{
	unsigned sw;
	if (apdu->ins == INS_POLL)
		sw = poll(r, card, apdu, ret);
	else if (apdu->ins == INS_READ)
		sw = read_blocks(r, card, apdu, ret);
	else if (apdu->ins == INS_REQUEST_SERVICE)
		sw = request_service(r, card, apdu, ret);
	else if (apdu->ins == INS_REQUEST_RESPONSE)
		sw = request(r, card, REQUEST_RESPONSE, ret);
	else if (apdu->ins == INS_REQUEST_SYSTEM)
		sw = request(r, card, REQUEST_SYSTEM, ret);
	else
		return false;
	response_sw(ret, sw);
	return true;
}
