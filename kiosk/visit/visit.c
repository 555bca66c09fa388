/* SPDX-License-Identifier: MIT */
#include "kiosk/visit/visit.h"

#include <stddef.h>

/* The way back of every visit: forget first, then wait for the field to be empty. */
#define LEAVE (VISIT_DO_WIPE | VISIT_DO_ASK_FIELD)

/* state, event, next state, actions */
#define VISIT_ROWS(X)                                                                              \
	X(CLOSED, READY, OFF_DUTY, VISIT_DO_RESUME)                                                \
	X(CLOSED, UNREADY, CLOSED, 0)                                                              \
	X(CLOSED, SIGNED_OUT, CLOSED, VISIT_DO_SIGN_OUT)                                           \
	X(CLOSED, CLERK_GONE, CLOSED, VISIT_DO_SIGN_OUT)                                           \
	/* */                                                                                      \
	X(OFF_DUTY, UNREADY, CLOSED, 0)                                                            \
	X(OFF_DUTY, CARD_IN, OFF_DUTY, VISIT_DO_READ)                                              \
	X(OFF_DUTY, CLERK_CARD, SIGN_IN, 0)                                                        \
	X(OFF_DUTY, SIGNED_IN, WELCOME, VISIT_DO_ASK_READY)                                        \
	/* */                                                                                      \
	X(SIGN_IN, SIGNED_IN, TAKE_CARD, LEAVE)                                                    \
	X(SIGN_IN, SIGN_IN_LOCKED, OFF_DUTY, VISIT_DO_WIPE | VISIT_DO_ASK_READY)                   \
	X(SIGN_IN, CANCEL, OFF_DUTY, VISIT_DO_WIPE | VISIT_DO_ASK_READY)                           \
	X(SIGN_IN, CLERK_IDLE, OFF_DUTY, VISIT_DO_WIPE | VISIT_DO_ASK_READY)                       \
	X(SIGN_IN, CLERK_GONE, OFF_DUTY, VISIT_DO_WIPE | VISIT_DO_ASK_READY)                       \
	/* */                                                                                      \
	X(WELCOME, UNREADY, CLOSED, 0)                                                             \
	X(WELCOME, CARD_IN, READING, VISIT_DO_BEGIN | VISIT_DO_READ)                               \
	X(WELCOME, NO_CARD, LOOKUP, VISIT_DO_BEGIN | VISIT_DO_LOOK_UP)                             \
	X(WELCOME, SIGNED_OUT, OFF_DUTY, VISIT_DO_WIPE | VISIT_DO_SIGN_OUT | VISIT_DO_ASK_READY)   \
	X(WELCOME, CLERK_GONE, OFF_DUTY, VISIT_DO_WIPE | VISIT_DO_SIGN_OUT | VISIT_DO_ASK_READY)   \
	/* */                                                                                      \
	X(READING, CARD_READ, LOOKUP, VISIT_DO_LOOK_UP)                                            \
	X(READING, CARD_FAILED, PROBLEM, 0)                                                        \
	X(READING, CANCEL, TAKE_CARD, LEAVE)                                                       \
	X(READING, CLERK_IDLE, TAKE_CARD, LEAVE)                                                   \
	/* */                                                                                      \
	X(LOOKUP, FOUND, CHECK, VISIT_DO_CHECK | VISIT_DO_DECIDE)                                  \
	X(LOOKUP, FILED_BEFORE, STATUS, 0)                                                         \
	X(LOOKUP, STOPPED, PROBLEM, 0)                                                             \
	X(LOOKUP, SWAPPED, PROBLEM, VISIT_DO_WIPE | VISIT_DO_BEGIN)                                \
	X(LOOKUP, CANCEL, TAKE_CARD, LEAVE)                                                        \
	X(LOOKUP, HOLDER_IDLE, TAKE_CARD, LEAVE)                                                   \
	X(LOOKUP, CLERK_IDLE, TAKE_CARD, LEAVE)                                                    \
	/* */                                                                                      \
	X(STATUS, WITHDRAW, WITHDRAW, VISIT_DO_ASK_TAP)                                            \
	X(STATUS, ANEW, CHECK, VISIT_DO_CHECK | VISIT_DO_DECIDE)                                   \
	X(STATUS, STOPPED, PROBLEM, 0)                                                             \
	X(STATUS, SWAPPED, PROBLEM, VISIT_DO_WIPE | VISIT_DO_BEGIN)                                \
	X(STATUS, END, TAKE_CARD, LEAVE)                                                           \
	X(STATUS, CANCEL, TAKE_CARD, LEAVE)                                                        \
	X(STATUS, HOLDER_IDLE, TAKE_CARD, LEAVE)                                                   \
	X(STATUS, CLERK_IDLE, TAKE_CARD, LEAVE)                                                    \
	/* */                                                                                      \
	X(WITHDRAW, CARD_IN, WITHDRAW, VISIT_DO_READ)                                              \
	X(WITHDRAW, CONSENTED, WITHDRAWING, VISIT_DO_TAKE_BACK)                                    \
	X(WITHDRAW, CANCEL, STATUS, 0)                                                             \
	X(WITHDRAW, HOLDER_IDLE, TAKE_CARD, LEAVE)                                                 \
	X(WITHDRAW, CLERK_IDLE, TAKE_CARD, LEAVE)                                                  \
	/* Bounded by the look-up's deadline; no hand ends it. */                                  \
	X(WITHDRAWING, WITHDRAWN, STATUS, 0)                                                       \
	/* */                                                                                      \
	X(CHECK, CHECK_PASSED, ROUTE, VISIT_DO_DECIDE)                                             \
	X(CHECK, ROUTED_AWAY, ROUTE, 0)                                                            \
	X(CHECK, DIGITS_SPENT, PROBLEM, 0)                                                         \
	X(CHECK, STOPPED, PROBLEM, 0)                                                              \
	X(CHECK, SWAPPED, PROBLEM, VISIT_DO_WIPE | VISIT_DO_BEGIN)                                 \
	X(CHECK, CALL_SECOND, SECOND, 0)                                                           \
	X(CHECK, CANCEL, TAKE_CARD, LEAVE)                                                         \
	X(CHECK, HOLDER_IDLE, TAKE_CARD, LEAVE)                                                    \
	X(CHECK, CLERK_IDLE, TAKE_CARD, LEAVE)                                                     \
	/* */                                                                                      \
	X(SECOND, CARD_IN, SECOND, VISIT_DO_READ)                                                  \
	X(SECOND, CLERK_CARD, SECOND_PIN, 0)                                                       \
	X(SECOND, CANCEL, CHECK, VISIT_DO_CHECK)                                                   \
	X(SECOND, HOLDER_IDLE, TAKE_CARD, LEAVE)                                                   \
	X(SECOND, CLERK_IDLE, TAKE_CARD, LEAVE)                                                    \
	/* */                                                                                      \
	X(SECOND_PIN, SIGNED_IN, CHECK, VISIT_DO_CHECK | VISIT_DO_DECIDE)                          \
	X(SECOND_PIN, SIGN_IN_LOCKED, CHECK, VISIT_DO_CHECK)                                       \
	X(SECOND_PIN, CANCEL, CHECK, VISIT_DO_CHECK)                                               \
	X(SECOND_PIN, HOLDER_IDLE, TAKE_CARD, LEAVE)                                               \
	X(SECOND_PIN, CLERK_IDLE, TAKE_CARD, LEAVE)                                                \
	/* */                                                                                      \
	X(ROUTE, ROUTED_HERE, CONSENT, VISIT_DO_BUILD)                                             \
	X(ROUTE, ROUTED_AWAY, ROUTE, 0)                                                            \
	X(ROUTE, REOPENED, CHECK, VISIT_DO_CHECK | VISIT_DO_DECIDE)                                \
	X(ROUTE, END, TAKE_CARD, LEAVE)                                                            \
	X(ROUTE, CANCEL, TAKE_CARD, LEAVE)                                                         \
	X(ROUTE, HOLDER_IDLE, TAKE_CARD, LEAVE)                                                    \
	X(ROUTE, CLERK_IDLE, TAKE_CARD, LEAVE)                                                     \
	/* */                                                                                      \
	X(CONSENT, CARD_IN, CONSENT, VISIT_DO_READ)                                                \
	X(CONSENT, CONSENTED, FILING, VISIT_DO_COMMIT)                                             \
	X(CONSENT, CONSENT_REFUSED, PROBLEM, 0)                                                    \
	X(CONSENT, CANCEL, TAKE_CARD, LEAVE)                                                       \
	X(CONSENT, HOLDER_IDLE, TAKE_CARD, LEAVE)                                                  \
	X(CONSENT, CLERK_IDLE, TAKE_CARD, LEAVE)                                                   \
	/* Nothing but the disk ends FILING: neither a clock nor a hand. */                        \
	X(FILING, COMMITTED, RECEIPT, 0)                                                           \
	X(FILING, NOT_COMMITTED, PROBLEM, 0)                                                       \
	/* */                                                                                      \
	X(RECEIPT, END, TAKE_CARD, LEAVE)                                                          \
	X(RECEIPT, HOLDER_IDLE, TAKE_CARD, LEAVE)                                                  \
	X(RECEIPT, CLERK_IDLE, TAKE_CARD, LEAVE)                                                   \
	/* */                                                                                      \
	X(TAKE_CARD, CARD_OUT, OFF_DUTY, VISIT_DO_RESUME)                                          \
	X(TAKE_CARD, UNREADY, CLOSED, 0)                                                           \
	X(TAKE_CARD, SIGNED_OUT, OFF_DUTY, VISIT_DO_SIGN_OUT | VISIT_DO_ASK_READY)                 \
	X(TAKE_CARD, CLERK_GONE, OFF_DUTY, VISIT_DO_SIGN_OUT | VISIT_DO_ASK_READY)                 \
	/* */                                                                                      \
	X(PROBLEM, TAP_AGAIN, READING, VISIT_DO_WIPE | VISIT_DO_BEGIN | VISIT_DO_READ)             \
	X(PROBLEM, END, TAKE_CARD, LEAVE)                                                          \
	X(PROBLEM, CANCEL, TAKE_CARD, LEAVE)                                                       \
	X(PROBLEM, HOLDER_IDLE, TAKE_CARD, LEAVE)                                                  \
	X(PROBLEM, CLERK_IDLE, TAKE_CARD, LEAVE)

