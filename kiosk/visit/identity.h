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
	X(ACCOUNT_INACTIVE, "account-inactive", VERDICT_STOP) /* R14 */                            \
	X(ACCOUNT_CLOSED, "account-closed", VERDICT_STOP)     /* R14; cloud data salvage */        \
	X(TERM_OVER, "term-over", VERDICT_STOP)               /* R14 */                            \
	X(TERM_NOT_BEGUN, "term-not-begun", VERDICT_DECIDE)                                        \
	X(GRACE, "grace", VERDICT_INFO) /* graduated; until next month */                          \
	X(CARD_LOST, "card-lost", VERDICT_STOP)                                                    \
	X(CARD_OLD, "card-old", VERDICT_STOP)       /* reissue below directory's */                \
	X(CARD_NEWER, "card-newer", VERDICT_DECIDE) /* reissue above directory's */                \
	X(CARD_EXPIRED, "card-expired", VERDICT_STOP)                                              \
	X(CARD_CLASS, "card-class", VERDICT_DECIDE)     /* class against role */                   \
	X(NAME_DIFFERS, "name-differs", VERDICT_DECIDE) /* plainly different */                    \
	X(WRONG_DESK, "wrong-desk", VERDICT_INFO)       /* the route says where */                 \
	X(TWO_ACCOUNTS, "two-accounts", VERDICT_DECIDE) /* R17: settled by choosing one */         \
	X(CLERK_IS_HOLDER, "clerk-is-holder", VERDICT_STOP)                                        \
	X(PRIVILEGED, "privileged", VERDICT_SECOND)               /* of another unit */            \
	X(NO_CARD, "no-card", VERDICT_SECOND)                     /* other document (R05) */       \
	X(NO_CONTACT, "no-contact", VERDICT_INFO)                 /* notice mail not readable */   \
	X(OLD_DIRECTORY, "old-directory", VERDICT_INFO)           /* snapshot of n hours ago */    \
	X(DIRECTORY_FALLBACK, "directory-fallback", VERDICT_INFO) /* not its first source */       \
	X(DIRECTORY_REASON, "directory-reason", VERDICT_DECIDE) /* the source's policy wants it */ \
	X(DIRECTORY_SECOND, "directory-second", VERDICT_SECOND) /* likewise */                     \
	X(REPEAT_TODAY, "repeat-today", VERDICT_DECIDE)         /* filed for today already */      \
	X(REPEAT_MONTH, "repeat-month", VERDICT_DECIDE)         /* the third within 31 days */     \
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

/* On what ground a clerk goes on in spite of a verdict. Codes only: they go into the
 * evidence, and free text would bring personal data with it. */
#define GROUND_LIST(X)                                                                             \
	X(NONE, "")                                                                                \
	X(PHOTO_COMPARED, "photo-compared")                                                        \
	X(DOCUMENT_SEEN, "document-seen")                                                          \
	X(COLLEAGUE_CONFIRMED, "colleague-confirmed")                                              \
	X(OFFICE_RECORD, "office-record")                                                          \
	X(OTHER, "other")

enum ground {
#define X(name, word) GROUND_##name,
	GROUND_LIST(X)
#undef X
		GROUND_COUNT
};

const char *ground_word(enum ground ground);

/* FALSE: no such word, or none. */
bool ground_find(const char *word, enum ground *ret);

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
	const struct person *person; /* the account acted on */
	const struct person *owner;  /* the account of the card, if another; or NULL */
	const char *clerk_id;        /* common id of the signed-in clerk */
	const struct office *office; /* the office this desk belongs to */
	struct civil now;
	int32_t directory_age_hours;       /* -1: live */
	int32_t directory_age_limit_hours; /* above it OLD_DIRECTORY is said; -1: never */
	bool directory_fallback;           /* answered because an earlier source did not */
	bool directory_reason;             /* the source's policy: the clerk gives a reason, */
	bool directory_second;             /* or a second clerk agrees */
	bool live_request;                 /* a request of this holder is already waiting */
	unsigned filed_today;              /* requests of this holder, by the tally */
	unsigned filed_lately;             /* within its 31 days, today's included */
};

#define REPEAT_MONTH_FILED 2 /* so many within 31 days make the next the third */

struct verdicts {
	bool set[VERDICT_COUNT];
};

struct verdicts identity_judge(const struct identity_facts *facts);

/* Is the name on the card plainly another one? FALSE when in doubt: cut short,
 * empty, other script. */
bool identity_name_differs(const char *on_card, const char *name_ja, const char *name_en);

/* What has been done about the verdicts so far. */
struct identity_progress {
	bool digits_passed;                 /* or a document seen, in a visit without card */
	bool account_chosen;                /* R17: the holder said which one */
	enum ground decided[VERDICT_COUNT]; /* the clerk decided for going on */
	bool second;                        /* a second clerk agreed */
};

enum identity_gate {
	GATE_STOP,
	GATE_DIGITS,
	GATE_ACCOUNT,
	GATE_DECIDE,
	GATE_SECOND,
	GATE_PASS,
	GATE_COUNT
};

/* Does nothing more have to be done about a verdict that is set? */
bool identity_settled(enum verdict verdict, const struct identity_progress *p);

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
