/* SPDX-License-Identifier: MIT
 *
 * fresh.c - see fresh.h.
 */
#include "kiosk/directory/fresh.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/directory/snapshot.h"

static gboolean fail(GError **error, const char *path, const char *what)
{
	g_set_error(error, SNAPSHOT_ERROR, SNAPSHOT_ERROR_FILE, "%s: %s", path, what);
	return FALSE;
}

/* Between open() and flock() another one may have taken its name away. */
static gboolean is_named(const struct fresh *fresh)
{
	struct stat ours, named;
	return fstat(fresh->fd, &ours) == 0 && stat(fresh->growing, &named) == 0 &&
	       ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

static gboolean take_over(struct fresh *fresh)
{
	fresh->fd =
		open(fresh->growing, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	return fresh->fd >= 0 && flock(fresh->fd, LOCK_EX | LOCK_NB) == 0 && is_named(fresh) &&
	       ftruncate(fresh->fd, 0) == 0;
}

static struct fresh *forget(struct fresh *fresh)
{
	if (fresh->fd >= 0)
		close(fresh->fd);
	g_free(fresh->path);
	g_free(fresh->growing);
	g_free(fresh);
	return NULL;
}

struct fresh *fresh_begin(const char *path, GError **error)
{
	struct fresh *fresh = g_new0(struct fresh, 1);
	fresh->path = g_strdup(path);
	fresh->growing = g_strconcat(path, ".new", NULL);
	if (take_over(fresh))
		return fresh;
	gboolean taken = fresh->fd >= 0 && errno == EWOULDBLOCK;
	fail(error, fresh->growing, taken ? "another import is running" : g_strerror(errno));
	return forget(fresh);
}

static int open_folder(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

gboolean fresh_commit(struct fresh *fresh, GError **error)
{
	int folder = open_folder(fresh->path);
	gboolean ok =
		folder >= 0 && fsync(fresh->fd) == 0 && rename(fresh->growing, fresh->path) == 0;
	if (ok)
		g_clear_pointer(&fresh->growing, g_free);
	ok = ok && fsync(folder) == 0;
	if (!ok)
		fail(error, fresh->path, g_strerror(errno));
	if (folder >= 0)
		close(folder);
	return ok;
}

struct fresh *fresh_end(struct fresh *fresh)
{
	if (!fresh)
		return NULL;
	if (fresh->growing)
		unlink(fresh->growing);
	return forget(fresh);
}
