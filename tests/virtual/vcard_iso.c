/* SPDX-License-Identifier: MIT */
#include "vcard_iso.h"

#include "response.h"

/* ISO/IEC 7816-4. */
enum { SELECT = 0xA4, READ_BINARY = 0xB0, READ_RECORD = 0xB2, GET_RESPONSE = 0xC0 };

#define SW_OK             0x9000
#define SW_MORE           0x6100 /* low byte: how many bytes are held back */
#define SW_END            0x6282
#define SW_LENGTH         0x6700
#define SW_WRONG_KIND     0x6981
#define SW_NONE_SELECTED  0x6986
#define SW_WRONG_DATA     0x6A80
#define SW_NO_FUNCTION    0x6A81
#define SW_NO_FILE        0x6A82
#define SW_NO_RECORD      0x6A83
#define SW_WRONG_P1_P2    0x6A86
#define SW_OUTSIDE        0x6B00
#define SW_CORRECT_LE     0x6C00 /* low byte: the right Le */
#define SW_NO_INSTRUCTION 0x6D00
#define SW_NO_CLASS       0x6E00

#define HEAD        4 /* CLA INS P1 P2 */
#define SHORT_MAX   256
#define MASTER_FILE 0x3F00
#define SFI_BIT     0x80 /* of P1: READ BINARY by short identifier */
#define SFI_MASK    0x1F
#define P2_FORM     0x0C /* of SELECT: which information is given */
#define P2_SILENT   0x0C
#define BY_NUMBER   0x04 /* of READ RECORD: P1 is the record's number */
#define BY_AID      0x04 /* of SELECT: P1 */
#define BY_FILE     0x00
#define BY_FILE_IN  0x02 /* … under the current directory */

struct command {
	uint8_t ins, p1, p2;
	const uint8_t *data;
	size_t len;
	size_t le; /* bytes; 0: no Le */
	bool all;  /* Le is 00: as many as there are */
};

struct talk {
	const struct vcard_iso *iso;
	struct vcard_iso_state *state;
	struct response *out;
};

static bool cut(const uint8_t *apdu, size_t len, struct command *ret)
{
	if (len < HEAD)
		return false;
	*ret = (struct command){.ins = apdu[1], .p1 = apdu[2], .p2 = apdu[3]};
	size_t at = HEAD;
	if (len > HEAD + 1) {
		ret->len = apdu[at++];
		ret->data = apdu + at;
		if (ret->len == 0 || len < at + ret->len)
			return false;
		at += ret->len;
	}
	if (at == len)
		return true;
	ret->le = apdu[at] == 0 ? SHORT_MAX : apdu[at];
	ret->all = apdu[at] == 0;
	return at + 1 == len;
}

/* `len` bytes are there: give them as the card's make does. */
static unsigned give(struct talk *t, const struct command *c, const uint8_t *data, size_t len)
{
	size_t n = len < c->le ? len : c->le;
	if (n < c->le && t->iso->past_end == VCARD_END_CORRECTS)
		return SW_CORRECT_LE | (n & 0xFF);
	bool past = n < c->le && !c->all;
	if (past && t->iso->past_end == VCARD_END_REFUSES)
		return SW_LENGTH;
	if (t->iso->get_response) {
		memcpy(t->state->rest, data, n);
		t->state->rest_len = n;
		return SW_MORE | (n & 0xFF);
	}
	response_put(t->out, data, n);
	return past ? SW_END : SW_OK;
}

/* Control information: the name under which the application was found, nothing else. */
static unsigned tell(struct talk *t, const struct command *c, const uint8_t *name, size_t len)
{
	uint8_t fci[4 + VCARD_AID_MAX] = {0x6F, (uint8_t)(len + 2), 0x84, (uint8_t)len};
	struct command all = *c;
	if ((c->p2 & P2_FORM) == P2_SILENT)
		return SW_OK;
	if (len > 0)
		memcpy(fci + 4, name, len);
	if (c->le == 0) {
		all.le = SHORT_MAX;
		all.all = true;
	}
	return give(t, &all, fci, len + 4);
}

static unsigned select_application(struct talk *t, const struct command *c)
{
	for (size_t i = 0; i < t->iso->n_applications; i++) {
		const struct vcard_application *a = &t->iso->applications[i];
		if (c->len > a->aid_len || memcmp(a->aid, c->data, c->len) != 0)
			continue;
		t->state->application = i + 1;
		t->state->file = 0;
		return tell(t, c, a->aid, a->aid_len);
	}
	return SW_NO_FILE;
}

static unsigned select_file(struct talk *t, const struct command *c)
{
	if (c->len != 2)
		return SW_WRONG_DATA;
	uint16_t id = (uint16_t)(c->data[0] << 8 | c->data[1]);
	if (id == MASTER_FILE && c->p1 == BY_FILE) {
		t->state->application = t->state->file = 0;
		return tell(t, c, NULL, 0);
	}
	for (size_t i = 0; i < t->iso->n_files; i++) {
		const struct vcard_file *f = &t->iso->files[i];
		if (f->id != id || f->application != t->state->application)
			continue;
		t->state->file = i + 1;
		return tell(t, c, NULL, 0);
	}
	return SW_NO_FILE;
}

