/* SPDX-License-Identifier: MIT
 *
 * envelope.h - the frozen bytes of a request: what is sealed, and sent each time.
 *
 *	{"v":1,"number":…,"uuid":…,"payload":…,"evidence":…,"salt":…,"size":…,"root":…}
 *
 * payload and evidence are JSON texts carried as strings, so that their bytes
 * come out as they went in; salt and root are hex.
 *
 * The ledger's leaf is HMAC-SHA-256(salt, number ‖ LF ‖ uuid ‖ LF ‖
 * SHA-256(payload) ‖ SHA-256(evidence)): whoever has the envelope can show that
 * it is in the log; once it is erased the leaf says nothing of the person.
 *
 * Pure; every buffer is wiped.
 */
#ifndef KIOSK_RECORD_ENVELOPE_H
#define KIOSK_RECORD_ENVELOPE_H

#include "kiosk/record/ledger.h"
#include "kiosk/record/requests.h"

#define ENVELOPE_SALT_SIZE 32
#define ENVELOPE_LEAF_SIZE 32
#define ENVELOPE_PART_MAX  (32 * 1024) /* longest payload, longest evidence */

struct envelope {
	const struct request_receipt *receipt; /* number, uuid; size and root for the build */
	GBytes *payload;
	GBytes *evidence;
	guint8 salt[ENVELOPE_SALT_SIZE];
};

/* Non-empty UTF-8 text without NUL, not longer than ENVELOPE_PART_MAX. */
gboolean envelope_part_valid(GBytes *part);

void envelope_leaf(const struct envelope *envelope, guint8 ret[ENVELOPE_LEAF_SIZE]);
GBytes *envelope_build(const struct envelope *envelope);

#endif
