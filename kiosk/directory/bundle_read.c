/* SPDX-License-Identifier: MIT
 *
 * bundle_read.c - a bundle checked, opened and read; see bundle.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "kiosk/directory/bundle_private.h"

struct bundle {
	char *path;
	int fd;
	const struct bundle_trust *trust;
	struct bundle_header header;
	guint64 n_chunks;                 /* by the file's length */
	guint8 (*hashes)[SEAL_HASH_SIZE]; /* of each chunk, as it was when the signature was checked
					   */
};

/* Records of one bundle, chunk after chunk. */
struct records {
	struct import_reader reader;
	const struct bundle *bundle;
	guint8 key[KEY_SIZE];
	guint64 chunk, record; /* how many were begun */
	guint32 columns;
	GBytes *clear; /* of the chunk being read; NULL: none */
	struct unpacker at;
	guint8 box[BUNDLE_CHUNK_SIZE];
};

static gboolean fail(
	const struct bundle *b, enum bundle_error code, const char *what, GError **error)
{
	return bundle_fail(error, code, b->path, what);
}

/* All `len` bytes at `at`; a file that became shorter is no bundle. */
static gboolean read_at(const struct bundle *b, guint8 *ret, gsize len, guint64 at)
{
	gsize have = 0;
	while (have < len) {
		ssize_t n = pread(b->fd, ret + have, len - have, (off_t)(at + have));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return FALSE;
		have += (gsize)n;
	}
	return TRUE;
}

static gboolean read_chunk(const struct bundle *b, guint64 chunk, guint8 box[BUNDLE_CHUNK_SIZE])
{
	return read_at(b, box, BUNDLE_CHUNK_SIZE, BUNDLE_CHUNKS_AT + chunk * BUNDLE_CHUNK_SIZE);
}

