/* SPDX-License-Identifier: MIT
 *
 * problem.h - everything that can stop a visit or the counter, one row each.
 *
 * Pure. The ids are stable: they stand in README, in logs and on screens.
 * Sentences live in ui/, remedies in README.
 */
#ifndef KIOSK_VISIT_PROBLEM_H
#define KIOSK_VISIT_PROBLEM_H

#include <stdbool.h>

#include "pcsc/err.h"

enum problem_turn { TURN_HOLDER, TURN_CLERK, TURN_IT };

/* What leads on: nothing but an end, the next tap, or the cause going away by itself. */
enum problem_retry { RETRY_NEVER, RETRY_TAP, RETRY_WAIT };

/* enumerator, id, whose turn, retry */
#define PROBLEM_LIST(X)                                                                            \
	X(NONE, "", TURN_CLERK, RETRY_NEVER)                                                       \
	X(NO_PCSCD, "P-01", TURN_IT, RETRY_WAIT)        /* pcscd is not running */                 \
	X(NO_READER, "P-02", TURN_CLERK, RETRY_WAIT)    /* no reader attached */                   \
	X(NOT_ALLOWED, "P-03", TURN_IT, RETRY_WAIT)     /* pcscd refuses this user */              \
	X(CARD_BUSY, "P-04", TURN_IT, RETRY_TAP)        /* another program holds the card */       \
	X(TWO_CARDS, "P-05", TURN_HOLDER, RETRY_TAP)    /* two cards in the field */               \
	X(UNKNOWN_CARD, "P-06", TURN_HOLDER, RETRY_TAP) /* no layout fits */                       \
	X(ODD_NUMBER, "P-07", TURN_CLERK, RETRY_TAP)    /* the number fits no pattern or school */ \
	X(UNREADABLE, "P-08", TURN_CLERK, RETRY_TAP)    /* answers, but not sense */               \
	X(REMOVED, "P-09", TURN_HOLDER, RETRY_TAP)      /* held too short */                       \
	X(MUTE_CARD, "P-10", TURN_HOLDER, RETRY_TAP)    /* in the field, no answer */              \
	X(NO_DIALECT, "P-11", TURN_IT, RETRY_TAP)       /* the reader speaks no known dialect */   \
	X(NO_CARD_DATA, "P-12", TURN_CLERK, RETRY_TAP)  /* the card's service is all zero */       \
	X(UNPROVEN, "P-13", TURN_CLERK, RETRY_TAP)  /* a MAC is demanded; not there, or wrong */   \
	X(TRANSIT, "P-14", TURN_HOLDER, RETRY_TAP)  /* a transit card answers (wallet) */          \
	X(FLAPPING, "P-15", TURN_HOLDER, RETRY_TAP) /* the contact breaks again and again */       \
	X(SWAPPED, "P-16", TURN_HOLDER, RETRY_TAP)  /* another card lies where the first did */    \
	X(OTHER_READER, "P-17", TURN_HOLDER, RETRY_TAP)  /* this reader is the clerks' alone */    \
	X(NOT_FOUND, "P-20", TURN_CLERK, RETRY_NEVER)    /* the directory knows no such person */  \
	X(SEVERAL_FOUND, "P-21", TURN_IT, RETRY_NEVER)   /* it knows more than one */              \
	X(NO_DIRECTORY, "P-22", TURN_IT, RETRY_TAP)      /* it could not be asked */               \
	X(UNMAPPED_KEY, "P-23", TURN_IT, RETRY_NEVER)    /* no column for this kind of number */   \
	X(OLD_DIRECTORY, "P-24", TURN_IT, RETRY_NEVER)   /* the snapshot is older than allowed */  \
	X(REFUSED, "P-30", TURN_CLERK, RETRY_NEVER)      /* a verdict stops the visit */           \
	X(DIGITS_SPENT, "P-31", TURN_CLERK, RETRY_NEVER) /* three wrong digits checks */           \
	X(NO_CONSENT, "P-32", TURN_CLERK, RETRY_NEVER)   /* the holder refused */                  \
	X(OTHER_CARD, "P-33", TURN_HOLDER, RETRY_TAP)    /* another card at consent */             \
	X(NOT_A_CLERK, "P-35", TURN_CLERK, RETRY_TAP) /* a card that is no clerk's at sign-in */   \
	X(WRONG_PIN, "P-36", TURN_CLERK, RETRY_NEVER) /* PIN wrong; delay running */               \
	X(PIN_LOCKED, "P-37", TURN_IT, RETRY_NEVER)   /* too many wrong PINs */                    \
	X(SAME_CLERK, "P-38", TURN_CLERK, RETRY_TAP)  /* the second clerk is the first/holder */   \
	X(SAME_UNIT, "P-39", TURN_CLERK, RETRY_TAP)   /* privileged: another unit must agree */    \
	X(BAD_CONFIG, "P-40", TURN_IT, RETRY_NEVER)   /* configuration, layouts, offices file */   \
	X(BAD_FOLDER, "P-41", TURN_IT, RETRY_NEVER)   /* data folder not writable */               \
	X(NEWER_RECORD, "P-42", TURN_IT, RETRY_NEVER) /* database of a newer version */            \
	X(DISK_FULL, "P-43", TURN_IT, RETRY_WAIT)     /* no room left */                           \
	X(WRONG_CLOCK, "P-44", TURN_IT, RETRY_WAIT)   /* the clock cannot be right */              \
	X(SECOND_INSTANCE, "P-45", TURN_IT, RETRY_NEVER) /* another service has the data folder */ \
	X(BAD_RECORD, "P-46", TURN_IT, RETRY_NEVER)      /* the database is damaged */             \
	X(NOT_FILED, "P-47", TURN_IT, RETRY_NEVER)       /* the disk refused; nothing was filed */ \
	X(NO_KEY, "P-48", TURN_IT, RETRY_NEVER)          /* master key missing or unusable */      \
	X(CARD_STUCK, "P-49", TURN_IT, RETRY_WAIT)    /* the card thread is silent; restarting */  \
	X(NO_CLERKS, "P-50", TURN_IT, RETRY_NEVER)    /* no clerk was added yet */                 \
	X(BAD_INCIDENT, "P-51", TURN_IT, RETRY_NEVER) /* an incident file is broken; not used */   \
	X(BORROWED, "P-52", TURN_IT, RETRY_WAIT)      /* IT staff use the reader */                \
	X(FAR_END_AWAY, "P-60", TURN_IT, RETRY_WAIT)  /* not reached; requests wait here */        \
	X(FAR_END_ACCESS, "P-61", TURN_IT, RETRY_NEVER)  /* it refuses our credentials */          \
	X(FAR_END_SETUP, "P-62", TURN_IT, RETRY_NEVER)   /* it is not set up as it must be */      \
	X(FAR_END_REFUSED, "P-63", TURN_IT, RETRY_NEVER) /* it will not take a request */          \
	X(TAKEN_UP, "P-64", TURN_CLERK, RETRY_NEVER)     /* too late to take a request back */     \
	X(NOT_WITHDRAWN, "P-65", TURN_CLERK, RETRY_TAP)  /* it could not be asked to let go */

enum problem {
#define X(name, id, turn, retry) PROBLEM_##name,
	PROBLEM_LIST(X)
#undef X
		PROBLEM_COUNT
};

struct problem_row {
	const char *id;   /* "P-02"; "" for NONE */
	const char *name; /* enumerator, for messages of tools */
	enum problem_turn turn;
	enum problem_retry retry;
};

/* Never NULL. */
const struct problem_row *problem_row(enum problem problem);

/* What a failed read means at the counter. */
enum problem problem_of_card(enum card_err err);

#endif
