/* SPDX-License-Identifier: MIT
 *
 * visit.h - the visit as a table: [state][event] -> next state and actions.
 *
 * Pure. The only place where the flow is written; the diagram in README is
 * printed from the same rows, and a test walks every pair.
 */
#ifndef KIOSK_VISIT_VISIT_H
#define KIOSK_VISIT_VISIT_H

#include <stdbool.h>
#include <stdint.h>

/* enumerator, word that crosses the door */
#define VISIT_STATES(X)                                                                            \
	X(CLOSED, "closed")     /* service not ready; the problem says why */                      \
	X(OFF_DUTY, "off-duty") /* no clerk signed in; a staff card may be tapped */               \
	X(SIGN_IN, "sign-in")   /* a clerk's card was read; PIN wanted */                          \
	X(WELCOME, "welcome")   /* the holder's window invites */                                  \
	X(READING, "reading")   /* a card is on the reader */                                      \
	X(LOOKUP, "lookup")     /* asking the directory; step 1 is already asked */                \
	X(STATUS, "status")     /* a request of this holder was filed before: how far it is */     \
	X(WITHDRAW, "withdraw") /* the holder takes it back by tapping the same card */            \
	X(WITHDRAWING, "withdrawing") /* the far end is asked to let it go */                      \
	X(CHECK, "check")             /* verdicts; the clerk compares face and digits */           \
	X(SECOND, "second")           /* a second clerk's card is wanted */                        \
	X(SECOND_PIN, "second-pin")   /* its PIN */                                                \
	X(ROUTE, "route")             /* questions still open, or the outcome "not here" */        \
	X(CONSENT, "consent")         /* the holder sees exactly what is sent */                   \
	X(FILING, "filing")           /* being committed to disk */                                \
	X(RECEIPT, "receipt")         /* committed: request number */                              \
	X(TAKE_CARD, "take-card")     /* a card left lying cannot start a second visit */          \
	X(PROBLEM, "problem")         /* one row of the problem table */

enum visit_state {
	VISIT_STAY, /* as `next` of a cell: the pair does nothing */
#define X(name, word) VISIT_##name,
	VISIT_STATES(X)
#undef X
		VISIT_STATE_COUNT
};

#define VISIT_EVENTS(X)                                                                            \
	X(READY, "ready")                   /* reader, record, directory are all there */          \
	X(UNREADY, "unready")               /* one of them is not */                               \
	X(CARD_IN, "card-in")               /* a card came into the field */                       \
	X(TAP_AGAIN, "tap-again")           /* the same, at a problem that a tap answers */        \
	X(CARD_READ, "card-read")           /* and states a number */                              \
	X(CARD_FAILED, "card-failed")       /* and could not be read; the problem says why */      \
	X(CARD_OUT, "card-out")             /* the field is empty */                               \
	X(CLERK_CARD, "clerk-card")         /* the card read is a clerk's (of the right kind) */   \
	X(SIGNED_IN, "signed-in")           /* PIN right */                                        \
	X(SIGN_IN_LOCKED, "sign-in-locked") /* too many wrong PINs */                              \
	X(SIGNED_OUT, "signed-out")         /* the clerk signs out */                              \
	X(NO_CARD, "no-card")               /* the clerk starts a visit without card */            \
	X(FOUND, "found")                   /* exactly one person; no verdict stops */             \
	X(FILED_BEFORE, "filed-before")     /* and a request of theirs is under way, or ended */   \
	X(WITHDRAW, "withdraw")             /* the clerk offers to take it back */                 \
	X(WITHDRAWN, "withdrawn")           /* the far end let it go, or said why not */           \
	X(ANEW, "anew")                     /* it ended; another one is asked for */               \
	X(STOPPED, "stopped")               /* nobody, several, or a verdict stops */              \
	X(SWAPPED, "swapped")               /* another card was slid over the visit's */           \
	X(DIGITS_SPENT, "digits-spent")     /* three wrong digits checks */                        \
	X(CALL_SECOND, "call-second")       /* the clerk calls a second clerk */                   \
	X(CHECK_PASSED, "check-passed")     /* digits, decisions, second clerk: all there */       \
	X(ROUTED_HERE, "routed-here")       /* this desk files the request */                      \
	X(ROUTED_AWAY, "routed-away")       /* another procedure or place serves the person */     \
	X(REOPENED, "reopened")             /* an answer was taken back before the check passed */ \
	X(CONSENTED, "consented")           /* the holder consents */                              \
	X(CONSENT_REFUSED, "consent-refused") /* the holder does not */                            \
	X(COMMITTED, "committed")             /* COMMIT returned */                                \
	X(NOT_COMMITTED, "not-committed")     /* it failed; nothing was filed */                   \
	X(END, "end")                         /* the clerk ends a finished visit */                \
	X(CANCEL, "cancel")                   /* the clerk or holder breaks off */                 \
	X(HOLDER_IDLE, "holder-idle")         /* the holder walked away */                         \
	X(CLERK_IDLE, "clerk-idle")           /* no clerk's input for the visit's limit */         \
	X(CLERK_GONE, "clerk-gone")           /* nor for the sign-out limit */