static gboolean open_file(struct bundle *b, GError **error)
{
	struct stat st;
	b->fd = open(b->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (b->fd < 0 || fstat(b->fd, &st) != 0)
		return fail(b, BUNDLE_ERROR_FILE, g_strerror(errno), error);
	if (!S_ISREG(st.st_mode))
		return fail(b, BUNDLE_ERROR_FORM, "not a plain file", error);
	guint64 size = (guint64)st.st_size;
	if (size >= BUNDLE_CHUNKS_AT)
		b->n_chunks = (size - BUNDLE_CHUNKS_AT) / BUNDLE_CHUNK_SIZE;
	return TRUE;
}

/* Which form is it, and is it all there? Nothing else is read before the signature. */
static gboolean check_form(
	const struct bundle *b, const guint8 header[BUNDLE_HEADER_SIZE], GError **error)
{
	static const guint8 version[4] = {BUNDLE_VERSION};
	struct stat st;
	if (memcmp(header, BUNDLE_MAGIC, strlen(BUNDLE_MAGIC)) != 0)
		return fail(b, BUNDLE_ERROR_FORM, "not a directory bundle", error);
	if (memcmp(header + strlen(BUNDLE_MAGIC), version, sizeof version) != 0)
		return fail(b, BUNDLE_ERROR_NEWER, "made by a newer version", error);
	if (b->n_chunks == 0 || b->n_chunks > BUNDLE_CHUNKS_MAX || fstat(b->fd, &st) != 0 ||
		(guint64)st.st_size != BUNDLE_CHUNKS_AT + b->n_chunks * BUNDLE_CHUNK_SIZE)
		return fail(b, BUNDLE_ERROR_FORM, "cut off or too long", error);
	return TRUE;
}

static gboolean hash_chunks(struct bundle *b, guint8 ret[SEAL_HASH_SIZE])
{
	g_autofree guint8 *box = g_malloc(BUNDLE_CHUNK_SIZE);
	b->hashes = g_malloc_n(b->n_chunks, SEAL_HASH_SIZE);
	for (guint64 i = 0; i < b->n_chunks; i++) {
		if (!read_chunk(b, i, box))
			return FALSE;
		seal_sha256(box, BUNDLE_CHUNK_SIZE, b->hashes[i]);
	}
	seal_sha256(b->hashes, b->n_chunks * SEAL_HASH_SIZE, ret);
	return TRUE;
}

static gboolean is_signed_by(EVP_PKEY *key, GBytes *statement, const guint8 *signature)
{
	gsize len;
	const guint8 *data = g_bytes_get_data(statement, &len);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	gboolean ok = ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
		      EVP_DigestVerify(ctx, signature, BUNDLE_SIGNATURE_SIZE, data, len) == 1;
	EVP_MD_CTX_free(ctx);
	return ok;
}

static gboolean check_signature(
	struct bundle *b, const guint8 *header, const guint8 *signature, GError **error)
{
	guint8 chunks[SEAL_HASH_SIZE];
	if (!hash_chunks(b, chunks))
		return fail(b, BUNDLE_ERROR_FORM, "cut off while it was read", error);
	g_autoptr(GBytes) statement = bundle_statement(header, chunks);
	for (gsize i = 0; i < b->trust->n_signers; i++)
		if (is_signed_by(b->trust->signers[i], statement, signature))
			return TRUE;
	return fail(b, BUNDLE_ERROR_SIGNATURE, "changed, or not signed by a key this desk trusts",
		error);
}

static gboolean read_header(struct bundle *b, GError **error)
{
	guint8 begin[BUNDLE_CHUNKS_AT];
	if (!read_at(b, begin, sizeof begin, 0))
		return fail(b, BUNDLE_ERROR_FORM, "not a directory bundle", error);
	if (!check_form(b, begin, error) ||
		!check_signature(b, begin, begin + BUNDLE_HEADER_SIZE, error))
		return FALSE;
	if (!bundle_header_unpack(begin, &b->header) || b->header.chunks != b->n_chunks)
		return fail(
			b, BUNDLE_ERROR_FORM, "signed, but its header says nothing sound", error);
	return TRUE;
}

struct bundle *bundle_open(const char *path, const struct bundle_trust *trust, GError **error)
{
	AUTO(bundle) b = g_new0(struct bundle, 1);
	b->path = g_strdup(path);
	b->trust = trust;
	return open_file(b, error) && read_header(b, error) ? g_steal_pointer(&b) : NULL;
}

const struct bundle_info *bundle_get_info(const struct bundle *b)
{
	return &b->header.info;
}

const char *bundle_path(const struct bundle *b)
{
	return b->path;
}

struct bundle *bundle_free(struct bundle *b)
{
	if (!b)
		return NULL;
	if (b->fd >= 0)
		close(b->fd);
	g_free(b->hashes);
	g_free(b->path);
	g_free(b);
	return NULL;
}

static const char *open_chunk(struct records *r)
{
	guint8 hash[SEAL_HASH_SIZE];
	char place[BUNDLE_PLACE_SIZE];
	gsize len;
	if (!read_chunk(r->bundle, r->chunk, r->box))
		return "cut off while it was read";
	seal_sha256(r->box, sizeof r->box, hash);
	if (memcmp(hash, r->bundle->hashes[r->chunk], sizeof hash) != 0)
		return "changed while it was read";
	bundle_chunk_place(r->chunk++, place);
	r->clear = seal_open(r->key, place, r->box, sizeof r->box);
	if (!r->clear)
		return "closed with another fleet key";
	const guint8 *data = g_bytes_get_data(r->clear, &len);
	r->at = (struct unpacker){data, data + len, TRUE};
	return NULL;
}

/* At the end everything the header says must have come true. */
static const char *check_end(const struct records *r)
{
	const struct bundle_info *info = &r->bundle->header.info;
	return r->record != info->persons    ? "not as many accounts as its header says"
	       : r->columns != info->columns ? "not the columns its header says"
					     : NULL;
}

/* The next record, from the next chunk where this one is over. */
static enum import_got step(struct records *r, struct import_record *ret, const char **ret_why)
{
	for (;;) {
		enum import_got got =
			r->clear ? bundle_record_unpack(&r->at, ret, ret_why) : IMPORT_END;
		if (got != IMPORT_END)
			return got;
		g_clear_pointer(&r->clear, g_bytes_unref);
		if (r->chunk == r->bundle->n_chunks) {
			*ret_why = check_end(r);
			return *ret_why ? IMPORT_BAD : IMPORT_END;
		}
		*ret_why = open_chunk(r);
		if (*ret_why)
			return IMPORT_BAD;
	}
}

static enum import_got records_next(struct import_reader *reader, struct import_record *ret,
	guint *ret_line, struct import_fault *fault)
{
	struct records *r = (struct records *)reader;
	const char *why = NULL;
	enum import_got got = step(r, ret, &why);
	if (got == IMPORT_RECORD) {
		r->columns |= bundle_record_columns(ret);
		*ret_line = (guint)++r->record;
	}
	if (got == IMPORT_BAD) {
		fault->line = (guint)r->record + 1;
		fault->column[0] = '\0';
		fault->why = why;
	}
	return got;
}

static struct import_reader *records_free(struct import_reader *reader)
{
	struct records *r = (struct records *)reader;
	g_clear_pointer(&r->clear, g_bytes_unref);
	OPENSSL_cleanse(r->key, sizeof r->key);
	g_free(r);
	return NULL;
}

struct import_reader *bundle_records(const struct bundle *b)
{
	static const struct import_reader_ops ops = {records_next, records_free};
	struct records *r = g_new0(struct records, 1);
	r->reader.ops = &ops;
	r->bundle = b;
	bundle_chunk_key(b->trust->fleet, b->header.id, r->key);
	return &r->reader;
}
