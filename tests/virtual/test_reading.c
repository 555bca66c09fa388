/* SPDX-License-Identifier: MIT
 *
 * Every sample card read as the counter reads it: card_read() over PC/SC, real
 * pcscd in between, readers of every kind.
 */
#include "tests/check.h"

#include <glib.h>

#include "pcsc/card.h"
#include "pcsc/watch.h"
#include "tests/virtual/bench.h"
#include "tests/virtual/expected.h"

static struct bench bench;
static struct card_transport *transport;

/* Reader i of the bench is of kind i. */
static void read_sample(enum reader_kind kind, const struct expected *want)
{
	bench_lay(&bench, kind, want->id);
	expected_read(transport, want, kind, bench_reader(&bench, kind));
	bench_clear(&bench, kind);
}

static void every_sample_says_what_it_holds_in_a_reader_of_every_kind(void)
{
	const struct expected *want;
	for (size_t k = 0; (want = expected_row(k)); k++)
		for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++)
			read_sample(kind, want);
}

static void no_sample_is_left_out(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) cards = vcard_load_all(VCARD_DIR, &error);
	CHECK(cards != NULL);
	for (guint k = 0; cards && k < cards->len; k++) {
		const struct vcard *card = g_ptr_array_index(cards, k);
		if (!expected_find(card->id))
			fprintf(stderr, "%s is not in the table\n", card->id);
		CHECK(expected_find(card->id) != NULL);
	}
}

static void a_card_that_leaves_after_any_apdu_is_removed_or_read(void)
{
	g_autoptr(GError) error = NULL;
	struct vcard *card = vcard_find(VCARD_DIR, "student", &error);
	CHECK(card != NULL);
	for (unsigned n = 1; card && n <= 8; n++) {
		for (enum reader_kind i = 0; i < READER_KIND_COUNT; i++) {
			struct card_reading got = {0};
			struct card_trace trace;
			card->leave_after = n;
			field_insert(bench.fields[i], card);
			CHECK(bench_wait(&bench, i, SCARD_STATE_PRESENT, true) != 0);
			enum card_err err = card_read(
				transport, bench_reader(&bench, i), &expected_job, &got, &trace);
			CHECK(err == CARD_ERR_REMOVED || err == CARD_ERR_OK);
			if (n == 1)
				CHECK_INT(err, CARD_ERR_REMOVED);
			bench_clear(&bench, i);
		}
	}
	vcard_free(card);
}

static bool next_is(struct watch *w, enum watch_kind kind, enum reader_kind i)
{
	struct watch_event e = {0};
	watch_next(w, BENCH_EVENT_MS, &e);
	if (e.kind == kind && strcmp(e.reader, bench_reader(&bench, i)) == 0)
		return true;
	fprintf(stderr, "event %d of \"%s\"\n", e.kind, e.reader);
	return false;
}

static void the_watch_tells_of_a_quick_swap(void)
{
	struct watch_event e;
	struct watch *w = watch_new(transport, NULL, 0);
	do
		watch_next(w, 500, &e); /* service, readers */
	while (e.kind != WATCH_NOTHING);
	bench_lay(&bench, READER_KIND_SESSION, "student");
	CHECK(next_is(w, WATCH_CARD_IN, READER_KIND_SESSION));
	bench_hold(&bench, READER_KIND_SESSION, "staff");
	CHECK(next_is(w, WATCH_CARD_OUT, READER_KIND_SESSION));
	CHECK(next_is(w, WATCH_CARD_IN, READER_KIND_SESSION));
	bench_clear(&bench, READER_KIND_SESSION);
	CHECK(next_is(w, WATCH_CARD_OUT, READER_KIND_SESSION));
	watch_free(w);
}

static void the_watch_lives_through_a_restarted_pcscd(void)
{
	g_autoptr(GError) error = NULL;
	struct watch_event e;
	struct watch *w = watch_new(transport, NULL, 0);
	bool down = false, up = false, in = false;
	do
		watch_next(w, 500, &e);
	while (e.kind != WATCH_NOTHING);
	bench_lay(&bench, READER_KIND_SESSION, "student");
	CHECK(next_is(w, WATCH_CARD_IN, READER_KIND_SESSION));
	private_pcscd_kill(bench.pcscd);
	double until = bench_now_ms() + BENCH_EVENT_MS;
	for (; !down && bench_now_ms() < until; down = e.kind == WATCH_SERVICE_DOWN)
		watch_next(w, 1000, &e);
	CHECK(private_pcscd_restart(bench.pcscd, &error));
	for (; !in && bench_now_ms() < until; in = up && e.kind == WATCH_CARD_IN) {
		watch_next(w, 1000, &e);
		up = up || e.kind == WATCH_SERVICE_UP;
	}
	CHECK(down);
	CHECK(up);
	CHECK(in);
	CHECK(bench_reopen(&bench));
	bench_clear(&bench, READER_KIND_SESSION);
	watch_free(w);
}

static void print_how_long_a_reading_takes(void)
{
	struct card_reading got = {0};
	struct card_trace trace;
	for (enum reader_kind i = 0; i < READER_KIND_COUNT; i++) {
		if (expected_err(expected_find("student"), i))
			continue; /* not to be read there */
		bench_lay(&bench, i, "student");
		double from = bench_now_ms();
		CHECK_INT(
			card_read(transport, bench_reader(&bench, i), &expected_job, &got, &trace),
			CARD_ERR_OK);
		printf("%.2f ms; ", bench_now_ms() - from);
		reading_wipe(&got);
		bench_clear(&bench, i);
	}
}

#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(every_sample_says_what_it_holds_in_a_reader_of_every_kind),
		CASE(no_sample_is_left_out),
		CASE(a_card_that_leaves_after_any_apdu_is_removed_or_read),
		CASE(the_watch_tells_of_a_quick_swap),
		CASE(print_how_long_a_reading_takes),
		CASE(the_watch_lives_through_a_restarted_pcscd),
	};
	enum reader_kind kinds[READER_KIND_COUNT];
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++)
		kinds[kind] = kind;
	int code = bench_start_with(&bench, kinds, READER_KIND_COUNT);
	if (code == 0) {
		transport = transport_pcsc_new();
		code = CHECK_MAIN("sample cards as the counter reads them", cases);
		transport = transport_pcsc_free(transport);
	}
	bench_stop(&bench);
	return code;
}
