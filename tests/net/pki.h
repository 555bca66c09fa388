/* SPDX-License-Identifier: MIT
 *
 * pki.h - keys, certificates and revocation lists made for a test, good and bad alike.
 *
 *	g_autofree char *folder = pki_folder();
 *	struct pki_cert *ca = pki_issue(NULL, &(struct pki_spec){.cn = "CA", .ca = TRUE});
 *	struct pki_cert *server = pki_issue(ca, &(struct pki_spec){
 *		.cn = "ldap", .san = "DNS:localhost,IP:127.0.0.1", .eku = "serverAuth"});
 *	char *pem = pki_write_chain(folder, "server.pem", server, NULL);
 *
 * What cannot be made ends the test: g_error().
 */
#ifndef TESTS_NET_PKI_H
#define TESTS_NET_PKI_H

#include <glib.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

enum pki_key { PKI_EC_P256, PKI_RSA_2048, PKI_RSA_1024 };

struct pki_spec {
	const char *cn;          /* NULL: "test" */
	const char *san;         /* as openssl.cnf: "DNS:localhost,IP:127.0.0.1"; NULL: none */
	const char *eku;         /* "serverAuth", "clientAuth" …; NULL: none */
	const char *constraints; /* nameConstraints: "permitted;DNS:example.test"; NULL: none */
	const char *usage;       /* keyUsage; NULL: as fits `ca` */
	const char *digest;      /* of the signature; NULL: SHA256 */
	enum pki_key key;
	gboolean ca;
	gboolean no_basic; /* without basicConstraints */
	int path_length;   /* of a CA; 0: no limit, else limit + 1 */
	int from_days;     /* both from now; 0 and 0: yesterday to in 30 days */
	int to_days;
};

struct pki_cert {
	X509 *x509;
	EVP_PKEY *key;
};

/* A new folder, 0700; the caller frees the path, pki_folder_remove() the folder. */
char *pki_folder(void);
void pki_folder_remove(const char *folder);

/* Signed by `issuer`; NULL: by itself. The caller frees with pki_free(). */
struct pki_cert *pki_issue(const struct pki_cert *issuer, const struct pki_spec *spec);
/* The same for a key that is there; it is borrowed, wherever it is kept. */
struct pki_cert *pki_issue_for(
	const struct pki_cert *issuer, const struct pki_spec *spec, EVP_PKEY *key);
struct pki_cert *pki_free(struct pki_cert *cert);

/* Files in `folder`; each returns the path, which the caller frees. */
char *pki_write_chain(const char *folder, const char *name, const struct pki_cert *first,
	...) G_GNUC_NULL_TERMINATED;
char *pki_write_key(const char *folder, const char *name, const struct pki_cert *cert); /* 0600 */

/* The list of `issuer` with `revoked` (NULL: empty), good from `from_days` to `to_days`. */
X509_CRL *pki_crl(
	const struct pki_cert *issuer, const struct pki_cert *revoked, int from_days, int to_days);

/* `second` may be NULL. */
char *pki_write_crls(const char *folder, const char *name, X509_CRL *first, X509_CRL *second);

#endif
