/* SPDX-License-Identifier: MIT
 *
 * import_file.c - see import_file.h.
 */
#include "kiosk/directory/import_file.h"

#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/directory/snapshot.h"

#define STREAM_SIZE 65536

static struct import_file *fail(GError **error, struct import_file *file, const char *what)
{
	g_set_error(error, SNAPSHOT_ERROR, SNAPSHOT_ERROR_FILE, "%s: %s", file->path, what);
	return import_file_free(file);
}

static gboolean has_ending(const char *path, const char *ending)
{
	gsize n = strlen(path), m = strlen(ending);
	return n >= m && g_ascii_strcasecmp(path + n - m, ending) == 0;
}

struct import_file *import_file_open(const char *path, GError **error)
{
	struct import_file *file = g_new0(struct import_file, 1);
	gboolean ldif = has_ending(path, ".ldif") || has_ending(path, ".ldf");
	file->path = g_strdup(path);
	if (!ldif && !has_ending(path, ".csv"))
		return fail(error, file, "expected a name that ends in .csv or .ldif");
	file->in = fopen(path, "re");
	if (!file->in)
		return fail(error, file, g_strerror(errno));
	file->buffer = g_malloc(STREAM_SIZE);
	setvbuf(file->in, file->buffer, _IOFBF, STREAM_SIZE);
	file->reader = ldif ? import_ldif_new(file->in) : import_csv_new(file->in);
	return file;
}

struct import_file *import_file_free(struct import_file *file)
{
	if (!file)
		return NULL;
	if (file->reader)
		file->reader->ops->free(file->reader);
	if (file->in)
		fclose(file->in);
	if (file->buffer)
		OPENSSL_cleanse(file->buffer, STREAM_SIZE);
	g_free(file->buffer);
	g_free(file->path);
	g_free(file);
	return NULL;
}
