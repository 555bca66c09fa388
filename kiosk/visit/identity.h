/* SPDX-License-Identifier: MIT
 *
 * identity.h - what card, directory and desk together say about a visit.
 *
 * Pure: facts in, verdicts out. No verdict ever says "this is the person":
 * that is the clerk's look at photo and face.
 */
#ifndef KIOSK_VISIT_IDENTITY_H
#define KIOSK_VISIT_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/directory/person.h"
#include "kiosk/visit/civil.h"
#include "kiosk/visit/office.h"

enum verdict_severity { VERDICT_INFO, VERDICT_DECIDE, VERDICT_SECOND, VERDICT_STOP };

/* enumerator, word that crosses the door, severity */
#define VERDICT_LIST(X)                                                                            \
	X(ACCOUNT_INACTIVE, "account-inactive", VERDICT_STOP)   /* R14 */                          \
	X(ACCOUNT_CLOSED, "account-closed", VERDICT_STOP)       /* R14; cloud data salvage */      \
	X(TERM_OVER, "term-over", VERDICT_STOP)                 /* R14 */                          \
	X(TERM_NOT_BEGUN, "term-not-begun", VERDICT_DECIDE)                                        \
	X(GRACE, "grace", VERDICT_INFO)                         /* graduated; until next month */  \
	X(CARD_LOST, "card-lost", VERDICT_STOP)                                                    \
	X(CARD_OLD, "card-old", VERDICT_STOP)                   /* reissue below directory's */    \
	X(CARD_NEWER, "card-newer", VERDICT_DECIDE)             /* reissue above directory's */    \
	X(CARD_EXPIRED, "card-expired", VERDICT_STOP)                                              \
	X(CARD_CLASS, "card-class", VERDICT_DECIDE)             /* class against role */           \
	X(NAME_DIFFERS, "name-differs", VERDICT_DECIDE)         /* plainly different */            \
	X(WRONG_DESK, "wrong-desk", VERDICT_INFO)               /* the route says where */         \
	X(TWO_ACCOUNTS, "two-accounts", VERDICT_DECIDE)         /* R17: which one is acted on */   \
	X(CLERK_IS_HOLDER, "clerk-is-holder", VERDICT_STOP)                                        \
	X(PRIVILEGED, "privileged", VERDICT_SECOND)                                                \
	X(NO_CARD, "no-card", VERDICT_SECOND)                   /* other document (R05) */         \
	X(NO_CONTACT, "no-contact", VERDICT_INFO)               /* notice mail not readable */     \
	X(OLD_DIRECTORY, "old-directory", VERDICT_INFO)         /* snapshot of n hours ago */      \
	X(LIVE_REQUEST, "live-request", VERDICT_STOP)           /* one is already waiting */

enum verdict {
#define X(name, word, severity) VERDICT_ID_##name,
	VERDICT_LIST(X)
#undef X
		VERDICT_COUNT
};

struct verdict_row {
	const char *word;
	enum verdict_severity severity;
};

const struct verdict_row *verdict_row(enum verdict verdict);

/* FALSE: no such word. */
bool verdict_find(const char *word, enum verdict *ret);

/* What the card stated; all empty or -1/0 in a visit without card. */
struct identity_card {
	bool present; /* a card was read */
	const char *key_kind, *number;
	const char *class_; /* "student", "staff", other words; may be empty */
	const char *name;   /* UTF-8, composed; may be empty or cut short */
	int32_t reissue;    /* -1: none */
	int32_t expires;    /* 0: none */
};

struct identity_facts {
	struct identity_card card;
	const struct person *person;
	const char *clerk_id;              /* common id of the signed-in clerk */
	const struct office *office;       /* the office this desk belongs to */
	struct civil now;
	int32_t directory_age_hours;       /* -1: live */
	int32_t directory_age_limit_hours; /* above it OLD_DIRECTORY is said; -1: never */
	bool live_request;                 /* a request of this holder is already waiting */
};

struct verdicts {
	bool set[VERDICT_COUNT];
};

struct verdicts identity_judge(const struct identity_facts *facts);

/* Is the name on the card plainly another one? FALSE when in doubt: cut short,
 * empty, other script. */
bool identity_name_differs(const char *on_card, const char *name_ja, const char *name_en);

/* What has been done about the verdicts so far. */
struct identity_progress {
	bool digits_passed;            /* or a document seen, in a visit without card */
	bool decided[VERDICT_COUNT];   /* the clerk decided for going on, with a reason */
	bool second;                   /* a second clerk agreed */
};

enum identity_gate { GATE_STOP, GATE_DIGITS, GATE_DECIDE, GATE_SECOND, GATE_PASS };

/* The first thing that is still missing. */
enum identity_gate identity_gate(const struct verdicts *v, const struct identity_progress *p);

/* The role of the person this desk would act for; 0 none. Prefers the desk's own. */
const struct person_role *identity_role(
	const struct person *person, const struct office *office, struct civil now);

/* Digits check (DESIGN "The digits check"): `places` are 1-based positions in a
 * printed number of `length` digits whose digits from `offset` on are `known`.
 * Draws `n` distinct places within the known part from `random` (n bytes or
 * more), ascending. Returns false if they do not fit. */
#define DIGITS_MAX 8
struct digits_format {
	uint8_t length, offset; /* 18 and 8 where the last ten are the common id (R13) */
	uint8_t asked;          /* how many places are asked, at most DIGITS_MAX */
};
bool digits_draw(struct digits_format format, size_t known_len, const uint8_t *random,
	size_t random_len, uint8_t ret_places[DIGITS_MAX]);
bool digits_match(struct digits_format format, const uint8_t places[DIGITS_MAX], const char *known,
	const char *typed);

#endif
