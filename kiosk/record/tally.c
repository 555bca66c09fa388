/* SPDX-License-Identifier: MIT */
#include "kiosk/record/tally.h"

#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/record/seal.h"
#include "kiosk/record/store_private.h"

/* A key of its own: the holder tag of an erased request stays gone from every file. */
static void make_tag(struct store *store, const char *common_id, guint8 ret[SEAL_HASH_SIZE])
{
	guint8 key[KEY_SIZE];
	keyring_derive(store->keys, "tally-tag", key);
	seal_hmac(key, common_id, strlen(common_id), ret);
	OPENSSL_cleanse(key, sizeof key);
}

static gboolean check_date(gint32 date, GError **error)
{
	GDateDay day = (GDateDay)(date % 100);
	GDateMonth month = (GDateMonth)(date / 100 % 100);
	GDateYear year = (GDateYear)(date / 10000);
	if (date >= 10000101 && date <= 99991231 && g_date_valid_dmy(day, month, year))
		return TRUE;
	return store_fail(error, STORE_ERROR_INVALID, "not a date: %d", date);
}

/* The first of the days that count, as YYYYMMDD; `date` is valid. */
static gint32 first_day(gint32 date)
{
	GDate day;
	g_date_clear(&day, 1);
	g_date_set_dmy(&day, (GDateDay)(date % 100), (GDateMonth)(date / 100 % 100),
		(GDateYear)(date / 10000));
	g_date_subtract_days(&day, TALLY_DAYS - 1);
	return g_date_get_year(&day) * 10000 + (gint32)g_date_get_month(&day) * 100 +
	       g_date_get_day(&day);
}

gboolean tally_add(struct store *store, const char *common_id, gint32 date, GError **error)
{
	guint8 tag[SEAL_HASH_SIZE];
	if (!check_date(date, error))
		return FALSE;
	make_tag(store, common_id, tag);
	return store_exec(store,
		"INSERT INTO tally (tag, date, filed) VALUES (?, ?, 1)"
		" ON CONFLICT DO UPDATE SET filed = filed + 1",
		BIND(B_BLOB(tag, sizeof tag), B_INT(date)), error);
}

/* A clock that was set back must not hide what was filed "tomorrow": no upper end. */
gboolean tally_count(
	struct store *store, const char *common_id, gint32 date, struct tally *ret, GError **error)
{
	guint8 tag[SEAL_HASH_SIZE];
	if (!check_date(date, error))
		return FALSE;
	make_tag(store, common_id, tag);
	AUTO(sqlite3_stmt)
	statement = store_query(store,
		"SELECT coalesce(sum(filed) FILTER (WHERE date = ?2), 0), coalesce(sum(filed), 0)"
		" FROM tally WHERE tag = ?1 AND date >= ?3",
		BIND(B_BLOB(tag, sizeof tag), B_INT(date), B_INT(first_day(date))), error);
	if (!statement || store_step(store, statement, error) != STORE_STEP_ROW)
		return FALSE;
	ret->today = (guint)sqlite3_column_int64(statement, 0);
	ret->lately = (guint)sqlite3_column_int64(statement, 1);
	return TRUE;
}

struct forget_work {
	gint32 before;
};

static gboolean forget_work(struct store *store, gpointer data, GError **error)
{
	const struct forget_work *work = data;
	return store_exec(
		store, "DELETE FROM tally WHERE date < ?", BIND(B_INT(work->before)), error);
}

gboolean tally_forget(struct store *store, gint32 date, GError **error)
{
	struct forget_work work = {0};
	if (!check_date(date, error))
		return FALSE;
	work.before = first_day(date);
	return store_transact(store, STORE_ROOM_RESERVE, forget_work, &work, error);
}
