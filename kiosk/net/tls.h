/* SPDX-License-Identifier: MIT
 *
 * tls.h - one set of rules for every server we talk to, LDAP and HTTPS alike.
 *
 * OpenSSL: TLS 1.2 or newer, forward secrecy, a chain to the configured CA (or the
 * system's), the server's name in a subjectAltName (never the CN), a certificate for
 * servers, valid now. What was wrong is told so that a person can act on it.
 */
#ifndef KIOSK_NET_TLS_H
#define KIOSK_NET_TLS_H

#include <gio/gio.h>
#include <openssl/ssl.h>

#include "kiosk/cleanup.h"

#define NET_ERROR (net_error_quark())
GQuark net_error_quark(void);

/* What a person should do about it. enumerator, word for tools and logs */
#define NET_ERROR_LIST(X)                                                                          \
	X(UNREACHABLE, "unreachable") /* no route, refused, no such name */                        \
	X(LATE, "late")               /* the deadline passed */                                    \
	X(CLOCK, "clock")     /* not yet valid, or Date header far away: this desk's clock */      \
	X(EXPIRED, "expired") /* the server's certificate is over */                               \
	X(REVOKED, "revoked")                                                                      \
	X(ISSUER, "issuer")           /* no chain to the configured CA */                          \
	X(NAME, "name")               /* the certificate is another server's */                    \
	X(CERTIFICATE, "certificate") /* not for servers, weak key or signature, broken */         \
	X(HANDSHAKE, "handshake")     /* no common version or cipher; not TLS at all */            \
	X(REFUSED, "refused")         /* the server does not take our credentials */               \
	X(PROTOCOL, "protocol")       /* it does not keep to its protocol */                       \
	X(LIMIT, "limit")             /* more than we take */                                      \
	X(CREDENTIAL, "credential")   /* our own key or certificate cannot be used */              \
	X(CRL, "crl")                 /* our revocation list: over, or not of that CA */

enum net_error {
#define X(name, word) NET_ERROR_##name,
	NET_ERROR_LIST(X)
#undef X
};
const char *net_error_word(enum net_error error);

/* All borrowed; NULL where not set. */
struct tls_rules {
	const char *ca_file;   /* PEM; NULL: the system's */
	const char *crl_file;  /* PEM, one or more lists; NULL: revocation is not checked */
	const char *cert_file; /* our own certificate, PEM chain */
	const char *key;       /* PEM file, or a provider's URI ("pkcs11:…", "handle:…") */
};

/* A context that keeps the rules. NULL with CREDENTIAL. The caller frees with SSL_CTX_free(). */
SSL_CTX *tls_context_new(const struct tls_rules *rules, GError **error);

/* For a context another library made (libcurl's): the same rules. */
gboolean tls_context_rule(SSL_CTX *context, const struct tls_rules *rules, GError **error);

/* Want this name (DNS or IP address) on the certificate, and say it in the greeting (SNI). */
gboolean tls_expect(SSL *ssl, const char *host);

/* The same for every connection of a context another library greets with. */
gboolean tls_context_expect(SSL_CTX *context, const char *host);

/* Why the handshake failed: SSL_get_verify_result() and ERR_peek_error() of it. */
enum net_error tls_fault(long verify_result, unsigned long openssl_error);

/* A private key by PEM file or provider URI. A file must be ours alone (mode 0600) unless
 * systemd gave it ($CREDENTIALS_DIRECTORY). Never asks for a passphrase. */
EVP_PKEY *tls_key_load(const char *key, GError **error);

/* What to ask OpenSSL for, that the provider that holds the key signs with it and leaves
 * hashes and ciphers to others. NULL: a key in our memory, nothing to be asked for. The
 * caller frees. */
char *tls_key_properties(const EVP_PKEY *key);

/* Does it sign for who does not ask for its provider, as libssl? */
gboolean tls_key_signs(EVP_PKEY *key);

/* For OpenSSL: a service has nobody to ask. */
int tls_no_passphrase(char *buf, int size, int writing, void *data);

#endif
