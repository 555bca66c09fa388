/* SPDX-License-Identifier: MIT
 *
 * requests_erase.c - making payloads unreadable for good.
 *
 * Rows go first, keys second, the log last. Power lost in between leaves keys
 * without rows; the next call destroys them.
 */
#include "kiosk/record/requests_private.h"

/* A refused one can be put back by staff as long as it is there. */
#define ENDED "('done', 'refused', 'cancelled')"

struct erase_work {
	gint64 before;
	guint erased; /* filled by the work */
};

static gboolean erase_work(struct store *store, gpointer data, GError **error)
{
	struct erase_work *work = data;
	if (!store_exec(store,
		    "DELETE FROM wrap WHERE request IN (SELECT request FROM outbox"
		    " WHERE state IN " ENDED " AND changed_at < ?)",
		    BIND(B_INT(work->before)), error))
		return FALSE;
	if (!store_exec(store,
		    "UPDATE request SET envelope = NULL, holder_tag = NULL, fleet_tag = NULL"
		    " WHERE envelope IS NOT NULL AND id IN (SELECT request FROM outbox"
		    " WHERE state IN " ENDED " AND changed_at < ?)",
		    BIND(B_INT(work->before)), error))
		return FALSE;
	work->erased = (guint)sqlite3_changes(store->db);
	return TRUE;
}

static gboolean day_in_use(struct store *store, gint32 date, gboolean *ret, GError **error)
{
	AUTO(sqlite3_stmt)
	statement = store_query(store,
		"SELECT EXISTS (SELECT 1 FROM request r JOIN wrap w ON w.request = r.id"
		" WHERE r.date = ?)",
		BIND(B_INT(date)), error);
	if (!statement || store_step(store, statement, error) != STORE_STEP_ROW)
		return FALSE;
	*ret = sqlite3_column_int64(statement, 0) != 0;
	return TRUE;
}

static gboolean destroy_days(struct store *store, GError **error)
{
	g_autoptr(GArray) dates = day_keys_dates(store->days);
	for (guint i = 0; i < dates->len; i++) {
		gint32 date = g_array_index(dates, gint32, i);
		gboolean used = TRUE;
		if (!day_in_use(store, date, &used, error) ||
			(!used && !day_keys_destroy(store->days, date, error)))
			return FALSE;
	}
	return TRUE;
}

gboolean requests_erase(struct store *store, gint64 before, guint *ret_erased, GError **error)
{
	struct erase_work work = {.before = before};
	if (!store_transact(store, STORE_ROOM_RESERVE, erase_work, &work, error) ||
		!destroy_days(store, error))
		return FALSE;
	int rc = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if (rc != SQLITE_OK)
		return store_fail_sql(store, rc, error);
	*ret_erased = work.erased;
	return TRUE;
}
