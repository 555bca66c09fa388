/* SPDX-License-Identifier: MIT */
#include "kiosk/net/tls.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

/* Ephemeral keys and authenticated encryption only; TLS 1.3 has nothing else. */
#define CIPHERS_TLS12  "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:!aNULL"
#define SECURITY_LEVEL 2 /* 112 bits: RSA 2048, SHA-256 */

G_DEFINE_QUARK(net - error - quark, net_error)

const char *net_error_word(enum net_error error)
{
	switch (error) {
#define X(name, word)                                                                              \
	case NET_ERROR_##name:                                                                     \
		return word;
		NET_ERROR_LIST(X)
#undef X
	}
	return "unknown";
}

static gboolean fail(GError **error, const char *what, const char *path)
{
	ERR_clear_error();
	g_set_error(error, NET_ERROR, NET_ERROR_CREDENTIAL, "%s%s%s", what, path ? ": " : "",
		path ? path : "");
	return FALSE;
}

/* A CA above the server's own may publish no list: its absence is borne, the absence of
 * the list that speaks of the server is not. */
static int on_verify(int ok, X509_STORE_CTX *chain)
{
	if (ok || X509_STORE_CTX_get_error(chain) != X509_V_ERR_UNABLE_TO_GET_CRL ||
		X509_STORE_CTX_get_error_depth(chain) == 0)
		return ok;
	X509_STORE_CTX_set_error(chain, X509_V_OK);
	return 1;
}

static gboolean set_protocol(SSL_CTX *context)
{
	SSL_CTX_set_security_level(context, SECURITY_LEVEL);
	SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_clear_options(context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_default_passwd_cb(context, tls_no_passphrase);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verify);
	SSL_CTX_set_verify_depth(context, 8);
	/* libcurl writes session keys where $SSLKEYLOGFILE says: not ours. */
	SSL_CTX_set_keylog_callback(context, NULL);
	return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
	       SSL_CTX_set_max_proto_version(context, 0) == 1 &&
	       SSL_CTX_set_cipher_list(context, CIPHERS_TLS12) == 1;
}

/* With a file of its own, whatever stands in it is an anchor: a university may give us
 * its issuing CA alone. */
static gboolean set_anchors(X509_STORE *store, const struct tls_rules *rules)
{
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
	if (!rules->ca_file)
		return X509_STORE_set_default_paths(store) == 1;
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	return X509_STORE_load_file(store, rules->ca_file) == 1;
}

static gboolean set_lists(X509_STORE *store, const struct tls_rules *rules)
{
	if (!rules->crl_file)
		return TRUE;
	X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
	X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
	return lookup && X509_load_crl_file(lookup, rules->crl_file, X509_FILETYPE_PEM) > 0;
}

static gboolean set_trust(SSL_CTX *context, const struct tls_rules *rules, GError **error)
{
	X509_STORE *store = X509_STORE_new();
	gboolean anchored = store && set_anchors(store, rules);
	gboolean listed = anchored && set_lists(store, rules);
	if (listed)
		SSL_CTX_set1_cert_store(context, store);
	X509_STORE_free(store);
	if (!anchored)
		return fail(error, "the CA certificates cannot be read", rules->ca_file);
	return listed || fail(error, "the revocation list cannot be read", rules->crl_file);
}

static gboolean set_own(SSL_CTX *context, const struct tls_rules *rules, GError **error)
{
	if (!rules->cert_file)
		return TRUE;
	if (SSL_CTX_use_certificate_chain_file(context, rules->cert_file) != 1)
		return fail(error, "our certificate cannot be used", rules->cert_file);
	EVP_PKEY *key = tls_key_load(rules->key ? rules->key : rules->cert_file, error);
	if (!key)
		return FALSE;
	/* A key of another kind than the certificate's is taken: only the check sees it. */
	gboolean ok = SSL_CTX_use_PrivateKey(context, key) == 1 &&
		      SSL_CTX_check_private_key(context) == 1;
	gboolean signs = tls_key_signs(key);
	EVP_PKEY_free(key);
	if (!signs)
		return fail(error, "the key's provider does not sign for TLS", NULL);
	return ok || fail(error, "our key is not of our certificate", rules->cert_file);
}

gboolean tls_context_rule(SSL_CTX *context, const struct tls_rules *rules, GError **error)
{
	if (!set_protocol(context))
		return fail(error, "OpenSSL does not offer what we want", NULL);
	return set_trust(context, rules, error) && set_own(context, rules, error);
}

SSL_CTX *tls_context_new(const struct tls_rules *rules, GError **error)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	if (!context) {
		fail(error, "OpenSSL does not offer TLS", NULL);
		return NULL;
	}
	if (!tls_context_rule(context, rules, error)) {
		SSL_CTX_free(context);
		return NULL;
	}
	return context;
}

/* TRUE with `ret_address` where `host` is no name but an address. */
static gboolean expect(X509_VERIFY_PARAM *param, const char *host, gboolean *ret_address)
{
	if (!host || !*host)
		return FALSE;
	X509_VERIFY_PARAM_set_hostflags(
		param, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	*ret_address = g_hostname_is_ip_address(host);
	return *ret_address ? X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1
			    : X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

gboolean tls_expect(SSL *ssl, const char *host)
{
	gboolean address = FALSE;
	if (!expect(SSL_get0_param(ssl), host, &address))
		return FALSE;
	return address || SSL_set_tlsext_host_name(ssl, host) == 1;
}

gboolean tls_context_expect(SSL_CTX *context, const char *host)
{
	gboolean address = FALSE;
	return expect(SSL_CTX_get0_param(context), host, &address);
}
