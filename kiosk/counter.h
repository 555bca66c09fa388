/* SPDX-License-Identifier: MIT
 *
 * counter.h - the one object that owns the visit and carries out what its table asks for.
 *
 * Main thread only. The door calls it; it calls nobody back but with "changed".
 */
#ifndef KIOSK_COUNTER_H
#define KIOSK_COUNTER_H

#include <glib.h>

#include "kiosk/cleanup.h"
#include "kiosk/config/config.h"
#include "kiosk/directory/directory.h"
#include "kiosk/intake/sender.h"
#include "kiosk/record/store.h"
#include "kiosk/visit/problem.h"
#include "pcsc/card.h"

/* What the counter works with. All borrowed; they outlive it. */
struct counter_parts {
	const struct config *config;
	struct store *store;              /* NULL: could not be opened */
	struct directory *directory;      /* NULL with store NULL */
	struct intake *intake;            /* likewise */
	struct sender *sender;            /* NULL: a clerk's hand is the far end */
	const struct card_key *card_keys; /* for layouts with a MAC; NULL: none */
	gsize n_card_keys;
	enum problem broken;       /* why it could not, PROBLEM_NONE if it could */
	const char *broken_detail; /* for IT staff; no personal data */
};

struct counter;

struct counter *counter_new(const struct counter_parts *parts);

/* Begin to watch cards, clocks and incidents. */
void counter_start(struct counter *counter);

struct counter *counter_free(struct counter *counter);
DEFINE_CLEANUP(counter, counter_free)

/* Called from the main loop, at most once a turn of it, with the numbers of the views. */
typedef void (*counter_changed)(guint desk, guint holder, guint health, gpointer data);
void counter_on_changed(struct counter *counter, counter_changed changed, gpointer data);

/* The views of counter.xml: a{sv}, floating. */
GVariant *counter_desk_view(struct counter *counter);
GVariant *counter_holder_view(struct counter *counter);
GVariant *counter_health_view(struct counter *counter);
GVariant *counter_status(struct counter *counter);

/* Intents of counter.xml. Each checks visit, step and the visit table first. */
enum intent_answer {
	INTENT_TAKEN,
	INTENT_STALE,       /* made for another visit or step */
	INTENT_NOT_ALLOWED, /* the state does not know it */
	INTENT_INVALID,     /* the argument has no sense */
	INTENT_FAILED,      /* the record could not do it; see health */
};

/* Which view an intent was made from. */
struct intent_stamp {
	guint64 visit;
	guint32 step;
};

enum intent_answer counter_sign_in(struct counter *c, struct intent_stamp at, const char *pin);
enum intent_answer counter_sign_out(struct counter *c, struct intent_stamp at);
enum intent_answer counter_no_card(struct counter *c, struct intent_stamp at, const char *number,
	const char *document, const char *reason);
enum intent_answer counter_check(struct counter *c, struct intent_stamp at, const char *digits);
enum intent_answer counter_decide(
	struct counter *c, struct intent_stamp at, const char *verdict, const char *ground);
enum intent_answer counter_account(
	struct counter *c, struct intent_stamp at, const char *common_id);
enum intent_answer counter_call_second(struct counter *c, struct intent_stamp at);
enum intent_answer counter_answer(
	struct counter *c, struct intent_stamp at, const char *question, const char *value);
enum intent_answer counter_reason(struct counter *c, struct intent_stamp at, const char *reason);
enum intent_answer counter_phone(struct counter *c, struct intent_stamp at, const char *number);
enum intent_answer counter_shown(
	struct counter *c, struct intent_stamp at, const char *digest, const char *language);
enum intent_answer counter_consent(struct counter *c, struct intent_stamp at, gboolean yes);
enum intent_answer counter_cancel(struct counter *c, struct intent_stamp at);
enum intent_answer counter_end(struct counter *c, struct intent_stamp at);
enum intent_answer counter_withdraw(struct counter *c, struct intent_stamp at);
enum intent_answer counter_anew(struct counter *c, struct intent_stamp at);
enum intent_answer counter_extend(struct counter *c, struct intent_stamp at);

/* A hand at a window: "desk" or "holder". */
void counter_touch(struct counter *c, const char *seat);

/* A window went away: what it showed is no longer shown. */
void counter_unseen(struct counter *c);

/* Hand-off sheets; between visits, by a signed-in clerk. Answered once, at the latest when
 * the counter is freed, perhaps before the call returned. `value` is floating or NULL: rows
 * a(sx), fields a(ss). */
typedef void (*counter_answered)(enum intent_answer answer, GVariant *value, gpointer data);
void counter_list_sheets(struct counter *c, counter_answered answered, gpointer data);
void counter_open_sheet(
	struct counter *c, const char *number, counter_answered answered, gpointer data);
void counter_sheet_filed(struct counter *c, const char *number, const char *outside,
	counter_answered answered, gpointer data);

/* Lend the readers to IT staff for at most `seconds`, between visits only: the counter is
 * closed meanwhile (P-52) and connects to no card. NULL, or why not. */
#define COUNTER_LOAN_MAX_S 600
const char *counter_lend(struct counter *c, guint seconds);

/* The loan ends; a card that lies there must be taken away before the counter opens. */
void counter_take_back(struct counter *c);
gboolean counter_has_lent(const struct counter *c);

/* What an error of keyring or store means at the counter. */
enum problem counter_problem_of(const GError *error);

/* Something that the administrator changed (clerks, queue): look again. */
void counter_recheck(struct counter *c);

/* The outbox: `number` changed its state, or with NULL the way to the far end did. */
void counter_request_changed(struct counter *c, const char *number);

#endif
