/* SPDX-License-Identifier: MIT */
#include "tests/directory/forge.h"

#include <string.h>

void forge_take(struct forge *f, const char *prefix)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *key = g_strconcat(prefix, ".key", NULL);
	g_autofree char *fleet = g_strconcat(prefix, ".fleet", NULL);
	f->signer = bundle_signing_key(key, &error);
	g_assert_no_error(error);
	bundle_fleet_key(fleet, f->fleet, &error);
	g_assert_no_error(error);
}

void forge_clear(struct forge *f)
{
	EVP_PKEY_free(f->signer);
	f->signer = NULL;
}

void forge_sign(const struct forge *f, GByteArray *bundle)
{
	g_autoptr(GByteArray) hashes = g_byte_array_new();
	guint8 hash[SEAL_HASH_SIZE];
	gsize len, n = BUNDLE_SIGNATURE_SIZE;
	for (gsize at = BUNDLE_CHUNKS_AT; at < bundle->len; at += BUNDLE_CHUNK_SIZE) {
		seal_sha256(bundle->data + at, BUNDLE_CHUNK_SIZE, hash);
		g_byte_array_append(hashes, hash, sizeof hash);
	}
	seal_sha256(hashes->data, hashes->len, hash);
	g_autoptr(GBytes) statement = bundle_statement(bundle->data, hash);
	const guint8 *data = g_bytes_get_data(statement, &len);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	if (EVP_DigestSignInit(ctx, NULL, NULL, NULL, f->signer) != 1 ||
		EVP_DigestSign(ctx, bundle->data + BUNDLE_HEADER_SIZE, &n, data, len) != 1)
		g_error("cannot be signed");
	EVP_MD_CTX_free(ctx);
}

GByteArray *forge_bundle(const struct forge *f, const guint8 header[BUNDLE_HEADER_SIZE],
	const guint8 *clear, gsize n, const guint64 *places)
{
	static const guint8 no_signature[BUNDLE_SIGNATURE_SIZE];
	GByteArray *bundle = g_byte_array_new();
	guint8 key[KEY_SIZE];
	bundle_chunk_key(f->fleet, header + 48, key);
	g_byte_array_append(bundle, header, BUNDLE_HEADER_SIZE);
	g_byte_array_append(bundle, no_signature, sizeof no_signature);
	for (gsize i = 0; i < n; i++) {
		char place[BUNDLE_PLACE_SIZE];
		bundle_chunk_place(places ? places[i] : i, place);
		g_autoptr(GBytes) box =
			seal_close(key, place, clear + i * BUNDLE_CLEAR_SIZE, BUNDLE_CLEAR_SIZE);
		g_byte_array_append(
			bundle, g_bytes_get_data(box, NULL), (guint)g_bytes_get_size(box));
	}
	forge_sign(f, bundle);
	return bundle;
}
