/* SPDX-License-Identifier: MIT
 *
 * outbox.h - the table of what still has to reach the far end, or be heard of again.
 *
 * Main thread. Every change is one committed transaction by outbox_rules.h; a pair that the
 * table does not allow is STORE_ERROR_INVALID.
 */
#ifndef KIOSK_RECORD_OUTBOX_H
#define KIOSK_RECORD_OUTBOX_H

#include "kiosk/record/outbox_rules.h"
#include "kiosk/record/requests.h"

#define OUTBOX_ID_SIZE     64
#define OUTBOX_REASON_SIZE 64
#define OUTBOX_TAG_SIZE    65 /* hex, NUL */

struct outbox_row {
	gint64 id; /* of the request */
	char number[REQUEST_NUMBER_SIZE];
	char key[REQUEST_UUID_SIZE];
	char holder[OUTBOX_TAG_SIZE]; /* hex tag under the fleet's key; "" filed without one */
	enum outbox_state state;
	guint tries;                  /* sendings begun */
	gint64 filed_at, changed_at;  /* seconds since 1970 */
	char outside[OUTBOX_ID_SIZE]; /* the far end's number */
	char progress[16];            /* word of the far end's state: "" | waiting | started … */
	gint64 progress_at;           /* when, as the far end reported; 0 none */
	char reason[OUTBOX_REASON_SIZE]; /* of refused, cancelled */
};

/* What was seen, beside the event. Strings may be NULL: unchanged. */
struct outbox_news {
	const char *outside, *progress, *reason;
	gint64 progress_at;
	gint64 now; /* seconds since 1970 */
};

/* At the start: SENDING becomes UNKNOWN. */
gboolean outbox_restart(struct store *store, gint64 now, GError **error);

/* One event; FALSE with STORE_ERROR_INVALID where the table forbids it. */
gboolean outbox_apply(struct store *store, const char *number, enum outbox_event event,
	const struct outbox_news *news, enum outbox_state *ret, GError **error);

gboolean outbox_row_of(
	struct store *store, const char *number, struct outbox_row *ret, GError **error);

/* QUEUED and UNKNOWN rows, oldest first, at most `max`: what has to be sent or looked up. */
GArray *outbox_waiting(struct store *store, guint max, GError **error);

/* ACCEPTED rows that were not heard of since `before`, longest silent first. */
GArray *outbox_to_follow(struct store *store, gint64 before, guint max, GError **error);

/* The newest row of this holder that has not been erased, whatever its state. TRUE with *ret;
 * FALSE without error: none. */
gboolean outbox_of_holder(
	struct store *store, const char *common_id, struct outbox_row *ret, GError **error);

/* How many are not accepted yet (queued, sending, unknown), and how many were refused and not
 * put back or erased. */
gboolean outbox_counts(struct store *store, guint *ret_unsent, guint *ret_refused, GError **error);

/* The tag that other desks know the holder by, hex; FALSE: no fleet key. */
gboolean outbox_holder_tag(struct store *store, const char *common_id, char ret[OUTBOX_TAG_SIZE]);
void outbox_tag_text(const guint8 tag[32], char ret[OUTBOX_TAG_SIZE]);

#endif
