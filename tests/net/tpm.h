/* SPDX-License-Identifier: MIT
 *
 * tpm.h - a TPM in software (swtpm) with RSA keys in it, and OpenSSL told of it.
 */
#ifndef TESTS_NET_TPM_H
#define TESTS_NET_TPM_H

#include <gio/gio.h>

#define TPM_HANDLE "handle:0x81000001" /* the key that stays in the TPM */

struct tpm {
	char *folder;
	char *key_file;  /* another key, "TSS2 PRIVATE KEY": only this TPM can use it */
	char *cert_file; /* of TPM_HANDLE's key, by itself */
	GSubprocess *process;
};

/* Before anything of OpenSSL is called: it sets $OPENSSL_CONF, where OpenSSL's own provider
 * stands before the TPM's. `properties` are then the default ones; NULL: none. NULL: swtpm,
 * tpm2-tools, tpm2-openssl or openssl is not installed. */
struct tpm *tpm_start(const char *properties);

/* A program in the TPM's folder, its words between blanks; FALSE: it failed. */
gboolean tpm_run(const struct tpm *tpm, const char *line);

/* Gone at once, as with a board that fails. */
void tpm_kill(struct tpm *tpm);

/* Accepts NULL, returns NULL. */
struct tpm *tpm_stop(struct tpm *tpm);

#endif
