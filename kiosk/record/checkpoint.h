/* SPDX-License-Identifier: MIT
 *
 * checkpoint.h - size and root of the ledger, signed (c2sp.org/tlog-checkpoint).
 *
 * Origin, decimal size and base64 root, a line each, in a signed note whose key is named
 * as the origin. Pure.
 */
#ifndef KIOSK_RECORD_CHECKPOINT_H
#define KIOSK_RECORD_CHECKPOINT_H

#include "kiosk/record/ledger.h"
#include "kiosk/record/note.h"

struct checkpoint {
	guint64 size;
	guint8 root[LEDGER_HASH_SIZE];
};

/* The signed note; its origin is the key's name. The caller frees. */
char *checkpoint_sign(const struct checkpoint *checkpoint, const struct note_key *key,
	const guint8 seed[NOTE_KEY_SIZE]);

/* Check the signature, then read. Further lines are passed over, as the format asks. */
gboolean checkpoint_open(const char *note, gsize len, const struct note_key *key,
	struct checkpoint *ret, GError **error);

#endif
