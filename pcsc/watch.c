/* SPDX-License-Identifier: MIT */
#include "watch.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define RETRY_MS 250 /* between two looks for a service that is down */

/* pcsc-lite overlooks a reader that comes between our list and our wait. */
#define LOOK_MS 1000

/* Most events of one look: each reader known before and each known now may yield two. */
#define QUEUE_SIZE (4 * READER_MAX)

enum service { UNTRIED, DOWN, UP };

struct watch {
	const struct card_transport *t;
	const char *const *allowed;
	size_t n_allowed;
	int wake; /* eventfd, non-blocking */
	enum service service;
	enum card_err why;                      /* DOWN: as last reported */
	struct reader_state listed[READER_MAX]; /* all allowed, to be waited for */
	size_t n_listed;
	struct reader_state readers[READER_MAX]; /* those of them that can be used */
	size_t n_readers;
	struct watch_event queue[QUEUE_SIZE];
	size_t queued, taken;
	size_t cards_told, readers_told;
};

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void tell(struct watch *w, enum watch_kind kind, enum card_err err, const char *reader)
{
	if (w->queued == QUEUE_SIZE)
		return; /* cannot be: it is empty before each look */
	struct watch_event *e = &w->queue[w->queued++];
	*e = (struct watch_event){.kind = kind, .err = err};
	memcpy(e->reader, reader, strnlen(reader, sizeof(e->reader) - 1));
}

static bool next_told(struct watch *w, struct watch_event *ret)
{
	if (w->taken == w->queued) {
		w->taken = w->queued = 0;
		return false;
	}
	*ret = w->queue[w->taken++];
	if (ret->kind == WATCH_READER_IN)
		w->readers_told++;
	if (ret->kind == WATCH_READER_OUT)
		w->readers_told--;
	if (ret->kind == WATCH_CARD_IN || ret->kind == WATCH_CARD_MUTE)
		w->cards_told++;
	if (ret->kind == WATCH_CARD_OUT)
		w->cards_told--;
	return true;
}

static bool is_allowed(const struct watch *w, const char *reader)
{
	for (size_t i = 0; i < w->n_allowed; i++)
		if (strncmp(reader, w->allowed[i], strlen(w->allowed[i])) == 0)
			return true;
	return w->n_allowed == 0;
}

static const struct reader_state *find(
	const struct reader_state *readers, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(readers[i].name, name) == 0)
			return &readers[i];
	return NULL;
}

static void tell_card_in(struct watch *w, const struct reader_state *r)
{
	tell(w, r->mute ? WATCH_CARD_MUTE : WATCH_CARD_IN, CARD_ERR_OK, r->name);
}

static void tell_gone(struct watch *w, const struct reader_state *r)
{
	if (r->present) {
		tell(w, WATCH_CARD_OUT, CARD_ERR_OK, r->name);
		w->queue[w->queued - 1].with_reader = true;
	}
	tell(w, WATCH_READER_OUT, CARD_ERR_OK, r->name);
}

static void tell_come(struct watch *w, const struct reader_state *r)
{
	tell(w, WATCH_READER_IN, CARD_ERR_OK, r->name);
	if (r->present)
		tell_card_in(w, r);
}

/* A counter that moved while a card lies there before and after was a swap; one that
 * moved over an empty field was a card too quick to be read, and worth saying. */
static void tell_changed(
	struct watch *w, const struct reader_state *was, const struct reader_state *is)
{
	bool moved = was->events != is->events || was->mute != is->mute;
	if (was->present && (moved || !is->present))
		tell(w, WATCH_CARD_OUT, CARD_ERR_OK, is->name);
	if (is->present && (moved || !was->present))
		tell_card_in(w, is);
	if (!was->present && !is->present && was->events != is->events) {
		tell(w, WATCH_CARD_IN, CARD_ERR_OK, is->name);
		tell(w, WATCH_CARD_OUT, CARD_ERR_OK, is->name);
	}
}

static void take_readers(struct watch *w, const struct reader_state *now, size_t n)
{
	for (size_t i = 0; i < w->n_readers; i++)
		if (!find(now, n, w->readers[i].name))
			tell_gone(w, &w->readers[i]);
	for (size_t i = 0; i < n; i++) {
		const struct reader_state *was = find(w->readers, w->n_readers, now[i].name);
		if (was)
			tell_changed(w, was, &now[i]);
		else
			tell_come(w, &now[i]);
	}
	if (n > 0)
		memcpy(w->readers, now, n * sizeof(*now));
	w->n_readers = n;
}

