/* SPDX-License-Identifier: MIT
 *
 * transport.h - the only door to reader hardware, as a struct of functions.
 *
 * One implementation speaks PC/SC (transport_pcsc.c, the only file that
 * includes winscard.h); tests bring their own and replay conversations.
 * Blocking; one thread at a time, except cancel(). No function keeps a
 * pointer it was given.
 */
#ifndef PCSC_TRANSPORT_H
#define PCSC_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "trace.h"

#define READER_NAME_SIZE 128 /* MAX_READERNAME of pcsc-lite */
#define READER_MAX       16  /* PCSCLITE_MAX_READERS_CONTEXTS */
#define ATR_MAX          33  /* ISO 7816-3 */
#define APDU_MAX         522 /* longest message of the readers we know (RC-S300) */

/* What one reader looks like now, and (as input to wait) what we last knew. */
struct reader_state {
	char name[READER_NAME_SIZE];
	bool present;          /* a card is in the field */
	bool mute;             /* present, but does not answer a reset */
	bool lost;             /* still listed, but its driver does not reach it any more */
	bool in_use;           /* some program holds the card exclusively */
	uint16_t events;       /* PC/SC event counter of this reader; changes on a quick swap */
	unsigned long current; /* opaque to all but the implementation */
	uint8_t atr[ATR_MAX];
	size_t atr_len;
};

struct card_transport {
	void *self;

	/* Fill `ret` with the readers attached now. Returns NO_READER for none. */
	enum card_err (*list)(void *self, struct reader_state *ret, size_t max, size_t *ret_n);

	/* Wait until a reader of `states` changes, one comes or goes, or
	 * `timeout_ms` passed (TIMEOUT). Updates `states` in place. */
	enum card_err (*wait)(
		void *self, struct reader_state *states, size_t n, unsigned timeout_ms);

	/* Wake a wait() in another thread: it returns CANCELLED. Called while none is
	 * running it ends the next one. */
	void (*cancel)(void *self);

	/* Connect to the card in `reader`, shared. One connection at a time. */
	enum card_err (*connect)(void *self, const char *reader, struct card_trace *trace);

	/* Exchange one APDU. *ret_len is at most `max`. An empty answer is REMOVED. */
	enum card_err (*transmit)(void *self, const uint8_t *apdu, size_t len, uint8_t *ret,
		size_t max, size_t *ret_len, struct card_trace *trace);

	/* The same to the reader itself, by its vendor's control code. NO_DIALECT where the
	 * reader's driver does not offer that (libccid by default). May be NULL: the same. */
	enum card_err (*escape)(void *self, const uint8_t *apdu, size_t len, uint8_t *ret,
		size_t max, size_t *ret_len, struct card_trace *trace);

	/* Leave the card as it is (no reset). Accepts a connection already gone. */
	void (*disconnect)(void *self);

	/* Throw the context away and make a new one, after NO_SERVICE. Until then every
	 * call may go on failing. */
	enum card_err (*reopen)(void *self);
};

/* The PC/SC implementation. NULL when memory is out. pcscd need not run yet.
 * The caller frees with transport_pcsc_free(), which accepts and returns NULL. */
struct card_transport *transport_pcsc_new(void);
struct card_transport *transport_pcsc_free(struct card_transport *t);

#endif
