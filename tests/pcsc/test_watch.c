/* SPDX-License-Identifier: MIT
 *
 * The reader watch over a transport that plays prepared sights.
 */
#include "pcsc/watch.h"

#include <pthread.h>
#include <time.h>

#include "tests/check.h"

#define SIGHTS_MAX 12
#define LONG_MS    10000 /* far beyond what any test should take */

#define R1 "SONY FeliCa RC-S300/P (0123456) 00 00"
#define R2 "ACS ACR1252 Dual Reader 00 00"

struct sight {
	enum card_err err; /* of list(), instead of readers */
	struct reader_state readers[READER_MAX];
	size_t n;
};

/* What the desk looks like, one sight after the other: each wait() ends with the next one. */
struct desk {
	struct card_transport t;
	struct sight sights[SIGHTS_MAX];
	size_t n, at;
	enum card_err wait_err; /* of the next wait(), once */
	unsigned reopened;
	pthread_mutex_t lock;
	pthread_cond_t moved;
	bool cancelled;
	unsigned waiting; /* wait() calls that found nothing more to play */
	unsigned cancelled_waits;
};

static enum card_err desk_list(void *self, struct reader_state *ret, size_t max, size_t *ret_n)
{
	struct desk *d = self;
	const struct sight *s = &d->sights[d->at];
	if (s->err)
		return s->err;
	if (s->n == 0)
		return CARD_ERR_NO_READER;
	CHECK(s->n <= max);
	memcpy(ret, s->readers, s->n * sizeof(*ret));
	*ret_n = s->n;
	return CARD_ERR_OK;
}

static enum card_err wait_for_cancel(struct desk *d, unsigned timeout_ms)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	until.tv_sec += timeout_ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&d->lock);
	d->waiting++;
	pthread_cond_broadcast(&d->moved);
	int late = 0;
	while (!d->cancelled && !late)
		late = pthread_cond_timedwait(&d->moved, &d->lock, &until);
	bool cancelled = d->cancelled;
	d->cancelled = false;
	d->cancelled_waits += cancelled;
	pthread_mutex_unlock(&d->lock);
	return cancelled ? CARD_ERR_CANCELLED : CARD_ERR_TIMEOUT;
}

static enum card_err desk_wait(
	void *self, struct reader_state *states, size_t n, unsigned timeout_ms)
{
	struct desk *d = self;
	enum card_err err = d->wait_err;
	d->wait_err = CARD_ERR_OK;
	if (!err && d->at + 1 == d->n)
		return wait_for_cancel(d, timeout_ms);
	d->at++;
	return err;
}

static void desk_cancel(void *self)
{
	struct desk *d = self;
	pthread_mutex_lock(&d->lock);
	d->cancelled = true;
	pthread_cond_broadcast(&d->moved);
	pthread_mutex_unlock(&d->lock);
}

static enum card_err desk_reopen(void *self)
{
	struct desk *d = self;
	d->reopened++;
	if (d->at + 1 < d->n)
		d->at++;
	return d->sights[d->at].err;
}

static void desk_init(struct desk *d)
{
	memset(d, 0, sizeof(*d));
	d->t = (struct card_transport){.self = d,
		.list = desk_list,
		.wait = desk_wait,
		.cancel = desk_cancel,
		.reopen = desk_reopen};
	pthread_mutex_init(&d->lock, NULL);
	pthread_cond_init(&d->moved, NULL);
}

static struct sight *sight(struct desk *d)
{
	CHECK(d->n < SIGHTS_MAX);
	return &d->sights[d->n++];
}

static void sight_failed(struct desk *d, enum card_err err)
{
	sight(d)->err = err;
}

static void put(struct sight *s, const char *name, bool present, uint16_t events)
{
	struct reader_state *r = &s->readers[s->n++];
	snprintf(r->name, sizeof(r->name), "%s", name);
	r->present = present;
	r->events = events;
}

static void expect(struct watch *w, enum watch_kind kind, const char *reader)
{
	struct watch_event e;
	watch_next(w, LONG_MS, &e);
	CHECK_INT(e.kind, kind);
	CHECK_STR(e.reader, reader);
	CHECK(!e.with_reader);
}

static void expect_out_with_reader(struct watch *w, const char *reader)
{
	struct watch_event e;
	watch_next(w, LONG_MS, &e);
	CHECK_INT(e.kind, WATCH_CARD_OUT);
	CHECK(e.with_reader);
	CHECK_STR(e.reader, reader);
	CHECK_INT(watch_cards(w), 0);
	expect(w, WATCH_READER_OUT, reader);
}

