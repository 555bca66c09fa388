/* SPDX-License-Identifier: MIT */
#include "kiosk/record/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "kiosk/record/keyring.h"

/* One file being read. */
struct reading {
	const char *path;
	int fd;
	gboolean credential;
	gsize len;
};

static gboolean fail(GError **error, enum keyring_error code, const char *path, const char *what)
{
	g_set_error(error, KEYRING_ERROR, code, "%s: %s", path, what);
	return FALSE;
}

gboolean key_file_fail(const char *path, int cause, GError **error)
{
	enum keyring_error code =
		cause == ENOENT || cause == ENOTDIR ? KEYRING_ERROR_MISSING : KEYRING_ERROR_IO;
	if (cause == EACCES || cause == EPERM || cause == ELOOP)
		code = KEYRING_ERROR_MODE;
	return fail(error, code, path, g_strerror(cause));
}

static gboolean fail_size(GError **error, const struct reading *r)
{
	g_autofree char *what = g_strdup_printf("must be %" G_GSIZE_FORMAT " bytes", r->len);
	return fail(error, KEYRING_ERROR_FORM, r->path, what);
}

/* systemd owns a credential's mode and owner; a file of our own must be ours alone. */
static gboolean check_mode(const struct reading *r, GError **error)
{
	struct stat st;
	if (fstat(r->fd, &st) != 0)
		return key_file_fail(r->path, errno, error);
	if (!S_ISREG(st.st_mode))
		return fail(error, KEYRING_ERROR_FORM, r->path, "not a plain file");
	if (!r->credential && (st.st_uid != geteuid() || (st.st_mode & 077) != 0))
		return fail(error, KEYRING_ERROR_MODE, r->path,
			"must belong to the service's user, mode 0600");
	return st.st_size == (off_t)r->len || fail_size(error, r);
}

/* Read exactly the key, whatever the kernel hands out at a time. */
static gboolean read_all(const struct reading *r, guint8 *ret, GError **error)
{
	gsize have = 0;
	while (have < r->len) {
		ssize_t n = read(r->fd, ret + have, r->len - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return key_file_fail(r->path, errno, error);
		if (n == 0)
			return fail_size(error, r);
		have += (gsize)n;
	}
	return TRUE;
}

char *key_file_credential(const char *name)
{
	const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
	g_autofree char *path = folder ? g_build_filename(folder, name, NULL) : NULL;
	return path && access(path, F_OK) == 0 ? g_steal_pointer(&path) : NULL;
}

gboolean key_file_read(
	const char *path, gboolean credential, guint8 *ret, gsize len, GError **error)
{
	struct reading r = {.path = path, .credential = credential, .len = len};
	r.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (credential ? 0 : O_NOFOLLOW));
	if (r.fd < 0)
		return key_file_fail(path, errno, error);
	gboolean ok = check_mode(&r, error) && read_all(&r, ret, error);
	close(r.fd);
	if (!ok)
		OPENSSL_cleanse(ret, len);
	return ok;
}
