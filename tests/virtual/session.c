/* SPDX-License-Identifier: MIT */
#include "session.h"

#include "vcard_felica.h"

enum { MANAGE = 0x00, TRANSCEIVE = 0x01, SWITCH = 0x02 };

enum {
	TAG_START = 0x81,
	TAG_END = 0x82,
	TAG_RF_OFF = 0x83,
	TAG_RF_ON = 0x84,
	TAG_PROTOCOL = 0x8F,
	TAG_FLAGS = 0x90,
	TAG_VALID_BITS = 0x92,
	TAG_TRANSCEIVE = 0x95,
	TAG_RF_STATUS = 0x96,
	TAG_ANSWER = 0x97,
	TAG_STATUS = 0xC0,
	TAG_TIMER = 0x5F46,
	TAG_ATR = 0x5F51,
};

/* Status of an object. */
enum {
	DONE = 0x9000,
	NO_ANSWER = 0x6401,
	WRONG_LENGTH = 0x6700,
	WRONG_ORDER = 0x6985,
	WRONG_VALUE = 0x6A80,
	UNSUPPORTED = 0x6A81,
};

#define PROTOCOL_FELICA 0x03
#define TIMER_SIZE      4

struct object {
	unsigned tag;
	const uint8_t *value;
	size_t len;
};

static bool next_object(const uint8_t **at, size_t *left, struct object *ret)
{
	const uint8_t *p = *at;
	size_t n = *left;
	if (n < 2)
		return false;
	ret->tag = *p++, n--;
	if ((ret->tag & 0x1F) == 0x1F)
		ret->tag = ret->tag << 8 | *p++, n--;
	if (n < 1)
		return false;
	size_t len = *p++;
	n--;
	if (len == 0x81 && n > 0)
		len = *p++, n--;
	else if (len >= 0x80)
		return false;
	if (len > n)
		return false;
	ret->value = p;
	ret->len = len;
	*at = p + len;
	*left = n - len;
	return true;
}

static unsigned manage(struct vcard_reader *r, const struct object *o)
{
	if (o->tag != TAG_START && !r->open)
		return WRONG_ORDER;
	if (o->len != 0)
		return WRONG_LENGTH;
	switch (o->tag) {
	case TAG_START:
		if (r->open)
			return WRONG_ORDER;
		r->open = true;
		return DONE;
	case TAG_END:
		r->open = r->felica = r->rf_off = false;
		return DONE;
	case TAG_RF_OFF:
		r->rf_off = true;
		return DONE;
	case TAG_RF_ON:
		r->rf_off = false;
		return DONE;
	default:
		return UNSUPPORTED;
	}
}

static unsigned choose(struct vcard_reader *r, const struct vcard *card, const struct object *o,
	struct response *objects)
{
	if (o->tag != TAG_PROTOCOL)
		return UNSUPPORTED;
	if (!r->open)
		return WRONG_ORDER;
	if (o->len != 2)
		return WRONG_LENGTH;
	if (o->value[0] != PROTOCOL_FELICA)
		return WRONG_VALUE;
	r->felica = true;
	if (card->n_tags == 0 || r->rf_off)
		return NO_ANSWER;
	response_tlv(objects, TAG_PROTOCOL, o->value, o->len);
	response_tlv(objects, TAG_ATR, card->atr, card->atr_len);
	return DONE;
}

static unsigned carry(struct vcard_reader *r, const struct vcard *card, const struct object *o,
	struct response *objects)
{
	uint8_t answer[FELICA_FRAME_MAX];
	if (!r->open || !r->felica || r->rf_off)
		return WRONG_ORDER;
	size_t len = vcard_felica(card, &r->state, o->value, o->len, answer);
	if (len == 0)
		return NO_ANSWER;
	response_tlv(objects, TAG_VALID_BITS, "\x00", 1);
	response_tlv(objects, TAG_RF_STATUS, "\x00\x00", 2);
	response_tlv(objects, TAG_ANSWER, answer, len);
	return DONE;
}

static unsigned transceive(struct vcard_reader *r, const struct vcard *card, const struct object *o,
	struct response *objects)
{
	switch (o->tag) {
	case TAG_TIMER:
		return o->len == TIMER_SIZE ? DONE : WRONG_LENGTH;
	case TAG_FLAGS:
		return o->len == 2 ? DONE : WRONG_LENGTH;
	case TAG_TRANSCEIVE:
		return carry(r, card, o, objects);
	default:
		return UNSUPPORTED;
	}
}

static unsigned one(struct vcard_reader *r, const struct vcard *card, uint8_t p2,
	const struct object *o, struct response *objects)
{
	switch (p2) {
	case MANAGE:
		return manage(r, o);
	case TRANSCEIVE:
		return transceive(r, card, o, objects);
	case SWITCH:
		return choose(r, card, o, objects);
	default:
		return UNSUPPORTED;
	}
}

/* The first object that fails ends the command and is named by its index. */
void session_command(struct vcard_reader *r, const struct vcard *card, uint8_t p2,
	const uint8_t *objects, size_t len, struct response *ret)
{
	uint8_t room[WIRE_APDU_MAX];
	struct response after = {room, 0};
	struct object o;
	unsigned status = len == 0 ? WRONG_LENGTH : DONE;
	uint8_t index = 0;
	for (uint8_t i = 1; status == DONE && len > 0; i++) {
		status = next_object(&objects, &len, &o) ? one(r, card, p2, &o, &after)
							 : WRONG_LENGTH;
		index = status == DONE ? 0 : i;
	}
	const uint8_t c0[] = {index, (uint8_t)(status >> 8), (uint8_t)(status & 0xFF)};
	response_tlv(ret, TAG_STATUS, c0, sizeof(c0));
	response_put(ret, room, after.len);
	response_sw(ret, DONE);
}
