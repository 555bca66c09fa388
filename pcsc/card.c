/* SPDX-License-Identifier: MIT */
#include "card.h"

#include <string.h>

#include "dialect.h"
#include "felica.h"
#include "wipe.h"

#define SYSTEM_NIBBLE  0xF0 /* of IDm byte 0: which system of the card answered */
#define BLOCKS_AT_ONCE 4    /* every FeliCa chip can */
#define DATA_MAX       (LAYOUT_BLOCKS_MAX * FELICA_BLOCK_SIZE)

struct blocks {
	uint8_t at[DATA_MAX];
	size_t len;
};

DEFINE_WIPE(blocks)
DEFINE_WIPE(card_reading)

struct conversation {
	struct dialect_line line;
	const struct dialect *dialect;
	bool settled; /* the field has stood long enough for a card to be awake */
};

static enum card_err exchange(const struct conversation *c, const char *step,
	const struct bytes *frame, uint32_t timer_us, struct bytes *ret)
{
	c->line.trace->step = step;
	return c->dialect->exchange(&c->line, frame, timer_us, ret);
}

static enum card_err poll_once(
	const struct conversation *c, uint16_t system, struct felica_target *ret)
{
	WIPED(bytes) frame = {0};
	WIPED(bytes) answer = {0};
	felica_poll(&frame, system);
	enum card_err err = exchange(c, "poll", &frame, FELICA_TIMER_MIN_US, &answer);
	return err ? err : felica_polled(bytes_read(&answer), ret);
}

/* TIMEOUT: the card has no such system. A card needs about 20 ms after the field or its
 * protocol changed and may miss the first poll; the time-out of that one is the guard time. */
static enum card_err poll(struct conversation *c, uint16_t system, struct felica_target *ret)
{
	enum card_err err = poll_once(c, system, ret);
	if (err == CARD_ERR_TIMEOUT && !c->settled)
		err = poll_once(c, system, ret);
	c->settled = true;
	return err;
}

/* Append n blocks of the layout to those already in `ret`. */
static enum card_err read_n(const struct conversation *c, const struct card_layout *layout,
	const struct felica_target *target, size_t n, struct blocks *ret)
{
	WIPED(bytes) frame = {0};
	WIPED(bytes) answer = {0};
	const uint8_t *blocks = layout->blocks + ret->len / FELICA_BLOCK_SIZE;
	c->line.trace->flags = 0;
	felica_read(&frame, target->idm, layout->service, blocks, n);
	enum card_err err = exchange(c, "read", &frame, felica_read_timer(target, n), &answer);
	if (err == CARD_ERR_TIMEOUT) /* it answered the poll: now it is gone */
		return CARD_ERR_REMOVED;
	if (err)
		return err;
	err = felica_blocks(
		bytes_read(&answer), target->idm, n, ret->at + ret->len, &c->line.trace->flags);
	if (!err)
		ret->len += n * FELICA_BLOCK_SIZE;
	return err;
}

static bool has_flag(const struct conversation *c, enum card_err err, uint8_t sf2)
{
	return err == CARD_ERR_UNREADABLE && (c->line.trace->flags & 0xFF) == sf2;
}

/* As many of the layout's blocks as there are. Cards of one layout differ in how many they
 * hold: FeliCa says A8 ("block out of range") and the documented step is to ask for fewer.
 * A6 ("no such service") is another card in the same system, which e-money cards share. */
static enum card_err read_blocks(const struct conversation *c, const struct card_layout *layout,
	const struct felica_target *target, struct blocks *ret)
{
	size_t end = layout->n_blocks, got = 0;
	if (end == 0 || end > LAYOUT_BLOCKS_MAX)
		return CARD_ERR_LIMIT;
	while (got < end) {
		size_t n = end - got < BLOCKS_AT_ONCE ? end - got : BLOCKS_AT_ONCE;
		enum card_err err = read_n(c, layout, target, n, ret);
		if (has_flag(c, err, FELICA_SF2_NO_SERVICE))
			return CARD_ERR_UNKNOWN_CARD;
		if (has_flag(c, err, FELICA_SF2_NO_BLOCK))
			end = got + n - 1;
		else if (err)
			return err;
		else
			got += n;
	}
	return got > 0 ? CARD_ERR_OK : CARD_ERR_UNREADABLE;
}

