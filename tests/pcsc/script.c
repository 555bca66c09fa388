/* SPDX-License-Identifier: MIT */
#include "tests/pcsc/script.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static uint8_t nibble(char c)
{
	if (!isxdigit((unsigned char)c)) {
		fprintf(stderr, "script: '%c' is no hex digit\n", c);
		abort();
	}
	return (uint8_t)(isdigit((unsigned char)c) ? c - '0'
						   : toupper((unsigned char)c) - 'A' + 10);
}

void unhex(const char *hex, struct bytes *ret)
{
	*ret = (struct bytes){0};
	while (*hex) {
		if (*hex == ' ') {
			hex++;
			continue;
		}
		bytes_put_u8(ret, (uint8_t)(nibble(hex[0]) << 4 | nibble(hex[1])));
		hex += 2;
	}
}

static struct script_line *add(struct script *s, const char *want)
{
	if (s->n == SCRIPT_MAX)
		abort();
	struct script_line *line = &s->lines[s->n++];
	*line = (struct script_line){0};
	unhex(want, &line->want);
	return line;
}

void script_add(struct script *s, const char *want, const char *answer)
{
	unhex(answer, &add(s, want)->answer);
}

void script_add_error(struct script *s, const char *want, enum card_err err)
{
	add(s, want)->err = err;
}

void script_add_escape(struct script *s, const char *want, const char *answer)
{
	script_add(s, want, answer);
	s->lines[s->n - 1].escape = true;
}

static void print(const char *what, const uint8_t *bytes, size_t len)
{
	fprintf(stderr, "%s", what);
	for (size_t i = 0; i < len; i++)
		fprintf(stderr, " %02X", bytes[i]);
	fputc('\n', stderr);
}

static bool wants(const struct script_line *line, bool escape, const uint8_t *apdu, size_t len)
{
	return line->escape == escape && line->want.len == len &&
	       memcmp(line->want.at, apdu, len) == 0;
}

static const struct script_line *find(
	struct script *s, bool escape, const uint8_t *apdu, size_t len)
{
	for (size_t i = 0; s->any_order && i < s->n; i++)
		if (wants(&s->lines[i], escape, apdu, len))
			return &s->lines[i];
	if (!s->any_order && s->next < s->n && wants(&s->lines[s->next], escape, apdu, len))
		return &s->lines[s->next++];
	s->unexpected++;
	if (s->any_order)
		return NULL;
	print("unexpected:", apdu, len);
	if (s->next < s->n)
		print("wanted:    ", s->lines[s->next].want.at, s->lines[s->next].want.len);
	return NULL;
}

static enum card_err carry(struct script *s, bool escape, const uint8_t *apdu, size_t len,
	uint8_t *ret, size_t max, size_t *ret_len)
{
	static const struct bytes unknown = {.at = {0x6A, 0x81}, .len = 2};
	size_t number = s->sent++;
	if (number >= s->remove_from)
		return CARD_ERR_REMOVED;
	const struct script_line *line = find(s, escape, apdu, len);
	if (line && line->err)
		return line->err;
	const struct bytes *answer = line ? &line->answer : &unknown;
	if (number == s->replaced)
		answer = &s->instead;
	if (answer->len == 0)
		return CARD_ERR_REMOVED;
	if (answer->len > max)
		return CARD_ERR_LIMIT;
	memcpy(ret, answer->at, answer->len);
	*ret_len = answer->len;
	return CARD_ERR_OK;
}

static enum card_err transmit(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	return carry(self, false, apdu, len, ret, max, ret_len);
}

static enum card_err escape(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	const struct script *s = self;
	for (size_t i = 0; i < s->n; i++)
		if (s->lines[i].escape)
			return carry(self, true, apdu, len, ret, max, ret_len);
	return CARD_ERR_NO_DIALECT;
}

static enum card_err connect(void *self, const char *reader, struct card_trace *trace)
{
	struct script *s = self;
	if (s->refusal)
		return s->refusal;
	if (strcmp(reader, s->reader) != 0)
		return CARD_ERR_NO_READER;
	s->open++;
	return CARD_ERR_OK;
}

static void disconnect(void *self)
{
	struct script *s = self;
	s->open--;
}

void script_init(struct script *s, const char *reader)
{
	memset(s, 0, sizeof(*s));
	s->t = (struct card_transport){.self = s,
		.connect = connect,
		.transmit = transmit,
		.escape = escape,
		.disconnect = disconnect};
	s->reader = reader;
	s->remove_from = s->replaced = SCRIPT_NEVER;
}

void script_rewind(struct script *s)
{
	s->next = s->sent = s->unexpected = 0;
	s->remove_from = s->replaced = SCRIPT_NEVER;
}

bool script_spent(const struct script *s)
{
	if (s->next < s->n && !s->any_order)
		print("unread:    ", s->lines[s->next].want.at, s->lines[s->next].want.len);
	return (s->any_order || s->next == s->n) && s->unexpected == 0 && s->open == 0;
}
