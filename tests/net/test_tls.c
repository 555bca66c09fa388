/* SPDX-License-Identifier: MIT
 *
 * test_tls.c - keys of our own, and the words for what failed.
 */
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sslerr.h>

#include "kiosk/net/tls.h"
#include "tests/check.h"
#include "tests/net/pki.h"

struct world {
	char *folder;
	struct pki_cert *cert, *other;
	char *pem, *key, *other_key;
};

static void world_open(struct world *w)
{
	w->folder = pki_folder();
	w->cert = pki_issue(NULL, &(struct pki_spec){.cn = "desk"});
	w->other = pki_issue(NULL, &(struct pki_spec){.cn = "other"});
	w->pem = pki_write_chain(w->folder, "desk.pem", w->cert, NULL);
	w->key = pki_write_key(w->folder, "desk.key", w->cert);
	w->other_key = pki_write_key(w->folder, "other.key", w->other);
}

static void world_close(struct world *w)
{
	pki_folder_remove(w->folder);
	pki_free(w->cert);
	pki_free(w->other);
	g_free(w->folder);
	g_free(w->pem);
	g_free(w->key);
	g_free(w->other_key);
}

/* NULL: loaded. */
static char *load(const char *key)
{
	GError *error = NULL;
	EVP_PKEY *pkey = tls_key_load(key, &error);
	EVP_PKEY_free(pkey);
	CHECK((pkey == NULL) == (error != NULL));
	if (!error)
		return NULL;
	CHECK(g_error_matches(error, NET_ERROR, NET_ERROR_CREDENTIAL));
	char *message = g_strdup(error->message);
	g_error_free(error);
	return message;
}

static void check_refused(const char *key, const char *reason)
{
	g_autofree char *message = load(key);
	if (!message || !strstr(message, reason))
		fprintf(stderr, "%s: %s\n", key, message ? message : "loaded");
	CHECK(message && strstr(message, reason));
	CHECK_INT(ERR_peek_error(), 0);
}

static void a_key_of_ours_alone_is_loaded(void)
{
	struct world w;
	world_open(&w);
	g_autofree char *message = load(w.key);
	CHECK(message == NULL);
	g_chmod(w.key, 0640);
	check_refused(w.key, "0600");
	g_chmod(w.key, 0604);
	check_refused(w.key, "0600");
	g_setenv("CREDENTIALS_DIRECTORY", w.folder, TRUE);
	g_autofree char *given = load(w.key);
	CHECK(given == NULL);
	g_unsetenv("CREDENTIALS_DIRECTORY");
	world_close(&w);
}

static void what_is_no_key_is_refused(void)
{
	struct world w;
	world_open(&w);
	check_refused(NULL, "none is set");
	check_refused("", "none is set");
	check_refused("/nowhere/desk.key", "No such file");
	check_refused("/dev/zero", "not a key file");
	check_refused(w.folder, "not a key file");
	g_chmod(w.pem, 0600);
	check_refused(w.pem, "no private key");
	world_close(&w);
}

/* The program would wait at the terminal for ever. */
static void a_key_under_a_passphrase_is_refused_without_asking(void)
{
	struct world w;
	world_open(&w);
	FILE *file = fopen(w.key, "w");
	PEM_write_PKCS8PrivateKey(file, w.cert->key, EVP_aes_128_cbc(), "word", 4, NULL, NULL);
	fclose(file);
	check_refused(w.key, "passphrase");
	world_close(&w);
}

static void a_key_no_provider_opens_is_told_by_its_scheme_alone(void)
{
	g_autofree char *message = load("pkcs11:object=desk?pin-value=1234");
	CHECK(message && strstr(message, "pkcs11: no provider"));
	CHECK(message && !strstr(message, "1234") && !strstr(message, "desk"));
	check_refused("handle:0x81000001", "no provider");
}

static void a_key_of_another_certificate_is_refused(void)
{
	struct world w;
	g_autoptr(GError) error = NULL;
	world_open(&w);
	struct tls_rules rules = {.cert_file = w.pem, .key = w.other_key};
	CHECK(tls_context_new(&rules, &error) == NULL);
	CHECK(g_error_matches(error, NET_ERROR, NET_ERROR_CREDENTIAL));
	struct pki_cert *kind = pki_issue(NULL, &(struct pki_spec){.key = PKI_RSA_2048});
	g_autofree char *kind_key = pki_write_key(w.folder, "kind.key", kind);
	g_clear_error(&error);
	rules.key = kind_key;
	CHECK(tls_context_new(&rules, &error) == NULL);
	CHECK(g_error_matches(error, NET_ERROR, NET_ERROR_CREDENTIAL));
	pki_free(kind);
	rules.key = w.key;
	SSL_CTX *context = tls_context_new(&rules, NULL);
	CHECK(context != NULL);
	SSL_CTX_free(context);
	world_close(&w);
}

static void the_systems_authorities_are_there_without_a_file(void)
{
	SSL_CTX *context = tls_context_new(&(struct tls_rules){0}, NULL);
	CHECK(context != NULL);
	SSL *ssl = context ? SSL_new(context) : NULL;
	CHECK(ssl && tls_expect(ssl, "ldap.example.test"));
	CHECK_STR(SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name), "ldap.example.test");
	CHECK(!tls_expect(ssl, ""));
	CHECK(!tls_expect(ssl, NULL));
	SSL_free(ssl);
	SSL_CTX_free(context);
}

static void every_error_has_a_word_of_its_own(void)
{
	static const enum net_error all[] = {
#define X(name, word) NET_ERROR_##name,
		NET_ERROR_LIST(X)
#undef X
	};
	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		for (gsize k = 0; k < i; k++)
			CHECK(strcmp(net_error_word(all[i]), net_error_word(all[k])) != 0);
	CHECK_STR(net_error_word((enum net_error)999), "unknown");
}

static void the_chain_speaks_before_the_handshake(void)
{
	unsigned long refused = ERR_PACK(ERR_LIB_SSL, 0, SSL_R_TLSV1_ALERT_UNKNOWN_CA);
	CHECK_INT(tls_fault(X509_V_ERR_CERT_NOT_YET_VALID, refused), NET_ERROR_CLOCK);
	CHECK_INT(tls_fault(X509_V_ERR_UNSPECIFIED, 0), NET_ERROR_CERTIFICATE);
	CHECK_INT(tls_fault(X509_V_OK, refused), NET_ERROR_REFUSED);
	CHECK_INT(tls_fault(X509_V_OK, ERR_PACK(ERR_LIB_EVP, 0, SSL_R_TLSV1_ALERT_UNKNOWN_CA)),
		NET_ERROR_HANDSHAKE);
	CHECK_INT(tls_fault(X509_V_OK, 0), NET_ERROR_HANDSHAKE);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a key of ours alone is loaded", a_key_of_ours_alone_is_loaded},
		{"what is no key is refused", what_is_no_key_is_refused},
		{"a key under a passphrase is refused without asking",
			a_key_under_a_passphrase_is_refused_without_asking},
		{"a key no provider opens is told by its scheme alone",
			a_key_no_provider_opens_is_told_by_its_scheme_alone},
		{"a key of another certificate is refused",
			a_key_of_another_certificate_is_refused},
		{"the system's authorities are there without a file",
			the_systems_authorities_are_there_without_a_file},
		{"every error has a word of its own", every_error_has_a_word_of_its_own},
		{"the chain speaks before the handshake", the_chain_speaks_before_the_handshake},
	};
	return CHECK_MAIN("TLS of our own", cases);
}
