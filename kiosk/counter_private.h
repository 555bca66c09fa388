/* SPDX-License-Identifier: MIT
 *
 * counter_private.h - the counter's inside, for the counter_*.c files only.
 */
#ifndef KIOSK_COUNTER_PRIVATE_H
#define KIOSK_COUNTER_PRIVATE_H

#include <gio/gio.h>

#include "kiosk/card_thread.h"
#include "kiosk/case.h"
#include "kiosk/config/incidents.h"
#include "kiosk/counter.h"
#include "kiosk/seats.h"
#include "kiosk/visit/visit.h"

#define DIGITS_TRIES 3
/* Between two events of one dispatch; a table that needs more is wrong. */
#define COUNTER_EVENTS_MAX 16

/* What keeps the counter closed or is worth saying, by problem. */
struct counter_health {
	gboolean wrong[PROBLEM_COUNT];
	char *detail; /* for IT staff */
};

/* What a card is read for. Its report counts only while that is still wanted. */
enum errand {
	ERRAND_NONE,
	ERRAND_HOLDER,
	ERRAND_CLERK,
	ERRAND_CONSENT,
	ERRAND_SAME, /* is it still the card of this visit? */
};

/* IT staff have the readers; then they are done, but a card still lies there. */
enum loan { LOAN_NONE, LOAN_OUT, LOAN_BACK };

/* A card that was to be taken away went with its reader instead: it will come back with it. */
struct left_card {
	char reader[READER_NAME_SIZE]; /* empty: none is */
	gint64 back_us;                /* monotonic: when its reader came back; 0: not yet */
};

/* The readers and what lies on them. "The field" is that of the readers that serve holders. */
struct counter_field {
	gboolean service; /* pcscd answers */
	gboolean known;   /* the first report came */
	struct seats seats;
	gint64 empty_since_us;         /* monotonic; 0: not empty */
	guint armed_source;            /* when the consent tap begins to count */
	char reader[READER_NAME_SIZE]; /* read last, or being read */
	gboolean swapped;              /* the card to be read came at once after another left */
	guint reads;                   /* ordered and not answered */
	guint busy_tries, busy_source; /* while another program holds the card */
	enum errand busy_errand;
	char odd_reader[READER_NAME_SIZE]; /* the last that speaks no known dialect */
	guint calm_source;                 /* when a contact that broke is trusted again */
	gboolean read_again;               /* once for each contact: counter_calm() */
	struct left_card left;
	enum loan loan;
	guint loan_source; /* when it ends at the latest, or its end has settled */
};

/* A look-up of another account of the same person; one at a time. */
struct account_ask {
	gboolean running;
	gsize i; /* of person.linked */
};

/* One question to the far end about an earlier request; at most one at a time. */
struct filed_ask {
	GCancellable *cancellable; /* NULL: none is under way */
	guint source;              /* its limit */
};

/* How long a view's padding must be: a wipe ends with a view as long as the last. */
struct counter_view {
	guint sequence;
	gsize longest;
};

struct counter {
	struct counter_parts parts;
	struct card_thread *cards;
	struct incidents *incidents;
	char incident_id[INCIDENT_ID_SIZE]; /* of the one in force; empty: none */
	GCancellable *cancellable;          /* of the visit; renewed by each wipe */
	struct account_ask ask;
	struct filed_ask filed;

	enum visit_state state;
	guint64 visit;
	guint32 step;
	enum visit_event events[COUNTER_EVENTS_MAX];
	guint n_events;
	gboolean dispatching;

	struct visit_case k;
	enum problem problem; /* of state PROBLEM */
	enum problem notice;  /* a mishap that changed no state */
	gint64 notice_us;     /* monotonic: when it was said */
	gint64 wait_until_us; /* monotonic: until a PIN is heard again */

	struct clerk clerk, pending; /* signed in; card read, PIN wanted */
	gboolean has_clerk, has_pending, pin_running;

	struct counter_field field;
	struct counter_health health;

