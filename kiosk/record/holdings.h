/* SPDX-License-Identifier: MIT
 *
 * holdings.h - what this desk holds of people, how much of it, and since when: counted from
 * the tables themselves, for `madoguchictl privacy report`.
 *
 * Main thread. Codes and counts only; nothing is unsealed.
 */
#ifndef KIOSK_RECORD_HOLDINGS_H
#define KIOSK_RECORD_HOLDINGS_H

#include "kiosk/record/store.h"

enum holding {
	HOLDING_UNDER_WAY, /* sealed requests that have not ended */
	HOLDING_ENDED,     /* sealed requests that ended and are not erased yet */
	HOLDING_ERASED,    /* numbers and ledger leaves of erased ones: nothing of the person */
	HOLDING_TALLY,     /* keyed hashes: how often somebody asked lately */
	HOLDING_CLERKS,    /* sealed names, units and cards of clerks */
	HOLDING_DAY_KEYS,  /* keys of days with sealed requests */
	HOLDING_COUNT
};

struct holdings_row {
	guint64 n;
	gint64 oldest; /* seconds since 1970, 0 none; TALLY and DAY_KEYS: YYYYMMDD */
};

gboolean holdings_count(
	struct store *store, struct holdings_row ret[HOLDING_COUNT], GError **error);

/* "under-way" … as the door says it. */
const char *holding_word(enum holding holding);

#endif
