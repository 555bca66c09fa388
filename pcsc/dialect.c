/* SPDX-License-Identifier: MIT */
#include "dialect.h"

#include <string.h>

/* In the order of probing. */
static const struct dialect *const dialects[] = {&dialect_transparent, &dialect_acs};

#define N_DIALECTS (sizeof(dialects) / sizeof(dialects[0]))

static bool is_hinted(const struct dialect *d, const char *reader)
{
	for (const char *const *hint = d->hints; *hint; hint++)
		if (strstr(reader, *hint))
			return true;
	return false;
}

enum card_err dialect_open(
	const struct dialect_line *line, const char *reader, const struct dialect **ret)
{
	for (size_t i = 0; i < 2 * N_DIALECTS; i++) {
		const struct dialect *d = dialects[i % N_DIALECTS];
		bool hinted = is_hinted(d, reader);
		if (hinted != (i < N_DIALECTS)) /* the first round is for the hinted */
			continue;
		enum card_err err = d->open(line, hinted);
		if (err == CARD_ERR_OK)
			*ret = d;
		if (err != CARD_ERR_NO_DIALECT)
			return err;
	}
	return CARD_ERR_NO_DIALECT;
}

enum card_err dialect_transmit(const struct dialect_line *line, const struct bytes *apdu,
	struct bytes *ret, uint16_t *ret_sw)
{
	WIPED(bytes) answer = {0};
	struct cursor tail;
	uint16_t sw;
	if (apdu->full)
		return CARD_ERR_LIMIT;
	enum card_err err = line->t->transmit(line->t->self, apdu->at, apdu->len, answer.at,
		sizeof(answer.at), &answer.len, line->trace);
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
