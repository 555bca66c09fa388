/* SPDX-License-Identifier: MIT
 *
 * case.h - everything the counter knows of the person in front of it.
 *
 * One struct, so that one wipe forgets it all.
 */
#ifndef KIOSK_CASE_H
#define KIOSK_CASE_H

#include <glib.h>

#include "kiosk/directory/directory.h"
#include "kiosk/intake/intake.h"
#include "kiosk/record/clerks.h"
#include "kiosk/record/requests.h"
#include "kiosk/visit/identity.h"
#include "kiosk/visit/incident.h"
#include "kiosk/visit/problem.h"
#include "kiosk/visit/route.h"
#include "pcsc/reading.h"

#define CASE_CODE_SIZE   24
#define CASE_DIGEST_SIZE 65 /* hex SHA-256, NUL */
#define CASE_LANG_SIZE   8

/* What the directory said of one account. */
struct case_account {
	gboolean found;
	enum problem problem; /* why it was not found; PROBLEM_NONE: not asked, or not yet */
	struct person person;
	char source[CASE_CODE_SIZE];
	gint64 as_of; /* of the directory's data; 0 live */
	gboolean fallback;
	enum source_duty duty;
};

/* A request of the holder that was filed before, at whichever counter. */
struct case_filed {
	gboolean known, here; /* there is one; filed at this desk */
	char number[INTAKE_NUMBER_SIZE], key[INTAKE_KEY_SIZE], id[INTAKE_ID_SIZE];
	char progress[CASE_CODE_SIZE]; /* as the door says it */
	char reason[INTAKE_REASON_SIZE];
	gint64 filed_at, at; /* seconds since 1970; 0 not known */
	gboolean ended;      /* another may be filed */
	gboolean withdraw;   /* it may still be taken back */
	gboolean unsent;     /* nothing of it ever left this desk */
};

struct visit_case {
	gboolean has_card;
	struct card_reading reading;
	char document[CASE_CODE_SIZE];       /* without card: kind of document seen */
	char no_card_reason[CASE_CODE_SIZE]; /* and why there is none */
	char asked_id[PERSON_ID_SIZE];       /* and whom the clerk asked for */

	/* The account acted on: that of card or number, until another was chosen (R17). */
	gboolean found;
	struct person person;
	char source[CASE_CODE_SIZE];
	gint64 as_of; /* of the directory's data; 0 live */
	gboolean fallback;
	enum source_duty duty;
	struct case_account others[PERSON_LINKED_MAX]; /* in the order of person.linked */
	gboolean moved;                                /* another was chosen; `owner` was first */
	struct person owner;

	struct verdicts verdicts;
	struct identity_progress progress;
	uint8_t places[DIGITS_MAX];
	guint n_places;
	guint tries; /* wrong digits checks so far */
	gint64 checked_at;
	struct clerk second;
	gboolean has_second;

	enum answer answers[QUESTION_COUNT];
	enum reason reason;
	char phone[INCIDENT_PHONE_SIZE];
	struct route_result route;

	GBytes *payload;
	char digest[CASE_DIGEST_SIZE];
	gboolean shown;
	char shown_language[CASE_LANG_SIZE];
	gint64 consented_at;
	gboolean consent_by_card;
	struct request_receipt receipt; /* number empty until committed */
	gboolean sent;                  /* and the far end has it */
	struct case_filed filed;
};

/* Blank, no card, no reissue stated. */
void case_init(struct visit_case *k);

/* Act on the found other account `i` from now on: it is checked from the beginning. */
void case_move(struct visit_case *k, gsize i);

/* Is `common_id` any account of the person in front of the counter? */
gboolean case_is_holder(const struct visit_case *k, const char *common_id);

/* Forget: frees the payload (wiped with its last reference) and overwrites everything. */
void case_wipe(struct visit_case *k);

/* Build payload and digest from what is known: the flat JSON object that the holder is
 * shown and that is sent (values are strings, in the order of the screen). */
struct case_desk {
	const char *desk;                /* id */
	const char *office;              /* code */
	const struct incident *incident; /* in force, or NULL */
	const struct person_role *role;  /* acted for; NULL: the person's first */
	gint64 now;                      /* seconds since 1970 */
};
void case_build_payload(struct visit_case *k, const struct case_desk *at);

/* How identity and consent were established (facts/targets.md §5). */
GBytes *case_build_evidence(
	const struct visit_case *k, const struct case_desk *at, const struct clerk *clerk);

/* a(ss) of the payload's members, in order: what the holder sees is what is sent. */
GVariant *case_payload_rows(const struct visit_case *k);

#endif
