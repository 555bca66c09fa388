/* SPDX-License-Identifier: MIT
 *
 * seal.c - see seal.h.
 */
#include "kiosk/record/seal.h"

#include <limits.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#define SEAL_VERSION 1
#define NONCE_SIZE   12
#define TAG_SIZE     16
#define NONCE_AT     1
#define BODY_AT      (NONCE_AT + NONCE_SIZE)

G_STATIC_ASSERT(1 + NONCE_SIZE + TAG_SIZE == SEAL_OVERHEAD);

struct secret {
	gpointer data;
	gsize len;
};

static void secret_free(gpointer data)
{
	struct secret *secret = data;
	if (secret->data)
		OPENSSL_cleanse(secret->data, secret->len);
	g_free(secret->data);
	g_free(secret);
}

GBytes *seal_secret(gpointer data, gsize len)
{
	struct secret *secret = g_new(struct secret, 1);
	secret->data = data;
	secret->len = len;
	return g_bytes_new_with_free_func(data, len, secret_free, secret);
}

/* Version, then the place the box belongs to: neither can be changed unseen. */
static gboolean feed_aad(EVP_CIPHER_CTX *ctx, const char *aad)
{
	guint8 version = SEAL_VERSION;
	int n = 0;
	return EVP_CipherUpdate(ctx, NULL, &n, &version, 1) == 1 &&
	       EVP_CipherUpdate(ctx, NULL, &n, (const guint8 *)aad, (int)strlen(aad)) == 1;
}

static gboolean encrypt(EVP_CIPHER_CTX *ctx, const guint8 *key, const char *aad, gconstpointer data,
	int len, guint8 *box)
{
	int n = 0, last = 0;
	return EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, box + NONCE_AT, 1) == 1 &&
	       feed_aad(ctx, aad) &&
	       (len == 0 || EVP_CipherUpdate(ctx, box + BODY_AT, &n, data, len) == 1) &&
	       EVP_CipherFinal_ex(ctx, box + BODY_AT + n, &last) == 1 &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, box + BODY_AT + len) == 1;
}

GBytes *seal_close(const guint8 key[KEY_SIZE], const char *aad, gconstpointer data, gsize len)
{
	g_assert(len <= INT_MAX - SEAL_OVERHEAD);
	guint8 *box = g_malloc(len + SEAL_OVERHEAD);
	box[0] = SEAL_VERSION;
	seal_random(box + NONCE_AT, NONCE_SIZE);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	if (!ctx || !encrypt(ctx, key, aad, data, (int)len, box))
		g_error("AES-256-GCM is not available");
	EVP_CIPHER_CTX_free(ctx);
	return g_bytes_new_take(box, len + SEAL_OVERHEAD);
}

static gboolean decrypt(EVP_CIPHER_CTX *ctx, const guint8 *key, const char *aad, const guint8 *box,
	int len, guint8 *out)
{
	int n = 0, last = 0;
	guint8 tag[TAG_SIZE];
	memcpy(tag, box + BODY_AT + len, sizeof tag);
	return EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, box + NONCE_AT, 0) == 1 &&
	       feed_aad(ctx, aad) &&
	       (len == 0 || EVP_CipherUpdate(ctx, out, &n, box + BODY_AT, len) == 1) &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, tag) == 1 &&
	       EVP_CipherFinal_ex(ctx, out + n, &last) == 1;
}

GBytes *seal_open(const guint8 key[KEY_SIZE], const char *aad, gconstpointer box, gsize len)
{
	const guint8 *bytes = box;
	if (len < SEAL_OVERHEAD || len > INT_MAX || bytes[0] != SEAL_VERSION)
		return NULL;
	gsize n = len - SEAL_OVERHEAD;
	/* One byte more than asked for, so that text in it is also a C string. */
	guint8 *out = g_malloc0(n + 1);
	GBytes *ret = seal_secret(out, n);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	if (!ctx)
		g_error("AES-256-GCM is not available");
	if (!decrypt(ctx, key, aad, bytes, (int)n, out)) {
		/* Unauthenticated plain text never leaves this function. */
		g_bytes_unref(ret);
		ret = NULL;
	}
	EVP_CIPHER_CTX_free(ctx);
	return ret;
}

void seal_hmac(
	const guint8 key[KEY_SIZE], gconstpointer data, gsize len, guint8 ret[SEAL_HASH_SIZE])
{
	unsigned n = 0;
	if (!HMAC(EVP_sha256(), key, KEY_SIZE, data, len, ret, &n) || n != SEAL_HASH_SIZE)
		g_error("HMAC-SHA-256 is not available");
}

void seal_sha256(gconstpointer data, gsize len, guint8 ret[SEAL_HASH_SIZE])
{
	if (!EVP_Digest(data, len, ret, NULL, EVP_sha256(), NULL))
		g_error("SHA-256 is not available");
}

void seal_random(gpointer ret, gsize len)
{
	if (len > INT_MAX || RAND_bytes(ret, (int)len) != 1)
		g_error("no randomness");
}
