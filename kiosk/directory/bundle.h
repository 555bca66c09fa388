/* SPDX-License-Identifier: MIT
 *
 * bundle.h - the directory in one file that travels: signed by who made it, closed to all
 * but the desks.
 *
 * An administrator's machine makes it from any source of records; each desk imports it and
 * seals it again under its own key. Version 1, numbers little-endian:
 *
 *	  0  char[8]   "MDgbundl"
 *	  8  u32       version, 1
 *	 12  u32       columns: bit n is column n of BUNDLE_COLUMN_LIST
 *	 16  u64       serial, from 1: grows with each bundle of an issuer
 *	 24  i64       as of: when the data was taken, seconds since 1970
 *	 32  u64       accounts
 *	 40  u64       chunks, from 1
 *	 48  u8[16]    random, another in each bundle
 *	 64  char[64]  issuer: printable UTF-8, filled up with NUL
 *	128  u8[64]    Ed25519 signature
 *	192  chunks of 65565 bytes each
 *
 * The signature is over "madoguchi directory bundle 1\n" ‖ bytes 0 to 127 ‖ SHA-256(SHA-256(
 * chunk 0) ‖ SHA-256(chunk 1) ‖ …). It is checked before anything but version and length is
 * believed; each chunk is held to its hash again when it is read to be opened, so that a file
 * changed in between is refused.
 *
 * A chunk is a box of kiosk/record/seal.h (AES-256-GCM) under HMAC-SHA-256(fleet key,
 * "madoguchi bundle" ‖ bytes 48 to 63), bound to its place by the text "bundle chunk N". The
 * 65536 bytes in it are records, each u16 length ‖ packed person (pack.h) ‖ person key, then
 * zeros. One record an account; no record is split.
 *
 * The fleet key, 32 bytes, is one for all desks: it keeps a bundle closed on its way. Who
 * has it can read a bundle but not make one. Bounded memory: one chunk, and 32 bytes for each.
 */
#ifndef KIOSK_DIRECTORY_BUNDLE_H
#define KIOSK_DIRECTORY_BUNDLE_H

#include <glib.h>

#include "kiosk/cleanup.h"

struct import_reader;

#define BUNDLE_ENDING      ".bundle"
#define BUNDLE_VERSION     1
#define BUNDLE_ISSUER_SIZE 64
#define BUNDLE_CHUNKS_MAX  32768 /* 2 GiB; two million accounts are far less */
#define BUNDLE_SIGNERS_MAX 8     /* public keys in one file, for a change of key */

/* What a bundle may say of an account beside its common id and status; word in tools */
#define BUNDLE_COLUMN_LIST(X)                                                                      \
	X(NAME_JA, "name_ja")                                                                      \
	X(NAME_EN, "name_en")                                                                      \
	X(CONTACT, "contact")                                                                      \
	X(PRIVILEGED, "privileged")                                                                \
	X(PERSON_KEY, "person_key")                                                                \
	X(NUMBER, "number")                                                                        \
	X(REISSUE, "reissue")                                                                      \
	X(CARD_EXPIRES, "card_expires")                                                            \
	X(CARD_STATUS, "card_status")                                                              \
	X(ROLE, "role")                                                                            \
	X(FROM, "from")                                                                            \
	X(UNTIL, "until")

enum bundle_column {
#define X(name, word) BUNDLE_##name,
	BUNDLE_COLUMN_LIST(X)
#undef X
		BUNDLE_COLUMN_COUNT
};
const char *bundle_column_word(enum bundle_column column);

#define BUNDLE_ERROR (bundle_error_quark())
GQuark bundle_error_quark(void);
enum bundle_error {
	BUNDLE_ERROR_FILE,      /* cannot be read or written */
	BUNDLE_ERROR_FORM,      /* not a bundle, or not a whole one */
	BUNDLE_ERROR_NEWER,     /* made by a newer version */
	BUNDLE_ERROR_SIGNATURE, /* changed, or signed by nobody this desk trusts */
	BUNDLE_ERROR_KEY,    /* a key file cannot be used, or is not the one it was closed with */
	BUNDLE_ERROR_OLD,    /* not newer than what was imported before */
	BUNDLE_ERROR_FUTURE, /* of a time that is yet to come */
};

struct bundle_info {
	guint64 serial;
	gint64 as_of;    /* seconds since 1970 */
	guint64 persons; /* accounts */
	guint32 columns; /* bit BUNDLE_… */
	char issuer[BUNDLE_ISSUER_SIZE];
};

/* Make PREFIX.key (signs; stays with the administrator), PREFIX.pub (for each desk's
 * trusted-key) and PREFIX.fleet (opens; for each desk's fleet-key-file). Refuses to
 * overwrite any of them. Secrets are 0600. */
gboolean bundle_keygen(const char *prefix, GError **error);

/* Whom to believe and how to open. */
struct bundle_trust;

/* `trusted_key`: PEM, one or more Ed25519 public keys, writable by nobody but its owner.
 * `fleet_key`: as key_file_read(); $CREDENTIALS_DIRECTORY/fleet.key wins over it. */
struct bundle_trust *bundle_trust_open(
	const char *trusted_key, const char *fleet_key, GError **error);
struct bundle_trust *bundle_trust_free(struct bundle_trust *trust);
DEFINE_CLEANUP(bundle_trust, bundle_trust_free)

struct bundle;

/* Blocking: reads the whole file and checks the signature. `trust` is borrowed and outlives
 * the bundle. */
struct bundle *bundle_open(const char *path, const struct bundle_trust *trust, GError **error);
const struct bundle_info *bundle_get_info(const struct bundle *bundle);
const char *bundle_path(const struct bundle *bundle);

/* The records, as from any import file; `bundle` is borrowed. Lines are records, from 1. */
struct import_reader *bundle_records(const struct bundle *bundle);

struct bundle *bundle_free(struct bundle *bundle);
DEFINE_CLEANUP(bundle, bundle_free)

/* What an export is told. All borrowed. */
struct bundle_order {
	const char *signing_key; /* PEM, ours alone */
	const char *fleet_key;   /* as bundle_trust_open() */
	const char *issuer;      /* 1 to 63 bytes of printable UTF-8 */
	guint64 serial;
	gint64 as_of;
};

/* Blocking: write a bundle of all records `reader` brings to `path`, which stays as it is
 * until the new one is whole. `reader` may be any source of records: an import file, a
 * server. `name` stands before the line in messages. Accounts are merged as at an import. */
gboolean bundle_export(struct import_reader *reader, const char *name, const char *path,
	const struct bundle_order *order, guint64 *ret_persons, GError **error);

#endif
