/* SPDX-License-Identifier: MIT
 *
 * card.h - read one card, once.
 *
 * Connects, finds the reader's dialect, polls the systems the layouts name,
 * reads and decodes, disconnects. Blocking (30 to 60 ms on real hardware).
 */
#ifndef PCSC_CARD_H
#define PCSC_CARD_H

#include "layout.h"
#include "reading.h"
#include "transport.h"

/* Read the card in `reader` with the first of `layouts` that fits.
 * All pointers are borrowed for the call. `ret` is written only on success,
 * `trace` always; the caller wipes `ret` with reading_wipe().
 * Where none fits, the cause is the closest layout's: FOREIGN before UNREADABLE
 * before NO_DATA before UNKNOWN_CARD.
 * Tell apart: REMOVED (again), BUSY (wait), FOREIGN, UNREADABLE, NO_DATA,
 * UNKNOWN_CARD, NO_DIALECT, PROTOCOL, NO_SERVICE. */
enum card_err card_read(const struct card_transport *t, const char *reader,
	const struct card_layout *layouts, size_t n_layouts, struct card_reading *ret,
	struct card_trace *trace);

#endif
