/* SPDX-License-Identifier: MIT
 *
 * plain.h - what dialects without a session have in common: one APDU each way,
 * and the status word says how it went.
 */
#ifndef PCSC_PLAIN_H
#define PCSC_PLAIN_H

#include "felica.h"
#include "line.h"

#define PLAIN_HEADER 4 /* CLA INS P1 P2 */

/* TIMEOUT: the card is silent (63 00, 64 00, 64 01). NO_DIALECT: the reader does not know
 * the instruction. PROTOCOL: it says anything else but 90 00. */
enum card_err plain_judge(uint16_t sw);

/* Send `apdu` and judge. `ret` is written only on success. */
enum card_err plain_transmit(const struct line *line, const struct bytes *apdu, struct bytes *ret);

/* Send header, Lc and `data`, without Le, and judge. LIMIT if `data` is too long for it. */
enum card_err plain_command(const struct line *line, const uint8_t header[PLAIN_HEADER],
	const struct bytes *data, struct bytes *ret);

/* Likewise, where an answer of nothing at all is PROTOCOL. */
enum card_err plain_exchange(const struct line *line, const uint8_t header[PLAIN_HEADER],
	const struct bytes *frame, struct bytes *ret);

/* Does a card answer a frame carried that way? NO_DIALECT if none does: readers of other
 * makes say 63 00 to what they do not know. */
enum card_err plain_probe(const struct line *line, const uint8_t header[PLAIN_HEADER]);

/* What the end of a probe tells: any fault of the answer is NO_DIALECT. */
enum card_err plain_proof(enum card_err err);

/* FF CA: the IDm. TIMEOUT if there is no card, or one with another kind of number. */
enum card_err plain_idm(const struct line *line, uint8_t ret[IDM_SIZE]);

/* For close(): there is nothing to leave. */
void plain_close(const struct line *line);

#endif
