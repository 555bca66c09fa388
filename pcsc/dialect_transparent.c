/* SPDX-License-Identifier: MIT
 *
 * PC/SC part 3, supplement 2: transparent session, FF C2.
 *
 * The status word is 90 00 even on error; object C0 is the one to judge. Spoken
 * to the card's handle and, where a driver lets that through, to the reader.
 */
#include "dialect.h"

#include "plain.h"
#include "tlv.h"

#define SW_LENGTH 0x6700

/* P2 of FF C2. */
enum { MANAGE = 0x00, TRANSCEIVE = 0x01, SWITCH = 0x02 };

/* Objects. */
enum {
	TAG_START = 0x81,
	TAG_END = 0x82,
	TAG_PROTOCOL = 0x8F,
	TAG_TRANSCEIVE = 0x95,
	TAG_ANSWER = 0x97,
	TAG_STATUS = 0xC0,
	TAG_TIMER = 0x5F46, /* µs, 32 bits, little endian (Sony; felica-rs) */
};

/* What C0 may say and who should do what about it; PROTOCOL for all else. */
static const struct {
	uint16_t status;
	enum card_err err;
} statuses[] = {
	{SW_OK, CARD_ERR_OK}, {0x6400, CARD_ERR_TIMEOUT}, /* no answer from the reader */
	{0x6401, CARD_ERR_TIMEOUT},                       /* no answer from the card */
	{0x698A, CARD_ERR_BUSY},                          /* owned by another application (Sony) */
};

/* "FeliCa": also "Sony FeliCa Port/PaSoRi". */
const char *const dialect_sony_readers[] = {"FeliCa", "RC-S300", "RC-S660", NULL};

static enum card_err judge(uint16_t status)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].status == status)
			return statuses[i].err;
	return CARD_ERR_PROTOCOL;
}

static bool take_status(struct cursor value, uint16_t *ret)
{
	return cursor_skip(&value, 1) && cursor_be16(&value, ret) && value.left == 0;
}

/* Walk all objects: the first C0 that is not 90 00 counts. */
static enum card_err judge_answer(
	const struct line *line, struct cursor in, struct cursor *ret_frame)
{
	struct tlv object;
	uint16_t status;
	bool judged = false;
	while (tlv_next(&in, &object)) {
		if (object.tag == TAG_ANSWER)
			*ret_frame = object.value;
		if (object.tag != TAG_STATUS)
			continue;
		if (!take_status(object.value, &status))
			return CARD_ERR_PROTOCOL;
		judged = true;
		line->trace->sw = status;
		enum card_err err = judge(status);
		if (err)
			return err;
	}
	return judged && in.left == 0 ? CARD_ERR_OK : CARD_ERR_PROTOCOL;
}

static enum card_err send(const struct line *line, uint8_t p2, const struct bytes *objects,
	bool with_le, struct bytes *ret, uint16_t *ret_sw)
{
	WIPED(bytes) apdu = {0};
	if (objects->full || objects->len > UINT8_MAX)
		return CARD_ERR_LIMIT;
	bytes_put(&apdu, "\xFF\xC2\x00", 3);
	bytes_put_u8(&apdu, p2);
	bytes_put_u8(&apdu, (uint8_t)objects->len);
	bytes_put(&apdu, objects->at, objects->len);
	if (with_le)
		bytes_put_u8(&apdu, 0);
	return line_transmit(line, &apdu, ret, ret_sw);
}

/* One FF C2 command of `objects`; the frame of the answer, if any, goes to `ret`.
 * NO_DIALECT: the instruction itself was refused. Some programs send no Le: a reader that
 * finds the length wrong is asked that way. */
static enum card_err command(
	const struct line *line, uint8_t p2, const struct bytes *objects, struct bytes *ret)
{
	WIPED(bytes) answer = {0};
	struct cursor frame = {NULL, 0};
	uint16_t sw;
	enum card_err err = send(line, p2, objects, true, &answer, &sw);
	if (!err && sw == SW_LENGTH)
		err = send(line, p2, objects, false, &answer, &sw);
	if (err)
		return err;
	if (sw != SW_OK)
		return CARD_ERR_NO_DIALECT;
	err = judge_answer(line, bytes_read(&answer), &frame);
	if (!err)
		bytes_put(ret, frame.at, frame.left);
	return err;
}

static enum card_err manage(
	const struct line *line, uint8_t p2, uint16_t tag, const void *value, size_t len)
{
	struct bytes objects = {0};
	WIPED(bytes) nothing = {0};
	tlv_put(&objects, tag, value, len);
	return command(line, p2, &objects, &nothing);
}

static void close(const struct line *line)
{
	manage(line, MANAGE, TAG_END, NULL, 0);
}

/* Of two failures the first is the one to tell of. */
static void close_after_failure(const struct line *line)
{
	const uint16_t sw = line->trace->sw;
	close(line);
	line->trace->sw = sw;
}

/* A reader that refuses may still be in the session of a program that crashed. One that
 * begins anew without a word keeps that one's settings: the next step sets ours. */
static enum card_err start(const struct line *line)
{
	enum card_err err = manage(line, MANAGE, TAG_START, NULL, 0);
	bool refused = err == CARD_ERR_PROTOCOL || err == CARD_ERR_TIMEOUT || err == CARD_ERR_BUSY;
	if (!refused)
		return err;
	close(line);
	return manage(line, MANAGE, TAG_START, NULL, 0);
}

/* FeliCa, no layer separation: frames go as they are. */
static enum card_err choose_felica(const struct line *line)
{
	static const uint8_t felica[] = {0x03, 0x00};
	enum card_err err = manage(line, SWITCH, TAG_PROTOCOL, felica, sizeof(felica));
	/* Some readers look for a card at once; that none answered is for the poll to say. */
	return err == CARD_ERR_TIMEOUT ? CARD_ERR_OK : err;
}

/* The session itself is the proof, whatever the reader's name. */
static enum card_err open(const struct line *line, bool hinted)
{
	enum card_err err = plain_proof(start(line));
	if (err)
		return err;
	err = plain_proof(choose_felica(line));
	if (err)
		close_after_failure(line);
	return err;
}

static void put_timer(struct bytes *objects, uint32_t us)
{
	const uint8_t le[] = {us & 0xFF, us >> 8 & 0xFF, us >> 16 & 0xFF, us >> 24 & 0xFF};
	tlv_put(objects, TAG_TIMER, le, sizeof(le));
}

static enum card_err exchange(
	const struct line *line, const struct bytes *frame, uint32_t timer_us, struct bytes *ret)
{
	WIPED(bytes) objects = {0};
	WIPED(bytes) answer = {0};
	if (frame->full)
		return CARD_ERR_LIMIT;
	put_timer(&objects, timer_us);
	tlv_put(&objects, TAG_TRANSCEIVE, frame->at, frame->len);
	enum card_err err = command(line, TRANSCEIVE, &objects, &answer);
	if (err == CARD_ERR_NO_DIALECT || (!err && answer.len == 0))
		return CARD_ERR_PROTOCOL;
	if (!err)
		*ret = answer;
	return err;
}

const struct dialect dialect_transparent = {.name = "transparent",
	.hints = dialect_sony_readers,
	.open = open,
	.close = close,
	.exchange = exchange};

const struct dialect dialect_transparent_escape = {.name = "transparent-escape",
	.hints = dialect_sony_readers,
	.escape = true,
	.open = open,
	.close = close,
	.exchange = exchange};
