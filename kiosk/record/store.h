/* SPDX-License-Identifier: MIT
 *
 * store.h - the counter's database: what must never be lost.
 *
 * SQLite, WAL, synchronous=FULL, STRICT tables, application_id, user_version.
 * Main thread only. The data folder's lock is taken here and held until
 * store_free(): a second service is refused.
 */
#ifndef KIOSK_RECORD_STORE_H
#define KIOSK_RECORD_STORE_H

#include <glib.h>

#include "kiosk/cleanup.h"
#include "kiosk/record/keyring.h"

#define STORE_ERROR (store_error_quark())
GQuark store_error_quark(void);
enum store_error {
	STORE_ERROR_FOLDER, /* data folder missing, not ours or not writable */
	STORE_ERROR_LOCKED, /* another process has it */
	STORE_ERROR_NEWER,  /* schema of a newer version */
	STORE_ERROR_DAMAGED,
	STORE_ERROR_FULL, /* no room on the disk */
	STORE_ERROR_IO,
	STORE_ERROR_KEY,     /* sealed with another master key */
	STORE_ERROR_INVALID, /* the caller's data was refused */
};

/* Files of the data folder; the socket, its snapshot and others may stand beside them. */
#define STORE_DATABASE "counter.db"
#define STORE_LOCK     "lock"
#define STORE_RESERVE  "reserve"

struct store;

/* `dir` must exist. `keys` is borrowed and outlives the store. */
struct store *store_open(const char *dir, const struct keyring *keys, GError **error);

/* From now on holders are tagged for other desks too. `fleet` is borrowed and outlives the
 * store; NULL: this desk stands alone. */
void store_set_fleet(struct store *store, const struct keyring *fleet);

/* Can a request be committed now? Looks at free room (a reserve is kept so that
 * a visit in progress can still end). */
gboolean store_ready(struct store *store, GError **error);

/* Checkpoints and closes. Accepts NULL, returns NULL. */
struct store *store_free(struct store *store);
DEFINE_CLEANUP(store, store_free)

#endif
