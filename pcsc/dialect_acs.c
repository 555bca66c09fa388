/* SPDX-License-Identifier: MIT
 *
 * ACS direct frame (ACR1251U, ACR1252U, ACR1255U-J1 … API manuals):
 * FF 00 00 00 Lc <frame> -> <frame> 90 00; a bare 63 00 is all that is said of
 * any failure, a silent card being by far the commonest.
 */
#include "dialect.h"

#include "felica.h"

#define LC_MAX     0xFF
#define FRAME_SIZE 1 /* of the shortest frame: its own length */

/* The ACR122U family is not among them: it wraps frames for its PN532. */
static const char *const hints[] = {
	"ACR1251", "ACR1252", "ACM1252", "ACR1255", "ACR1281", "ACR1552", "ACR1581", NULL};

static enum card_err exchange(const struct line *line, const struct bytes *frame,
	uint32_t timer_us, struct bytes *ret)
{
	WIPED(bytes) apdu = {0};
	WIPED(bytes) answer = {0};
	uint16_t sw;
	if (frame->full || frame->len > LC_MAX)
		return CARD_ERR_LIMIT;
	bytes_put(&apdu, "\xFF\x00\x00\x00", 4);
	bytes_put_u8(&apdu, (uint8_t)frame->len);
	bytes_put(&apdu, frame->at, frame->len);
	enum card_err err = line_transmit(line, &apdu, &answer, &sw);
	if (err)
		return err;
	if (sw == SW_FAILED && answer.len == 0)
		return CARD_ERR_TIMEOUT;
	if (sw != SW_OK || answer.len < FRAME_SIZE)
		return CARD_ERR_PROTOCOL;
	*ret = answer;
	return CARD_ERR_OK;
}

/* There is no session to begin: a wildcard poll shows whether the reader understands. */
static enum card_err open(const struct line *line, bool hinted)
{
	WIPED(bytes) frame = {0};
	WIPED(bytes) answer = {0};
	WIPED(felica_target) target = {0};
	felica_poll(&frame, FELICA_ANY_SYSTEM);
	enum card_err err = exchange(line, &frame, 0, &answer);
	/* Readers of other makes say 63 00 to what they do not know. */
	if (err == CARD_ERR_TIMEOUT)
		return hinted ? CARD_ERR_OK : CARD_ERR_NO_DIALECT;
	if (err == CARD_ERR_OK)
		err = felica_polled(bytes_read(&answer), &target);
	return err == CARD_ERR_PROTOCOL ? CARD_ERR_NO_DIALECT : err;
}

static void close(const struct line *line)
{
}

const struct dialect dialect_acs = {
	.name = "acs-direct", .hints = hints, .open = open, .exchange = exchange, .close = close};
