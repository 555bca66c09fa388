/* SPDX-License-Identifier: MIT
 *
 * snapshot_rows.c - all records of a reader into a snapshot; see snapshot_writer.h.
 */
#include "kiosk/directory/snapshot_writer.h"

static gboolean fail_row(GError **error, const char *name, const struct import_fault *fault)
{
	/* The column is text of the file: shown only as far as it is plain. */
	g_autofree char *column = g_str_to_ascii(fault->column, "C");
	g_set_error(error, SNAPSHOT_ERROR, SNAPSHOT_ERROR_ROW, "%s:%u: %s%s%s", name, fault->line,
		column, *column ? ": " : "", fault->why);
	return FALSE;
}

/* FALSE with fault->why, or with `error`. */
static gboolean add(struct snapshot_writer *writer, const struct import_record *record, guint rows,
	struct import_fault *fault, GError **error)
{
	const char *column = "";
	if (rows > IMPORT_ROWS_MAX)
		fault->why = "more rows than one snapshot may have";
	else if (snapshot_writer_add(writer, record, &column, &fault->why, error))
		return TRUE;
	g_strlcpy(fault->column, column, sizeof fault->column);
	return FALSE;
}

gboolean snapshot_writer_add_all(struct snapshot_writer *writer, struct import_reader *reader,
	const char *name, GError **error)
{
	struct import_record record;
	struct import_fault fault = {0};
	enum import_got got;
	guint rows = 0;
	while ((got = reader->ops->next(reader, &record, &fault.line, &fault)) == IMPORT_RECORD) {
		gboolean ok = add(writer, &record, ++rows, &fault, error);
		import_record_wipe(&record);
		if (!ok)
			return fault.why ? fail_row(error, name, &fault) : FALSE;
	}
	if (got == IMPORT_BAD)
		return fail_row(error, name, &fault);
	if (rows > 0)
		return TRUE;
	g_set_error(error, SNAPSHOT_ERROR, SNAPSHOT_ERROR_ROW, "no person in the file");
	return FALSE;
}
