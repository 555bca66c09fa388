/* SPDX-License-Identifier: MIT
 *
 * outbox.c - see outbox.h.
 */
#include "kiosk/record/outbox.h"

#include <string.h>

#include "kiosk/record/requests_private.h"

#define COLUMNS                                                                                    \
	"SELECT r.id, r.number, r.uuid, r.fleet_tag, o.state, o.tries, r.filed_at, o.changed_at,"  \
	" o.outside, o.progress, o.progress_at, o.reason"                                          \
	" FROM request r JOIN outbox o ON o.request = r.id"

void outbox_tag_text(const guint8 tag[32], char ret[OUTBOX_TAG_SIZE])
{
	for (guint i = 0; i < 32; i++)
		g_snprintf(ret + 2 * i, 3, "%02x", tag[i]);
}

gboolean outbox_holder_tag(struct store *store, const char *common_id, char ret[OUTBOX_TAG_SIZE])
{
	guint8 tag[32];
	if (!request_fleet_tag(store, common_id, tag))
		return FALSE;
	outbox_tag_text(tag, ret);
	return TRUE;
}

#define COPY(statement, column, to)                                                                \
	g_strlcpy(to, (const char *)sqlite3_column_text(statement, column), sizeof(to))

static void read_row(sqlite3_stmt *statement, struct outbox_row *ret)
{
	struct outbox_row row = {
		.id = sqlite3_column_int64(statement, 0),
		.tries = (guint)sqlite3_column_int64(statement, 5),
		.filed_at = sqlite3_column_int64(statement, 6),
		.changed_at = sqlite3_column_int64(statement, 7),
		.progress_at = sqlite3_column_int64(statement, 10),
	};
	const guint8 *tag = store_column_blob(statement, 3, 32);
	if (tag)
		outbox_tag_text(tag, row.holder);
	/* The table's CHECK lets no other word in. */
	outbox_state_parse((const char *)sqlite3_column_text(statement, 4), &row.state);
	COPY(statement, 1, row.number);
	COPY(statement, 2, row.key);
	COPY(statement, 8, row.outside);
	COPY(statement, 9, row.progress);
	COPY(statement, 11, row.reason);
	*ret = row;
}

static gboolean find_row(struct store *store, const char *sql, const struct bind *binds,
	struct outbox_row *ret, GError **error)
{
	AUTO(sqlite3_stmt) statement = store_query(store, sql, binds, error);
	if (!statement || store_step(store, statement, error) != STORE_STEP_ROW)
		return FALSE;
	read_row(statement, ret);
	return TRUE;
}

static GArray *list_rows(
	struct store *store, const char *sql, const struct bind *binds, GError **error)
{
	AUTO(sqlite3_stmt) statement = store_query(store, sql, binds, error);
	if (!statement)
		return NULL;
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct outbox_row));
	enum store_step step;
	while ((step = store_step(store, statement, error)) == STORE_STEP_ROW) {
		struct outbox_row row;
		read_row(statement, &row);
		g_array_append_val(rows, row);
	}
	if (step == STORE_STEP_DONE)
		return rows;
	g_array_unref(rows);
	return NULL;
}

gboolean outbox_row_of(
	struct store *store, const char *number, struct outbox_row *ret, GError **error)
{
	g_autoptr(GError) cause = NULL;
	if (find_row(store, COLUMNS " WHERE r.number = ?", BIND(B_TEXT(number)), ret, &cause))
		return TRUE;
	if (!cause)
		return store_fail(error, STORE_ERROR_INVALID, "%s: no such request", number);
	g_propagate_error(error, g_steal_pointer(&cause));
	return FALSE;
}

/* --- changes --- */

struct apply_work {
	const char *number;
	enum outbox_event event;
	const struct outbox_news *news;
	enum outbox_state next; /* filled by the work */
};

