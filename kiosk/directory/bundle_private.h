/* SPDX-License-Identifier: MIT
 *
 * bundle_private.h - what writing and reading a bundle share; see bundle.h.
 *
 * Private to kiosk/directory, its tests and its fuzz target.
 */
#ifndef KIOSK_DIRECTORY_BUNDLE_PRIVATE_H
#define KIOSK_DIRECTORY_BUNDLE_PRIVATE_H

#include <openssl/evp.h>

#include "kiosk/directory/bundle.h"
#include "kiosk/directory/import.h"
#include "kiosk/directory/pack.h"
#include "kiosk/record/seal.h"

#define BUNDLE_MAGIC          "MDgbundl"
#define BUNDLE_HEADER_SIZE    128
#define BUNDLE_SIGNATURE_SIZE 64
#define BUNDLE_CHUNKS_AT      (BUNDLE_HEADER_SIZE + BUNDLE_SIGNATURE_SIZE)
#define BUNDLE_ID_SIZE        16
#define BUNDLE_CLEAR_SIZE     65536 /* of a chunk, opened */
#define BUNDLE_CHUNK_SIZE     (BUNDLE_CLEAR_SIZE + SEAL_OVERHEAD)
#define BUNDLE_RECORD_MAX     (PACK_PERSON_MAX + IMPORT_LINK_SIZE + 1)
#define BUNDLE_PLACE_SIZE     32
#define BUNDLE_FLEET_KEY      "fleet.key" /* credential */

struct bundle_header {
	struct bundle_info info;
	guint64 chunks;
	guint8 id[BUNDLE_ID_SIZE];
};

struct bundle_trust {
	EVP_PKEY *signers[BUNDLE_SIGNERS_MAX];
	gsize n_signers;
	guint8 fleet[KEY_SIZE];
};

/* The same information always gives the same bytes, and only those are taken. */
void bundle_header_pack(const struct bundle_header *header, guint8 ret[BUNDLE_HEADER_SIZE]);
gboolean bundle_header_unpack(const guint8 bytes[BUNDLE_HEADER_SIZE], struct bundle_header *ret);
gboolean bundle_issuer_valid(const char *issuer);

/* What is signed. `chunks`: the hash over the chunks' hashes. */
GBytes *bundle_statement(
	const guint8 header[BUNDLE_HEADER_SIZE], const guint8 chunks[SEAL_HASH_SIZE]);
void bundle_chunk_key(
	const guint8 fleet[KEY_SIZE], const guint8 id[BUNDLE_ID_SIZE], guint8 ret[KEY_SIZE]);
void bundle_chunk_place(guint64 chunk, char ret[BUNDLE_PLACE_SIZE]);

/* Add a record to the bytes of a chunk. FALSE: it has no room; nothing was added. */
gboolean bundle_record_pack(struct packer *p, const struct import_record *record);

/* The next record of a chunk, checked like a row of a file. IMPORT_END: no more in this
 * chunk. *ret_why is a static text with IMPORT_BAD. */
enum import_got bundle_record_unpack(
	struct unpacker *u, struct import_record *ret, const char **ret_why);

/* Which columns this record fills. */
guint32 bundle_record_columns(const struct import_record *record);

/* PEM file of ours alone. The caller frees. */
EVP_PKEY *bundle_signing_key(const char *path, GError **error);
gboolean bundle_fleet_key(const char *path, guint8 ret[KEY_SIZE], GError **error);

/* Set `error`; returns FALSE. */
gboolean bundle_fail(GError **error, enum bundle_error code, const char *path, const char *what);

#endif
