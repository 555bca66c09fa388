/* SPDX-License-Identifier: MIT
 *
 * envelope.h - the frozen bytes of a request: what is sealed, and sent each time.
 *
 *	{"v":2,"number":…,"uuid":…,"payload":…,"evidence":…,"salt":…,"size":…,"root":…,
 *	 "holder":…}
 *
 * payload and evidence are JSON texts carried as strings, so that their bytes
 * come out as they went in; salt, root and holder are hex. holder is the tag by which the
 * desks of one fleet know the person, "" without a fleet's key; version 1 has none.
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
#include "kiosk/record/seal.h"

#define ENVELOPE_SALT_SIZE 32
#define ENVELOPE_LEAF_SIZE 32
#define ENVELOPE_PART_MAX  (32 * 1024) /* longest payload, longest evidence */

struct envelope {
	const struct request_receipt *receipt; /* number, uuid; size and root for the build */
	GBytes *payload;
	GBytes *evidence;
	guint8 salt[ENVELOPE_SALT_SIZE];
	char holder[2 * SEAL_HASH_SIZE + 1]; /* hex, or "" */
};

/* Non-empty UTF-8 text without NUL, not longer than ENVELOPE_PART_MAX. */
gboolean envelope_part_valid(GBytes *part);

void envelope_leaf(const struct envelope *envelope, guint8 ret[ENVELOPE_LEAF_SIZE]);
GBytes *envelope_build(const struct envelope *envelope);

#endif
