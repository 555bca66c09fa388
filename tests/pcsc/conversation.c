/* SPDX-License-Identifier: MIT */
#include "tests/pcsc/conversation.h"

#include <ctype.h>

static enum card_err connect(void *self, const char *reader, struct card_trace *trace)
{
	struct conversation *c = self;
	c->open += !c->refusal;
	return c->refusal;
}

static void disconnect(void *self)
{
	struct conversation *c = self;
	c->open--;
}

static bool is_recorded(
	const struct conversation_line *line, const uint8_t *apdu, size_t len, bool escape)
{
	return line->escape == escape && line->asked.len == len &&
	       memcmp(line->asked.at, apdu, len) == 0;
}

static enum card_err say(struct conversation *c, const uint8_t *apdu, size_t len, bool escape,
	uint8_t *ret, size_t max, size_t *ret_len)
{
	if (c->next == c->n) {
		c->strange += c->strict;
		return CARD_ERR_REMOVED;
	}
	const struct conversation_line *line = &c->lines[c->next++];
	c->strange += c->strict && !is_recorded(line, apdu, len, escape);
	if (line->err)
		return line->err;
	if (line->said.len == 0)
		return CARD_ERR_REMOVED;
	if (line->said.len > max)
		return CARD_ERR_LIMIT;
	memcpy(ret, line->said.at, line->said.len);
	*ret_len = line->said.len;
	return CARD_ERR_OK;
}

static enum card_err transmit(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	return say(self, apdu, len, false, ret, max, ret_len);
}

static enum card_err escape(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	const struct conversation *c = self;
	return c->escapes ? say(self, apdu, len, true, ret, max, ret_len) : CARD_ERR_NO_DIALECT;
}

static unsigned digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c = (char)toupper((unsigned char)c);
	return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : (unsigned char)c & 0x0F;
}

static void take_hex(const char *text, size_t len, struct bytes *ret)
{
	unsigned byte = 0, digits = 0;
	*ret = (struct bytes){0};
	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ')
			continue;
		byte = byte << 4 | digit(text[i]);
		if (++digits % 2 == 0)
			bytes_put_u8(ret, (uint8_t)(byte & 0xFF));
	}
}

static void take_text(const char *text, size_t len, char *ret, size_t size)
{
	size_t n = len < size ? len : size - 1;
	memcpy(ret, text, n);
	ret[n] = '\0';
}

static enum card_err cause_of(const char *name)
{
	for (int err = -1; strcmp(card_err_name(err), "unheard-of") != 0; err--)
		if (strcmp(card_err_name(err), name) == 0)
			return err;
	return CARD_ERR_REMOVED;
}

static void take_asked(struct conversation *c, const char *text, size_t len)
{
	bool escape = len > 0 && *text == '>';
	c->escapes = c->escapes || escape;
	if (c->n == CONVERSATION_LINES_MAX)
		return;
	struct conversation_line *line = &c->lines[c->n++];
	*line = (struct conversation_line){.escape = escape};
	take_hex(text + escape, len - escape, &line->asked);
}

/* An answer to nothing asked answers whatever will be asked. */
static struct conversation_line *answered(struct conversation *c)
{
	struct conversation_line *last = c->n > 0 ? &c->lines[c->n - 1] : NULL;
	if (last && last->said.len == 0 && !last->err)
		return last;
	if (c->n == CONVERSATION_LINES_MAX)
		return NULL;
	c->lines[c->n] = (struct conversation_line){0};
	return &c->lines[c->n++];
}

static void take_answer(struct conversation *c, const char *text, size_t len)
{
	struct conversation_line *line = answered(c);
	if (line)
		take_hex(text, len, &line->said);
}

/* Before all else: the card could not be connected to. */
static void take_cause(struct conversation *c, const char *text, size_t len)
{
	char word[24];
	take_text(text, len, word, sizeof(word));
	enum card_err err = cause_of(word[0] == ' ' ? word + 1 : word);
	struct conversation_line *line = c->n > 0 ? answered(c) : NULL;
	if (c->n == 0)
		c->refusal = err;
	else if (line)
		line->err = err;
}

static void take_line(struct conversation *c, const char *text, size_t len)
{
	const struct {
		const char *word;
		char *at;
		size_t size;
	} words[] = {
		{"card ", c->card, sizeof(c->card)},
		{"reader ", c->reader, sizeof(c->reader)},
		{"result ", c->result, sizeof(c->result)},
	};
	if (len > 0 && *text == '>')
		take_asked(c, text + 1, len - 1);
	else if (len > 0 && *text == '<')
		take_answer(c, text + 1, len - 1);
	else if (len > 0 && *text == '!')
		take_cause(c, text + 1, len - 1);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i].word);
		if (len >= n && memcmp(text, words[i].word, n) == 0)
			take_text(text + n, len - n, words[i].at, words[i].size);
	}
}

void conversation_parse(struct conversation *c, const char *text, size_t len)
{
	const char *end = text + len;
	c->card[0] = c->reader[0] = c->result[0] = '\0';
	c->n = c->next = c->strange = 0; /* lines are cleared as they are taken */
	c->refusal = CARD_ERR_OK;
	c->strict = c->escapes = false;
	c->open = 0;
	c->t = (struct card_transport){.self = c,
		.connect = connect,
		.transmit = transmit,
		.escape = escape,
		.disconnect = disconnect};
	while (text < end) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((eol ? eol : end) - text);
		take_line(c, text, n);
		text += n + (eol != NULL);
	}
}