static void expect_nothing(struct watch *w)
{
	struct watch_event e;
	watch_next(w, 0, &e);
	CHECK_INT(e.kind, WATCH_NOTHING);
}

static void what_is_there_at_the_start_is_told_as_coming_in(void)
{
	struct desk d;
	desk_init(&d);
	put(sight(&d), R1, true, 1);
	struct watch *w = watch_new(&d.t, NULL, 0);
	CHECK_INT(watch_readers(w), 0);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	CHECK_INT(watch_readers(w), 1);
	CHECK_INT(watch_cards(w), 0);
	expect(w, WATCH_CARD_IN, R1);
	CHECK_INT(watch_cards(w), 1);
	expect_nothing(w);
	watch_free(w);
}

static void a_reader_plugged_and_pulled_is_told(void)
{
	struct desk d;
	desk_init(&d);
	sight(&d);
	put(sight(&d), R1, false, 0);
	put(sight(&d), R1, true, 1);
	sight(&d);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	expect(w, WATCH_CARD_IN, R1);
	expect_out_with_reader(w, R1);
	CHECK_INT(watch_readers(w), 0);
	expect_nothing(w);
	watch_free(w);
}

static void a_card_in_and_out_is_told_once_each(void)
{
	struct desk d;
	desk_init(&d);
	put(sight(&d), R1, false, 0);
	put(sight(&d), R1, true, 1);
	put(sight(&d), R1, true, 1); /* some flag of no concern changed */
	put(sight(&d), R1, false, 2);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	expect(w, WATCH_CARD_IN, R1);
	expect(w, WATCH_CARD_OUT, R1);
	expect_nothing(w);
	watch_free(w);
}

static void a_quick_swap_is_out_and_in(void)
{
	struct desk d;
	desk_init(&d);
	put(sight(&d), R1, true, 1);
	put(sight(&d), R1, true, 3);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	expect(w, WATCH_CARD_IN, R1);
	expect(w, WATCH_CARD_OUT, R1);
	CHECK_INT(watch_cards(w), 0);
	expect(w, WATCH_CARD_IN, R1);
	expect_nothing(w);
	watch_free(w);
}

static void a_swap_is_seen_when_the_counter_wraps(void)
{
	struct desk d;
	desk_init(&d);
	put(sight(&d), R1, true, 0xFFFF);
	put(sight(&d), R1, true, 1);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	expect(w, WATCH_CARD_IN, R1);
	expect(w, WATCH_CARD_OUT, R1);
	expect(w, WATCH_CARD_IN, R1);
	watch_free(w);
}

static void a_tap_between_two_looks_is_in_and_out(void)
{
	struct desk d;
	desk_init(&d);
	put(sight(&d), R1, false, 0);
	put(sight(&d), R1, false, 2);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	expect(w, WATCH_CARD_IN, R1);
	expect(w, WATCH_CARD_OUT, R1);
	CHECK_INT(watch_cards(w), 0);
	watch_free(w);
}

static void a_mute_card_is_told_as_such(void)
{
	struct desk d;
	desk_init(&d);
	put(sight(&d), R1, false, 0);
	put(sight(&d), R1, true, 1);
	d.sights[1].readers[0].mute = true;
	put(sight(&d), R1, true, 3);
	put(sight(&d), R1, false, 4);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	expect(w, WATCH_CARD_MUTE, R1);
	CHECK_INT(watch_cards(w), 1);
	expect(w, WATCH_CARD_OUT, R1);
	expect(w, WATCH_CARD_IN, R1);
	expect(w, WATCH_CARD_OUT, R1);
	CHECK_INT(watch_cards(w), 0);
	watch_free(w);
}

static void a_reader_its_driver_lost_is_gone_and_comes_back_with_its_card(void)
{
	static struct desk d;
	desk_init(&d);
	put(sight(&d), R1, true, 1);
	struct sight *lost = sight(&d);
	put(lost, R1, true, 1);
	lost->readers[0].lost = true;
	put(sight(&d), R1, true, 2);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	expect(w, WATCH_CARD_IN, R1);
	expect_out_with_reader(w, R1);
	expect(w, WATCH_READER_IN, R1);
	expect(w, WATCH_CARD_IN, R1);
	watch_free(w);
}