static unsigned select_any(struct talk *t, const struct command *c)
{
	const struct vcard_iso *iso = t->iso;
	if (iso->n_selects > 0 && !memchr(iso->selects, c->p2, iso->n_selects))
		return SW_WRONG_P1_P2;
	if (c->len == 0)
		return SW_LENGTH;
	if (c->p1 == BY_AID)
		return select_application(t, c);
	if (c->p1 == BY_FILE || c->p1 == BY_FILE_IN)
		return select_file(t, c);
	return SW_WRONG_P1_P2;
}

/* By short identifier, which also selects; 0: the one selected. 0, or a status word. */
static unsigned take_file(struct talk *t, unsigned sfi, const struct vcard_file **ret)
{
	for (size_t i = 0; sfi > 0 && i < t->iso->n_files; i++) {
		const struct vcard_file *f = &t->iso->files[i];
		if (f->sfi != sfi || f->application != t->state->application)
			continue;
		t->state->file = i + 1;
		sfi = 0;
	}
	if (sfi > 0)
		return SW_NO_FILE;
	if (t->state->file == 0)
		return SW_NONE_SELECTED;
	*ret = &t->iso->files[t->state->file - 1];
	return (*ret)->status;
}

static unsigned read_binary(struct talk *t, const struct command *c)
{
	const struct vcard_file *file;
	bool by_sfi = c->p1 & SFI_BIT;
	size_t off = by_sfi ? c->p2 : (size_t)c->p1 << 8 | c->p2;
	if (by_sfi && (c->p1 & ~(SFI_BIT | SFI_MASK)))
		return SW_WRONG_P1_P2;
	if (by_sfi && (c->p1 & SFI_MASK) == 0)
		return SW_NO_FILE;
	unsigned sw = take_file(t, by_sfi ? c->p1 & SFI_MASK : 0, &file);
	if (sw)
		return sw;
	if (file->n_records > 0)
		return SW_WRONG_KIND;
	if (c->le == 0)
		return SW_LENGTH;
	if (off >= file->len)
		return SW_OUTSIDE;
	return give(t, c, file->data + off, file->len - off);
}

static unsigned read_record(struct talk *t, const struct command *c)
{
	const struct vcard_file *file;
	if ((c->p2 & 0x07) != BY_NUMBER)
		return SW_NO_FUNCTION;
	unsigned sw = take_file(t, c->p2 >> 3, &file);
	if (sw)
		return sw;
	if (file->n_records == 0)
		return SW_WRONG_KIND;
	if (c->le == 0)
		return SW_LENGTH;
	if (c->p1 == 0 || c->p1 > file->n_records)
		return SW_NO_RECORD;
	size_t from = c->p1 == 1 ? 0 : file->ends[c->p1 - 2];
	return give(t, c, file->data + from, file->ends[c->p1 - 1] - from);
}

static unsigned get_response(struct talk *t, const struct command *c, const uint8_t *rest, size_t n)
{
	if (n == 0)
		return SW_NONE_SELECTED;
	if (c->p1 != 0 || c->p2 != 0)
		return SW_WRONG_P1_P2;
	if (c->le == 0)
		return SW_LENGTH;
	size_t now = n < c->le ? n : c->le;
	response_put(t->out, rest, now);
	memcpy(t->state->rest, rest + now, n - now);
	t->state->rest_len = n - now;
	return n > now ? SW_MORE | ((n - now) & 0xFF) : SW_OK;
}

/* What is held back is lost with the next other command. */
static unsigned obey(struct talk *t, const struct command *c)
{
	uint8_t rest[VCARD_FILE_MAX];
	size_t n = t->state->rest_len;
	memcpy(rest, t->state->rest, n);
	t->state->rest_len = 0;
	switch (c->ins) {
	case SELECT:
		return select_any(t, c);
	case READ_BINARY:
		return read_binary(t, c);
	case READ_RECORD:
		return read_record(t, c);
	case GET_RESPONSE:
		return get_response(t, c, rest, n);
	default:
		return SW_NO_INSTRUCTION;
	}
}

void vcard_iso(const struct vcard *card, struct vcard_state *state, const uint8_t *apdu, size_t len,
	uint8_t ret[WIRE_APDU_MAX], size_t *ret_len)
{
	struct response response = {ret, 0};
	struct talk talk = {&card->iso, &state->iso, &response};
	struct command command;
	bool iso_dep = card->iso.n_applications + card->iso.n_files > 0;
	if (!iso_dep || len == 0 || apdu[0] != 0x00)
		response_sw(&response, SW_NO_CLASS);
	else if (!cut(apdu, len, &command))
		response_sw(&response, SW_LENGTH);
	else
		response_sw(&response, obey(&talk, &command));
	*ret_len = response.len;
}
