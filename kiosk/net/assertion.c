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

static gboolean begin_pss(EVP_MD_CTX *context, EVP_PKEY *key)
{
	EVP_PKEY_CTX *how = NULL; /* belongs to `context` */
	return EVP_DigestSignInit(context, &how, EVP_sha256(), NULL, key) == 1 &&
	       EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(how, EVP_sha256()) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(how, SALT_LEN) == 1;
}

/* base64url of the signature; NULL: the key's provider failed. */
static char *sign(const char *text, EVP_PKEY *key)
{
	g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
	guint8 signature[RSA_BYTES_MAX];
	size_t len = sizeof signature;
	if (!context || !begin_pss(context, key) ||
		EVP_DigestSign(context, signature, &len, (const guint8 *)text, strlen(text)) != 1)
		return NULL;
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
	g_autofree char *signature = text ? sign(text, key) : NULL;
	if (!signature) {
		refuse(error, "the key cannot sign");
		return NULL;
	}
	return g_strconcat(text, ".", signature, NULL);
}