static void two_readers_are_kept_apart(void)
{
	struct desk d;
	desk_init(&d);
	struct sight *s = sight(&d);
	put(s, R1, false, 0);
	put(s, R2, false, 0);
	s = sight(&d);
	put(s, R2, true, 1); /* and in another order */
	put(s, R1, false, 0);
	s = sight(&d);
	put(s, R2, true, 1);
	put(s, R1, true, 1);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	expect(w, WATCH_READER_IN, R2);
	expect(w, WATCH_CARD_IN, R2);
	expect(w, WATCH_CARD_IN, R1);
	CHECK_INT(watch_cards(w), 2);
	CHECK_INT(watch_readers(w), 2);
	watch_free(w);
}

static void only_allowed_readers_are_seen(void)
{
	static const char *const allowed[] = {"SONY FeliCa", "HID OMNIKEY 5022 00 00"};
	struct desk d;
	desk_init(&d);
	struct sight *s = sight(&d);
	put(s, R2, true, 1);
	put(s, R1, false, 0);
	s = sight(&d);
	put(s, R2, false, 2);
	put(s, R1, true, 1);
	struct watch *w = watch_new(&d.t, allowed, 2);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	CHECK_INT(watch_readers(w), 1);
	expect(w, WATCH_CARD_IN, R1);
	CHECK_INT(watch_cards(w), 1);
	expect_nothing(w);
	watch_free(w);
}

static void as_many_readers_as_there_may_be_come_and_go_at_once(void)
{
	struct desk d;
	desk_init(&d);
	struct sight *s = sight(&d), *t = sight(&d);
	char name[32];
	for (int i = 0; i < READER_MAX; i++) {
		snprintf(name, sizeof(name), "before %d", i);
		put(s, name, true, 1);
		snprintf(name, sizeof(name), "after %d", i);
		put(t, name, true, 1);
	}
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	for (int i = 0; i < 6 * READER_MAX; i++) {
		struct watch_event e;
		watch_next(w, LONG_MS, &e);
		CHECK(e.kind != WATCH_NOTHING);
	}
	expect_nothing(w);
	CHECK_INT(watch_readers(w), READER_MAX);
	CHECK_INT(watch_cards(w), READER_MAX);
	watch_free(w);
}

static void a_service_that_goes_and_comes_is_lived_through(void)
{
	struct desk d;
	desk_init(&d);
	put(sight(&d), R1, true, 1);
	sight_failed(&d, CARD_ERR_NO_SERVICE);
	sight_failed(&d, CARD_ERR_NO_SERVICE);
	put(sight(&d), R1, true, 1);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	expect(w, WATCH_CARD_IN, R1);
	d.wait_err = CARD_ERR_NO_SERVICE;
	expect_out_with_reader(w, R1);
	expect(w, WATCH_SERVICE_DOWN, "");
	CHECK_INT(watch_cards(w), 0);
	expect(w, WATCH_SERVICE_UP, "");
	CHECK_INT(d.reopened, 2);
	expect(w, WATCH_READER_IN, R1);
	expect(w, WATCH_CARD_IN, R1);
	expect_nothing(w);
	watch_free(w);
}

static void a_service_down_from_the_start_is_told_and_awaited(void)
{
	struct desk d;
	struct watch_event e;
	desk_init(&d);
	sight_failed(&d, CARD_ERR_NO_SERVICE);
	sight(&d);
	struct watch *w = watch_new(&d.t, NULL, 0);
	watch_next(w, LONG_MS, &e);
	CHECK_INT(e.kind, WATCH_SERVICE_DOWN);
	CHECK_INT(e.err, CARD_ERR_NO_SERVICE);
	expect(w, WATCH_SERVICE_UP, "");
	expect_nothing(w);
	watch_free(w);
}

static void a_refusal_is_told_apart_from_absence_and_each_only_once(void)
{
	struct desk d;
	struct watch_event e;
	desk_init(&d);
	sight_failed(&d, CARD_ERR_NO_SERVICE);
	sight_failed(&d, CARD_ERR_NOT_ALLOWED);
	sight_failed(&d, CARD_ERR_NOT_ALLOWED);
	sight(&d);
	struct watch *w = watch_new(&d.t, NULL, 0);
	watch_next(w, LONG_MS, &e);
	CHECK_INT(e.err, CARD_ERR_NO_SERVICE);
	watch_next(w, LONG_MS, &e);
	CHECK_INT(e.kind, WATCH_SERVICE_DOWN);
	CHECK_INT(e.err, CARD_ERR_NOT_ALLOWED);
	expect(w, WATCH_SERVICE_UP, "");
	watch_free(w);
}