	gint64 clerk_us, holder_us; /* monotonic: last input of each */
	guint tick_source, lookup_source, changed_source;
	guint ticks; /* seconds of the clock */
	guint left;  /* seconds shown to the holder; 0 none */

	guint unsent, refused; /* requests that wait to be sent; that the far end would not take */
	GSList *sheet_asks;    /* questions about sheets that were not answered yet */
	guint pending_sheets;
	gint64 pending_since;
	guint64 visits;
	gint64 started_us;

	struct counter_view desk, holder;
	guint health_sequence;
	counter_changed changed;
	gpointer changed_data;
};

/* counter.c */
void counter_dispatch(struct counter *c, enum visit_event event);
void counter_fail(struct counter *c, enum visit_event event, enum problem problem);
void counter_say(struct counter *c, enum problem notice);
void counter_views_changed(struct counter *c);
void counter_health_changed(struct counter *c);
struct civil counter_civil(void);
gint64 counter_now(void); /* seconds since 1970 */
const struct incident *counter_incident(const struct counter *c);
void counter_incident_check(struct counter *c);

/* counter_intents.c */
enum intent_answer counter_check_stamp(
	const struct counter *c, struct intent_stamp at, enum visit_intent intent);

#define RETURN_UNLESS_ALLOWED(c, at, intent)                                                       \
	do {                                                                                       \
		enum intent_answer allowed = counter_check_stamp(c, at, VISIT_MAY_##intent);       \
		if (allowed != INTENT_TAKEN)                                                       \
			return allowed;                                                            \
	} while (0)

/* A word of the door, at most CASE_CODE_SIZE - 1 of [a-z0-9-]. */
gboolean counter_is_code(const char *text);

/* counter_check.c: is this the person? */
gboolean counter_judge(struct counter *c); /* FALSE: the visit was stopped */
void counter_draw_digits(struct counter *c);
enum identity_gate counter_gate(const struct counter *c);
enum problem counter_problem_of_answer(enum directory_answer answer);

/* counter_accounts.c: R17 */
void counter_ask_accounts(struct counter *c); /* look up what is not known yet */
void counter_forget_accounts(struct counter *c);

/* counter_filed.c: a request of the holder that was filed before */
void counter_ask_filed(struct counter *c); /* then FILED_BEFORE, FOUND or STOPPED */
void counter_ask_tap(struct counter *c);
void counter_take_back_request(struct counter *c);
void counter_forget_filed(struct counter *c);

/* counter_sheets.c: what a clerk enters by hand */
void counter_count_shared(struct counter *c); /* how many wait in a list that desks share */
void counter_sheets_stop(struct counter *c);

/* counter_steps.c: one function an action of the visit table */
void counter_act(struct counter *c, enum visit_action_bit action);
struct route_facts counter_route_facts(const struct counter *c);
void counter_judge_route(struct counter *c);

/* counter_field.c: cards and readers that come and go */
void counter_on_event(struct counter *c, const struct watch_event *event);
gboolean counter_armed(const struct counter *c);
void counter_arm_later(struct counter *c);
void counter_calm(struct counter *c);
struct seat_rules counter_seat_rules(const struct counter *c);
void counter_field_stop(struct counter *c);

/* counter_cards.c: what a card says */
void counter_on_report(const struct card_report *report, gpointer data);
void counter_read_field(struct counter *c);

/* counter_loan.c */
void counter_loan_check(struct counter *c); /* over, once the readers are empty */

/* counter_clock.c */
void counter_clock_start(struct counter *c);
void counter_clock_stop(struct counter *c);
void counter_clerk_acts(struct counter *c);
void counter_holder_acts(struct counter *c);
guint counter_clerk_left(const struct counter *c);
gboolean counter_cards_silent(const struct counter *c); /* for longer than is ordinary */

/* counter_health.c */
void counter_health_check(struct counter *c);
gboolean counter_is_ready(const struct counter *c);
enum problem counter_worst(const struct counter *c);
void counter_queue_check(struct counter *c);

#endif
