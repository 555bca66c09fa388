/* SPDX-License-Identifier: MIT
 *
 * assertion.c - see assertion.h.
 */
#include "kiosk/net/assertion.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "kiosk/net/base64url.h"
#include "kiosk/net/tls.h"

#define RSA_BITS_MIN  2048
#define RSA_BYTES_MAX 2048
#define SALT_LEN      32 /* PS256: as long as the hash (RFC 7518 section 3.5) */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)

static gboolean refuse(GError **error, const char *why)
{
	ERR_clear_error();
	g_set_error_literal(error, NET_ERROR, NET_ERROR_CREDENTIAL, why);
	return FALSE;
}

/* Printable, and nothing that JSON would want escaped. */
static gboolean is_plain(const char *text)
{
	for (const char *c = text; *c; c++)
		if (*c <= ' ' || *c > '~' || *c == '"' || *c == '\\')
			return FALSE;
	return *text != '\0';
}

static gboolean check_key(X509 *certificate, EVP_PKEY *key, GError **error)
{
	if (!EVP_PKEY_is_a(key, "RSA"))
		return refuse(error, "the key is no RSA key, which PS256 wants");
	if (EVP_PKEY_get_bits(key) < RSA_BITS_MIN)
		return refuse(error, "the RSA key has less than 2048 bits");
	if (EVP_PKEY_get_size(key) > RSA_BYTES_MAX)
		return refuse(error, "the RSA key is too large");
	EVP_PKEY *public_key = X509_get0_pubkey(certificate);
	if (!public_key || EVP_PKEY_eq(public_key, key) != 1)
		return refuse(error, "the key is not the certificate's");
	return TRUE;
}

static char *make_header(X509 *certificate)
{
	guint8 digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	if (!X509_digest(certificate, EVP_sha256(), digest, &len))
		return NULL;
	g_autofree char *thumbprint = base64url_encode(digest, len);
	g_autofree char *json = g_strdup_printf(
		"{\"alg\":\"PS256\",\"typ\":\"JWT\",\"x5t#S256\":\"%s\"}", thumbprint);
	return base64url_encode(json, strlen(json));
}

static char *make_payload(const struct assertion *what)
{
	g_autofree char *json =
		g_strdup_printf("{\"aud\":\"%s\",\"iss\":\"%s\",\"sub\":\"%s\","
				"\"jti\":\"%s\",\"nbf\":%" G_GINT64_FORMAT
				",\"iat\":%" G_GINT64_FORMAT ",\"exp\":%" G_GINT64_FORMAT "}",
			what->audience, what->client_id, what->client_id, what->jti, what->now,
			what->now, what->now + ASSERTION_LIFE_S);
	return base64url_encode(json, strlen(json));
}

/* MGF1 takes the same hash by itself; a TPM lets nobody say so. */
static gboolean set_pss(EVP_PKEY_CTX *how)
{
	return EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(how, SALT_LEN) == 1;
}

static gboolean begin_pss(EVP_MD_CTX *context, EVP_PKEY *key)
{
	g_autofree char *properties = tls_key_properties(key);
	EVP_PKEY_CTX *how = NULL; /* belongs to `context` */
	return EVP_DigestSignInit_ex(context, &how, "SHA256", NULL, properties, key, NULL) == 1 &&
	       set_pss(how);
}

/* A TPM chooses the salt's length itself, and an old one takes as long a salt as fits. */
static gboolean verifies(const char *text, const guint8 *signature, size_t len, X509 *certificate)
{
	g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	EVP_PKEY_CTX *how = NULL; /* belongs to `context` */
	return context && EVP_DigestVerifyInit(context, &how, EVP_sha256(), NULL, key) == 1 &&
	       set_pss(how) &&
	       EVP_DigestVerify(context, signature, len, (const guint8 *)text, strlen(text)) == 1;
}

/* base64url of the signature; NULL with what the key's provider failed at. */
static char *sign(const char *text, X509 *certificate, EVP_PKEY *key, GError **error)
{
	g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
	guint8 signature[RSA_BYTES_MAX];
	size_t len = sizeof signature;
	if (!context || !begin_pss(context, key) ||
		EVP_DigestSign(context, signature, &len, (const guint8 *)text, strlen(text)) != 1) {
		refuse(error, "the key cannot sign");
		return NULL;
	}
	if (!verifies(text, signature, len, certificate)) {
		refuse(error, "the key does not sign as PS256 wants: a TPM of before FIPS 186-4?");
		return NULL;
	}
	return base64url_encode(signature, len);
}

char *assertion_sign(const struct assertion *what, X509 *certificate, EVP_PKEY *key, GError **error)
{
	if (!check_key(certificate, key, error))
		return NULL;
	if (!is_plain(what->client_id) || !is_plain(what->audience) || !is_plain(what->jti)) {
		refuse(error, "the client id or the token server's URL has a character in it that "
			      "neither may have");
		return NULL;
	}
	g_autofree char *header = make_header(certificate);
	g_autofree char *payload = make_payload(what);
	g_autofree char *text = header ? g_strconcat(header, ".", payload, NULL) : NULL;
	if (!text) {
		refuse(error, "the certificate cannot be read");
		return NULL;
	}
	g_autofree char *signature = sign(text, certificate, key, error);
	return signature ? g_strconcat(text, ".", signature, NULL) : NULL;
}