static void an_unheard_of_failure_is_a_service_down_not_an_end(void)
{
	struct desk d;
	struct watch_event e;
	desk_init(&d);
	sight(&d);
	sight_failed(&d, CARD_ERR_PROTOCOL);
	put(sight(&d), R1, false, 0);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	watch_next(w, LONG_MS, &e);
	CHECK_INT(e.kind, WATCH_SERVICE_DOWN);
	CHECK_INT(e.err, CARD_ERR_NO_SERVICE);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	watch_free(w);
}

struct sleeper {
	struct watch *w;
	struct watch_event e;
};

static void *sleep_in(void *data)
{
	struct sleeper *s = data;
	watch_next(s->w, LONG_MS, &s->e);
	return NULL;
}

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void check_wakes(struct desk *d, struct watch *w, bool when_waiting)
{
	struct sleeper s = {w, {.kind = WATCH_KIND_COUNT}};
	pthread_t thread;
	int64_t start = now_ms();
	d->waiting = 0;
	CHECK_INT(pthread_create(&thread, NULL, sleep_in, &s), 0);
	pthread_mutex_lock(&d->lock);
	while (when_waiting && d->waiting == 0)
		pthread_cond_wait(&d->moved, &d->lock);
	pthread_mutex_unlock(&d->lock);
	watch_wake(w);
	pthread_join(thread, NULL);
	CHECK_INT(s.e.kind, WATCH_NOTHING);
	CHECK(now_ms() - start < LONG_MS / 2);
}

static void a_wake_ends_the_wait_of_another_thread(void)
{
	struct desk d;
	desk_init(&d);
	put(sight(&d), R1, false, 0);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	check_wakes(&d, w, true);
	CHECK_INT(d.cancelled_waits, 1);
	for (int i = 0; i < 50; i++) /* whenever it comes, it is not lost */
		check_wakes(&d, w, false);
	watch_free(w);
}

static void a_wake_ends_the_wait_for_a_service(void)
{
	struct desk d;
	desk_init(&d);
	sight_failed(&d, CARD_ERR_NO_SERVICE);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_DOWN, "");
	for (int i = 0; i < 5; i++)
		check_wakes(&d, w, false);
	watch_free(w);
}

static void a_wake_before_the_wait_is_not_lost(void)
{
	struct desk d;
	struct watch_event e;
	desk_init(&d);
	put(sight(&d), R1, false, 0);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	int64_t start = now_ms();
	watch_wake(w);
	watch_next(w, LONG_MS, &e);
	CHECK_INT(e.kind, WATCH_NOTHING);
	CHECK(now_ms() - start < LONG_MS / 2);
	watch_free(w);
}

static void a_wait_ends_when_its_time_is_up(void)
{
	struct desk d;
	struct watch_event e;
	desk_init(&d);
	put(sight(&d), R1, false, 0);
	struct watch *w = watch_new(&d.t, NULL, 0);
	expect(w, WATCH_SERVICE_UP, "");
	expect(w, WATCH_READER_IN, R1);
	int64_t start = now_ms();
	watch_next(w, 30, &e);
	CHECK_INT(e.kind, WATCH_NOTHING);
	CHECK(now_ms() - start >= 29 && now_ms() - start < LONG_MS / 2);
	CHECK(watch_free(w) == NULL);
	CHECK(watch_free(NULL) == NULL);
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(what_is_there_at_the_start_is_told_as_coming_in),
		CASE(a_reader_plugged_and_pulled_is_told),
		CASE(a_card_in_and_out_is_told_once_each),
		CASE(a_quick_swap_is_out_and_in),
		CASE(a_swap_is_seen_when_the_counter_wraps),
		CASE(a_tap_between_two_looks_is_in_and_out),
		CASE(a_mute_card_is_told_as_such),
		CASE(a_reader_its_driver_lost_is_gone_and_comes_back_with_its_card),
		CASE(two_readers_are_kept_apart),
		CASE(only_allowed_readers_are_seen),
		CASE(as_many_readers_as_there_may_be_come_and_go_at_once),
		CASE(a_service_that_goes_and_comes_is_lived_through),
		CASE(a_service_down_from_the_start_is_told_and_awaited),
		CASE(a_refusal_is_told_apart_from_absence_and_each_only_once),
		CASE(an_unheard_of_failure_is_a_service_down_not_an_end),
		CASE(a_wake_ends_the_wait_of_another_thread),
		CASE(a_wake_ends_the_wait_for_a_service),
		CASE(a_wake_before_the_wait_is_not_lost),
		CASE(a_wait_ends_when_its_time_is_up),
	};
	return CHECK_MAIN("watch", cases);
}
