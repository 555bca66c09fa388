/* SPDX-License-Identifier: MIT */
#include "kiosk/ctl/card_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void fail(const char *path, int cause, GError **error)
{
	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(cause), "%s: %s", path,
		g_strerror(cause));
}

FILE *card_file_new(const char *path, GError **error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!file)
		fail(path, errno, error);
	return file;
}

gboolean card_file_close(FILE *file, const char *path, GError **error)
{
	gboolean whole = !ferror(file);
	errno = 0;
	gboolean closed = fclose(file) == 0;
	if (!whole || !closed)
		fail(path, errno ? errno : EIO, error);
	return whole && closed;
}
