/* SPDX-License-Identifier: MIT
 *
 * bundle_keys.c - the keys of a bundle: who signs, who is believed, what opens it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "kiosk/directory/bundle_private.h"
#include "kiosk/record/key_file.h"

#define PEM_MAX 16384

#define NOT_A_SIGNING_KEY "not an Ed25519 private key (PEM, no passphrase)"
#define NOT_A_TRUSTED_KEY "not Ed25519 public keys (PEM), at most 8"

static gboolean fail_errno(GError **error, const char *path)
{
	return bundle_fail(error, BUNDLE_ERROR_KEY, path, g_strerror(errno));
}

/* Whose file may it be? A secret is ours alone; what is public may be root's. */
static const char *check_owner(int fd, gboolean secret)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return g_strerror(errno);
	if (!S_ISREG(st.st_mode) || st.st_size > PEM_MAX)
		return "not a key file";
	if (secret)
		return st.st_uid == geteuid() && (st.st_mode & 077) == 0
			       ? NULL
			       : "must belong to this user, mode 0600";
	return (st.st_uid == geteuid() || st.st_uid == 0) && (st.st_mode & 022) == 0
		       ? NULL
		       : "must belong to root or this user, and be writable by nobody else";
}

/* NULL with `error`. The caller wipes PEM_MAX bytes of it. */
static char *read_pem(const char *path, gboolean secret, gsize *ret_len, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (secret ? O_NOFOLLOW : 0));
	if (fd < 0) {
		fail_errno(error, path);
		return NULL;
	}
	const char *why = check_owner(fd, secret);
	char *text = g_malloc0(PEM_MAX);
	gsize len = 0;
	ssize_t n = why ? 0 : 1;
	while (n > 0 && len < PEM_MAX) {
		n = read(fd, text + len, PEM_MAX - len);
		len += n > 0 ? (gsize)n : 0;
	}
	close(fd);
	if (!why && n >= 0) {
		*ret_len = len;
		return text;
	}
	bundle_fail(error, BUNDLE_ERROR_KEY, path, why ? why : g_strerror(errno));
	OPENSSL_cleanse(text, PEM_MAX);
	g_free(text);
	return NULL;
}

/* An encrypted key is refused, not asked for: exports run unattended. */
static int on_passphrase(char *text, int size, int writing, void *data)
{
	return -1;
}

static gboolean is_ed25519(const EVP_PKEY *key)
{
	return key && EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
}

EVP_PKEY *bundle_signing_key(const char *path, GError **error)
{
	gsize len = 0;
	char *text = read_pem(path, TRUE, &len, error);
	if (!text)
		return NULL;
	BIO *bio = BIO_new_mem_buf(text, (int)len);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, on_passphrase, NULL);
	BIO_free(bio);
	OPENSSL_cleanse(text, PEM_MAX);
	g_free(text);
	ERR_clear_error();
	if (is_ed25519(key))
		return key;
	EVP_PKEY_free(key);
	bundle_fail(error, BUNDLE_ERROR_KEY, path, NOT_A_SIGNING_KEY);
	return NULL;
}

/* The next block of a PEM file, which must be a public key. FALSE: it is none, or the end. */
static gboolean next_signer(BIO *bio, EVP_PKEY **ret)
{
	char *name = NULL, *header = NULL;
	unsigned char *data = NULL;
	long len = 0;
	EVP_PKEY *key = NULL;
	if (PEM_read_bio(bio, &name, &header, &data, &len) != 1)
		return FALSE;
	const unsigned char *at = data;
	if (strcmp(name, PEM_STRING_PUBLIC) == 0 && *header == '\0')
		key = d2i_PUBKEY(NULL, &at, len);
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_clear_free(data, (size_t)len);
	if (is_ed25519(key)) {
		*ret = key;
		return TRUE;
	}
	EVP_PKEY_free(key);
	/* Not the end of the file, by which read_signers() tells a good one. */
	ERR_clear_error();
	return FALSE;
}

