/* SPDX-License-Identifier: MIT */
#include "vcard_acr122.h"

#include "vcard_felica.h"

enum { INS_DIRECT = 0x00, INS_GET_RESPONSE = 0xC0 };

/* PN532 user manual, 7.1: host to PN532 D4, back D5 and the command + 1. */
enum {
	TO_PN532 = 0xD4,
	FROM_PN532 = 0xD5,
	LIST_TARGETS = 0x4A, /* InListPassiveTarget */
	EXCHANGE = 0x40,     /* InDataExchange */
	FELICA_212 = 0x01,
	FELICA_424 = 0x02,
	OK = 0x00,
	TIMEOUT = 0x01,
	WRONG_CONTEXT = 0x27, /* no such target */
	TARGET = 0x01,        /* number of the first target, and of targets we list */
};

enum {
	SW_MORE = 0x6100,         /* … and the length of what waits */
	SW_NOTHING_HELD = 0x6985, /* no source; our choice */
};

/* The data carries the polling command without its LEN. */
static void list_targets(struct vcard_reader *r, const struct vcard *card, const uint8_t *data,
	size_t len, struct response *ret)
{
	uint8_t frame[FELICA_FRAME_MAX], answer[FELICA_FRAME_MAX];
	size_t got = 0;
	bool felica = len > 2 && (data[1] == FELICA_212 || data[1] == FELICA_424);
	if (felica && data[0] >= TARGET && data[2] == 0x00 && len - 1 <= sizeof(frame)) {
		frame[0] = (uint8_t)(len - 1);
		memcpy(frame + 1, data + 2, len - 2);
		got = vcard_felica(card, &r->state, frame, len - 1, answer);
	}
	response_put_u8(ret, got > 0 ? TARGET : 0);
	if (got > 0)
		response_put_u8(ret, TARGET);
	response_put(ret, answer, got);
}

static void exchange(struct vcard_reader *r, const struct vcard *card, const uint8_t *data,
	size_t len, struct response *ret)
{
	uint8_t answer[FELICA_FRAME_MAX];
	if (len == 0 || data[0] != TARGET) {
		response_put_u8(ret, WRONG_CONTEXT);
		return;
	}
	size_t got = vcard_felica(card, &r->state, data + 1, len - 1, answer);
	response_put_u8(ret, got > 0 ? OK : TIMEOUT);
	response_put(ret, answer, got);
}

bool acr122(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu,
	struct response *ret)
{
	if (apdu->ins != INS_DIRECT || apdu->p1 != 0 || apdu->p2 != 0)
		return false;
	bool list = apdu->len >= 2 && apdu->data[1] == LIST_TARGETS;
	if (apdu->len < 2 || apdu->data[0] != TO_PN532 || (!list && apdu->data[1] != EXCHANGE)) {
		response_sw(ret, KIND_SW_FAILED);
		return true;
	}
	response_put_u8(ret, FROM_PN532);
	response_put_u8(ret, apdu->data[1] + 1u);
	if (list)
		list_targets(r, card, apdu->data + 2, apdu->len - 2, ret);
	else
		exchange(r, card, apdu->data + 2, apdu->len - 2, ret);
	response_sw(ret, KIND_SW_OK);
	return true;
}

/* xx counts the status word too: programs ask FF C0 00 00 04 after D4 32, which is
 * answered D5 33 90 00. */
static void give_held(struct vcard_reader *r, const struct apdu *apdu, struct response *ret)
{
	size_t len = r->held.len;
	r->held.len = 0;
	if (len == 0)
		response_sw(ret, SW_NOTHING_HELD);
	else if (apdu->le != (len & 0xFF))
		response_sw(ret, KIND_SW_WRONG_LENGTH);
	else
		response_put(ret, r->held.bytes, len);
}

bool acr122_t0(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu,
	struct response *ret)
{
	struct response held = {r->held.bytes, 0};
	if (apdu->ins == INS_GET_RESPONSE && apdu->p1 == 0 && apdu->p2 == 0) {
		give_held(r, apdu, ret);
		return true;
	}
	r->held.len = 0;
	if (!acr122(r, card, apdu, &held))
		return false;
	bool refused = held.len == 2;
	if (refused) {
		response_put(ret, held.at, held.len);
		return true;
	}
	r->held.len = held.len;
	response_sw(ret, SW_MORE | (held.len & 0xFF));
	return true;
}

bool acr122_bare(struct vcard_reader *r, const struct vcard *card, const uint8_t *bytes, size_t len,
	struct response *ret)
{
	uint8_t answer[FELICA_FRAME_MAX];
	if (!card->felica || len == 0 || bytes[0] != len)
		return false;
	size_t got = vcard_felica(card, &r->state, bytes, len, answer);
	response_put(ret, answer, got);
	response_sw(ret, got > 0 ? KIND_SW_OK : KIND_SW_FAILED);
	return true;
}
