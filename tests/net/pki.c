/* SPDX-License-Identifier: MIT */
#include "tests/net/pki.h"

#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#define DAY_S (24L * 60 * 60)

static void must(gboolean ok, const char *what)
{
	if (!ok)
		g_error("pki: %s failed", what);
}

char *pki_folder(void)
{
	char *folder = g_dir_make_tmp("madoguchi-pki-XXXXXX", NULL);
	must(folder != NULL, "a folder");
	return folder;
}

void pki_folder_remove(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_unlink(path);
	}
	if (dir)
		g_dir_close(dir);
	g_rmdir(folder);
}

static EVP_PKEY *make_key(enum pki_key kind)
{
	switch (kind) {
	case PKI_EC_P256:
		return EVP_EC_gen("P-256");
	case PKI_RSA_2048:
		return EVP_RSA_gen(2048);
	case PKI_RSA_1024:
		return EVP_RSA_gen(1024);
	}
	return NULL;
}

static void set_serial(X509 *x509)
{
	unsigned char bytes[16];
	must(RAND_bytes(bytes, sizeof(bytes)) == 1, "RAND_bytes");
	bytes[0] &= 0x7f;
	BIGNUM *n = BN_bin2bn(bytes, sizeof(bytes), NULL);
	must(n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x509)), "a serial number");
	BN_free(n);
}

static void set_dates(X509 *x509, const struct pki_spec *spec)
{
	gboolean usual = spec->from_days == 0 && spec->to_days == 0;
	long from = usual ? -1 : spec->from_days, to = usual ? 30 : spec->to_days;
	must(X509_gmtime_adj(X509_getm_notBefore(x509), from * DAY_S) != NULL, "notBefore");
	must(X509_gmtime_adj(X509_getm_notAfter(x509), to * DAY_S) != NULL, "notAfter");
}

static void add_extension(X509 *x509, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	if (!value)
		return;
	X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	must(extension && X509_add_ext(x509, extension, -1), value);
	X509_EXTENSION_free(extension);
}

static void add_basic(X509 *x509, X509 *issuer, const struct pki_spec *spec)
{
	g_autofree char *limited =
		spec->path_length
			? g_strdup_printf("critical,CA:TRUE,pathlen:%d", spec->path_length - 1)
			: g_strdup("critical,CA:TRUE");
	if (!spec->no_basic)
		add_extension(x509, issuer, NID_basic_constraints,
			spec->ca ? limited : "critical,CA:FALSE");
}

static void add_extensions(X509 *x509, X509 *issuer, const struct pki_spec *spec)
{
	const char *usage = spec->ca ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature";
	if (!spec->ca && spec->key != PKI_EC_P256)
		usage = "critical,digitalSignature,keyEncipherment";
	add_basic(x509, issuer, spec);
	add_extension(x509, issuer, NID_key_usage, spec->usage ? spec->usage : usage);
	add_extension(x509, issuer, NID_ext_key_usage, spec->eku);
	add_extension(x509, issuer, NID_subject_alt_name, spec->san);
	add_extension(x509, issuer, NID_name_constraints, spec->constraints);
	add_extension(x509, issuer, NID_subject_key_identifier, "hash");
	add_extension(x509, issuer, NID_authority_key_identifier, "keyid");
}

struct pki_cert *pki_issue(const struct pki_cert *issuer, const struct pki_spec *spec)
{
	EVP_PKEY *key = make_key(spec->key);
	struct pki_cert *cert = pki_issue_for(issuer, spec, key);
	EVP_PKEY_free(key);
	return cert;
}

struct pki_cert *pki_issue_for(
	const struct pki_cert *issuer, const struct pki_spec *spec, EVP_PKEY *key)
{
	struct pki_cert *cert = g_new0(struct pki_cert, 1);
	const char *cn = spec->cn ? spec->cn : "test";
	must(key && EVP_PKEY_up_ref(key) == 1, "a key");
	cert->key = key;
	cert->x509 = X509_new();
	must(cert->x509 != NULL, "a certificate");
	X509 *by = issuer ? issuer->x509 : cert->x509;
	X509_NAME *name = X509_get_subject_name(cert->x509);
	must(X509_set_version(cert->x509, X509_VERSION_3) == 1, "version");
	set_serial(cert->x509);
	set_dates(cert->x509, spec);
	must(X509_NAME_add_entry_by_txt(
		     name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0) == 1,
		"the subject");
	must(X509_set_issuer_name(cert->x509, X509_get_subject_name(by)) == 1, "the issuer");
	must(X509_set_pubkey(cert->x509, cert->key) == 1, "the public key");
	add_extensions(cert->x509, by, spec);
	must(X509_sign(cert->x509, issuer ? issuer->key : cert->key,
		     EVP_get_digestbyname(spec->digest ? spec->digest : "SHA256")) > 0,
		"the signature");
	return cert;
}

struct pki_cert *pki_free(struct pki_cert *cert)
{
	if (!cert)
		return NULL;
	X509_free(cert->x509);
	EVP_PKEY_free(cert->key);
	g_free(cert);
	return NULL;
}

/* `ret_path` is the caller's. */
static FILE *open_file(const char *folder, const char *name, int mode, char **ret_path)
{
	*ret_path = g_build_filename(folder, name, NULL);
	int fd = open(*ret_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	must(file != NULL, *ret_path);
	return file;
}

char *pki_write_chain(const char *folder, const char *name, const struct pki_cert *first, ...)
{
	char *path = NULL;
	FILE *file = open_file(folder, name, 0644, &path);
	va_list more;
	va_start(more, first);
	for (const struct pki_cert *c = first; c; c = va_arg(more, const struct pki_cert *))
		must(PEM_write_X509(file, c->x509) == 1, path);
	va_end(more);
	must(fclose(file) == 0, path);
	return path;
}

char *pki_write_key(const char *folder, const char *name, const struct pki_cert *cert)
{
	char *path = NULL;
	FILE *file = open_file(folder, name, 0600, &path);
	must(PEM_write_PrivateKey(file, cert->key, NULL, NULL, 0, NULL, NULL) == 1, path);
	must(fclose(file) == 0, path);
	return path;
}

X509_CRL *pki_crl(
	const struct pki_cert *issuer, const struct pki_cert *revoked, int from_days, int to_days)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *from = X509_gmtime_adj(NULL, from_days * DAY_S);
	ASN1_TIME *to = X509_gmtime_adj(NULL, to_days * DAY_S);
	must(crl && X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1, "a list");
	must(X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer->x509)) == 1, "its issuer");
	must(X509_CRL_set1_lastUpdate(crl, from) && X509_CRL_set1_nextUpdate(crl, to), "its dates");
	if (revoked) {
		X509_REVOKED *row = X509_REVOKED_new();
		must(row && X509_REVOKED_set_serialNumber(
				    row, X509_get_serialNumber(revoked->x509)) == 1,
			"a row");
		must(X509_REVOKED_set_revocationDate(row, from) == 1, "its date");
		must(X509_CRL_add0_revoked(crl, row) == 1, "adding a row");
	}
	ASN1_TIME_free(from);
	ASN1_TIME_free(to);
	must(X509_CRL_sign(crl, issuer->key, EVP_sha256()) > 0, "its signature");
	return crl;
}

char *pki_write_crls(const char *folder, const char *name, X509_CRL *first, X509_CRL *second)
{
	char *path = NULL;
	FILE *file = open_file(folder, name, 0644, &path);
	must(PEM_write_X509_CRL(file, first) == 1, path);
	must(!second || PEM_write_X509_CRL(file, second) == 1, path);
	must(fclose(file) == 0, path);
	return path;
}
