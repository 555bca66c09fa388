/* SPDX-License-Identifier: MIT
 *
 * dialect.h - how a make of reader lets us talk to a FeliCa card.
 *
 * Most carry FeliCa frames in an APDU (exchange); some have commands of their
 * own instead (poll, read …); some can do neither. A new dialect is one file
 * and one row of the table in dialect.c.
 */
#ifndef PCSC_DIALECT_H
#define PCSC_DIALECT_H

#include "felica.h"
#include "line.h"

#define DIALECT_NONE "none" /* where a card was read without one */

struct dialect {
	const char *name;         /* static text, for the log */
	const char *const *hints; /* parts of reader names, NULL-terminated */
	bool escape;              /* spoken to the reader itself: line->escape is set */

	/* Begin. `hinted`: the reader's name promises this dialect, or it spoke it before,
	 * so that a mere "no answer" is no reason to doubt it. Returns NO_DIALECT if the
	 * reader does not understand; then nothing is left open. */
	enum card_err (*open)(const struct line *line, bool hinted);

	/* Leave the reader as other programs expect it. Failure changes nothing for us. */
	void (*close)(const struct line *line);

	/* Carry one frame there and its answer back. TIMEOUT: the card is silent.
	 * `ret` is written only on success. NULL: this dialect carries no frames. */
	enum card_err (*exchange)(const struct line *line, const struct bytes *frame,
		uint32_t timer_us, struct bytes *ret);

	/* Instead of exchange(), where the reader frames for itself; any may be NULL.
	 * poll: TIMEOUT if nothing answers, UNKNOWN_CARD if a card does that has no such
	 * system. read: as felica_blocks(), *ret_flags likewise; `most_blocks` at once. */
	size_t most_blocks; /* 0: as many as the chip */
	enum card_err (*poll)(const struct line *line, uint16_t system, struct felica_target *ret);
	enum card_err (*read)(const struct line *line, const struct felica_target *target,
		uint16_t service, const uint8_t *blocks, size_t n, uint8_t *ret_data,
		uint16_t *ret_flags);
	enum card_err (*systems)(const struct line *line, const struct felica_target *target,
		uint16_t ret_systems[FELICA_SYSTEMS_MAX], size_t *ret_n);
	enum card_err (*services)(const struct line *line, const struct felica_target *target,
		const uint16_t *services, uint16_t *ret_versions, size_t n);
};

extern const struct dialect dialect_transparent; /* PC/SC part 3: FF C2 */
extern const struct dialect dialect_acs;         /* ACS direct frame: FF 00 00 00 */

/* What probing found, reader by reader. Zeroed is empty; owned by the caller. */
struct dialect_memory {
	struct {
		char reader[READER_NAME_SIZE];
		const struct dialect *dialect;
	} rows[READER_MAX];
	size_t next; /* row to overwrite when all are taken */
};

/* A reader that comes back may be another of the same name. */
void dialect_forget(struct dialect_memory *memory, const char *reader);

/* Find and begin the dialect of `reader`: the one remembered, those its name hints at,
 * then all others. `memory` may be NULL. The caller ends *ret with its close(), over a
 * line whose `escape` is the dialect's. NO_DIALECT if none is understood. */
enum card_err dialect_open(const struct line *line, const char *reader,
	struct dialect_memory *memory, const struct dialect **ret);

/* Row `i` of the table, in the order of probing; NULL after the last. */
const struct dialect *dialect_row(size_t i);

#endif
