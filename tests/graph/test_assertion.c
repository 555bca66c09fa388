/* SPDX-License-Identifier: MIT
 *
 * test_assertion.c - the statement that asks for a token, read back by other means:
 * GLib's base64 and json-glib, and the signature by the certificate's public key.
 */
#include <json-glib/json-glib.h>
#include <openssl/rsa.h>

#include "kiosk/net/assertion.h"
#include "kiosk/net/tls.h"
#include "tests/check.h"
#include "tests/net/pki.h"

#define URL    "https://login.example.test/tenant/oauth2/v2.0/token"
#define CLIENT "11111111-2222-4333-8444-555555555555"
#define NOW    G_GINT64_CONSTANT(1795305600)

static const struct assertion example = {CLIENT, URL, NOW, "0f0e0d0c-0b0a-4908-8706-050403020100"};

/* With GLib's decoder: padding back on, alphabet of RFC 4648 section 4. */
static guchar *decode(const char *part, gsize *ret_len)
{
	g_autoptr(GString) text = g_string_new(part);
	for (gsize i = 0; i < text->len; i++)
		text->str[i] = text->str[i] == '-' ? '+' : text->str[i] == '_' ? '/' : text->str[i];
	while (text->len % 4)
		g_string_append_c(text, '=');
	return g_base64_decode(text->str, ret_len);
}

static JsonParser *parse(const char *part)
{
	gsize len;
	g_autofree guchar *json = decode(part, &len);
	JsonParser *parser = json_parser_new();
	CHECK(json_parser_load_from_data(parser, (const char *)json, (gssize)len, NULL));
	return parser;
}

static const char *text_of(JsonParser *parser, const char *name)
{
	return json_object_get_string_member(
		json_node_get_object(json_parser_get_root(parser)), name);
}

static gint64 number_of(JsonParser *parser, const char *name)
{
	return json_object_get_int_member(json_node_get_object(json_parser_get_root(parser)), name);
}

/* Salt length 32 is asked for: any other one does not verify. */
static gboolean verifies(X509 *certificate, const char *text, const guchar *sig, gsize len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how = NULL;
	CHECK_INT(EVP_DigestVerifyInit(
			  context, &how, EVP_sha256(), NULL, X509_get0_pubkey(certificate)),
		1);
	EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING);
	EVP_PKEY_CTX_set_rsa_mgf1_md(how, EVP_sha256());
	EVP_PKEY_CTX_set_rsa_pss_saltlen(how, 32);
	int good = EVP_DigestVerify(context, sig, len, (const guchar *)text, strlen(text));
	EVP_MD_CTX_free(context);
	return good == 1;
}

static void the_statement_says_what_the_server_wants_to_hear(void)
{
	struct pki_cert *cert = pki_issue(NULL, &(struct pki_spec){.key = PKI_RSA_2048});
	g_autofree char *jwt = assertion_sign(&example, cert->x509, cert->key, NULL);
	CHECK(jwt != NULL);
	g_auto(GStrv) parts = g_strsplit(jwt, ".", -1);
	CHECK_INT(g_strv_length(parts), 3);
	g_autoptr(JsonParser) header = parse(parts[0]);
	g_autoptr(JsonParser) claims = parse(parts[1]);
	CHECK_STR(text_of(header, "alg"), "PS256");
	CHECK_STR(text_of(header, "typ"), "JWT");
	CHECK_STR(text_of(claims, "aud"), URL);
	CHECK_STR(text_of(claims, "iss"), CLIENT);
	CHECK_STR(text_of(claims, "sub"), CLIENT);
	CHECK_STR(text_of(claims, "jti"), example.jti);
	CHECK_INT(number_of(claims, "nbf"), NOW);
	CHECK_INT(number_of(claims, "iat"), NOW);
	CHECK_INT(number_of(claims, "exp") - NOW, 300);
	pki_free(cert);
}