static gboolean write_row(struct store *store, const struct apply_work *work,
	const struct outbox_row *row, GError **error)
{
	const struct outbox_news *news = work->news;
	gboolean changed = work->next != row->state;
	gboolean heard = work->event == OUTBOX_SAW_ACCEPTED || work->event == OUTBOX_LOOK;
	return store_exec(store,
		"UPDATE outbox SET state = ?2, tries = tries + ?3, outside = coalesce(?4, outside),"
		" progress = coalesce(?5, progress), reason = coalesce(?6, reason),"
		" progress_at = iif(?5 IS NULL, progress_at, ?7),"
		" changed_at = iif(?8, ?9, changed_at), heard_at = iif(?10, ?9, heard_at)"
		" WHERE request = ?1",
		BIND(B_INT(row->id), B_TEXT(outbox_state_word(work->next)),
			B_INT(work->event == OUTBOX_SEND), B_TEXT(news->outside),
			B_TEXT(news->progress), B_TEXT(news->reason), B_INT(news->progress_at),
			B_INT(changed), B_INT(news->now), B_INT(heard)),
		error);
}

static gboolean apply_work(struct store *store, gpointer data, GError **error)
{
	struct apply_work *work = data;
	struct outbox_row row;
	if (!outbox_row_of(store, work->number, &row, error))
		return FALSE;
	if (!outbox_next(row.state, work->event, &work->next))
		return store_fail(error, STORE_ERROR_INVALID, "%s is %s", work->number,
			outbox_state_word(row.state));
	return write_row(store, work, &row, error);
}

gboolean outbox_apply(struct store *store, const char *number, enum outbox_event event,
	const struct outbox_news *news, enum outbox_state *ret, GError **error)
{
	struct apply_work work = {.number = number, .event = event, .news = news};
	if (!store_transact(store, STORE_ROOM_RESERVE, apply_work, &work, error))
		return FALSE;
	if (ret)
		*ret = work.next;
	return TRUE;
}

/* The one change of many rows: what outbox_rules.h says of RESTART. */
static gboolean restart_work(struct store *store, gpointer data, GError **error)
{
	const gint64 *now = data;
	return store_exec(store,
		"UPDATE outbox SET state = 'unknown', changed_at = ? WHERE state = 'sending'",
		BIND(B_INT(*now)), error);
}

gboolean outbox_restart(struct store *store, gint64 now, GError **error)
{
	return store_transact(store, STORE_ROOM_RESERVE, restart_work, &now, error);
}

/* --- lists --- */

/* Two walks along the index: sorting both states together would read the whole backlog. */
GArray *outbox_waiting(struct store *store, guint max, GError **error)
{
	static const char *const states[] = {"unknown", "queued"};
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct outbox_row));
	for (gsize i = 0; i < G_N_ELEMENTS(states) && all->len < max; i++) {
		GArray *rows =
			list_rows(store, COLUMNS " WHERE o.state = ? ORDER BY o.request LIMIT ?",
				BIND(B_TEXT(states[i]), B_INT(max - all->len)), error);
		if (!rows) {
			g_array_unref(all);
			return NULL;
		}
		g_array_append_vals(all, rows->data, rows->len);
		g_array_unref(rows);
	}
	return all;
}

GArray *outbox_to_follow(struct store *store, gint64 before, guint max, GError **error)
{
	return list_rows(store,
		COLUMNS " WHERE o.state = 'accepted' AND o.heard_at < ?"
			" ORDER BY o.heard_at LIMIT ?",
		BIND(B_INT(before), B_INT(max)), error);
}

gboolean outbox_of_holder(
	struct store *store, const char *common_id, struct outbox_row *ret, GError **error)
{
	guint8 tag[32];
	request_holder_tag(store, common_id, tag);
	return find_row(store, COLUMNS " WHERE r.holder_tag = ? ORDER BY r.id DESC LIMIT 1",
		BIND(B_BLOB(tag, sizeof tag)), ret, error);
}

gboolean outbox_counts(struct store *store, guint *ret_unsent, guint *ret_refused, GError **error)
{
	AUTO(sqlite3_stmt)
	statement = store_query(store,
		"SELECT (SELECT count(*) FROM outbox"
		" WHERE state IN ('queued', 'sending', 'unknown')),"
		" (SELECT count(*) FROM outbox o JOIN request r ON r.id = o.request"
		" WHERE o.state = 'refused' AND o.progress <> 'declined'"
		" AND r.envelope IS NOT NULL)",
		NULL, error);
	if (!statement || store_step(store, statement, error) != STORE_STEP_ROW)
		return FALSE;
	*ret_unsent = (guint)sqlite3_column_int64(statement, 0);
	*ret_refused = (guint)sqlite3_column_int64(statement, 1);
	return TRUE;
}
