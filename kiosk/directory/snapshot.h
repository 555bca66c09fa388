/* SPDX-License-Identifier: MIT
 *
 * snapshot.h - the directory as a local SQLite file: embedded default and
 * offline fallback.
 *
 * No name and no number stands in the file in clear text: rows are found by
 * HMAC(key kind, value), everything else is sealed (AES-256-GCM). Keys are
 * derived from the keyring ("snapshot-find", "snapshot-seal").
 */
#ifndef KIOSK_DIRECTORY_SNAPSHOT_H
#define KIOSK_DIRECTORY_SNAPSHOT_H

#include "kiosk/directory/bundle.h"
#include "kiosk/directory/directory.h"

struct keyring;

#define SNAPSHOT_ERROR (snapshot_error_quark())
GQuark snapshot_error_quark(void);
enum snapshot_error {
	SNAPSHOT_ERROR_ROW,   /* a row of the import is bad; the message names the line */
	SNAPSHOT_ERROR_FILE,  /* the snapshot or import file cannot be read or written */
	SNAPSHOT_ERROR_KEY,   /* made with another master key */
	SNAPSHOT_ERROR_NEWER, /* made by a newer version */
};

/* Open `path` lazily: a missing file is "not ready", a replaced file is
 * noticed at the next look-up. `keys` is borrowed and outlives the source. */
struct directory *snapshot_open(const char *path, const struct keyring *keys);

/* Which bundle a snapshot was, and the newest one this desk ever took. */
struct snapshot_origin {
	guint64 serial; /* 0: a plain file */
	char issuer[BUNDLE_ISSUER_SIZE];
	guint64 newest_serial; /* 0: none yet */
	gint64 newest_as_of;
};

struct snapshot_info {
	gint64 as_of;    /* seconds since 1970 */
	guint64 persons; /* accounts in it */
	struct snapshot_origin origin;
};

gboolean snapshot_info(const char *path, const struct keyring *keys, struct snapshot_info *ret,
	GError **error);

/* Read `source` (CSV or LDIF, by its ending) and replace `path` by it,
 * atomically: one bad row refuses the whole import and the old file stays. */
gboolean snapshot_import(const char *source, const char *path, const struct keyring *keys,
	gint64 as_of, guint64 *ret_persons, GError **error);

/* The same from a bundle. One that is not newer than the newest imported before, in serial
 * and in time, is refused (BUNDLE_ERROR_OLD), as is one of a time after `now` (seconds since
 * 1970, BUNDLE_ERROR_FUTURE) and any where the snapshot in force cannot be read. `force`
 * takes them all, and counts from this one on. */
gboolean snapshot_import_bundle(const struct bundle *bundle, const char *path,
	const struct keyring *keys, gint64 now, gboolean force, GError **error);

#endif
