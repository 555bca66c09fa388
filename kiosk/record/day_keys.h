/* SPDX-License-Identifier: MIT
 *
 * day_keys.h - one wrapping key for each day, in a file of its own.
 *
 * Outside the database, so that destroying a day's key is final: no restored
 * page, log or backup of the database brings the day's payloads back. Entries
 * are written in place; no second copy of a key is ever on the disk.
 */
#ifndef KIOSK_RECORD_DAY_KEYS_H
#define KIOSK_RECORD_DAY_KEYS_H

#include <glib.h>

#include "kiosk/cleanup.h"
#include "kiosk/record/keyring.h"

#define DAY_KEYS_FILE "daykeys"
#define DAY_KEYS_MAX  4096 /* days with payloads not yet erased: eleven years */

struct day_keys;

/* Errors are of STORE_ERROR. `keys` is borrowed. */
struct day_keys *day_keys_open(int dir_fd, const struct keyring *keys, GError **error);

/* See that `date` (YYYYMMDD) has a key that survives power loss. */
gboolean day_keys_make(struct day_keys *days, gint32 date, GError **error);

/* FALSE: there is none, or it cannot be read. */
gboolean day_keys_get(const struct day_keys *days, gint32 date, guint8 ret[KEY_SIZE]);

/* Overwrite on disk and forget; TRUE as well when there was none. */
gboolean day_keys_destroy(struct day_keys *days, gint32 date, GError **error);

/* Dates with a key, as gint32. */
GArray *day_keys_dates(const struct day_keys *days);

struct day_keys *day_keys_free(struct day_keys *days);
DEFINE_CLEANUP(day_keys, day_keys_free)

#endif
