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

	/* Begin. `hinted`: the reader's name promises this dialect and no other, or it spoke
	 * it before: what has no session is then taken for granted, and the first question
	 * shows. Otherwise a card that moved may look like a reader that does not
	 * understand: NO_DIALECT, and nothing is left open. */
	enum card_err (*open)(const struct line *line, bool hinted);

	/* Leave the reader as other programs expect it. Failure changes nothing for us. */
	void (*close)(const struct line *line);

	/* Carry one frame there and its answer back. TIMEOUT: the card is silent;
	 * NO_DIALECT: the reader does not know the instruction (dialect_doubt).
	 * `ret` is written only on success. NULL: this dialect carries no frames. */
	enum card_err (*exchange)(const struct line *line, const struct bytes *frame,
		uint32_t timer_us, struct bytes *ret);

	/* Instead of exchange(), where the reader frames for itself; any may be NULL.
	 * poll: TIMEOUT if nothing answers, UNKNOWN_CARD (or TRANSIT) if a card does that has
	 * no such system. read: as felica_blocks(), *ret_flags likewise; `most_blocks` at
	 * once. NO_DIALECT as above. */
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

extern const struct dialect dialect_transparent;        /* PC/SC part 3: FF C2 */
extern const struct dialect dialect_sony_frame;         /* FF FE 01 00 */
extern const struct dialect dialect_acs;                /* ACS direct frame: FF 00 00 00 */
extern const struct dialect dialect_acr122;             /* PN532: D4 4A, D4 40 */
extern const struct dialect dialect_identiv;            /* FF 40, FF 42, FF 46, FF 4A */
extern const struct dialect dialect_sony_select;        /* FF A4, FF B0 */
extern const struct dialect dialect_transparent_escape; /* FF C2 over SCardControl */
extern const struct dialect dialect_uid_only;           /* FF CA and nothing else */

extern const char *const dialect_sony_readers[]; /* hints of all that Sony's may speak */

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

/* NULL: nothing is remembered of this reader, or `memory` is NULL. */
const struct dialect *dialect_remembered(const struct dialect_memory *memory, const char *reader);

/* Find and begin the dialect of `reader`: the one remembered, those its name hints at,
 * then all others. `memory` may be NULL. The caller ends *ret with its close(), over a
 * line whose `escape` is the dialect's. NO_DIALECT if none is understood. */
enum card_err dialect_open(const struct line *line, const char *reader,
	struct dialect_memory *memory, const struct dialect **ret);

/* `failed` was opened, closed again, and its first question showed that the reader does not
 * understand it. Forget it; find and begin another that proves itself. As dialect_open(). */
enum card_err dialect_doubt(const struct line *line, const char *reader,
	struct dialect_memory *memory, const struct dialect *failed, const struct dialect **ret);

/* Row `i` of the table, in the order of probing; NULL after the last. */
const struct dialect *dialect_row(size_t i);

#endif