static const struct visit_cell table[VISIT_STATE_COUNT][VISIT_EVENT_COUNT] = {
#define X(state, event, next, actions) [VISIT_##state][VISIT_ON_##event] = {VISIT_##next, actions},
	VISIT_ROWS(X)
#undef X
};

#define MAY(intent) (1u << VISIT_MAY_##intent)

static const uint32_t intents[VISIT_STATE_COUNT] = {
	[VISIT_CLOSED] = MAY(SIGN_OUT),
	[VISIT_OFF_DUTY] = 0,
	[VISIT_SIGN_IN] = MAY(SIGN_IN) | MAY(CANCEL),
	[VISIT_WELCOME] = MAY(SIGN_OUT) | MAY(NO_CARD) | MAY(SHEETS),
	[VISIT_READING] = MAY(CANCEL),
	[VISIT_LOOKUP] = MAY(ANSWER) | MAY(CANCEL) | MAY(EXTEND),
	[VISIT_STATUS] = MAY(WITHDRAW) | MAY(ANEW) | MAY(END) | MAY(CANCEL) | MAY(EXTEND),
	[VISIT_WITHDRAW] = MAY(SHOWN) | MAY(CONSENT) | MAY(CANCEL) | MAY(EXTEND),
	[VISIT_WITHDRAWING] = 0,
	[VISIT_CHECK] = MAY(CHECK) | MAY(DECIDE) | MAY(ACCOUNT) | MAY(CALL_SECOND) | MAY(ANSWER) |
			MAY(REASON) | MAY(PHONE) | MAY(CANCEL) | MAY(EXTEND),
	[VISIT_SECOND] = MAY(CANCEL) | MAY(EXTEND),
	[VISIT_SECOND_PIN] = MAY(SIGN_IN) | MAY(CANCEL) | MAY(EXTEND),
	[VISIT_ROUTE] =
		MAY(ANSWER) | MAY(REASON) | MAY(PHONE) | MAY(END) | MAY(CANCEL) | MAY(EXTEND),
	[VISIT_CONSENT] = MAY(SHOWN) | MAY(CONSENT) | MAY(CANCEL) | MAY(EXTEND),
	[VISIT_FILING] = 0,
	[VISIT_RECEIPT] = MAY(END) | MAY(EXTEND),
	[VISIT_TAKE_CARD] = MAY(SIGN_OUT),
	[VISIT_PROBLEM] = MAY(END) | MAY(CANCEL) | MAY(EXTEND),
};

