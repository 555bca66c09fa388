/* SPDX-License-Identifier: MIT */
#include "vcard_reader.h"

#include <string.h>

#include "response.h"
#include "session.h"
#include "vcard_acr122.h"
#include "vcard_fault.h"
#include "vcard_felica.h"
#include "vcard_identiv.h"
#include "vcard_iso.h"
#include "vcard_kind.h"
#include "vcard_sony.h"

enum { CLA = 0xFF, INS_GET_DATA = 0xCA, INS_SESSION = 0xC2, INS_DIRECT = 0x00 };

#define HEAD 4 /* CLA INS P1 P2 */

static const struct {
	const char *word, *reader;
} names[] = {
#define X(name, word, reader) [READER_KIND_##name] = {(word), (reader)},
	READER_KIND_LIST(X)
#undef X
};
_Static_assert(sizeof(names) / sizeof(names[0]) == READER_KIND_COUNT, "names for every kind");

const char *reader_kind_name(enum reader_kind kind)
{
	return kind < READER_KIND_COUNT ? names[kind].word : "?";
}

const char *reader_kind_reader(enum reader_kind kind)
{
	return kind < READER_KIND_COUNT ? names[kind].reader : "?";
}

bool reader_kind_parse(const char *word, enum reader_kind *ret)
{
	for (unsigned i = 0; i < READER_KIND_COUNT; i++) {
		if (strcmp(word, names[i].word) != 0)
			continue;
		*ret = (enum reader_kind)i;
		return true;
	}
	return false;
}

static bool session(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu,
	struct response *ret)
{
	if (apdu->ins != INS_SESSION || apdu->p1 != 0)
		return false;
	session_command(r, card, apdu->p2, apdu->data, apdu->len, ret);
	return true;
}

static bool session_escape(struct vcard_reader *r, const struct vcard *card,
	const struct apdu *apdu, struct response *ret)
{
	return r->escape && session(r, card, apdu, ret);
}

static bool direct(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu,
	struct response *ret)
{
	uint8_t answer[FELICA_FRAME_MAX];
	if (apdu->ins != INS_DIRECT || apdu->p1 != 0 || apdu->p2 != 0 || apdu->len == 0)
		return false;
	size_t len = vcard_felica(card, &r->state, apdu->data, apdu->len, answer);
	response_put(ret, answer, len);
	response_sw(ret, len > 0 ? KIND_SW_OK : KIND_SW_FAILED);
	return true;
}

static bool plain(struct vcard_reader *r, const struct vcard *card, const struct apdu *apdu,
	struct response *ret)
{
	return false;
}

static const uint8_t acr122_atr[] = ACR122_ATR;

/* `unknown`: said to what the make does not know. `pmm`: FF CA 01 gives it. */
static const struct make {
	kind_command *command;
	unsigned unknown;
	bool pmm;
	const uint8_t *felica_atr; /* NULL: that of the card's file */
	size_t felica_atr_len;
} makes[] = {
	[READER_KIND_SESSION] = {session, KIND_SW_NO_INS, .pmm = true},
	[READER_KIND_SESSION_ESCAPE] = {session_escape, KIND_SW_NO_INS, .pmm = true},
	[READER_KIND_SONY_FRAME] = {sony_frame, KIND_SW_NO_INS, .pmm = true},
	[READER_KIND_SONY_SELECT] = {sony_select, KIND_SW_NO_INS, .pmm = true},
	[READER_KIND_DIRECT] = {direct, KIND_SW_UNSUPPORTED},
	[READER_KIND_ACR122] = {acr122, KIND_SW_UNSUPPORTED, false, acr122_atr, sizeof(acr122_atr)},
	[READER_KIND_ACR122_T0] = {acr122_t0, KIND_SW_UNSUPPORTED, false, acr122_atr,
		sizeof(acr122_atr)},
	[READER_KIND_IDENTIV] = {identiv, KIND_SW_NO_INS},
	[READER_KIND_PLAIN] = {plain, KIND_SW_NO_INS},
};
_Static_assert(sizeof(makes) / sizeof(makes[0]) == READER_KIND_COUNT, "a make for every kind");

