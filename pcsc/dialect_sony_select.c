/* SPDX-License-Identifier: MIT
 *
 * Sony's readers as storage readers: FF A4 00 01 02 <service> chooses, then
 * FF B0 00 <block> 00 gives 16 bytes. Which system of the card is meant is not
 * said, nor who answers: the layout's own patterns must judge what came.
 */
#include "dialect.h"

#include "plain.h"

/* Asked for only to see whether the reader understands; most cards have not got it. */
#define PROBE_SERVICE 0x1A8B

/* SF1 and SF2 that the reader's words come to; SF1 FF: no position in a list. */
#define FLAGS_NO_SERVICE (0xFF00 | FELICA_SF2_NO_SERVICE)
#define FLAGS_NO_BLOCK   (0xFF00 | FELICA_SF2_NO_BLOCK)

struct blocks {
	uint8_t at[FELICA_BLOCKS_MAX * FELICA_BLOCK_SIZE];
};

DEFINE_WIPE(blocks)

static const uint8_t refusals[] = {0x62, 0x69, 0x6A, 0x6B}; /* SW1: understood, but no */

static bool is_refusal(uint16_t sw)
{
	return memchr(refusals, sw >> 8, sizeof(refusals)) &&
	       plain_judge(sw) != CARD_ERR_NO_DIALECT;
}

static enum card_err select_service(const struct line *line, uint16_t service, bool *ret_refused)
{
	WIPED(bytes) apdu = {0};
	WIPED(bytes) answer = {0};
	uint16_t sw;
	bytes_put(&apdu, "\xFF\xA4\x00\x01\x02", 5);
	bytes_put_u8(&apdu, service & 0xFF);
	bytes_put_u8(&apdu, service >> 8);
	enum card_err err = line_transmit(line, &apdu, &answer, &sw);
	if (err)
		return err;
	*ret_refused = is_refusal(sw);
	return *ret_refused ? CARD_ERR_OK : plain_judge(sw);
}

static enum card_err read_block(
	const struct line *line, uint8_t block, uint8_t *ret_data, bool *ret_refused)
{
	WIPED(bytes) apdu = {0};
	WIPED(bytes) answer = {0};
	uint16_t sw;
	bytes_put(&apdu, "\xFF\xB0\x00", 3);
	bytes_put_u8(&apdu, block);
	bytes_put_u8(&apdu, 0);
	enum card_err err = line_transmit(line, &apdu, &answer, &sw);
	if (err)
		return err;
	*ret_refused = is_refusal(sw);
	if (*ret_refused)
		return CARD_ERR_OK;
	err = plain_judge(sw);
	if (err)
		return err == CARD_ERR_NO_DIALECT ? CARD_ERR_PROTOCOL : err;
	struct cursor in = bytes_read(&answer);
	if (in.left != FELICA_BLOCK_SIZE)
		return CARD_ERR_PROTOCOL;
	cursor_copy(&in, ret_data, FELICA_BLOCK_SIZE);
	return CARD_ERR_OK;
}

/* No answer names its card: is it still the one that was polled? */
static enum card_err same_card(const struct line *line, const struct felica_target *target)
{
	WIPED(felica_target) now = {0};
	enum card_err err = plain_idm(line, now.idm);
	if (err)
		return err == CARD_ERR_TIMEOUT ? CARD_ERR_REMOVED : err;
	return memcmp(now.idm, target->idm, IDM_SIZE) == 0 ? CARD_ERR_OK : CARD_ERR_REMOVED;
}

/* What a "no" means while the card is still there. */
static enum card_err refused(const struct line *line, const struct felica_target *target,
	uint16_t flags, uint16_t *ret_flags)
{
	enum card_err err = same_card(line, target);
	if (err)
		return err;
	*ret_flags = flags;
	return CARD_ERR_UNREADABLE;
}

/* Which word this reader has for "there is none" is not known; 63 00 may be it, or a card
 * that was asked at a bad moment: so that one is asked twice. */
static enum card_err read_blocks(const struct line *line, const struct felica_target *target,
	uint16_t service, const uint8_t *blocks, size_t n, uint8_t *ret_data, uint16_t *ret_flags)
{
	WIPED(blocks) data = {0};
	bool no = false;
	if (n > FELICA_BLOCKS_MAX)
		return CARD_ERR_LIMIT;
	enum card_err err = select_service(line, service, &no);
	if (err == CARD_ERR_TIMEOUT)
		err = select_service(line, service, &no);
	if (no || err == CARD_ERR_TIMEOUT)
		return refused(line, target, FLAGS_NO_SERVICE, ret_flags);
	for (size_t i = 0; i < n && !err; i++) {
		uint8_t *to = data.at + i * FELICA_BLOCK_SIZE;
		err = read_block(line, blocks[i], to, &no);
		if (err == CARD_ERR_TIMEOUT)
			err = read_block(line, blocks[i], to, &no);
		if (no || err == CARD_ERR_TIMEOUT)
			return refused(line, target, FLAGS_NO_BLOCK, ret_flags);
	}
	if (!err)
		err = same_card(line, target);
	if (err)
		return err;
	*ret_flags = 0;
	memcpy(ret_data, data.at, n * FELICA_BLOCK_SIZE);
	return CARD_ERR_OK;
}

/* Any system: whether the card has it, the service will show. */
static enum card_err poll(const struct line *line, uint16_t system, struct felica_target *ret)
{
	WIPED(felica_target) target = {0};
	enum card_err err = plain_idm(line, target.idm);
	if (!err)
		*ret = target;
	return err;
}

/* A "no such service" is as good as a yes. */
static enum card_err open(const struct line *line, bool hinted)
{
	WIPED(felica_target) target = {0};
	bool no = false;
	if (hinted)
		return CARD_ERR_OK;
	enum card_err err = plain_idm(line, target.idm);
	if (!err)
		err = select_service(line, PROBE_SERVICE, &no);
	return plain_proof(err);
}

const struct dialect dialect_sony_select = {.name = "sony-select",
	.hints = dialect_sony_readers,
	.open = open,
	.close = plain_close,
	.poll = poll,
	.read = read_blocks};
