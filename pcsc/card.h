/* SPDX-License-Identifier: MIT
 *
 * card.h - read one card, once.
 *
 * Connects, finds the reader's dialect where a layout needs one, carries out
 * the layouts' steps, decodes, disconnects. Blocking (30 to 60 ms on real
 * hardware).
 */
#ifndef PCSC_CARD_H
#define PCSC_CARD_H

#include "dialect.h"
#include "layout.h"
#include "mac.h"
#include "reading.h"
#include "transport.h"

/* A master key that layouts name. The owner wipes it. */
struct card_key {
	char name[LAYOUT_NAME_SIZE];
	uint8_t master[MAC_MASTER_SIZE];
};

/* What to look for on any card. All borrowed; the same for many readings. */
struct card_job {
	const struct card_layout *layouts;
	size_t n_layouts;
	const struct card_key *keys; /* for layouts with a MAC */
	size_t n_keys;
	/* Fill `ret` with random bytes; false: none to be had. Needed for a MAC only. */
	bool (*challenge)(uint8_t ret[MAC_BLOCK_SIZE]);
	struct dialect_memory *memory; /* may be NULL */
};

/* Read the card in `reader` with the first layout of `job` that fits.
 * All pointers are borrowed for the call. `ret` is written only on success,
 * `trace` always; the caller wipes `ret` with reading_wipe().
 * Where none fits, the cause is the closest layout's: FOREIGN before UNPROVEN before
 * UNREADABLE before NO_DATA before NO_DIALECT before TRANSIT before UNKNOWN_CARD.
 * Tell apart besides: REMOVED (again), BUSY (wait), PROTOCOL, NO_SERVICE. */
enum card_err card_read(const struct card_transport *t, const char *reader,
	const struct card_job *job, struct card_reading *ret, struct card_trace *trace);

#endif
