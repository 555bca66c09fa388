/* SPDX-License-Identifier: MIT
 *
 * dialect.h - how a make of reader carries a FeliCa frame in an APDU.
 *
 * A new dialect is one file and one row of the table in dialect.c.
 */
#ifndef PCSC_DIALECT_H
#define PCSC_DIALECT_H

#include "bytes.h"
#include "err.h"
#include "transport.h"

/* The connection a dialect is spoken over; all borrowed. */
struct dialect_line {
	const struct card_transport *t;
	struct card_trace *trace;
};

struct dialect {
	const char *name;         /* static text, for the log */
	const char *const *hints; /* parts of reader names, NULL-terminated */

	/* Begin. `hinted`: the reader's name promises this dialect, so that a mere
	 * "no answer" is no reason to doubt it. Returns NO_DIALECT if the reader
	 * does not understand; then nothing is left open. */
	enum card_err (*open)(const struct dialect_line *line, bool hinted);

	/* Carry one frame there and its answer back. TIMEOUT: the card is silent.
	 * `ret` is written only on success. */
	enum card_err (*exchange)(const struct dialect_line *line, const struct bytes *frame,
		uint32_t timer_us, struct bytes *ret);

	/* Leave the reader as other programs expect it. Failure changes nothing for us. */
	void (*close)(const struct dialect_line *line);
};

extern const struct dialect dialect_transparent; /* PC/SC part 3: FF C2 */
extern const struct dialect dialect_acs;         /* ACS direct frame: FF 00 00 00 */

/* Find and begin the dialect of `reader`: those its name hints at, then all others.
 * The caller ends *ret with its close(). NO_DIALECT if none is understood. */
enum card_err dialect_open(
	const struct dialect_line *line, const char *reader, const struct dialect **ret);

/* Send `apdu`; `ret` gets the answer without its status word, which is judged by
 * the caller: *ret_sw. Shared by all dialects. */
enum card_err dialect_transmit(const struct dialect_line *line, const struct bytes *apdu,
	struct bytes *ret, uint16_t *ret_sw);

#endif
