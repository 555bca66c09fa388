/* SPDX-License-Identifier: MIT
 *
 * seal.h - the few cryptographic operations this program uses, over OpenSSL.
 */
#ifndef KIOSK_RECORD_SEAL_H
#define KIOSK_RECORD_SEAL_H

#include <glib.h>

#include "kiosk/record/keyring.h"

#define SEAL_OVERHEAD  29 /* version 1 + nonce 12 + tag 16 */
#define SEAL_HASH_SIZE 32

/* AES-256-GCM under `key`, random nonce: version ‖ nonce ‖ ciphertext ‖ tag.
 * `aad` binds the box to its place (row id, purpose). Never fails but for
 * want of memory or randomness, which end the process. */
GBytes *seal_close(const guint8 key[KEY_SIZE], const char *aad, gconstpointer data, gsize len);

/* NULL if the box was made under another key or aad, or was changed. The
 * bytes are wiped when the last reference goes. */
GBytes *seal_open(const guint8 key[KEY_SIZE], const char *aad, gconstpointer box, gsize len);

void seal_hmac(
	const guint8 key[KEY_SIZE], gconstpointer data, gsize len, guint8 ret[SEAL_HASH_SIZE]);
void seal_sha256(gconstpointer data, gsize len, guint8 ret[SEAL_HASH_SIZE]);
void seal_random(gpointer ret, gsize len);

/* Bytes that are wiped (OPENSSL_cleanse) before they are freed. Takes `data` (g_malloc). */
GBytes *seal_secret(gpointer data, gsize len);

#endif