/* All keys of the file, nothing but keys. */
static gboolean read_signers(BIO *bio, struct bundle_trust *trust)
{
	EVP_PKEY *key;
	while (next_signer(bio, &key)) {
		if (trust->n_signers == BUNDLE_SIGNERS_MAX) {
			EVP_PKEY_free(key);
			return FALSE;
		}
		trust->signers[trust->n_signers++] = key;
	}
	return trust->n_signers > 0 && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

static gboolean open_signers(const char *path, struct bundle_trust *trust, GError **error)
{
	gsize len = 0;
	char *text = read_pem(path, FALSE, &len, error);
	if (!text)
		return FALSE;
	BIO *bio = BIO_new_mem_buf(text, (int)len);
	ERR_clear_error();
	gboolean ok = read_signers(bio, trust);
	ERR_clear_error();
	BIO_free(bio);
	g_free(text);
	return ok || bundle_fail(error, BUNDLE_ERROR_KEY, path, NOT_A_TRUSTED_KEY);
}

gboolean bundle_fleet_key(const char *path, guint8 ret[KEY_SIZE], GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autofree char *credential = key_file_credential(BUNDLE_FLEET_KEY);
	if (key_file_read(
		    credential ? credential : path, credential != NULL, ret, KEY_SIZE, &cause))
		return TRUE;
	g_set_error_literal(error, BUNDLE_ERROR, BUNDLE_ERROR_KEY, cause->message);
	return FALSE;
}

struct bundle_trust *bundle_trust_open(
	const char *trusted_key, const char *fleet_key, GError **error)
{
	AUTO(bundle_trust) trust = g_new0(struct bundle_trust, 1);
	if (!open_signers(trusted_key, trust, error) ||
		!bundle_fleet_key(fleet_key, trust->fleet, error))
		return NULL;
	return g_steal_pointer(&trust);
}

struct bundle_trust *bundle_trust_free(struct bundle_trust *trust)
{
	if (!trust)
		return NULL;
	for (gsize i = 0; i < trust->n_signers; i++)
		EVP_PKEY_free(trust->signers[i]);
	OPENSSL_cleanse(trust, sizeof *trust);
	g_free(trust);
	return NULL;
}

/* Write what `put` writes to a new file. */
static gboolean create_pem(const char *path, mode_t mode, EVP_PKEY *key,
	gboolean (*put)(FILE *out, EVP_PKEY *key), GError **error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	FILE *out = fd >= 0 ? fdopen(fd, "we") : NULL;
	if (!out)
		return fail_errno(error, path);
	/* Nothing of a secret may stay in a buffer of stdio. */
	setvbuf(out, NULL, _IONBF, 0);
	gboolean ok = fchmod(fd, mode) == 0 && put(out, key) && fsync(fd) == 0;
	ok = fclose(out) == 0 && ok;
	if (ok)
		return TRUE;
	fail_errno(error, path);
	unlink(path);
	return FALSE;
}

static gboolean put_private(FILE *out, EVP_PKEY *key)
{
	return PEM_write_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) == 1;
}

static gboolean put_public(FILE *out, EVP_PKEY *key)
{
	return PEM_write_PUBKEY(out, key) == 1;
}

gboolean bundle_keygen(const char *prefix, GError **error)
{
	g_autofree char *private = g_strconcat(prefix, ".key", NULL);
	g_autofree char *public = g_strconcat(prefix, ".pub", NULL);
	g_autofree char *fleet = g_strconcat(prefix, ".fleet", NULL);
	g_autoptr(GError) cause = NULL;
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	if (!key)
		g_error("Ed25519 is not available");
	/* What was made before one of them failed goes away again: half a set helps nobody. */
	gboolean have_private = create_pem(private, 0600, key, put_private, error);
	gboolean have_public = have_private && create_pem(public, 0644, key, put_public, error);
	gboolean ok = have_public && keyring_create(fleet, &cause);
	EVP_PKEY_free(key);
	if (ok)
		return TRUE;
	if (cause)
		g_set_error_literal(error, BUNDLE_ERROR, BUNDLE_ERROR_KEY, cause->message);
	if (have_private)
		unlink(private);
	if (have_public)
		unlink(public);
	return FALSE;
}