static size_t keep_allowed(const struct watch *w, struct reader_state *readers, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (is_allowed(w, readers[i].name))
			readers[kept++] = readers[i];
	return kept;
}

/* One whose driver lost it is gone for everybody but the next wait. */
static size_t keep_usable(struct reader_state *readers, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (!readers[i].lost)
			readers[kept++] = readers[i];
	return kept;
}

/* Without pcscd there are no readers, so what is known of them ends first. */
static void take_failure(struct watch *w, enum card_err err)
{
	enum card_err why = err == CARD_ERR_NOT_ALLOWED ? err : CARD_ERR_NO_SERVICE;
	take_readers(w, NULL, 0);
	if (w->service != DOWN || w->why != why)
		tell(w, WATCH_SERVICE_DOWN, why, "");
	w->service = DOWN;
	w->why = why;
}

static void look(struct watch *w)
{
	struct reader_state now[READER_MAX] = {0};
	size_t n = 0;
	enum card_err err = w->t->list(w->t->self, now, READER_MAX, &n);
	if (err && err != CARD_ERR_NO_READER) {
		take_failure(w, err);
		return;
	}
	if (w->service != UP)
		tell(w, WATCH_SERVICE_UP, CARD_ERR_OK, "");
	w->service = UP;
	w->n_listed = err ? 0 : keep_allowed(w, now, n);
	memcpy(w->listed, now, sizeof(now));
	take_readers(w, now, keep_usable(now, w->n_listed));
}

static bool woken(struct watch *w)
{
	uint64_t times;
	return read(w->wake, &times, sizeof(times)) == (ssize_t)sizeof(times);
}

/* False: watch_wake() was called. */
static bool pause_for(struct watch *w, unsigned ms)
{
	struct pollfd fd = {.fd = w->wake, .events = POLLIN};
	return poll(&fd, 1, (int)ms) <= 0;
}

static bool wait_down(struct watch *w, unsigned ms)
{
	if (!pause_for(w, ms < RETRY_MS ? ms : RETRY_MS))
		return false;
	enum card_err err = w->t->reopen(w->t->self);
	if (err)
		take_failure(w, err);
	else
		look(w);
	return true;
}

static bool wait_up(struct watch *w, unsigned ms)
{
	struct reader_state states[READER_MAX];
	memcpy(states, w->listed, sizeof(states));
	enum card_err err =
		w->t->wait(w->t->self, states, w->n_listed, ms < LOOK_MS ? ms : LOOK_MS);
	if (err == CARD_ERR_CANCELLED)
		return false;
	if (err && err != CARD_ERR_TIMEOUT && err != CARD_ERR_NO_READER)
		take_failure(w, err);
	else
		look(w);
	return true;
}

void watch_next(struct watch *w, unsigned timeout_ms, struct watch_event *ret)
{
	int64_t deadline = now_ms() + timeout_ms;
	*ret = (struct watch_event){.kind = WATCH_NOTHING};
	if (next_told(w, ret))
		return;
	if (w->service == UNTRIED)
		look(w);
	while (!next_told(w, ret)) {
		int64_t left = deadline - now_ms();
		if (left <= 0 || woken(w))
			return;
		bool go_on = w->service == UP ? wait_up(w, (unsigned)left)
					      : wait_down(w, (unsigned)left);
		if (!go_on) {
			woken(w);
			return;
		}
	}
}

size_t watch_cards(const struct watch *w)
{
	return w->cards_told;
}

size_t watch_readers(const struct watch *w)
{
	return w->readers_told;
}

void watch_wake(struct watch *w)
{
	const uint64_t once = 1;
	/* Only a counter near 2^64 could refuse, and that one wakes as well. */
	ssize_t written = write(w->wake, &once, sizeof(once));
	(void)written;
	w->t->cancel(w->t->self);
}

struct watch *watch_new(
	const struct card_transport *t, const char *const *allowed, size_t n_allowed)
{
	struct watch *w = calloc(1, sizeof(*w));
	if (!w)
		return NULL;
	w->t = t;
	w->allowed = allowed;
	w->n_allowed = n_allowed;
	w->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (w->wake < 0)
		return watch_free(w);
	return w;
}

struct watch *watch_free(struct watch *w)
{
	if (!w)
		return NULL;
	if (w->wake >= 0)
		close(w->wake);
	explicit_bzero(w, sizeof(*w)); /* an ATR may carry an IDm */
	free(w);
	return NULL;
}
