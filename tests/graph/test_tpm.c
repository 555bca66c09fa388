/* SPDX-License-Identifier: MIT
 *
 * test_tpm.c - the desk's key in a TPM, where the statement for a token is signed.
 */
#include "kiosk/net/tls.h"
#include "tests/check.h"
#include "tests/graph/world.h"
#include "tests/net/tpm.h"

/* A certificate for the key, in a file. */
struct identity {
	char *folder, *ca_path, *cert_path, *server_path;
	struct pki_cert *ca, *server, *desk;
};

static void identity_open(struct identity *i, const char *key)
{
	g_autoptr(GError) error = NULL;
	EVP_PKEY *pkey = tls_key_load(key, &error);
	if (!pkey)
		g_error("%s", error->message);
	*i = (struct identity){.folder = pki_folder()};
	i->ca = pki_issue(NULL, &(struct pki_spec){.cn = "CA", .ca = TRUE});
	i->server =
		pki_issue(i->ca, &(struct pki_spec){.san = "IP:127.0.0.1", .eku = "serverAuth"});
	i->desk = pki_issue_for(i->ca,
		&(struct pki_spec){.cn = "desk", .key = PKI_RSA_2048, .eku = "clientAuth"}, pkey);
	i->ca_path = pki_write_chain(i->folder, "ca.pem", i->ca, NULL);
	i->cert_path = pki_write_chain(i->folder, "desk.pem", i->desk, NULL);
	i->server_path = pki_write_chain(i->folder, "server.pem", i->server, NULL);
	EVP_PKEY_free(pkey);
	EVP_PKEY_free(i->desk->key); /* room in the TPM for who signs */
	i->desk->key = NULL;
}

static void identity_close(struct identity *i)
{
	pki_folder_remove(i->folder);
	pki_free(i->desk);
	pki_free(i->server);
	pki_free(i->ca);
	g_free(i->folder);
	g_free(i->ca_path);
	g_free(i->cert_path);
	g_free(i->server_path);
}

static void check_token(const char *key)
{
	struct identity i;
	struct world w;
	identity_open(&i, key);
	world_begin(&w);
	stand_in_know(w.s, i.desk);
	g_free(w.settings.cert_file);
	g_free(w.settings.key);
	w.settings.cert_file = g_strdup(i.cert_path);
	w.settings.key = g_strdup(key);
	if (!world_open(&w))
		g_error("%s", w.error->message);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	g_autoptr(GError) fault = world_fault(&w);
	if (fault)
		fprintf(stderr, "%s\n", fault->message);
	CHECK(fault == NULL);
	world_end(&w);
	identity_close(&i);
}

static struct tpm *tpm; /* of the whole program: OpenSSL keeps it open */

static void a_statement_signed_in_the_TPM_gets_a_token(void)
{
	check_token(TPM_HANDLE);
}

static void a_key_file_of_the_TPM_gets_a_token(void)
{
	g_autofree char *text = NULL;
	CHECK(g_file_get_contents(tpm->key_file, &text, NULL, NULL));
	CHECK(text && g_str_has_prefix(text, "-----BEGIN TSS2 PRIVATE KEY-----"));
	check_token(tpm->key_file);
}

static void check_refused(const struct tls_rules *rules, const char *word)
{
	g_autoptr(GError) error = NULL;
	SSL_CTX *context = tls_context_new(rules, &error);
	if (context)
		fprintf(stderr, "%s: not \"%s\"\n", rules->key, word);
	CHECK(context == NULL);
	CHECK(g_error_matches(error, NET_ERROR, NET_ERROR_CREDENTIAL));
	CHECK(error && strstr(error->message, word));
	SSL_CTX_free(context);
}

static void a_key_of_the_TPM_that_libssl_cannot_use_is_refused_at_the_start(void)
{
	struct identity i;
	identity_open(&i, TPM_HANDLE);
	struct tls_rules rules = {
		.ca_file = i.ca_path, .cert_file = i.cert_path, .key = TPM_HANDLE};
	check_refused(&rules, "the key's provider does not sign for TLS");
	rules.key = tpm->key_file;
	check_refused(&rules, "the key's provider does not sign for TLS");
	rules.key = "handle:0x81000099";
	check_refused(&rules, "handle: the provider gives no private key");
	identity_close(&i);
}

/* The last one: nothing of the TPM is left after it. */
static void a_TPM_that_goes_is_told_and_nothing_waits_for_it(void)
{
	struct identity i;
	struct world w;
	identity_open(&i, TPM_HANDLE);
	world_begin(&w);
	stand_in_know(w.s, i.desk);
	g_free(w.settings.cert_file);
	g_free(w.settings.key);
	w.settings.cert_file = g_strdup(i.cert_path);
	w.settings.key = g_strdup(TPM_HANDLE);
	CHECK(world_open(&w));
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	tpm_kill(tpm);
	stand_in_revoke(w.s);
	CHECK_INT(world_ask_id(&w), DIRECTORY_DOWN);
	g_autoptr(GError) fault = world_fault(&w);
	CHECK(g_error_matches(fault, NET_ERROR, NET_ERROR_CREDENTIAL));
	CHECK(fault && strstr(fault->message, "the key cannot sign"));
	world_end(&w);
	identity_close(&i);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a statement signed in the TPM gets a token",
			a_statement_signed_in_the_TPM_gets_a_token},
		{"a key file of the TPM gets a token", a_key_file_of_the_TPM_gets_a_token},
		{"a key of the TPM that libssl cannot use is refused at the start",
			a_key_of_the_TPM_that_libssl_cannot_use_is_refused_at_the_start},
		{"a TPM that goes is told, and nothing waits for it",
			a_TPM_that_goes_is_told_and_nothing_waits_for_it},
	};
	tpm = tpm_start(NULL);
	if (!tpm) {
		puts("no TPM in software (Debian: swtpm tpm2-tools tpm2-openssl)");
		return 77;
	}
	int failed = CHECK_MAIN("TPM", cases);
	tpm_stop(tpm);
	return failed;
}
