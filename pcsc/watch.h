/* SPDX-License-Identifier: MIT
 *
 * watch.h - what happens at the readers, as a sequence of events.
 *
 * Lives through plug, unplug and a restarted pcscd: it never ends by itself
 * and keeps no reader list longer than one wait. Blocking; owned by one
 * thread, except watch_wake(). A quick swap of two cards is reported as
 * CARD_OUT, then CARD_IN, even when PC/SC only shows its event counter moved;
 * a card that came and went between two looks as CARD_IN, then CARD_OUT.
 *
 * The first event is SERVICE_UP or SERVICE_DOWN. Readers and cards present then
 * are reported as coming in; before SERVICE_DOWN all are reported as going out.
 */
#ifndef PCSC_WATCH_H
#define PCSC_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "transport.h"

enum watch_kind {
	WATCH_NOTHING,      /* the time-out passed, or watch_wake() was called */
	WATCH_SERVICE_DOWN, /* pcscd gone or refused: `err` says which */
	WATCH_SERVICE_UP,
	WATCH_READER_IN,
	WATCH_READER_OUT,
	WATCH_CARD_IN,
	WATCH_CARD_OUT,
	WATCH_CARD_MUTE, /* something came into the field and does not answer; ends with CARD_OUT */
	WATCH_KIND_COUNT
};

struct watch_event {
	enum watch_kind kind;
	enum card_err err; /* with SERVICE_DOWN: NO_SERVICE or NOT_ALLOWED */
	bool with_reader;  /* with CARD_OUT: no hand took it, its reader went */
	char reader[READER_NAME_SIZE];
};

/* Opaque. */
struct watch;

/* `t` is borrowed and must outlive the watch. `allowed` (n names or name
 * beginnings, borrowed likewise) limits which readers are seen; n 0: all.
 * NULL when memory is out. */
struct watch *watch_new(
	const struct card_transport *t, const char *const *allowed, size_t n_allowed);

/* Wait at most `timeout_ms` for the next event. While the service is down it
 * tries again every 250 ms within that time. Never fails: what went wrong is
 * an event. */
void watch_next(struct watch *w, unsigned timeout_ms, struct watch_event *ret);

/* Readers with a card in the field now, and readers in all, as of the last event. */
size_t watch_cards(const struct watch *w);
size_t watch_readers(const struct watch *w);

/* End the wait of another thread, or the next one if none is running: it returns
 * WATCH_NOTHING. Never lost; may end one wait more. */
void watch_wake(struct watch *w);

struct watch *watch_free(struct watch *w);

#endif
