/* SPDX-License-Identifier: MIT
 *
 * requests.h - filed requests: one transaction each, sealed, numbered.
 *
 * Filing: leaf = salted commitment to the payload -> append -> compute root ->
 * freeze the envelope {number, uuid, payload, size, root} -> seal -> outbox row
 * -> one COMMIT. When requests_file() returned TRUE the request survives power loss.
 */
#ifndef KIOSK_RECORD_REQUESTS_H
#define KIOSK_RECORD_REQUESTS_H

#include "kiosk/record/outbox_rules.h"
#include "kiosk/record/store.h"

#define REQUEST_NUMBER_SIZE 40 /* <desk>-<yyyymmdd>-<sequence><check>, NUL */
#define REQUEST_UUID_SIZE   37
#define REQUEST_DESK_SIZE   16 /* [A-Z0-9]{1,12} */

struct request_filing {
	const char *desk;      /* desk id */
	const char *common_id; /* for the holder tag only */
	gint32 date;           /* YYYYMMDD, local */
	gint64 now;            /* seconds since 1970 */
	GBytes *payload;       /* canonical JSON, exactly what the holder consented to */
	GBytes *evidence;      /* JSON: how identity and consent were established; kept with it */
};

struct request_receipt {
	char number[REQUEST_NUMBER_SIZE];
	char uuid[REQUEST_UUID_SIZE]; /* version 4; the idempotency key */
	guint64 size;                 /* ledger size after this leaf */
	guint8 root[32];
};

gboolean requests_file(struct store *store, const struct request_filing *filing,
	struct request_receipt *ret, GError **error);

struct request_row {
	gint64 id;
	char number[REQUEST_NUMBER_SIZE];
	gint64 filed_at; /* seconds since 1970 */
	enum outbox_state state;
	char outside[64]; /* number the far end gave; empty until then */
};

/* Is there a request of this holder that has not ended? TRUE with *ret; FALSE without error: none.
 */
gboolean requests_live_of(
	struct store *store, const char *common_id, struct request_row *ret, GError **error);

/* Rows of `state`, oldest first, at most `max`; array of struct request_row. */
GArray *requests_list(struct store *store, enum outbox_state state, guint max, GError **error);

/* How many are queued, and since when the oldest (seconds since 1970; 0: none). */
gboolean requests_waiting(struct store *store, guint *ret_n, gint64 *ret_oldest, GError **error);

/* Unseal the frozen envelope (JSON). Wiped with its last reference. */
GBytes *requests_envelope(struct store *store, const char *number, GError **error);

/* QUEUED -> DONE with the far end's number, or -> CANCELLED with a reason code. */
gboolean requests_done(
	struct store *store, const char *number, const char *outside, gint64 now, GError **error);
gboolean requests_cancel(
	struct store *store, const char *number, const char *reason, gint64 now, GError **error);

/* Destroy payload keys of requests that ended before `before` (see DESIGN "Keys"). */
gboolean requests_erase(struct store *store, gint64 before, guint *ret_erased, GError **error);

/* Recompute the ledger from its leaves and compare it with what was kept:
 * STORE_ERROR_DAMAGED if they differ. Takes a second for half a million leaves. */
gboolean requests_ledger(
	struct store *store, guint64 *ret_size, guint8 ret_root[32], GError **error);

/* "GAKU1-20261122-0007K": is the check character right (ISO 7064 MOD 37-2)? Pure. */
gboolean request_number_valid(const char *number);

#endif
