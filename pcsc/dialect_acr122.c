/* SPDX-License-Identifier: MIT
 *
 * ACS ACR122U and its kin (API manual; libnfc's acr122_pcsc): commands for the
 * reader's PN532 (NXP UM0701-02) behind FF 00 00 00. The PN532 makes its own
 * polling of a card that it then knows as target 1.
 */
#include "dialect.h"

#include "plain.h"

#define FRAME_HEAD   2 /* length and code of a frame */
#define LATER_ROUNDS 4 /* GET RESPONSE after 61 xx; each brings up to 255 bytes */
#define SW1_MORE     0x61
#define STATUS_ERROR 0x3F /* the bits of a PN532 status that hold the cause */

enum { POLLING = 0x00 }; /* code of the one frame that the PN532 makes itself */
enum { TO_PN532 = 0xD4, FROM_PN532 = 0xD5 };
enum { EXCHANGE = 0x40, LIST = 0x4A }; /* InDataExchange, InListPassiveTarget */
enum { ONE_TARGET = 1, FIRST_TARGET = 1 };
enum { AT_212 = 0x01, AT_424 = 0x02 }; /* FeliCa at so many kbps */

/* Causes of the PN532 that tell of the card; all others tell of the reader. */
static const struct {
	uint8_t status;
	enum card_err err;
} causes[] = {
	{0x00, CARD_ERR_OK}, {0x01, CARD_ERR_TIMEOUT}, /* the target does not answer */
	{0x2A, CARD_ERR_REMOVED},                      /* another card than the one listed */
	{0x2B, CARD_ERR_REMOVED},                      /* the card listed has gone */
};

static const char *const hints[] = {"ACR122", NULL};

static enum card_err judge(uint8_t status)
{
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (causes[i].status == (status & STATUS_ERROR))
			return causes[i].err;
	return CARD_ERR_PROTOCOL;
}

/* Firmware of the T=0 kind keeps its answer back: 61 xx, and FF C0 00 00 xx fetches it. */
static enum card_err fetch(const struct line *line, uint16_t *sw, struct bytes *answer)
{
	for (int i = 0; i < LATER_ROUNDS && *sw >> 8 == SW1_MORE; i++) {
		WIPED(bytes) apdu = {0};
		WIPED(bytes) part = {0};
		bytes_put(&apdu, "\xFF\xC0\x00\x00", PLAIN_HEADER);
		bytes_put_u8(&apdu, *sw & 0xFF);
		enum card_err err = line_transmit(line, &apdu, &part, sw);
		if (err)
			return err;
		bytes_put(answer, part.at, part.len);
	}
	return answer->full ? CARD_ERR_LIMIT : CARD_ERR_OK;
}

/* One command of the PN532; `ret` gets what follows D5 and the command's code. */
static enum card_err command(
	const struct line *line, uint8_t code, const struct bytes *data, struct bytes *ret)
{
	WIPED(bytes) apdu = {0};
	WIPED(bytes) answer = {0};
	uint16_t sw, head;
	if (data->full || data->len > UINT8_MAX - FRAME_HEAD)
		return CARD_ERR_LIMIT;
	bytes_put(&apdu, "\xFF\x00\x00\x00", PLAIN_HEADER);
	bytes_put_u8(&apdu, (uint8_t)(data->len + FRAME_HEAD));
	bytes_put_u8(&apdu, TO_PN532);
	bytes_put_u8(&apdu, code);
	bytes_put(&apdu, data->at, data->len);
	enum card_err err = line_transmit(line, &apdu, &answer, &sw);
	if (!err)
		err = fetch(line, &sw, &answer);
	if (err)
		return err;
	err = plain_judge(sw);
	if (err)
		return answer.len == 0 ? err : CARD_ERR_PROTOCOL;
	struct cursor in = bytes_read(&answer);
	if (!cursor_be16(&in, &head) || head != (FROM_PN532 << 8 | (code + 1)))
		return CARD_ERR_PROTOCOL;
	bytes_put(ret, in.at, in.left);
	return CARD_ERR_OK;
}

/* Let the PN532 poll with `request` (a Polling frame without its length). The answer is a
 * frame again. TIMEOUT: it found none. */
static enum card_err list(
	const struct line *line, uint8_t speed, struct cursor request, struct bytes *ret)
{
	WIPED(bytes) data = {0};
	WIPED(bytes) answer = {0};
	uint8_t n, target;
	bytes_put_u8(&data, ONE_TARGET);
	bytes_put_u8(&data, speed);
	bytes_put(&data, request.at, request.left);
	enum card_err err = command(line, LIST, &data, &answer);
	if (err)
		return err;
	struct cursor in = bytes_read(&answer);
	if (!cursor_u8(&in, &n))
		return CARD_ERR_PROTOCOL;
	if (n == 0)
		return in.left == 0 ? CARD_ERR_TIMEOUT : CARD_ERR_PROTOCOL;
	if (n != ONE_TARGET || !cursor_u8(&in, &target) || target != FIRST_TARGET || in.left == 0)
		return CARD_ERR_PROTOCOL;
	bytes_put(ret, in.at, in.left);
	return CARD_ERR_OK;
}

static enum card_err poll_frame(const struct line *line, struct cursor request, struct bytes *ret)
{
	enum card_err err = list(line, AT_212, request, ret);
	return err == CARD_ERR_TIMEOUT ? list(line, AT_424, request, ret) : err;
}

static enum card_err other_frame(
	const struct line *line, const struct bytes *frame, struct bytes *ret)
{
	WIPED(bytes) data = {0};
	WIPED(bytes) answer = {0};
	uint8_t status;
	bytes_put_u8(&data, FIRST_TARGET);
	bytes_put(&data, frame->at, frame->len);
	enum card_err err = command(line, EXCHANGE, &data, &answer);
	if (err)
		return err;
	struct cursor in = bytes_read(&answer);
	if (!cursor_u8(&in, &status))
		return CARD_ERR_PROTOCOL;
	err = judge(status);
	if (!err && in.left == 0)
		err = CARD_ERR_PROTOCOL;
	if (!err)
		bytes_put(ret, in.at, in.left);
	return err;
}

static enum card_err exchange(
	const struct line *line, const struct bytes *frame, uint32_t timer_us, struct bytes *ret)
{
	WIPED(bytes) answer = {0};
	struct cursor in = bytes_read(frame);
	uint8_t len;
	if (frame->full)
		return CARD_ERR_LIMIT;
	if (frame->len < FRAME_HEAD || !cursor_u8(&in, &len))
		return CARD_ERR_PROTOCOL;
	bool polling = in.at[0] == POLLING;
	enum card_err err =
		polling ? poll_frame(line, in, &answer) : other_frame(line, frame, &answer);
	if (!err)
		*ret = answer;
	return err;
}

/* Whatever a PN532 finds, its answer bears its mark: none but it says D5 4B. */
static enum card_err open(const struct line *line, bool hinted)
{
	WIPED(bytes) frame = {0};
	WIPED(bytes) answer = {0};
	WIPED(bytes) data = {0};
	if (hinted)
		return CARD_ERR_OK;
	felica_poll(&frame, FELICA_ANY_SYSTEM);
	bytes_put_u8(&data, ONE_TARGET);
	bytes_put_u8(&data, AT_212);
	bytes_put(&data, frame.at + 1, frame.len - 1);
	return plain_proof(command(line, LIST, &data, &answer));
}

const struct dialect dialect_acr122 = {
	.name = "acr122", .hints = hints, .open = open, .close = plain_close, .exchange = exchange};
