/* SPDX-License-Identifier: MIT */
#include "kiosk/net/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/store.h>
#include <openssl/ui.h>

#define KEY_FILE_MAX 65536 /* bytes; RSA 16384 takes 13000 */

int tls_no_passphrase(char *buf, int size, int writing, void *data)
{
	return -1;
}

static EVP_PKEY *fail(GError **error, const char *key, const char *what)
{
	ERR_clear_error();
	g_set_error(error, NET_ERROR, NET_ERROR_CREDENTIAL, "%s: %s", key, what);
	return NULL;
}

/* systemd owns the mode and the owner of what it gives. */
static gboolean is_credential(const char *path)
{
	const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
	g_autofree char *prefix = folder && *folder ? g_strconcat(folder, "/", NULL) : NULL;
	return prefix && g_str_has_prefix(path, prefix);
}

/* NULL: fine. */
static const char *find_fault(int fd, const char *path)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return g_strerror(errno);
	if (!S_ISREG(st.st_mode) || st.st_size > KEY_FILE_MAX)
		return "not a key file";
	if (!is_credential(path) && (st.st_uid != geteuid() || (st.st_mode & 077) != 0))
		return "must belong to the service's user, mode 0600";
	return NULL;
}

static EVP_PKEY *load_file(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return fail(error, path, g_strerror(errno));
	const char *fault = find_fault(fd, path);
	FILE *file = fault ? NULL : fdopen(fd, "r");
	if (!file) {
		close(fd);
		return fail(error, path, fault ? fault : "cannot be read");
	}
	setvbuf(file, NULL, _IONBF, 0); /* no copy of the key in a buffer of stdio */
	EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, tls_no_passphrase, NULL);
	fclose(file);
	return key ? key : fail(error, path, "holds no private key in PEM without a passphrase");
}

/* The scheme alone is named: an URI may hold a PIN. */
static EVP_PKEY *load_uri(const char *uri, const char *scheme, GError **error)
{
	EVP_PKEY *key = NULL;
	OSSL_STORE_CTX *store = OSSL_STORE_open(uri, UI_null(), NULL, NULL, NULL);
	if (!store)
		return fail(error, scheme, "no provider of OpenSSL opens this kind of key");
	if (OSSL_STORE_expect(store, OSSL_STORE_INFO_PKEY) == 1)
		while (!key && !OSSL_STORE_eof(store)) {
			OSSL_STORE_INFO *info = OSSL_STORE_load(store);
			key = info ? OSSL_STORE_INFO_get1_PKEY(info) : NULL;
			OSSL_STORE_INFO_free(info);
			if (!info && OSSL_STORE_error(store))
				break;
		}
	OSSL_STORE_close(store);
	return key ? key : fail(error, scheme, "the provider gives no private key");
}

/* A name that OpenSSL's properties can bear. */
static gboolean is_word(const char *name)
{
	for (const char *c = name; *c; c++)
		if (!g_ascii_isalnum(*c) && *c != '_')
			return FALSE;
	return g_ascii_isalpha(*name);
}

/* A key of a TPM lends its public half to OpenSSL's own provider, which is then found first
 * and cannot sign. tpm2-openssl marks the hashes and ciphers that the TPM itself computes,
 * a few kB/s, with tpm2.digest and tpm2.cipher. */
char *tls_key_properties(const EVP_PKEY *key)
{
	const OSSL_PROVIDER *provider = EVP_PKEY_get0_provider(key);
	const char *name = provider ? OSSL_PROVIDER_get0_name(provider) : "default";
	if (g_str_equal(name, "default") || g_str_equal(name, "fips") || !is_word(name))
		return NULL;
	return g_strdup_printf("?provider=%s,%s.digest!=yes,%s.cipher!=yes", name, name, name);
}

/* Libssl could be given the properties, but would then verify and agree on keys in the TPM
 * too, with curves and memory that it has not. */
gboolean tls_key_signs(EVP_PKEY *key)
{
	static const guint8 text[] = "a trial";
	g_autofree char *properties = tls_key_properties(key);
	size_t len = 0;
	if (!properties)
		return TRUE;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	gboolean ok = context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
		      EVP_DigestSign(context, NULL, &len, text, sizeof text) == 1;
	g_autofree guint8 *signature = ok ? g_malloc(len) : NULL;
	ok = ok && EVP_DigestSign(context, signature, &len, text, sizeof text) == 1;
	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return ok;
}

EVP_PKEY *tls_key_load(const char *key, GError **error)
{
	g_autofree char *scheme = key ? g_uri_parse_scheme(key) : NULL;
	if (!key || !*key)
		return fail(error, "key", "none is set");
	return scheme && !g_str_equal(scheme, "file") ? load_uri(key, scheme, error)
						      : load_file(key, error);
}
