/* SPDX-License-Identifier: MIT
 *
 * clerk_pin.c - see clerk_pin.h.
 */
#include "kiosk/record/clerk_pin.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "kiosk/record/clerks.h"

#define SCRYPT_N       (G_GUINT64_CONSTANT(1) << 15)
#define SCRYPT_R       8
#define SCRYPT_P       1
#define SCRYPT_MAX_MEM (G_GUINT64_CONSTANT(48) << 20) /* 128·N·r = 32 MiB, and a little */

gboolean clerk_pin_valid(const char *pin)
{
	gsize n = pin ? strspn(pin, "0123456789") : 0;
	return n >= CLERK_PIN_MIN && n <= CLERK_PIN_MAX && pin[n] == '\0';
}

void clerk_pin_pepper(const struct keyring *keys, const char *pin, guint8 ret[SEAL_HASH_SIZE])
{
	guint8 pepper[KEY_SIZE];
	keyring_derive(keys, "clerk-pin", pepper);
	seal_hmac(pepper, pin, strlen(pin), ret);
	OPENSSL_cleanse(pepper, sizeof pepper);
}

void clerk_pin_hash(const guint8 peppered[SEAL_HASH_SIZE], const guint8 salt[CLERK_PIN_SALT_SIZE],
	guint8 ret[SEAL_HASH_SIZE])
{
	guint64 n = SCRYPT_N, max_mem = SCRYPT_MAX_MEM;
	guint32 r = SCRYPT_R, p = SCRYPT_P;
	/* OSSL_PARAM has no const view; the values are only read. */
	void *password = (void *)peppered, *salted = (void *)salt;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(
			OSSL_KDF_PARAM_PASSWORD, password, SEAL_HASH_SIZE),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salted, CLERK_PIN_SALT_SIZE),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
		OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
		OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &max_mem),
		OSSL_PARAM_construct_end(),
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "SCRYPT", NULL);
	EVP_KDF_CTX *ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	if (!ctx || EVP_KDF_derive(ctx, ret, SEAL_HASH_SIZE, params) != 1)
		g_error("scrypt is not available");
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}

guint clerk_pin_delay(gint64 tries)
{
	/* Three slips of the finger are free. */
	static const guint delays[] = {0, 0, 0, 0, 5, 15, 60};
	return tries < (gint64)G_N_ELEMENTS(delays) ? delays[MAX(tries, 0)] : 300;
}
