/* SPDX-License-Identifier: MIT
 *
 * line.h - the connection to one card, over which APDUs go.
 */
#ifndef PCSC_LINE_H
#define PCSC_LINE_H

#include "bytes.h"
#include "err.h"
#include "transport.h"

#define SW_OK     0x9000
#define SW_FAILED 0x6300 /* PC/SC part 3: no information */

/* All borrowed. */
struct line {
	const struct card_transport *t;
	struct card_trace *trace;
	bool escape; /* APDUs go to the reader itself (SCardControl) instead of the card */
};

/* Send `apdu`; `ret` gets the answer without its status word, which is judged by
 * the caller: *ret_sw. Both are written only on success. */
enum card_err line_transmit(
	const struct line *line, const struct bytes *apdu, struct bytes *ret, uint16_t *ret_sw);

#endif
