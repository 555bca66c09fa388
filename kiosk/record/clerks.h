/* SPDX-License-Identifier: MIT
 *
 * clerks.h - who may sign in at this counter.
 *
 * A clerk is found by the own staff card (HMAC of layout, key kind, number)
 * and proves knowledge of a PIN of at least six digits: scrypt over the PIN
 * peppered with a keyring key. Wrong tries and their delay survive a restart.
 * The file holds no clear name, number or common id.
 */
#ifndef KIOSK_RECORD_CLERKS_H
#define KIOSK_RECORD_CLERKS_H

#include <gio/gio.h>

#include "kiosk/record/store.h"

#define CLERK_ID_SIZE    11
#define CLERK_LABEL_SIZE 64
#define CLERK_UNIT_SIZE  24
#define CLERK_PIN_MIN    6
#define CLERK_PIN_MAX    32

struct clerk {
	gint64 row;
	char common_id[CLERK_ID_SIZE];
	char label[CLERK_LABEL_SIZE]; /* what the desk shows: "窓口 A" */
	char unit[CLERK_UNIT_SIZE];   /* office code: a second clerk may have to be of another */
};

/* Add or replace the clerk with this card. Refuses a PIN that is not 6 to 32 digits. */
gboolean clerks_add(struct store *store, const struct clerk *clerk, const char *key_kind,
	const char *number, const char *pin, GError **error);
gboolean clerks_remove(struct store *store, const char *common_id, GError **error);
GPtrArray *clerks_list(struct store *store, GError **error); /* of struct clerk, free with it */
gboolean clerks_count(struct store *store, guint *ret, GError **error);

/* TRUE and *ret if this card is a clerk's. FALSE without error: it is not. */
gboolean clerks_find(struct store *store, const char *key_kind, const char *number,
	struct clerk *ret, GError **error);

enum clerk_pin { CLERK_PIN_RIGHT, CLERK_PIN_WRONG, CLERK_PIN_WAIT, CLERK_PIN_LOCKED };

/* `wait` is seconds until the next try is heard (CLERK_PIN_WAIT, _WRONG). */
typedef void (*clerks_done)(enum clerk_pin answer, guint wait, gpointer data);

/* Check a PIN; scrypt runs in a worker, `done` on the main loop, never after
 * `cancellable` fired. `now` is seconds since 1970. The try is counted on disk
 * before the hash is computed, so that pulling the plug gives no free guesses.
 * Fire `cancellable` before store_free(). Three wrong tries are free, then 5, 15, 60,
 * 300 s; the tenth locks until clerks_add() is called for the clerk again. */
void clerks_check_pin(struct store *store, gint64 row, const char *pin, gint64 now,
	GCancellable *cancellable, clerks_done done, gpointer data);

void clerk_wipe(struct clerk *clerk);

#endif
