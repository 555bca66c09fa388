/* SPDX-License-Identifier: MIT
 *
 * ledger.h - what the ledger's verbs share.
 *
 * They read the database beside the running service, as it is at one moment; nothing of it
 * is changed. Signing keeps the note in the data folder.
 */
#ifndef KIOSK_CTL_LEDGER_H
#define KIOSK_CTL_LEDGER_H

#include "kiosk/ctl/ctl.h"
#include "kiosk/record/ledger_file.h"

/* Configuration, master key and database: ctl->store reads. */
gboolean ledger_open(struct ctl *ctl, GError **error);

/* The public key of this desk's ledger. Needs the master key. */
gboolean ledger_own_key(struct ctl *ctl, struct note_key *ret, GError **error);

/* Sign what the ledger is now. The caller frees *ret_note. */
gboolean ledger_checkpoint(
	struct ctl *ctl, struct checkpoint *ret, char **ret_note, GError **error);

/* To the file, or on standard output where it is NULL. */
gboolean ledger_put(const char *path, const char *text, GError **error);

/* The whole of a file that came from elsewhere. */
gboolean ledger_get(const char *path, char **ret, gsize *ret_len, GError **error);

/* One fault a line on standard error. */
void ledger_say_faults(GPtrArray *faults);

#endif
