/* SPDX-License-Identifier: MIT
 *
 * Whole conversations with a reader that says anything at all.
 *
 * Input: one byte that chooses the reader's name, then answers, each as two
 * bytes of length (big endian) and so many bytes. Where the input ends, so
 * does the card's stay.
 */
#include <stdlib.h>

#include "pcsc/card.h"
#include "pcsc/cursor.h"
#include "tests/pcsc/fuzz.h"
#include "tests/pcsc/sample.h"

struct said {
	struct cursor left;
	int open;
};

static enum card_err connect(void *self, const char *reader, struct card_trace *trace)
{
	struct said *said = self;
	said->open++;
	return CARD_ERR_OK;
}

static void disconnect(void *self)
{
	struct said *said = self;
	said->open--;
}

static enum card_err transmit(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	struct said *said = self;
	struct cursor answer;
	uint16_t answer_len;
	if (len == 0 || len > APDU_MAX)
		abort();
	if (!cursor_be16(&said->left, &answer_len))
		return CARD_ERR_REMOVED;
	if (!cursor_part(&said->left, answer_len, &answer) &&
		!cursor_part(&said->left, said->left.left, &answer))
		abort();
	if (answer.left == 0)
		return CARD_ERR_REMOVED;
	if (answer.left > max)
		return CARD_ERR_LIMIT;
	*ret_len = answer.left;
	cursor_copy(&answer, ret, answer.left);
	return CARD_ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const readers[] = {"SONY FeliCa RC-S300/P (0123456) 00 00",
		"ACS ACR1252 Dual Reader 00 00", "a reader of unknown make"};
	struct said said = {cursor_over(data, size), 0};
	struct card_transport t = {
		.self = &said, .connect = connect, .transmit = transmit, .disconnect = disconnect};
	struct card_layout layouts[] = {fcf_layout, fcf_layout};
	const struct card_job job = {.layouts = layouts, .n_layouts = 2};
	struct card_reading r = {0};
	struct card_trace trace;
	uint8_t choice = 0;
	cursor_u8(&said.left, &choice);
	layouts[1].steps[0].code = 0x81F8;
	layouts[1].n_patterns = 0;
	layouts[1].school_id[0] = '\0';
	enum card_err err = card_read(&t, readers[choice % 3], &job, &r, &trace);
	if (said.open != 0 || !trace.step || (!err && !reading_is_sound(&r)))
		abort();
	return 0;
}
