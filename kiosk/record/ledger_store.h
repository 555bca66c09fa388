/* SPDX-License-Identifier: MIT
 *
 * ledger_store.h - the ledger as the database has it.
 */
#ifndef KIOSK_RECORD_LEDGER_STORE_H
#define KIOSK_RECORD_LEDGER_STORE_H

#include "kiosk/record/checkpoint.h"
#include "kiosk/record/ledger_opening.h"
#include "kiosk/record/ledger_proof.h"

#define LEDGER_SIGNED "checkpoint" /* file of the data folder: the note signed last */

/* Right edge as it was kept with the last filing. */
gboolean ledger_store_edge(struct store *store, struct ledger_edge *ret, GError **error);

/* A ledger_run_func; `data` is the store. A leaf that is missing is damage. */
gboolean ledger_store_run(
	gpointer data, const struct ledger_run *run, struct ledger_edge *edge, GError **error);

/* All leaf hashes in order. */
typedef void (*ledger_leaf_func)(gpointer data, guint64 place, const guint8 hash[LEDGER_HASH_SIZE]);
gboolean ledger_store_each(
	struct store *store, ledger_leaf_func leaf, gpointer data, GError **error);

/* Root of the first `size` leaves, recomputed. */
gboolean ledger_store_root(
	struct store *store, guint64 size, struct checkpoint *ret, GError **error);

/* Where the leaf of this request is. FALSE: no such request. */
gboolean ledger_store_place(struct store *store, const char *number, guint64 *ret, GError **error);

/* By whom this desk's checkpoints are signed: Ed25519, the seed derived from the master key. */
gboolean ledger_store_key(const struct keyring *keys, const char *origin, struct note_key *ret,
	guint8 ret_seed[NOTE_KEY_SIZE], GError **error);

/* Recompute, compare with the edge and with the checkpoint signed last, then sign and keep
 * the new one in `dir`. A tree that does not continue that one is never signed: an older
 * database put back, a leaf changed. *ret is the note; the caller frees. */
gboolean ledger_store_sign(struct store *store, const char *dir, const struct keyring *keys,
	const char *origin, struct checkpoint *ret_checkpoint, char **ret, GError **error);

#endif