/* Case 1 to 4 with short lengths; Le may be missing. */
static bool cut(const uint8_t *bytes, size_t len, struct apdu *ret)
{
	if (len < HEAD)
		return false;
	*ret = (struct apdu){.ins = bytes[1], .p1 = bytes[2], .p2 = bytes[3]};
	if (len == HEAD + 1)
		ret->le = bytes[HEAD];
	if (len <= HEAD + 1)
		return true;
	ret->len = bytes[HEAD];
	ret->data = ret->len > 0 ? bytes + HEAD + 1 : NULL;
	return len == HEAD + 1 + ret->len || len == HEAD + 2 + ret->len;
}

/* P1 0: UID or IDm of what the reader has activated; 1: PMm, as Sony's readers give it. */
static void get_data(const struct make *make, const struct vcard *card, const struct apdu *apdu,
	struct response *ret)
{
	if (apdu->p2 == 0 && apdu->p1 == 0)
		response_put(ret, card->uid, card->uid_len);
	else if (apdu->p2 == 0 && apdu->p1 == 1 && card->felica && make->pmm)
		response_put(ret, card->tags[0].pmm, VCARD_IDM_SIZE);
	response_sw(ret, ret->len > 0 ? KIND_SW_OK : KIND_SW_UNSUPPORTED);
}

/* Class FF is the reader's. */
static void own_class(struct vcard_reader *r, const struct vcard *card, const uint8_t *bytes,
	size_t len, struct response *ret)
{
	const struct make *make = &makes[r->kind];
	struct apdu apdu;
	if (!cut(bytes, len, &apdu))
		response_sw(ret, KIND_SW_WRONG_LENGTH);
	else if (apdu.ins == INS_GET_DATA)
		get_data(make, card, &apdu, ret);
	else if (!make->command(r, card, &apdu, ret))
		response_sw(ret, make->unknown);
}

static bool takes_bare_frames(enum reader_kind kind)
{
	return kind == READER_KIND_ACR122 || kind == READER_KIND_ACR122_T0;
}

static void respond(struct vcard_reader *r, const struct vcard *card, const uint8_t *bytes,
	size_t len, struct response *ret)
{
	if (len == 0 || bytes[0] == CLA)
		own_class(r, card, bytes, len, ret);
	else if (r->escape)
		response_sw(ret, KIND_SW_NO_CLA);
	else if (!takes_bare_frames(r->kind) || !acr122_bare(r, card, bytes, len, ret))
		vcard_iso(card, &r->state, bytes, len, ret->at, &ret->len);
}

enum vcard_act vcard_reader_apdu(struct vcard_reader *r, const struct vcard *card,
	const uint8_t *apdu, size_t len, uint8_t ret[WIRE_APDU_MAX], size_t *ret_len)
{
	struct response response = {ret, 0};
	enum vcard_act act = vcard_fault_act(card, r->told, r->flapped);
	r->flapped += act == VCARD_FLAPS;
	if (act != VCARD_ANSWERS)
		return act;
	r->told++;
	respond(r, card, apdu, len, &response);
	vcard_fault_reply(card, r->told, ret, &response.len);
	*ret_len = response.len;
	return r->state.gone ? VCARD_LEAVES : VCARD_ANSWERS;
}

void vcard_reader_atr(const struct vcard_reader *r, const struct vcard *card,
	uint8_t ret[WIRE_ATR_MAX], size_t *ret_len)
{
	const struct make *make = &makes[r->kind];
	bool own = make->felica_atr && card->felica && card->atr_len > 0;
	*ret_len = own ? make->felica_atr_len : card->atr_len;
	memcpy(ret, own ? make->felica_atr : card->atr, *ret_len);
}

void vcard_reader_power(struct vcard_reader *r, enum wire_power power)
{
	if (power == WIRE_POWER_DOWN || power == WIRE_POWER_RESET)
		*r = (struct vcard_reader){.kind = r->kind, .told = r->told, .flapped = r->flapped};
}
