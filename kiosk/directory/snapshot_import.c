/* SPDX-License-Identifier: MIT
 *
 * snapshot_import.c - a new snapshot from a CSV or LDIF file; see snapshot.h.
 */
#include "kiosk/directory/snapshot.h"

#include <string.h>

#include "kiosk/directory/fresh.h"
#include "kiosk/directory/import_file.h"
#include "kiosk/directory/snapshot_writer.h"

/* What was the newest bundle stays so, whatever came after it. */
static void keep_newest(
	const char *path, const struct keyring *keys, struct snapshot_origin *origin)
{
	struct snapshot_info before;
	if (!snapshot_info(path, keys, &before, NULL))
		return;
	origin->newest_serial = before.origin.newest_serial;
	origin->newest_as_of = before.origin.newest_as_of;
}

static gboolean write_fresh(const struct import_file *file, const char *growing,
	const struct keyring *keys, gint64 as_of, const struct snapshot_origin *origin,
	guint64 *ret_persons, GError **error)
{
	AUTO(snapshot_writer) writer = snapshot_writer_open(growing, keys, error);
	if (!writer || !snapshot_writer_add_all(writer, file->reader, file->path, error) ||
		!snapshot_writer_finish(writer, as_of, origin, error))
		return FALSE;
	*ret_persons = snapshot_writer_persons(writer);
	return TRUE;
}

gboolean snapshot_import(const char *source, const char *path, const struct keyring *keys,
	gint64 as_of, guint64 *ret_persons, GError **error)
{
	struct snapshot_origin origin = {0};
	guint64 persons = 0;
	AUTO(import_file) file = import_file_open(source, error);
	AUTO(fresh) fresh = file ? fresh_begin(path, error) : NULL;
	if (!fresh)
		return FALSE;
	keep_newest(path, keys, &origin);
	if (!write_fresh(file, fresh->growing, keys, as_of, &origin, &persons, error) ||
		!fresh_commit(fresh, error))
		return FALSE;
	if (ret_persons)
		*ret_persons = persons;
	return TRUE;
}
