/* SPDX-License-Identifier: MIT
 *
 * err.h - why a card or a reader could not be used.
 *
 * Grouped by what a person should do about it, not by which layer noticed.
 */
#ifndef PCSC_ERR_H
#define PCSC_ERR_H

/* name, value: 0 is success, every failure is negative. */
#define CARD_ERR_LIST(X)                                                                           \
	X(OK, 0)            /* */                                                                  \
	X(REMOVED, -1)      /* the card left the field: hold it again */                           \
	X(BUSY, -2)         /* another program holds the card or reader: wait */                   \
	X(UNREADABLE, -3)   /* a card answers, but not with what its layout promises */            \
	X(UNKNOWN_CARD, -4) /* no layout of the file fits this card */                             \
	X(NO_DATA, -5)      /* the layout's service is there and all zero */                       \
	X(NO_READER, -6)    /* no (allowed) reader is attached */                                  \
	X(NO_SERVICE, -7)   /* pcscd is not running */                                             \
	X(NOT_ALLOWED, -8)  /* pcscd refuses this user */                                          \
	X(NO_DIALECT, -9)   /* the reader speaks none of the dialects we know */                   \
	X(PROTOCOL, -10)    /* the reader or card broke its protocol */                            \
	X(LIMIT, -11)       /* a named limit of ours was passed */                                 \
	X(TIMEOUT, -12)     /* a wait ended without an event; not a fault */                       \
	X(CANCELLED, -13)   /* the wait was ended by transport cancel() */                         \
	X(FOREIGN, -14)     /* a layout fits, but school or number are not this site's */          \
	X(MUTE, -15)        /* something is in the field and does not answer a reset */        \
	X(UNPROVEN, -16)    /* the card's MAC is wrong, or its key is not at hand */               \
	X(TRANSIT, -17)     /* a transit card answers and none of ours does */

enum card_err {
#define X(name, value) CARD_ERR_##name = (value),
	CARD_ERR_LIST(X)
#undef X
};

/* Stable lower-case word ("removed", "no-reader"); never NULL. */
const char *card_err_name(enum card_err err);

#endif
