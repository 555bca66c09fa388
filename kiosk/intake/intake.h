/* SPDX-License-Identifier: MIT
 *
 * intake.h - who takes the request? One interface, any far end.
 *
 * Main thread. An intake asks once and says what it saw; it never tries again by itself:
 * that is the sender's (sender.h), by the rules of outbox_rules.h. `done` is called once,
 * never before the call returned, and not at all after `cancellable` fired.
 *
 * What every intake keeps (tests/intake runs one suite on all of them):
 * submitting the same item again is ACCEPTED and makes nothing new; the same key with other
 * bytes is REFUSED; what was ACCEPTED is found by look_up from then on; ABSENT is said only
 * by a far end that was reached and searched; UNKNOWN whenever a request byte may have
 * arrived and no answer came.
 */
#ifndef KIOSK_INTAKE_INTAKE_H
#define KIOSK_INTAKE_INTAKE_H

#include <gio/gio.h>

#include "kiosk/cleanup.h"

#define INTAKE_ID_SIZE     64 /* of the far end's own number; longer ones are refused */
#define INTAKE_REASON_SIZE 64
#define INTAKE_NUMBER_SIZE 40 /* REQUEST_NUMBER_SIZE */
#define INTAKE_KEY_SIZE    37 /* REQUEST_UUID_SIZE */
#define INTAKE_TAG_SIZE    65 /* hex HMAC-SHA-256, NUL */

#define INTAKE_ERROR (intake_error_quark())
GQuark intake_error_quark(void);
enum intake_error {
	INTAKE_ERROR_SETUP,   /* the far end is not as it must be; message: what to change there */
	INTAKE_ERROR_ACCESS,  /* credentials or permissions; message: which */
	INTAKE_ERROR_ANSWER,  /* not what it documents; message: a code, never its text */
	INTAKE_ERROR_BUSY,    /* throttled */
	INTAKE_ERROR_REFUSED, /* understood, and not taken; message: its code */
};

enum intake_answer {
	INTAKE_ACCEPTED, /* the far end has it, with these bytes */
	INTAKE_ABSENT,   /* look_up, live_of: it has no such request */
	INTAKE_NOT_SENT, /* no connection, TLS not up: no request byte left */
	INTAKE_UNKNOWN,  /* it may or may not have it: only look_up can tell */
	INTAKE_LATER,    /* it said that it did nothing and wants to be asked again */
	INTAKE_REFUSED,  /* it will not take this; asking again would not help */
	INTAKE_HOLDER,   /* the holder has another live request there: `number` */
	INTAKE_TAKEN_UP, /* cancel: too late, it has been started or ended */
	INTAKE_ANSWER_COUNT
};

/* How far the far end says it is; nothing is ever guessed. */
enum intake_progress {
	INTAKE_WAITING,   /* there, and not begun */
	INTAKE_STARTED,   /* `at` says when */
	INTAKE_DONE,      /* the re-registration was set up */
	INTAKE_DECLINED,  /* `reason` */
	INTAKE_CANCELLED, /* by the holder, or given up for another live request */
	INTAKE_PROGRESS_COUNT
};

/* One request as it is sent: the same bytes each time. */
struct intake_item {
	const char *number;
	const char *key;    /* UUID: the idempotency key */
	const char *holder; /* hex tag under the fleet's key; never the common id */
	GBytes *envelope;   /* frozen JSON (record/envelope.h) */
	guint tries;        /* sendings before this one; a 400 to a second try needs a look-up */
	gboolean fresh;     /* on a new connection (after a 503) */
	gboolean live;      /* a person is waiting at the counter */
};

struct intake_result {
	enum intake_answer answer;
	const GError *error;             /* NET_ERROR, INTAKE_ERROR; NULL with ACCEPTED, ABSENT */
	char id[INTAKE_ID_SIZE];         /* the far end's own number of it */
	char number[INTAKE_NUMBER_SIZE]; /* of what was found: look_up, live_of, HOLDER */
	char key[INTAKE_KEY_SIZE];       /* likewise */
	enum intake_progress progress;   /* with ACCEPTED */
	gint64 at;                       /* seconds since 1970, as the far end reported; 0 none */
	char reason[INTAKE_REASON_SIZE]; /* of DECLINED: a code, [a-z0-9-]; "" none */
	gint retry_after_s;              /* -1: none said */
	gboolean fresh;                  /* next time on a new connection */
	gint units_left;                 /* of the far end's budget; -1: not said */
};

struct intake; /* opaque */

/* `result` is borrowed for the call. */
typedef void (*intake_done)(
	struct intake *intake, const struct intake_result *result, gpointer data);

/* A sheet of a list that several desks share (handoff, postgresql). */
struct intake_sheet {
	char number[INTAKE_NUMBER_SIZE];
	gint64 filed_at;
};
typedef void (*intake_sheets_done)(struct intake *intake, const struct intake_sheet *sheets,
	gsize n, const GError *error, gpointer data);
typedef void (*intake_envelope_done)(
	struct intake *intake, GBytes *envelope, const GError *error, gpointer data);

struct intake_ops {
	const char *name; /* word of the configuration */
	/* A clerk's hand is the far end, and the record its list: the sender leaves it alone;
	 * submit, look_up, live_of and cancel are NULL. */
	gboolean by_hand;
	guint submit_units, look_up_units; /* of the far end's budget a minute */

	/* Once at the start and after a change of the network: is the far end as it must be?
	 * error NULL: it is; SETUP or ACCESS: nothing may be filed to it; else: not reached. */
	void (*check)(
		struct intake *intake, GCancellable *cancellable, intake_done done, gpointer data);
	void (*submit)(struct intake *intake, const struct intake_item *item,
		GCancellable *cancellable, intake_done done, gpointer data);
	/* By key. ACCEPTED with progress, or ABSENT. `id`: what it was accepted as; "" unknown. */
	void (*look_up)(struct intake *intake, const char *key, const char *id,
		GCancellable *cancellable, intake_done done, gpointer data);
	/* A live request of this holder, from any counter: ACCEPTED with number, or ABSENT. */
	void (*live_of)(struct intake *intake, const char *holder, GCancellable *cancellable,
		intake_done done, gpointer data);
	/* While it is WAITING: ACCEPTED with CANCELLED, or TAKEN_UP. */
	void (*cancel)(struct intake *intake, const char *key, const char *id,
		GCancellable *cancellable, intake_done done, gpointer data);

	/* The list that clerks enter by hand; NULL where the far end does that itself. */
	void (*sheets)(struct intake *intake, guint max, GCancellable *cancellable,
		intake_sheets_done done, gpointer data);
	void (*open_sheet)(struct intake *intake, const char *number, GCancellable *cancellable,
		intake_envelope_done done, gpointer data);
	/* Entered under the menu's number `outside`: ACCEPTED with DONE. */
	void (*filed)(struct intake *intake, const char *number, const char *outside,
		GCancellable *cancellable, intake_done done, gpointer data);

	struct intake *(*free)(struct intake *intake);
};

/* First member of every intake's struct. */
struct intake {
	const struct intake_ops *ops;
};

/* A result that says nothing yet: no numbers, -1 where nothing was said. */
struct intake_result intake_result_of(enum intake_answer answer);

static inline struct intake *intake_free(struct intake *intake)
{
	return intake ? intake->ops->free(intake) : NULL;
}
DEFINE_CLEANUP(intake, intake_free)

#endif
