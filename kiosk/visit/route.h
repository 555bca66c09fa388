/* SPDX-License-Identifier: MIT
 *
 * route.h - which procedure serves this person, or what must be asked first.
 *
 * Pure (rules R02, R04, R06, R08, R16, R17; facts/domain.md §6).
 */
#ifndef KIOSK_VISIT_ROUTE_H
#define KIOSK_VISIT_ROUTE_H

#include <stdbool.h>

#include "kiosk/visit/identity.h"
#include "kiosk/visit/incident.h"

/* Asked in this order; which are asked depends on the facts. */
#define QUESTION_LIST(X)                                                                           \
	X(USABLE, "usable")               /* does any registered method still work? (R02) */       \
	X(AFFECTED, "affected")           /* is it because of the incident in force? (R16) */      \
	X(AUTHENTICATOR, "authenticator") /* authenticator app registered, usable by Wi-Fi/data? */ \
	X(OTHER_NUMBER, "other-number")   /* a registered number of another carrier? */            \
	X(INTERNET, "internet")           /* Wi-Fi or data usable on the phone? (fact only) */     \
	X(SPARE_NUMBER, "spare-number")   /* owns a number of another carrier? (fact only) */      \
	X(SELF_SERVICE, "self-service")   /* all My Number conditions hold, and wants it? (R08) */

enum question {
#define X(name, word) QUESTION_##name,
	QUESTION_LIST(X)
#undef X
		QUESTION_COUNT
};

enum answer { ANSWER_OPEN, ANSWER_YES, ANSWER_NO };

#define ROUTE_LIST(X)                                                                              \
	X(OPEN, "open")                 /* a question is still to be answered */                   \
	X(NOT_NEEDED, "not-needed")     /* sign in with the method that works */                   \
	X(SELF_SERVICE, "self-service") /* My Number card, 24 h */                                 \
	X(HERE, "here")                 /* this desk files the request */                          \
	X(OTHER_DESK, "other-desk")     /* another office serves this person */                    \
	X(SUPPORT_DESK, "support-desk") /* no office known, or the incident says so */

enum route {
#define X(name, word) ROUTE_##name,
	ROUTE_LIST(X)
#undef X
		ROUTE_COUNT
};

/* Why no method works: recorded as the reason of the request. */
#define REASON_LIST(X)                                                                             \
	X(NONE, "")                                                                                \
	X(LOST, "lost")               /* phone or key lost or stolen */                            \
	X(BROKEN, "broken")           /* phone or key out of order */                              \
	X(CHANGED, "changed")         /* new phone, old one gone */                                \
	X(NUMBER, "number-changed")   /* telephone number changed or cancelled */                  \
	X(INCIDENT, "incident")       /* the outage in force */                                    \
	X(OTHER, "other")

enum reason {
#define X(name, word) REASON_##name,
	REASON_LIST(X)
#undef X
		REASON_COUNT
};

struct route_facts {
	const struct person *person;       /* NULL: not looked up yet */
	const struct office *office;       /* of this desk */
	const struct office_table *offices;
	const struct incident *incident;   /* in force, or NULL */
	struct civil now;
	enum answer answers[QUESTION_COUNT];
	bool has_phone; /* the registered number was typed (incident that asks for it) */
	enum reason reason;
};

struct route_result {
	enum route route;
	enum question next;          /* with ROUTE_OPEN: the question; COUNT: phone or reason missing */
	bool need_phone, need_reason; /* with ROUTE_OPEN */
	const struct office *other;  /* with OTHER_DESK */
};

struct route_result route_decide(const struct route_facts *facts);

/* Is `question` one that is asked of this person, with the answers given so far?
 * An answer to any other question counts for nothing. */
bool route_asks(const struct route_facts *facts, enum question question);

const char *question_word(enum question q);
bool question_find(const char *word, enum question *ret);
const char *route_word(enum route r);
const char *reason_word(enum reason r);
bool reason_find(const char *word, enum reason *ret);

#endif
