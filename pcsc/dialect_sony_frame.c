/* SPDX-License-Identifier: MIT
 *
 * Sony's readers as their NFC Port Software for Windows speaks to them:
 * FF FE 01 00 Lc <frame> -> <frame> 90 00. Whether the bare reader takes it
 * too is not known.
 */
#include "dialect.h"

#include "plain.h"

static const uint8_t header[PLAIN_HEADER] = {0xFF, 0xFE, 0x01, 0x00};

static enum card_err open(const struct line *line, bool hinted)
{
	return hinted ? CARD_ERR_OK : plain_probe(line, header);
}

static enum card_err exchange(
	const struct line *line, const struct bytes *frame, uint32_t timer_us, struct bytes *ret)
{
	return plain_exchange(line, header, frame, ret);
}

const struct dialect dialect_sony_frame = {.name = "sony-frame",
	.hints = dialect_sony_readers,
	.open = open,
	.close = plain_close,
	.exchange = exchange};