static enum card_err try_layout(
	struct conversation *c, const struct card_layout *layout, struct card_reading *ret)
{
	WIPED(felica_target) target = {0};
	WIPED(blocks) blocks = {0};
	WIPED(card_reading) reading = {0};
	enum card_err err = poll(c, layout->system, &target);
	if (err)
		return err == CARD_ERR_TIMEOUT ? CARD_ERR_UNKNOWN_CARD : err;
	err = read_blocks(c, layout, &target, &blocks);
	if (err)
		return err;
	c->line.trace->step = "decode";
	err = layout_decode(layout, blocks.at, blocks.len, &reading);
	if (err)
		return err;
	memcpy(reading.idm, target.idm, sizeof(reading.idm));
	reading.idm[0] &= (uint8_t)~SYSTEM_NIBBLE;
	*ret = reading;
	return CARD_ERR_OK;
}

/* How much a layout had to do with the card before it failed; 0: no reason to try another. */
static size_t closeness(enum card_err err)
{
	static const enum card_err order[] = {
		CARD_ERR_UNKNOWN_CARD, CARD_ERR_NO_DATA, CARD_ERR_UNREADABLE, CARD_ERR_FOREIGN};
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i] == err)
			return i + 1;
	return 0;
}

/* The first layout that fits, or what the closest one failed with. */
static enum card_err try_layouts(struct conversation *c, const struct card_layout *layouts,
	size_t n_layouts, struct card_reading *ret)
{
	enum card_err closest = CARD_ERR_UNKNOWN_CARD;
	struct card_trace trace = {0};
	for (size_t i = 0; i < n_layouts; i++) {
		enum card_err err = try_layout(c, &layouts[i], ret);
		if (closeness(err) == 0)
			return err;
		if (i == 0 || closeness(err) > closeness(closest)) {
			closest = err;
			trace = *c->line.trace;
		}
	}
	*c->line.trace = trace;
	return closest;
}

/* Nothing answered a poll, or the reader understood nothing. Is that the card's doing?
 * The common FF CA is asked last: a FeliCa card has an IDm of eight bytes, a MIFARE card
 * four or seven, and a card that left has none. */
static enum card_err blame(const struct dialect_line *line, enum card_err err)
{
	static const uint8_t get_uid[] = {0xFF, 0xCA, 0x00, 0x00, 0x00};
	WIPED(bytes) apdu = {0};
	WIPED(bytes) uid = {0};
	uint16_t sw;
	line->trace->step = "identify";
	bytes_put(&apdu, get_uid, sizeof(get_uid));
	enum card_err asked = dialect_transmit(line, &apdu, &uid, &sw);
	if (asked)
		return asked;
	if (sw == 0x6300)
		return CARD_ERR_REMOVED;
	if (sw == 0x9000 && uid.len > 0 && uid.len != IDM_SIZE)
		return CARD_ERR_UNKNOWN_CARD;
	return err;
}

static enum card_err converse(const struct dialect_line *line, const char *reader,
	const struct card_layout *layouts, size_t n_layouts, struct card_reading *ret)
{
	struct conversation c = {.line = *line};
	line->trace->step = "session";
	enum card_err err = dialect_open(line, reader, &c.dialect);
	if (err == CARD_ERR_NO_DIALECT)
		return blame(line, err);
	if (err)
		return err;
	err = try_layouts(&c, layouts, n_layouts, ret);
	c.dialect->close(line);
	ret->dialect = err ? NULL : c.dialect->name;
	/* Flags show that a card was there to answer. */
	return err == CARD_ERR_UNKNOWN_CARD && !line->trace->flags ? blame(line, err) : err;
}

enum card_err card_read(const struct card_transport *t, const char *reader,
	const struct card_layout *layouts, size_t n_layouts, struct card_reading *ret,
	struct card_trace *trace)
{
	WIPED(card_reading) reading = {0};
	struct dialect_line line = {t, trace};
	*trace = (struct card_trace){.step = "connect"};
	if (strlen(reader) >= sizeof(reading.reader))
		return CARD_ERR_NO_READER;
	enum card_err err = t->connect(t->self, reader, trace);
	if (err)
		return err;
	err = converse(&line, reader, layouts, n_layouts, &reading);
	t->disconnect(t->self);
	if (err)
		return err;
	memcpy(reading.reader, reader, strlen(reader) + 1);
	*ret = reading;
	return CARD_ERR_OK;
}
