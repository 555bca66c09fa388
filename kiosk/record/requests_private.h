/* SPDX-License-Identifier: MIT
 *
 * requests_private.h - what the files of requests share.
 */
#ifndef KIOSK_RECORD_REQUESTS_PRIVATE_H
#define KIOSK_RECORD_REQUESTS_PRIVATE_H

#include "kiosk/record/ledger.h"
#include "kiosk/record/requests.h"
#include "kiosk/record/store_private.h"

#define REQUEST_AAD_SIZE  (REQUEST_NUMBER_SIZE + 16)
#define REQUEST_WRAP_SIZE (KEY_SIZE + SEAL_OVERHEAD)

/* Recipients of a record key. The desk's own wrap is under the key of the day. */
#define RECIPIENT_DESK "desk"

/* Where a box belongs: "envelope/<number>", "wrap/desk/<number>". */
static inline void request_aad(const char *kind, const char *number, char ret[REQUEST_AAD_SIZE])
{
	g_snprintf(ret, REQUEST_AAD_SIZE, "%s/%s", kind, number);
}
#define AAD_ENVELOPE  "envelope"
#define AAD_WRAP_DESK "wrap/" RECIPIENT_DESK

void request_holder_tag(struct store *store, const char *common_id, guint8 ret[32]);

/* By which other desks know the holder; FALSE: no fleet key. */
gboolean request_fleet_tag(struct store *store, const char *common_id, guint8 ret[32]);

/* Inside a transaction: the leaf is the tree's next; size and root are those after it. */
gboolean request_ledger_append(struct store *store, const guint8 leaf_hash[LEDGER_HASH_SIZE],
	guint64 *ret_size, guint8 ret_root[LEDGER_HASH_SIZE], GError **error);

#endif
