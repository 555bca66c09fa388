/* SPDX-License-Identifier: MIT
 *
 * bundle_write.c - a bundle being made; see bundle.h.
 *
 * Records are merged in a scratch snapshot first, sealed under a key of its own, so that
 * what an import would refuse is refused here, and no more than a chunk is in clear text.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "kiosk/directory/bundle_private.h"
#include "kiosk/directory/fresh.h"
#include "kiosk/directory/snapshot_writer.h"

struct writing {
	const char *path;
	int fd;
	EVP_PKEY *signer;
	guint8 fleet[KEY_SIZE], key[KEY_SIZE];
	struct bundle_header header;
	GByteArray *hashes; /* of the chunks written */
	struct packer at;   /* in `clear` */
	guint8 clear[BUNDLE_CLEAR_SIZE];
};

static gboolean write_at(
	const struct writing *w, gconstpointer data, gsize len, guint64 at, GError **error)
{
	const guint8 *bytes = data;
	gsize have = 0;
	while (have < len) {
		ssize_t n = pwrite(w->fd, bytes + have, len - have, (off_t)(at + have));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return bundle_fail(error, BUNDLE_ERROR_FILE, w->path, g_strerror(errno));
		have += (gsize)n;
	}
	return TRUE;
}

static void begin_chunk(struct writing *w)
{
	OPENSSL_cleanse(w->clear, sizeof w->clear);
	w->at = (struct packer){w->clear, w->clear + sizeof w->clear, TRUE};
}

static gboolean end_chunk(struct writing *w, GError **error)
{
	char place[BUNDLE_PLACE_SIZE];
	guint8 hash[SEAL_HASH_SIZE];
	gsize len;
	if (w->header.chunks == BUNDLE_CHUNKS_MAX)
		return bundle_fail(
			error, BUNDLE_ERROR_FORM, w->path, "more than a bundle may hold");
	bundle_chunk_place(w->header.chunks, place);
	g_autoptr(GBytes) box = seal_close(w->key, place, w->clear, sizeof w->clear);
	const guint8 *data = g_bytes_get_data(box, &len);
	seal_sha256(data, len, hash);
	g_byte_array_append(w->hashes, hash, sizeof hash);
	guint64 at = BUNDLE_CHUNKS_AT + w->header.chunks++ * BUNDLE_CHUNK_SIZE;
	begin_chunk(w);
	return write_at(w, data, len, at, error);
}

static gboolean on_record(const struct import_record *record, gpointer data, GError **error)
{
	struct writing *w = data;
	w->header.info.persons++;
	w->header.info.columns |= bundle_record_columns(record);
	if (bundle_record_pack(&w->at, record))
		return TRUE;
	if (!end_chunk(w, error))
		return FALSE;
	/* An empty chunk has room for the largest record. */
	G_STATIC_ASSERT(BUNDLE_RECORD_MAX < BUNDLE_CLEAR_SIZE);
	return bundle_record_pack(&w->at, record) ||
	       bundle_fail(error, BUNDLE_ERROR_FORM, w->path, "an account larger than a chunk");
}

static gboolean sign(const struct writing *w, const guint8 *header, guint8 *ret)
{
	guint8 chunks[SEAL_HASH_SIZE];
	gsize len, n = BUNDLE_SIGNATURE_SIZE;
	seal_sha256(w->hashes->data, w->hashes->len, chunks);
	g_autoptr(GBytes) statement = bundle_statement(header, chunks);
	const guint8 *data = g_bytes_get_data(statement, &len);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	gboolean ok = ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, w->signer) == 1 &&
		      EVP_DigestSign(ctx, ret, &n, data, len) == 1 && n == BUNDLE_SIGNATURE_SIZE;
	EVP_MD_CTX_free(ctx);
	return ok;
}

/* What stands before the chunks is known when they are. */
static gboolean write_header(const struct writing *w, GError **error)
{
	guint8 begin[BUNDLE_CHUNKS_AT];
	bundle_header_pack(&w->header, begin);
	if (!sign(w, begin, begin + BUNDLE_HEADER_SIZE))
		return bundle_fail(error, BUNDLE_ERROR_KEY, w->path, "cannot be signed");
	return write_at(w, begin, sizeof begin, 0, error);
}

static gboolean write_all(
	struct writing *w, struct import_reader *reader, const char *name, GError **error)
{
	AUTO(snapshot_writer) scratch = snapshot_writer_open_scratch(error);
	if (!scratch || !snapshot_writer_add_all(scratch, reader, name, error))
		return FALSE;
	seal_random(w->header.id, sizeof w->header.id);
	bundle_chunk_key(w->fleet, w->header.id, w->key);
	begin_chunk(w);
	return snapshot_writer_walk(scratch, on_record, w, error) && end_chunk(w, error) &&
	       write_header(w, error);
}

static gboolean take_order(struct writing *w, const struct bundle_order *order, GError **error)
{
	struct bundle_info *info = &w->header.info;
	if (!bundle_issuer_valid(order->issuer))
		return bundle_fail(error, BUNDLE_ERROR_FORM, "issuer",
			"expected 1 to 63 bytes of text without control characters");
	if (order->serial == 0 || order->serial > G_MAXINT64 || order->as_of <= 0)
		return bundle_fail(error, BUNDLE_ERROR_FORM, "serial and date", "must be above 0");
	info->serial = order->serial;
	info->as_of = order->as_of;
	g_strlcpy(info->issuer, order->issuer, sizeof info->issuer);
	w->signer = bundle_signing_key(order->signing_key, error);
	return w->signer && bundle_fleet_key(order->fleet_key, w->fleet, error);
}

gboolean bundle_export(struct import_reader *reader, const char *name, const char *path,
	const struct bundle_order *order, guint64 *ret_persons, GError **error)
{
	struct writing *w = g_new0(struct writing, 1);
	struct fresh *fresh = NULL;
	w->path = path;
	w->hashes = g_byte_array_new();
	gboolean ok = take_order(w, order, error) && (fresh = fresh_begin(path, error)) != NULL;
	if (ok) {
		w->fd = fresh->fd;
		ok = write_all(w, reader, name, error) && fresh_commit(fresh, error);
	}
	if (ok && ret_persons)
		*ret_persons = w->header.info.persons;
	fresh_end(fresh);
	g_byte_array_unref(w->hashes);
	EVP_PKEY_free(w->signer);
	OPENSSL_cleanse(w, sizeof *w);
	g_free(w);
	return ok;
}
