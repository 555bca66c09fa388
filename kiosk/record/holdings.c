/* SPDX-License-Identifier: MIT
 *
 * holdings.c - see holdings.h.
 */
#include "kiosk/record/holdings.h"

#include <string.h>

#include "kiosk/record/store_private.h"

#define ENDED "('done', 'refused', 'cancelled')"

/* Two columns: how many, the oldest. */
static const struct {
	const char *word, *sql; /* NULL: not a table */
} rows[HOLDING_COUNT] = {
	[HOLDING_UNDER_WAY] = {"under-way",
		"SELECT count(*), min(r.filed_at) FROM request r JOIN outbox o ON o.request = r.id"
		" WHERE r.envelope IS NOT NULL AND o.state NOT IN " ENDED},
	[HOLDING_ENDED] = {"ended",
		"SELECT count(*), min(o.changed_at) FROM request r JOIN outbox o"
		" ON o.request = r.id WHERE r.envelope IS NOT NULL AND o.state IN " ENDED},
	[HOLDING_ERASED] = {"erased",
		"SELECT count(*), min(filed_at) FROM request WHERE envelope IS NULL"},
	[HOLDING_TALLY] = {"tally", "SELECT count(DISTINCT tag), min(date) FROM tally"},
	[HOLDING_CLERKS] = {"clerks", "SELECT count(*), NULL FROM clerk"},
	[HOLDING_DAY_KEYS] = {"day-keys", NULL},
};

static void count_day_keys(struct store *store, struct holdings_row *ret)
{
	g_autoptr(GArray) dates = day_keys_dates(store->days);
	ret->n = dates->len;
	for (guint i = 0; i < dates->len; i++) {
		gint32 date = g_array_index(dates, gint32, i);
		ret->oldest = ret->oldest == 0 ? date : MIN(ret->oldest, date);
	}
}

static gboolean count(
	struct store *store, const char *sql, struct holdings_row *ret, GError **error)
{
	AUTO(sqlite3_stmt) statement = store_query(store, sql, NULL, error);
	if (!statement || store_step(store, statement, error) != STORE_STEP_ROW)
		return FALSE;
	ret->n = (guint64)sqlite3_column_int64(statement, 0);
	ret->oldest = sqlite3_column_int64(statement, 1);
	return TRUE;
}

gboolean holdings_count(struct store *store, struct holdings_row ret[HOLDING_COUNT], GError **error)
{
	struct holdings_row found[HOLDING_COUNT] = {0};
	for (guint i = 0; i < HOLDING_COUNT; i++)
		if (rows[i].sql && !count(store, rows[i].sql, &found[i], error))
			return FALSE;
	count_day_keys(store, &found[HOLDING_DAY_KEYS]);
	memcpy(ret, found, sizeof found);
	return TRUE;
}

const char *holding_word(enum holding holding)
{
	return rows[holding].word;
}