enum visit_event {
#define X(name, word) VISIT_ON_##name,
	VISIT_EVENTS(X)
#undef X
		VISIT_EVENT_COUNT
};

/* What the counter must do after a step, in this order. */
#define VISIT_ACTIONS(X)                                                                           \
	X(WIPE, "wipe")           /* forget the person; blank views */                             \
	X(SIGN_OUT, "sign-out")   /* forget the clerk */                                           \
	X(BEGIN, "begin")         /* new visit number */                                           \
	X(READ, "read")           /* read the card in the field */                                 \
	X(LOOK_UP, "look-up")     /* ask the directory */                                          \
	X(CHECK, "check")         /* draw the digits, see whether the check is already passed */   \
	X(DECIDE, "decide")       /* ask the route rules */                                        \
	X(BUILD, "build")         /* build payload and digest */                                   \
	X(COMMIT, "commit")       /* write the request */                                          \
	X(ASK_TAP, "ask-tap")     /* the holder's next tap of the same card counts */              \
	X(TAKE_BACK, "take-back") /* ask the far end to let the request go */                      \
	X(ASK_FIELD, "ask-field") /* CARD_OUT at once if the field is empty */                     \
	X(ASK_READY, "ask-ready") /* UNREADY at once if something is missing */                    \
	X(RESUME, "resume")       /* SIGNED_IN at once if a clerk still is */

enum visit_action_bit {
#define X(name, word) VISIT_BIT_##name,
	VISIT_ACTIONS(X)
#undef X
		VISIT_ACTION_COUNT
};

enum visit_action {
#define X(name, word) VISIT_DO_##name = 1 << VISIT_BIT_##name,
	VISIT_ACTIONS(X)
#undef X
};

/* What the screens may ask for; the words are the door's method names. */
#define VISIT_INTENTS(X)                                                                           \
	X(SIGN_IN, "SignIn")                                                                       \
	X(SIGN_OUT, "SignOut")                                                                     \
	X(NO_CARD, "NoCard")                                                                       \
	X(CHECK, "Check")                                                                          \
	X(DECIDE, "Decide")                                                                        \
	X(ACCOUNT, "Account")                                                                      \
	X(CALL_SECOND, "CallSecond")                                                               \
	X(ANSWER, "Answer")                                                                        \
	X(REASON, "Reason")                                                                        \
	X(PHONE, "Phone")                                                                          \
	X(SHOWN, "Shown")                                                                          \
	X(CONSENT, "Consent")                                                                      \
	X(CANCEL, "Cancel")                                                                        \
	X(END, "End")                                                                              \
	X(WITHDRAW, "Withdraw")                                                                    \
	X(ANEW, "Anew")                                                                            \
	X(EXTEND, "Extend")                                                                        \
	X(SHEETS, "Sheets")

enum visit_intent {
#define X(name, word) VISIT_MAY_##name,
	VISIT_INTENTS(X)
#undef X
		VISIT_INTENT_COUNT
};

struct visit_cell {
	uint8_t next;     /* enum visit_state; VISIT_STAY: ignore the event */
	uint16_t actions; /* bits of enum visit_action */
};

/* The cell of a pair. Never NULL for values within the enums. */
const struct visit_cell *visit_cell(enum visit_state state, enum visit_event event);

/* May the screens send `intent` in `state`? The counter may forbid more, never less. */
bool visit_may(enum visit_state state, enum visit_intent intent);

/* The holder's tap of the same card says yes: to consent, to taking back. */
bool visit_wants_tap(enum visit_state state);

/* States in which data of a person is held. */
bool visit_holds_person(enum visit_state state);

const char *visit_state_word(enum visit_state state);
const char *visit_event_word(enum visit_event event);
const char *visit_action_word(enum visit_action_bit bit);
const char *visit_intent_word(enum visit_intent intent);

#endif