const struct visit_cell *visit_cell(enum visit_state state, enum visit_event event)
{
	return &table[state][event];
}

bool visit_may(enum visit_state state, enum visit_intent intent)
{
	return (intents[state] >> intent) & 1u;
}

bool visit_wants_tap(enum visit_state state)
{
	return state == VISIT_CONSENT || state == VISIT_WITHDRAW;
}

bool visit_holds_person(enum visit_state state)
{
	return (state >= VISIT_READING && state <= VISIT_RECEIPT) || state == VISIT_PROBLEM;
}

const char *visit_state_word(enum visit_state state)
{
	static const char *const words[VISIT_STATE_COUNT] = {[VISIT_STAY] = "stay",
#define X(name, word) [VISIT_##name] = word,
		VISIT_STATES(X)
#undef X
	};
	return words[state];
}

const char *visit_event_word(enum visit_event event)
{
	static const char *const words[VISIT_EVENT_COUNT] = {
#define X(name, word) [VISIT_ON_##name] = word,
		VISIT_EVENTS(X)
#undef X
	};
	return words[event];
}

const char *visit_action_word(enum visit_action_bit bit)
{
	static const char *const words[VISIT_ACTION_COUNT] = {
#define X(name, word) [VISIT_BIT_##name] = word,
		VISIT_ACTIONS(X)
#undef X
	};
	return words[bit];
}

const char *visit_intent_word(enum visit_intent intent)
{
	static const char *const words[VISIT_INTENT_COUNT] = {
#define X(name, word) [VISIT_MAY_##name] = word,
		VISIT_INTENTS(X)
#undef X
	};
	return words[intent];
}
