/* SPDX-License-Identifier: MIT */
#include "line.h"

static enum card_err carry(const struct line *line, const struct bytes *apdu, struct bytes *ret)
{
	const struct card_transport *t = line->t;
	if (line->escape)
		return t->escape(t->self, apdu->at, apdu->len, ret->at, sizeof(ret->at), &ret->len,
			line->trace);
	return t->transmit(
		t->self, apdu->at, apdu->len, ret->at, sizeof(ret->at), &ret->len, line->trace);
}

enum card_err line_transmit(
	const struct line *line, const struct bytes *apdu, struct bytes *ret, uint16_t *ret_sw)
{
	WIPED(bytes) answer = {0};
	struct cursor tail;
	uint16_t sw;
	if (apdu->full)
		return CARD_ERR_LIMIT;
	enum card_err err = carry(line, apdu, &answer);
	if (err != CARD_ERR_NO_DIALECT) /* or nothing was sent */
		trace_apdu(line->trace);
	if (err)
		return err;
	struct cursor in = bytes_read(&answer);
	if (!cursor_tail(&in, 2, &tail) || !cursor_be16(&tail, &sw))
		return CARD_ERR_PROTOCOL;
	line->trace->sw = sw;
	answer.len = in.left;
	*ret = answer;
	*ret_sw = sw;
	return CARD_ERR_OK;
}
