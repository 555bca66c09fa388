/* SPDX-License-Identifier: MIT
 *
 * tally.h - how often a holder asked lately: HMAC(common id) and date, nothing else.
 *
 * Outlives the erasure of the request itself, and is forgotten after 31 days. Only this
 * desk's requests count: what other desks filed is known to the shared intake alone.
 */
#ifndef KIOSK_RECORD_TALLY_H
#define KIOSK_RECORD_TALLY_H

#include "kiosk/record/store.h"

#define TALLY_DAYS 31 /* today and the thirty days before it */

struct tally {
	guint today;  /* requests filed on this date */
	guint lately; /* within TALLY_DAYS, today's included */
};

/* Within the transaction that files the request. `date` is YYYYMMDD. */
gboolean tally_add(struct store *store, const char *common_id, gint32 date, GError **error);

gboolean tally_count(
	struct store *store, const char *common_id, gint32 date, struct tally *ret, GError **error);

/* Forget what is older than TALLY_DAYS. */
gboolean tally_forget(struct store *store, gint32 date, GError **error);

#endif