static void the_thumbprint_is_the_certificates(void)
{
	struct pki_cert *cert = pki_issue(NULL, &(struct pki_spec){.key = PKI_RSA_2048});
	g_autofree char *jwt = assertion_sign(&example, cert->x509, cert->key, NULL);
	g_auto(GStrv) parts = g_strsplit(jwt, ".", -1);
	g_autoptr(JsonParser) header = parse(parts[0]);
	unsigned char *der = NULL;
	int der_len = i2d_X509(cert->x509, &der);
	gsize len;
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[32];
	gsize digest_len = sizeof digest;
	g_checksum_update(sum, der, der_len);
	g_checksum_get_digest(sum, digest, &digest_len);
	g_autofree guchar *got = decode(text_of(header, "x5t#S256"), &len);
	CHECK_INT(len, 32);
	CHECK(memcmp(got, digest, 32) == 0);
	OPENSSL_free(der);
	pki_free(cert);
}

static void the_signature_is_PS256_of_header_and_claims(void)
{
	struct pki_cert *cert = pki_issue(NULL, &(struct pki_spec){.key = PKI_RSA_2048});
	g_autofree char *jwt = assertion_sign(&example, cert->x509, cert->key, NULL);
	char *dot = strrchr(jwt, '.');
	gsize len;
	g_autofree guchar *sig = decode(dot + 1, &len);
	CHECK(!strpbrk(jwt, "+/="));
	*dot = '\0';
	CHECK(verifies(cert->x509, jwt, sig, len));
	jwt[dot - jwt - 1] ^= 1;
	CHECK(!verifies(cert->x509, jwt, sig, len));
	pki_free(cert);
}

static void check_refused(
	X509 *certificate, EVP_PKEY *key, const struct assertion *what, const char *word)
{
	g_autoptr(GError) error = NULL;
	CHECK(assertion_sign(what, certificate, key, &error) == NULL);
	CHECK(g_error_matches(error, NET_ERROR, NET_ERROR_CREDENTIAL));
	CHECK(error && strstr(error->message, word));
}

static void weak_foreign_and_other_keys_are_refused(void)
{
	struct pki_cert *good = pki_issue(NULL, &(struct pki_spec){.key = PKI_RSA_2048});
	struct pki_cert *other = pki_issue(NULL, &(struct pki_spec){.key = PKI_RSA_2048});
	struct pki_cert *weak = pki_issue(NULL, &(struct pki_spec){.key = PKI_RSA_1024});
	struct pki_cert *curve = pki_issue(NULL, &(struct pki_spec){.key = PKI_EC_P256});
	check_refused(weak->x509, weak->key, &example, "2048");
	check_refused(curve->x509, curve->key, &example, "RSA");
	check_refused(good->x509, other->key, &example, "not the certificate's");
	pki_free(good);
	pki_free(other);
	pki_free(weak);
	pki_free(curve);
}

static void nothing_can_be_slipped_into_the_claims(void)
{
	struct pki_cert *cert = pki_issue(NULL, &(struct pki_spec){.key = PKI_RSA_2048});
	static const char *const bad[] = {"a\",\"sub\":\"b", "a\\", "a b", "a\n", "", "\xc3\xa9"};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		struct assertion what = example;
		what.client_id = bad[i];
		check_refused(cert->x509, cert->key, &what, "character");
		what = example;
		what.audience = bad[i];
		check_refused(cert->x509, cert->key, &what, "character");
	}
	pki_free(cert);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"the statement says what the server wants to hear",
			the_statement_says_what_the_server_wants_to_hear},
		{"the thumbprint is the certificate's", the_thumbprint_is_the_certificates},
		{"the signature is PS256 of header and claims",
			the_signature_is_PS256_of_header_and_claims},
		{"weak, foreign and other keys are refused",
			weak_foreign_and_other_keys_are_refused},
		{"nothing can be slipped into the claims", nothing_can_be_slipped_into_the_claims},
	};
	return CHECK_MAIN("assertion", cases);
}
