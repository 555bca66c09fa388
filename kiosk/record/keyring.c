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

#include "kiosk/record/key_file.h"

#define CREDENTIAL       "madoguchi.key"
#define FLEET_CREDENTIAL "fleet.key"
#define SALT             "madoguchi keyring v1"

struct keyring {
	guint8 master[KEY_SIZE];
};

GQuark keyring_error_quark(void)
{
	return g_quark_from_static_string("keyring-error");
}

static struct keyring *open_file(const char *path, gboolean credential, GError **error)
{
	struct keyring *keys = g_new0(struct keyring, 1);
	/* Best effort: the limit on locked memory may be zero. */
	mlock(keys, sizeof *keys);
	if (!key_file_read(path, credential, keys->master, sizeof keys->master, error))
		keys = keyring_free(keys);
	return keys;
}

static struct keyring *open_either(const char *name, const char *path, GError **error)
{
	g_autofree char *credential = key_file_credential(name);
	return credential ? open_file(credential, TRUE, error) : open_file(path, FALSE, error);
}

struct keyring *keyring_open(const char *path, GError **error)
{
	return open_either(CREDENTIAL, path, error);
}

struct keyring *keyring_open_fleet(const char *path, GError **error)
{
	return open_either(FLEET_CREDENTIAL, path, error);
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
		return key_file_fail(path, errno, error);
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
	return key_file_fail(path, cause, error);
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
