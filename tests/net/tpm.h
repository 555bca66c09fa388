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
	char *key_file; /* another key, "TSS2 PRIVATE KEY": only this TPM can use it */
	GSubprocess *process;
};

/* Before anything of OpenSSL is called: it sets $OPENSSL_CONF, where OpenSSL's own provider
 * stands before the TPM's. NULL: swtpm, tpm2-tools or tpm2-openssl is not installed. */
struct tpm *tpm_start(void);

/* Gone at once, as with a board that fails. */
void tpm_kill(struct tpm *tpm);

/* Accepts NULL, returns NULL. */
struct tpm *tpm_stop(struct tpm *tpm);

#endif
