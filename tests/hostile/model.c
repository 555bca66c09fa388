/* SPDX-License-Identifier: MIT */
#include "tests/hostile/model.h"

static enum card_err connect(void *self, const char *reader, struct card_trace *trace)
{
	struct model *m = self;
	m->open++;
	return CARD_ERR_OK;
}

static void disconnect(void *self)
{
	struct model *m = self;
	m->open--;
}

static void keep(
	struct model *m, const uint8_t *apdu, size_t len, bool escape, const struct bytes *answer)
{
	if (!m->keep || m->sent >= MODEL_APDUS_MAX)
		return;
	m->asked[m->sent] = (struct bytes){0};
	bytes_put(&m->asked[m->sent], apdu, len);
	m->said[m->sent] = *answer;
	m->escaped[m->sent] = escape;
}

static enum card_err answer(
	struct model *m, const uint8_t *apdu, size_t len, bool escape, struct bytes *ret)
{
	uint8_t said[WIRE_APDU_MAX];
	size_t said_len = 0;
	if (m->sent >= m->remove_from)
		return CARD_ERR_REMOVED;
	m->reader.escape = escape;
	const struct vcard *card = m->swap && m->sent >= m->swap_at ? m->swap : m->card;
	if (vcard_reader_apdu(&m->reader, card, apdu, len, said, &said_len) != VCARD_ANSWERS)
		return CARD_ERR_REMOVED;
	bytes_put(ret, said, said_len);
	if (m->sent == m->replaced)
		*ret = m->instead;
	return ret->len > 0 ? CARD_ERR_OK : CARD_ERR_REMOVED;
}

static enum card_err exchange(struct model *m, const uint8_t *apdu, size_t len, bool escape,
	uint8_t *ret, size_t max, size_t *ret_len)
{
	struct bytes said = {0};
	enum card_err err = answer(m, apdu, len, escape, &said);
	keep(m, apdu, len, escape, &said);
	m->sent++;
	if (err)
		return err;
	if (said.len > max)
		return CARD_ERR_LIMIT;
	memcpy(ret, said.at, said.len);
	*ret_len = said.len;
	return CARD_ERR_OK;
}

static enum card_err transmit(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	return exchange(self, apdu, len, false, ret, max, ret_len);
}

static enum card_err escape(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	struct model *m = self;
	if (m->reader.kind != READER_KIND_SESSION_ESCAPE)
		return CARD_ERR_NO_DIALECT;
	return exchange(m, apdu, len, true, ret, max, ret_len);
}

void model_rewind(struct model *m)
{
	const enum reader_kind kind = m->reader.kind;
	m->reader = (struct vcard_reader){.kind = kind};
	m->sent = 0;
}

void model_init(struct model *m, enum reader_kind kind, const struct vcard *card)
{
	*m = (struct model){
		.t = {.self = m,
			.connect = connect,
			.transmit = transmit,
			.escape = escape,
			.disconnect = disconnect},
		.name = reader_kind_reader(kind),
		.card = card,
		.remove_from = MODEL_NEVER,
		.replaced = MODEL_NEVER,
	};
	m->reader.kind = kind;
}
