/* SPDX-License-Identifier: MIT
 *
 * bundle.c - the header of a bundle, and what is signed; see bundle.h.
 */
#include "kiosk/directory/bundle.h"

#include <string.h>

#include "kiosk/directory/bundle_private.h"

#define STATEMENT_BEGIN "madoguchi directory bundle 1\n"
#define CHUNK_KEY_BEGIN "madoguchi bundle"

G_DEFINE_QUARK(bundle - error, bundle_error)

const char *bundle_column_word(enum bundle_column column)
{
	static const char *const words[] = {
#define X(name, word) [BUNDLE_##name] = word,
		BUNDLE_COLUMN_LIST(X)
#undef X
	};
	G_STATIC_ASSERT(G_N_ELEMENTS(words) == BUNDLE_COLUMN_COUNT);
	return words[column];
}

gboolean bundle_fail(GError **error, enum bundle_error code, const char *path, const char *what)
{
	g_set_error(error, BUNDLE_ERROR, code, "%s: %s", path, what);
	return FALSE;
}

gboolean bundle_issuer_valid(const char *issuer)
{
	char text[BUNDLE_ISSUER_SIZE];
	return *issuer != '\0' && import_take(IMPORT_TEXT, issuer, text, sizeof text) == NULL;
}

static void put_u32(guint8 *at, guint32 value)
{
	guint32 le = GUINT32_TO_LE(value);
	memcpy(at, &le, sizeof le);
}

static guint32 get_u32(const guint8 *at)
{
	guint32 le;
	memcpy(&le, at, sizeof le);
	return GUINT32_FROM_LE(le);
}

void bundle_header_pack(const struct bundle_header *header, guint8 ret[BUNDLE_HEADER_SIZE])
{
	struct packer p = {ret + 16, ret + 48, TRUE};
	memset(ret, 0, BUNDLE_HEADER_SIZE);
	memcpy(ret, BUNDLE_MAGIC, strlen(BUNDLE_MAGIC));
	put_u32(ret + 8, BUNDLE_VERSION);
	put_u32(ret + 12, header->info.columns);
	pack_i64(&p, (gint64)header->info.serial);
	pack_i64(&p, header->info.as_of);
	pack_i64(&p, (gint64)header->info.persons);
	pack_i64(&p, (gint64)header->chunks);
	memcpy(ret + 48, header->id, BUNDLE_ID_SIZE);
	memcpy(ret + 64, header->info.issuer, strnlen(header->info.issuer, BUNDLE_ISSUER_SIZE));
}

gboolean bundle_header_unpack(const guint8 bytes[BUNDLE_HEADER_SIZE], struct bundle_header *ret)
{
	struct bundle_header header = {0};
	guint8 again[BUNDLE_HEADER_SIZE];
	struct unpacker u = {bytes + 16, bytes + 48, TRUE};
	header.info.columns = get_u32(bytes + 12);
	header.info.serial = (guint64)unpack_i64(&u);
	header.info.as_of = unpack_i64(&u);
	header.info.persons = (guint64)unpack_i64(&u);
	header.chunks = (guint64)unpack_i64(&u);
	memcpy(header.id, bytes + 48, BUNDLE_ID_SIZE);
	memcpy(header.info.issuer, bytes + 64, BUNDLE_ISSUER_SIZE - 1);
	bundle_header_pack(&header, again);
	if (memcmp(again, bytes, BUNDLE_HEADER_SIZE) != 0 || header.info.serial == 0 ||
		header.info.as_of <= 0 || header.info.persons == 0 ||
		header.info.persons > IMPORT_ROWS_MAX || header.chunks == 0 ||
		header.chunks > BUNDLE_CHUNKS_MAX || header.info.columns >> BUNDLE_COLUMN_COUNT ||
		!bundle_issuer_valid(header.info.issuer))
		return FALSE;
	*ret = header;
	return TRUE;
}

GBytes *bundle_statement(
	const guint8 header[BUNDLE_HEADER_SIZE], const guint8 chunks[SEAL_HASH_SIZE])
{
	GByteArray *bytes = g_byte_array_new();
	g_byte_array_append(bytes, (const guint8 *)STATEMENT_BEGIN, strlen(STATEMENT_BEGIN));
	g_byte_array_append(bytes, header, BUNDLE_HEADER_SIZE);
	g_byte_array_append(bytes, chunks, SEAL_HASH_SIZE);
	return g_byte_array_free_to_bytes(bytes);
}

void bundle_chunk_key(
	const guint8 fleet[KEY_SIZE], const guint8 id[BUNDLE_ID_SIZE], guint8 ret[KEY_SIZE])
{
	guint8 purpose[sizeof CHUNK_KEY_BEGIN - 1 + BUNDLE_ID_SIZE];
	memcpy(purpose, CHUNK_KEY_BEGIN, sizeof CHUNK_KEY_BEGIN - 1);
	memcpy(purpose + sizeof CHUNK_KEY_BEGIN - 1, id, BUNDLE_ID_SIZE);
	G_STATIC_ASSERT(KEY_SIZE == SEAL_HASH_SIZE);
	seal_hmac(fleet, purpose, sizeof purpose, ret);
}

void bundle_chunk_place(guint64 chunk, char ret[BUNDLE_PLACE_SIZE])
{
	g_snprintf(ret, BUNDLE_PLACE_SIZE, "bundle chunk %" G_GUINT64_FORMAT, chunk);
}
