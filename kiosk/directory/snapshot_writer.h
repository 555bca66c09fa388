/* SPDX-License-Identifier: MIT
 *
 * snapshot_writer.h - a snapshot being made.
 *
 * Private to kiosk/directory. Everything is sealed before SQLite sees it, so
 * that neither its page cache nor a half-written file holds a clear name.
 */
#ifndef KIOSK_DIRECTORY_SNAPSHOT_WRITER_H
#define KIOSK_DIRECTORY_SNAPSHOT_WRITER_H

#include "kiosk/directory/import.h"
#include "kiosk/directory/snapshot_file.h"

struct snapshot_writer;

/* `path` is an empty file nobody else uses. */
struct snapshot_writer *snapshot_writer_open(
	const char *path, const struct keyring *keys, GError **error);

/* To merge and count records that go elsewhere: nothing of it outlives the writer. */
struct snapshot_writer *snapshot_writer_open_scratch(GError **error);

/* Add one record. FALSE with *ret_why: the record is refused, *ret_column says
 * where. FALSE with `error`: the file cannot be written. */
gboolean snapshot_writer_add(struct snapshot_writer *writer, const struct import_record *record,
	const char **ret_column, const char **ret_why, GError **error);

/* All records of `reader`; `name` stands before the line in messages. */
gboolean snapshot_writer_add_all(struct snapshot_writer *writer, struct import_reader *reader,
	const char *name, GError **error);

guint64 snapshot_writer_persons(const struct snapshot_writer *writer);

/* Every account, merged, in the order they came. `each` returns FALSE, with `error` set, to
 * stop. */
typedef gboolean (*snapshot_writer_each)(
	const struct import_record *record, gpointer data, GError **error);
gboolean snapshot_writer_walk(struct snapshot_writer *writer, snapshot_writer_each each,
	gpointer data, GError **error);

/* Complete the file; fsync is the caller's. */
gboolean snapshot_writer_finish(struct snapshot_writer *writer, gint64 as_of,
	const struct snapshot_origin *origin, GError **error);

struct snapshot_writer *snapshot_writer_free(struct snapshot_writer *writer);
DEFINE_CLEANUP(snapshot_writer, snapshot_writer_free)

#endif
