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

struct snapshot_info {
	gint64 as_of;    /* seconds since 1970 */
	guint64 persons; /* accounts in it */
};

gboolean snapshot_info(const char *path, const struct keyring *keys, struct snapshot_info *ret,
	GError **error);

/* Read `source` (CSV or LDIF, by its ending) and replace `path` by it,
 * atomically: one bad row refuses the whole import and the old file stays. */
gboolean snapshot_import(const char *source, const char *path, const struct keyring *keys,
	gint64 as_of, guint64 *ret_persons, GError **error);

#endif
