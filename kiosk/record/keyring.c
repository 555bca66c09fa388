/* SPDX-License-Identifier: MIT
 *
 * keyring.c - see keyring.h.
 */
#include "kiosk/record/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#define CREDENTIAL "madoguchi.key"
#define SALT       "madoguchi keyring v1"

struct keyring {
	guint8 master[KEY_SIZE];
};

GQuark keyring_error_quark(void)
{
	return g_quark_from_static_string("keyring-error");
}

static gboolean fail(GError **error, enum keyring_error code, const char *path, const char *what)
{
	g_set_error(error, KEYRING_ERROR, code, "%s: %s", path, what);
	return FALSE;
}

static gboolean fail_errno(GError **error, const char *path, int cause)
{
	enum keyring_error code =
		cause == ENOENT || cause == ENOTDIR ? KEYRING_ERROR_MISSING : KEYRING_ERROR_IO;
	if (cause == EACCES || cause == EPERM || cause == ELOOP)
		code = KEYRING_ERROR_MODE;
	return fail(error, code, path, g_strerror(cause));
}

/* systemd owns a credential's mode and owner; a file of our own must be ours alone. */
static gboolean check_mode(int fd, gboolean credential, const char *path, GError **error)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return fail_errno(error, path, errno);
	if (!S_ISREG(st.st_mode))
		return fail(error, KEYRING_ERROR_FORM, path, "not a plain file");
	if (!credential && (st.st_uid != geteuid() || (st.st_mode & 077) != 0))
		return fail(error, KEYRING_ERROR_MODE, path,
			"must belong to the service's user, mode 0600");
	if (st.st_size != KEY_SIZE)
		return fail(error, KEYRING_ERROR_FORM, path, "must be 32 bytes");
	return TRUE;
}

/* Read exactly the key, whatever the kernel hands out at a time. */
static gboolean read_key(int fd, const char *path, guint8 ret[KEY_SIZE], GError **error)
{
	gsize have = 0;
	while (have < KEY_SIZE) {
		ssize_t n = read(fd, ret + have, KEY_SIZE - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(error, path, errno);
		if (n == 0)
			return fail(error, KEYRING_ERROR_FORM, path, "must be 32 bytes");
		have += (gsize)n;
	}
	return TRUE;
}

static struct keyring *open_file(const char *path, gboolean credential, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (credential ? 0 : O_NOFOLLOW));
	if (fd < 0) {
		fail_errno(error, path, errno);
		return NULL;
	}
	struct keyring *keys = g_new0(struct keyring, 1);
	/* Best effort: the limit on locked memory may be zero. */
	mlock(keys, sizeof *keys);
	if (!check_mode(fd, credential, path, error) || !read_key(fd, path, keys->master, error))
		keys = keyring_free(keys);
	close(fd);
	return keys;
}

struct keyring *keyring_open(const char *path, GError **error)
{
	const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
	if (folder) {
		g_autofree char *credential = g_build_filename(folder, CREDENTIAL, NULL);
		if (access(credential, F_OK) == 0)
			return open_file(credential, TRUE, error);
	}
	return open_file(path, FALSE, error);
}

/* A new name is only there after a power loss when its folder was synced too. */
static gboolean sync_folder_of(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return FALSE;
	gboolean ok = fsync(fd) == 0;
	int cause = errno;
	close(fd);
	errno = cause;
	return ok;
}

gboolean keyring_create(const char *path, GError **error)
{
	guint8 master[KEY_SIZE];
	if (RAND_priv_bytes(master, sizeof master) != 1)
		g_error("no randomness");
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		OPENSSL_cleanse(master, sizeof master);
		return fail_errno(error, path, errno);
	}
	errno = EIO;
	gboolean ok = write(fd, master, sizeof master) == (ssize_t)sizeof master &&
		      fchmod(fd, 0600) == 0 && fsync(fd) == 0 && sync_folder_of(path);
	int cause = errno;
	OPENSSL_cleanse(master, sizeof master);
	close(fd);
	if (ok)
		return TRUE;
	/* A torn key would stand in the way of the next try. */
	unlink(path);
	return fail_errno(error, path, cause);
}

void keyring_derive(const struct keyring *keys, const char *purpose, guint8 ret[KEY_SIZE])
{
	/* OSSL_PARAM has no const view; the values are only read. */
	void *master = (void *)keys->master, *salt = (void *)SALT, *info = (void *)purpose;
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, master, KEY_SIZE),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt, strlen(SALT)),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, strlen(purpose)),
		OSSL_PARAM_construct_end(),
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	if (!ctx || EVP_KDF_derive(ctx, ret, KEY_SIZE, params) != 1)
		g_error("HKDF is not available");
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}

struct keyring *keyring_free(struct keyring *keys)
{
	if (!keys)
		return NULL;
	OPENSSL_cleanse(keys, sizeof *keys);
	munlock(keys, sizeof *keys);
	g_free(keys);
	return NULL;
}
