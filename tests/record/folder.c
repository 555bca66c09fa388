/* SPDX-License-Identifier: MIT
 *
 * folder.c - see folder.h.
 */
#include "tests/record/folder.h"

#include <glib/gstdio.h>
#include <string.h>

#include "kiosk/record/seal.h"
#include "kiosk/record/store_private.h"

static void open_store(struct folder *f)
{
	GError *error = NULL;
	f->store = store_open(f->path, f->keys, &error);
	if (!f->store)
		g_error("store: %s", error->message);
}

void folder_make(struct folder *f)
{
	GError *error = NULL;
	f->path = g_dir_make_tmp("record-XXXXXX", &error);
	if (!f->path)
		g_error("%s", error->message);
	f->key_path = g_strconcat(f->path, ".key", NULL);
	if (!keyring_create(f->key_path, &error))
		g_error("%s", error->message);
	f->keys = keyring_open(f->key_path, &error);
	if (!f->keys)
		g_error("%s", error->message);
	open_store(f);
}

void folder_close(struct folder *f)
{
	f->store = store_free(f->store);
}

void folder_reopen(struct folder *f)
{
	folder_close(f);
	open_store(f);
}

char *folder_file(const struct folder *f, const char *name)
{
	return g_build_filename(f->path, name, NULL);
}

void folder_remove(struct folder *f)
{
	folder_close(f);
	GDir *dir = g_dir_open(f->path, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = folder_file(f, name);
		g_unlink(path);
	}
	g_clear_pointer(&dir, g_dir_close);
	g_rmdir(f->path);
	g_unlink(f->key_path);
	f->keys = keyring_free(f->keys);
	g_clear_pointer(&f->path, g_free);
	g_clear_pointer(&f->key_path, g_free);
}

int folder_refusal(struct folder *f)
{
	g_autoptr(GError) error = NULL;
	f->store = store_open(f->path, f->keys, &error);
	if (f->store) {
		folder_close(f);
		return -1;
	}
	g_assert_true(error && error->domain == STORE_ERROR);
	return error->code;
}

guint folder_holding(const struct folder *f, gconstpointer bytes, gsize len)
{
	guint n = 0;
	const char *name;
	g_autoptr(GDir) dir = g_dir_open(f->path, 0, NULL);
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = folder_file(f, name), *text = NULL;
		gsize size = 0;
		if (g_file_get_contents(path, &text, &size, NULL) && memmem(text, size, bytes, len))
			n++;
	}
	return n;
}

gint64 folder_number(const struct folder *f, const char *sql)
{
	AUTO(sqlite3_stmt) statement = store_query(f->store, sql, NULL, NULL);
	if (!statement || store_step(f->store, statement, NULL) != STORE_STEP_ROW)
		return -1;
	return sqlite3_column_int64(statement, 0);
}

gboolean folder_file_request(struct folder *f, const char *common_id, gint32 date,
	struct request_receipt *ret, GError **error)
{
	char *text = g_strdup_printf("{\"v\":\"1\",\"request\":\"再登録\",\"asked_at\":\"now\","
				     "\"incident_carrier\":\"UQ mobile\",\"reason\":\"lost\","
				     "\"name_ja\":\"" SAMPLE_NAME "\",\"incident\":\"i\","
				     "\"number\":\"" SAMPLE_NUMBER "\",\"common_id\":\"%s\"}",
		common_id);
	g_autoptr(GBytes) payload = seal_secret(text, strlen(text));
	g_autoptr(GBytes) evidence = g_bytes_new_static("{\"face\":\"seen\"}", 15);
	struct request_filing filing = {
		.desk = "ENG1",
		.common_id = common_id,
		.date = date,
		.now = NOON,
		.payload = payload,
		.evidence = evidence,
	};
	return requests_file(f->store, &filing, ret, error);
}
