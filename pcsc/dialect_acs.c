/* SPDX-License-Identifier: MIT
 *
 * ACS direct frame (ACR1251U, ACR1252U, ACR1255U-J1 … API manuals):
 * FF 00 00 00 Lc <frame> -> <frame> 90 00; a bare 63 00 is all that is said of
 * any failure, a silent card being by far the commonest.
 */
#include "dialect.h"

#include "plain.h"

static const uint8_t header[PLAIN_HEADER] = {0xFF, 0x00, 0x00, 0x00};

/* The ACR122U family is not among them: it wraps frames for its PN532. */
static const char *const hints[] = {"ACR1251", "ACR1252", "ACM1252", "ACR1255", "ACR1281",
	"ACR1552", "ACR1581", "WalletMate", NULL};

/* There is no session to begin: a name that promises is taken at its word. */
static enum card_err open(const struct line *line, bool hinted)
{
	return hinted ? CARD_ERR_OK : plain_probe(line, header);
}

static enum card_err exchange(
	const struct line *line, const struct bytes *frame, uint32_t timer_us, struct bytes *ret)
{
	return plain_exchange(line, header, frame, ret);
}

const struct dialect dialect_acs = {.name = "acs-direct",
	.hints = hints,
	.open = open,
	.close = plain_close,
	.exchange = exchange};
