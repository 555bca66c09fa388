/* SPDX-License-Identifier: MIT
 *
 * sender_private.h - what the files of the sender share.
 */
#ifndef KIOSK_INTAKE_SENDER_PRIVATE_H
#define KIOSK_INTAKE_SENDER_PRIVATE_H

#include "kiosk/intake/sender.h"

#define FOLLOW_LOOK_US (30 * G_TIME_SPAN_SECOND) /* how often rows to follow are looked for */

enum flight { FLIGHT_NONE, FLIGHT_CHECK, FLIGHT_SEND, FLIGHT_LOOK, FLIGHT_FOLLOW, FLIGHT_COUNT };

struct sender {
	struct store *store;   /* borrowed */
	struct intake *intake; /* borrowed */
	struct sender_settings settings;
	sender_changed changed;
	gpointer data;

	enum flight flight; /* one question at a time */
	struct outbox_row row;
	GCancellable *cancellable;
	gboolean checked; /* the far end is as it must be, as far as is known */
	gboolean fresh;   /* the next one on a new connection */

	GPtrArray *live;       /* numbers of who waits at the counter, in order */
	GHashTable *delayed;   /* number -> gint64 *, monotonic: not before */
	gint64 not_before_us;  /* monotonic: nothing at all before */
	gint64 retry_after_us; /* of that, what the far end demanded */
	gint64 gap_until_us;
	guint fails; /* without a success between them */
	struct outbox_budget budget;
	GRand *random; /* of the delays; no secret */

	guint timer;
	gint64 timer_us;

	enum sender_health health;
	GError *error;
};

static inline gint64 sender_now(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

/* sender.c */
void sender_step(struct sender *s);
void sender_wake_at(struct sender *s, gint64 when_us);

/* sender_answer.c */
void sender_on_answer(struct intake *intake, const struct intake_result *result, gpointer data);
void sender_on_checked(struct intake *intake, const struct intake_result *result, gpointer data);
/* Nothing is sent for a while: as long as the rules say after so many failures, and never
 * before `retry_after_s` (negative: not said). */
void sender_pause(struct sender *s, gint retry_after_s);

#endif
