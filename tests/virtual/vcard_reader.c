/* SPDX-License-Identifier: MIT */
#include "vcard_reader.h"

#include <string.h>

#include "response.h"
#include "session.h"
#include "vcard_felica.h"
#include "vcard_iso.h"

enum { CLA = 0xFF, INS_GET_DATA = 0xCA, INS_SESSION = 0xC2, INS_DIRECT = 0x00 };

#define SW_OK          0x9000
#define SW_FAILED      0x6300
#define SW_LENGTH      0x6700
#define SW_UNSUPPORTED 0x6A81
#define SW_NO_INS      0x6D00

#define HEAD 4 /* CLA INS P1 P2 */

/* A short APDU, cut. */
struct apdu {
	uint8_t ins, p1, p2;
	const uint8_t *data;
	size_t len;
};

static const char *const names[] = {
#define X(name, word) [READER_KIND_##name] = (word),
	READER_KIND_LIST(X)
#undef X
};
_Static_assert(sizeof(names) / sizeof(names[0]) == READER_KIND_COUNT, "a name for every kind");

const char *reader_kind_name(enum reader_kind kind)
{
	return kind < READER_KIND_COUNT ? names[kind] : "?";
}

bool reader_kind_parse(const char *word, enum reader_kind *ret)
{
	for (unsigned i = 0; i < READER_KIND_COUNT; i++) {
		if (strcmp(word, names[i]) != 0)
			continue;
		*ret = (enum reader_kind)i;
		return true;
	}
	return false;
}

/* Case 1 to 4 with short lengths; Le may be missing. */
static bool cut(const uint8_t *bytes, size_t len, struct apdu *ret)
{
	if (len < HEAD)
		return false;
	*ret = (struct apdu){bytes[1], bytes[2], bytes[3], NULL, 0};
	if (len <= HEAD + 1)
		return true;
	ret->len = bytes[HEAD];
	ret->data = bytes + HEAD + 1;
	return len == HEAD + 1 + ret->len || len == HEAD + 2 + ret->len;
}

/* P1 0: UID or IDm; 1: PMm, as Sony's readers give it. */
static void get_data(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu,
	struct response *ret)
{
	if (apdu->p2 == 0 && apdu->p1 == 0)
		response_put(ret, card->uid, card->uid_len);
	else if (apdu->p2 == 0 && apdu->p1 == 1 && card->felica && r->kind == READER_KIND_SESSION)
		response_put(ret, card->tags[0].pmm, VCARD_IDM_SIZE);
	response_sw(ret, ret->len > 0 ? SW_OK : SW_UNSUPPORTED);
}

static void direct(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu,
	struct response *ret)
{
	uint8_t answer[FELICA_FRAME_MAX];
	if (apdu->p1 != 0 || apdu->p2 != 0 || apdu->len == 0) {
		response_sw(ret, SW_UNSUPPORTED);
		return;
	}
	size_t len = vcard_felica(card, &r->state, apdu->data, apdu->len, answer);
	response_put(ret, answer, len);
	response_sw(ret, len > 0 ? SW_OK : SW_FAILED);
}

static void dispatch(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu,
	struct response *ret)
{
	if (apdu->ins == INS_GET_DATA)
		get_data(r, card, apdu, ret);
	else if (apdu->ins == INS_SESSION && r->kind == READER_KIND_SESSION && apdu->p1 == 0)
		session_command(r, card, apdu->p2, apdu->data, apdu->len, ret);
	else if (apdu->ins == INS_DIRECT && r->kind == READER_KIND_DIRECT)
		direct(r, card, apdu, ret);
	else
		response_sw(ret, r->kind == READER_KIND_DIRECT ? SW_UNSUPPORTED : SW_NO_INS);
}

enum vcard_act vcard_reader_apdu(struct vcard_reader *r, const struct vcard *card,
	const uint8_t *apdu, size_t len, uint8_t ret[WIRE_APDU_MAX], size_t *ret_len)
{
	struct response response = {ret, 0};
	struct apdu parts;
	if (card->leave_after > 0 && r->told >= card->leave_after)
		return VCARD_LEAVES;
	if (card->mute_after > 0 && r->told >= card->mute_after)
		return VCARD_SILENT;
	r->told++;
	if (len > 0 && apdu[0] != CLA)
		vcard_iso(card, &r->state, apdu, len, ret, &response.len);
	else if (!cut(apdu, len, &parts))
		response_sw(&response, SW_LENGTH);
	else
		dispatch(r, card, &parts, &response);
	*ret_len = response.len;
	return r->state.gone ? VCARD_LEAVES : VCARD_ANSWERS;
}

void vcard_reader_power(struct vcard_reader *r, enum wire_power power)
{
	if (power != WIRE_POWER_DOWN && power != WIRE_POWER_RESET)
		return;
	r->open = r->felica = r->rf_off = false;
	r->state = (struct vcard_state){0};
}
