/* SPDX-License-Identifier: MIT
 *
 * snapshot_import.c - a new snapshot from a CSV or LDIF file; see snapshot.h.
 *
 * The rows go to a file beside the snapshot which takes its name at the very
 * end, so the old one answers until the new one is whole.
 */
#include "kiosk/directory/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "kiosk/directory/import.h"
#include "kiosk/directory/snapshot_writer.h"

#define STREAM_SIZE 65536

/* The import file: stream, its buffer (which holds names), the form's reader. */
struct source {
	const char *path;
	FILE *in;
	char *buffer;
	struct import_reader *reader;
};

static gboolean fail_file(GError **error, const char *path, const char *what)
{
	g_set_error(error, SNAPSHOT_ERROR, SNAPSHOT_ERROR_FILE, "%s: %s", path, what);
	return FALSE;
}

static gboolean fail_row(GError **error, const char *path, const struct import_fault *fault)
{
	/* The column is text of the file: shown only as far as it is plain. */
	g_autofree char *column = g_str_to_ascii(fault->column, "C");
	g_set_error(error, SNAPSHOT_ERROR, SNAPSHOT_ERROR_ROW, "%s:%u: %s%s%s", path, fault->line,
		column, *column ? ": " : "", fault->why);
	return FALSE;
}

static gboolean has_ending(const char *path, const char *ending)
{
	gsize n = strlen(path), m = strlen(ending);
	return n >= m && g_ascii_strcasecmp(path + n - m, ending) == 0;
}

static gboolean source_open(struct source *source, const char *path, GError **error)
{
	gboolean ldif = has_ending(path, ".ldif") || has_ending(path, ".ldf");
	source->path = path;
	if (!ldif && !has_ending(path, ".csv"))
		return fail_file(error, path, "expected a name that ends in .csv or .ldif");
	source->in = fopen(path, "re");
	if (!source->in)
		return fail_file(error, path, g_strerror(errno));
	source->buffer = g_malloc(STREAM_SIZE);
	setvbuf(source->in, source->buffer, _IOFBF, STREAM_SIZE);
	source->reader = ldif ? import_ldif_new(source->in) : import_csv_new(source->in);
	return TRUE;
}

static void source_close(struct source *source)
{
	if (source->reader)
		source->reader->ops->free(source->reader);
	if (source->in)
		fclose(source->in);
	if (source->buffer)
		OPENSSL_cleanse(source->buffer, STREAM_SIZE);
	g_free(source->buffer);
}

/* One record after the other until the file's end. */
static gboolean copy_rows(struct source *source, struct snapshot_writer *writer, GError **error)
{
	struct import_record record;
	struct import_fault fault = {0};
	enum import_got got;
	gboolean ok = TRUE;
	guint rows = 0;
	while ((got = source->reader->ops->next(source->reader, &record, &fault.line, &fault)) ==
		IMPORT_RECORD) {
		const char *column = "";
		const char *why = NULL;
		if (++rows > IMPORT_ROWS_MAX)
			why = "more rows than one snapshot may have";
		if (!why)
			ok = snapshot_writer_add(writer, &record, &column, &why, error);
		import_record_wipe(&record);
		if (why) {
			g_strlcpy(fault.column, column, sizeof fault.column);
			fault.why = why;
			got = IMPORT_BAD;
		}
		if (why || !ok)
			break;
	}
	return got == IMPORT_BAD ? fail_row(error, source->path, &fault) : ok;
}

static int open_folder(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* After this the new snapshot survives power loss under its name. */
static gboolean take_name(int fd, const char *fresh, const char *path, GError **error)
{
	int folder = open_folder(path);
	gboolean ok =
		folder >= 0 && fsync(fd) == 0 && rename(fresh, path) == 0 && fsync(folder) == 0;
	if (!ok)
		fail_file(error, path, g_strerror(errno));
	if (folder >= 0)
		close(folder);
	return ok;
}

static gboolean write_fresh(struct source *source, const char *fresh, const struct keyring *keys,
	gint64 as_of, guint64 *ret_persons, GError **error)
{
	AUTO(snapshot_writer) writer = snapshot_writer_open(fresh, keys, error);
	return writer && copy_rows(source, writer, error) &&
	       snapshot_writer_finish(writer, as_of, ret_persons, error);
}

/* The file being made, emptied, ours alone: a second import is refused. What a
 * killed one left behind is taken over. */
static int open_fresh(const char *fresh, GError **error)
{
	int fd = open(fresh, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat ours, named;
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &ours) == 0 &&
		stat(fresh, &named) == 0 && ours.st_ino == named.st_ino && ftruncate(fd, 0) == 0)
		return fd;
	fail_file(error, fresh,
		fd < 0 || errno != EWOULDBLOCK ? g_strerror(errno) : "another import is running");
	if (fd >= 0)
		close(fd);
	return -1;
}

gboolean snapshot_import(const char *source, const char *path, const struct keyring *keys,
	gint64 as_of, guint64 *ret_persons, GError **error)
{
	struct source from = {0};
	g_autofree char *fresh = g_strconcat(path, ".new", NULL);
	gboolean ok = FALSE;
	guint64 persons = 0;
	int fd = -1;
	if (source_open(&from, source, error))
		fd = open_fresh(fresh, error);
	if (fd >= 0) {
		ok = write_fresh(&from, fresh, keys, as_of, &persons, error) &&
		     take_name(fd, fresh, path, error);
		if (!ok)
			unlink(fresh);
		close(fd);
	}
	source_close(&from);
	if (ok && ret_persons)
		*ret_persons = persons;
	return ok;
}
