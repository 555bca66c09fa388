/* SPDX-License-Identifier: MIT
 *
 * ledger_opening.h - what shows that one request is a leaf, without its content.
 *
 * As a line: number, uuid, SHA-256 of the payload, SHA-256 of the evidence and the salt,
 * these three in hex, with one space between. Whoever has the payload too can check it.
 */
#ifndef KIOSK_RECORD_LEDGER_OPENING_H
#define KIOSK_RECORD_LEDGER_OPENING_H

#include "kiosk/record/checkpoint.h"
#include "kiosk/record/requests.h"

#define LEDGER_OPENING_TEXT_SIZE (REQUEST_NUMBER_SIZE + REQUEST_UUID_SIZE + 3 * 65)

struct ledger_opening {
	char number[REQUEST_NUMBER_SIZE];
	char uuid[REQUEST_UUID_SIZE];
	guint8 payload[LEDGER_HASH_SIZE], evidence[LEDGER_HASH_SIZE];
	guint8 salt[LEDGER_HASH_SIZE];
};

void ledger_opening_text(const struct ledger_opening *opening, char ret[LEDGER_OPENING_TEXT_SIZE]);
gboolean ledger_opening_parse(const char *text, struct ledger_opening *ret);

/* From an envelope (envelope.h), and the size and root it was filed with; any may be NULL. */
gboolean ledger_opening_of_envelope(
	GBytes *envelope, struct ledger_opening *ret, struct checkpoint *ret_filed, GError **error);

/* Hash of the leaf that it opens. */
void ledger_opening_leaf(const struct ledger_opening *opening, guint8 ret[LEDGER_HASH_SIZE]);

#endif
