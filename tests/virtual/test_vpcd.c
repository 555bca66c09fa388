/* SPDX-License-Identifier: MIT
 *
 * Every sample card read through a driver that is not ours, Debian's vpcd: what only our
 * own driver promises, the counter must not lean on.
 */
#include "tests/check.h"

#include <glib.h>
#include <stdlib.h>
#include <unistd.h>

#include "pcsc/card.h"
#include "tests/virtual/bench.h"
#include "tests/virtual/expected.h"
#include "tests/virtual/vpcd_card.h"

#define FIRST_PORT 35963 /* vpcd's own; each reader takes two */
#define ROUNDS     15    /* of each measurement */

/* vpcd has no escape commands. */
static const enum reader_kind kinds[] = {READER_KIND_SESSION, READER_KIND_SONY_FRAME,
	READER_KIND_SONY_SELECT, READER_KIND_DIRECT, READER_KIND_ACR122, READER_KIND_ACR122_T0,
	READER_KIND_IDENTIV, READER_KIND_PLAIN};

/* pcscd knows 16 slots, and a vpcd has two. */
#define N_READERS G_N_ELEMENTS(kinds)
_Static_assert(N_READERS == READER_KIND_COUNT - 1 && N_READERS <= 8, "every kind but one");

static struct bench bench; /* without fields: the hands are those of vpcd */
static struct vpcd_card *hands[N_READERS];
static struct card_transport *transport;

static void hold(size_t i, const struct vcard *card)
{
	CHECK(vpcd_card_insert(hands[i], card));
}

static void await_card(size_t i)
{
	CHECK(bench_wait(&bench, i, SCARD_STATE_PRESENT, true) != 0);
}

static void lay(size_t i, const struct vcard *card)
{
	hold(i, card);
	await_card(i);
}

static void clear(size_t i)
{
	vpcd_card_remove(hands[i]);
	CHECK(bench_wait(&bench, i, SCARD_STATE_EMPTY, true) != 0);
}

static struct vcard *sample(const char *id)
{
	g_autoptr(GError) error = NULL;
	struct vcard *card = vcard_find(VCARD_DIR, id, &error);
	if (card)
		return card;
	fprintf(stderr, "%s\n", error->message);
	exit(2);
}

static enum card_err read_card(size_t i, struct card_reading *ret)
{
	struct card_trace trace;
	return card_read(transport, bench_reader(&bench, i), &expected_job, ret, &trace);
}

static void read_as(size_t i, const char *id)
{
	expected_read(transport, expected_find(id), kinds[i], bench_reader(&bench, i));
}

/* All readers at once: vpcd notices each change up to 400 ms late. */
static void every_sample_says_what_it_holds_in_a_reader_of_every_kind(void)
{
	const struct expected *want;
	for (size_t k = 0; (want = expected_row(k)); k++) {
		struct vcard *card = sample(want->id);
		if (want->err == CARD_ERR_MUTE) {
			vcard_free(card);
			continue;
		}
		for (size_t i = 0; i < N_READERS; i++)
			hold(i, card);
		for (size_t i = 0; i < N_READERS; i++) {
			await_card(i);
			read_as(i, want->id);
			vpcd_card_remove(hands[i]);
		}
		for (size_t i = 0; i < N_READERS; i++)
			clear(i);
		vcard_free(card);
	}
}

/* vpcd asks whether a card is there by asking for its ATR, and waits until it has one. */
static void a_card_without_an_atr_is_no_card_and_the_next_tap_works(void)
{
	struct card_reading got = {0};
	struct vcard *mute = sample("mute"), *student = sample("student");
	unsigned before = vpcd_card_commands(hands[0]);
	hold(0, mute);
	CHECK(vpcd_card_wait(hands[0], VPCD_ON, BENCH_EVENT_MS));
	CHECK_INT(read_card(0, &got), CARD_ERR_REMOVED);
	CHECK_INT(vpcd_card_commands(hands[0]), before);
	lay(0, student);
	read_as(0, "student");
	clear(0);
	vcard_free(mute);
	vcard_free(student);
}

/* vpcd then reports success, and an answer of no bytes. */
static void a_card_that_vanishes_inside_an_apdu_is_removed_and_the_next_tap_works(void)
{
	struct vcard *leaving = sample("student"), *student = sample("student");
	leaving->leave_after = 1;
	for (size_t i = 0; i < N_READERS; i++) {
		struct card_reading got = {0};
		unsigned before = vpcd_card_answers(hands[i]);
		lay(i, leaving);
		CHECK_STR(card_err_name(read_card(i, &got)), "removed");
		CHECK_INT(vpcd_card_answers(hands[i]) - before, 1);
		CHECK_STR(got.number, "");
		clear(i);
		lay(i, student);
		read_as(i, "student");
		clear(i);
	}
	vcard_free(leaving);
	vcard_free(student);
}

/* Something done by another hand while this thread reads: once a card has got `after`
 * APDUs and is silent at the next, it is taken away, and `next` is laid there. */
struct taking {
	struct vpcd_card *hand;
	const struct vcard *next; /* NULL: none */
	unsigned before, after;
	bool came;
	gint over; /* the reading is: atomic */
};

#define GLANCE_MS 20 /* between two looks whether the reading is over */

static void *take_away(void *data)
{
	struct taking *t = data;
	while (!t->came && !g_atomic_int_get(&t->over))
		t->came = vpcd_card_wait_command(t->hand, t->before + t->after, GLANCE_MS);
	if (t->came && t->next)
		vpcd_card_insert(t->hand, t->next);
	else
		vpcd_card_remove(t->hand);
	return NULL;
}

static enum card_err read_while(struct taking *t, size_t i, struct card_reading *ret)
{
	t->hand = hands[i];
	t->before = vpcd_card_commands(hands[i]);
	GThread *thread = g_thread_new("taking", take_away, t);
	enum card_err err = read_card(i, ret);
	g_atomic_int_set(&t->over, 1);
	g_thread_join(thread);
	return err;
}

/* Only the hand can end it: vpcd waits for an answer as long as there is a card. */
static void a_card_that_falls_silent_is_removed_when_it_is_taken_away(void)
{
	struct vcard *silent = sample("student"), *student = sample("student");
	silent->mute_after = 1;
	for (size_t i = 0; i < N_READERS; i++) {
		struct card_reading got = {0};
		struct taking t = {.after = 1};
		lay(i, silent);
		CHECK_STR(card_err_name(read_while(&t, i, &got)), "removed");
		CHECK(t.came);
		CHECK(bench_wait(&bench, i, SCARD_STATE_EMPTY, true) != 0);
		lay(i, student);
		read_as(i, "student");
		clear(i);
	}
	vcard_free(silent);
	vcard_free(student);
}

/* One card, whole: its IDm and its number. */
static bool is_reading_of(const char *id, const struct card_reading *r)
{
	const struct expected *want = expected_find(id);
	return r->idm[7] == want->idm_last && strcmp(r->number, want->number) == 0 &&
	       strcmp(r->name, want->name) == 0 && strcmp(r->class_, want->class_) == 0;
}

/* pcscd has seen nothing of it: it counts neither a removal nor an insertion, and the
 * second card is never switched on. Until vpcd has looked, nothing is transacted. */
static void a_card_swapped_between_two_readings_is_never_read_as_the_one_before(void)
{
	struct vcard *student = sample("student"), *staff = sample("staff");
	unsigned unseen = 0;
	for (size_t i = 0; i < N_READERS; i++) {
		struct card_reading got = {0};
		lay(i, student);
		read_as(i, "student");
		DWORD state = bench_state(&bench, i);
		hold(i, staff);
		enum card_err err = read_card(i, &got);
		CHECK(err || is_reading_of("staff", &got));
		CHECK(err != CARD_ERR_BUSY && err != CARD_ERR_NO_SERVICE);
		CHECK(vpcd_card_wait(hands[i], VPCD_ON, BENCH_EVENT_MS));
		unseen += bench_state(&bench, i) == state;
		await_card(i);
		read_as(i, "staff");
		clear(i);
	}
	printf("%u of %zu swaps unseen by pcscd; ", unseen, N_READERS);
	vcard_free(student);
	vcard_free(staff);
}

/* False: the reading was over before. */
static bool swap_after(size_t i, unsigned n, const struct vcard *next, unsigned *ret_others)
{
	struct vcard *first = sample("student");
	struct card_reading got = {0};
	struct taking t = {.next = next, .after = n};
	first->mute_after = n;
	lay(i, first);
	enum card_err err = read_while(&t, i, &got);
	bool second = !err && is_reading_of("staff", &got);
	/* What comes after the last block is no part of the reading. */
	CHECK(err || second || is_reading_of("student", &got));
	*ret_others += second;
	clear(i);
	vcard_free(first);
	return t.came;
}

/* The handle stays good, and from one APDU to the next another card answers. */
static void a_swap_within_a_reading_never_mixes_two_cards(void)
{
	struct vcard *staff = sample("staff");
	unsigned swaps = 0, others = 0;
	for (size_t i = 0; i < N_READERS; i++)
		for (unsigned n = 1; swap_after(i, n, staff, &others); n++)
			swaps++;
	printf("%u swaps, %u read as the second card; ", swaps, others);
	CHECK(swaps > N_READERS);
	vcard_free(staff);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static void measure(size_t i, const struct vcard *card, bool quick)
{
	double all[ROUNDS];
	struct card_trace trace;
	vpcd_card_set_quick(hands[i], quick);
	lay(i, card);
	for (size_t k = 0; k < ROUNDS; k++) {
		struct card_reading got = {0};
		double from = bench_now_ms();
		CHECK_INT(
			card_read(transport, bench_reader(&bench, i), &expected_job, &got, &trace),
			CARD_ERR_OK);
		all[k] = bench_now_ms() - from;
	}
	qsort(all, ROUNDS, sizeof(all[0]), by_value);
	printf("\n%s, %u APDUs, %s acknowledged at once: median %.2f ms, most %.2f ms",
		reader_kind_name(kinds[i]), (unsigned)trace_apdus(&trace), quick ? "" : "not",
		all[ROUNDS / 2], all[ROUNDS - 1]);
	clear(i);
	vpcd_card_set_quick(hands[i], true);
}

static void print_how_long_a_reading_takes(void)
{
	struct vcard *student = sample("student");
	for (size_t i = 0; i < N_READERS; i++) {
		if (kinds[i] != READER_KIND_SESSION && kinds[i] != READER_KIND_DIRECT)
			continue;
		measure(i, student, true);
		measure(i, student, false);
	}
	vcard_free(student);
}

static int start(void)
{
	g_autoptr(GError) error = NULL;
	struct private_reader readers[N_READERS];
	const char *driver = g_getenv("VPCD_DRIVER");
	if (!driver || access(driver, R_OK) < 0) {
		fprintf(stderr, "skipped: no libifdvpcd.so; run tests/virtual/vpcd-driver\n");
		return PRIVATE_SKIP;
	}
	for (size_t i = 0; i < N_READERS; i++)
		readers[i] = (struct private_reader){
			kinds[i], reader_kind_reader(kinds[i]), FIRST_PORT + 2 * (unsigned)i};
	bench.pcscd = private_pcscd_start(readers, N_READERS, &error);
	if (!bench.pcscd) {
		fprintf(stderr, "%s\n", error->message);
		return error->code;
	}
	for (size_t i = 0; i < N_READERS; i++)
		hands[i] = vpcd_card_new(
			private_pcscd_pid(bench.pcscd), readers[i].vpcd_port, kinds[i]);
	transport = transport_pcsc_new();
	return transport && bench_reopen(&bench) ? 0 : 1;
}

static void stop(void)
{
	for (size_t i = 0; i < N_READERS; i++)
		hands[i] = vpcd_card_free(hands[i]);
	transport = transport_pcsc_free(transport);
	bench_stop(&bench);
}

#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(every_sample_says_what_it_holds_in_a_reader_of_every_kind),
		CASE(a_card_without_an_atr_is_no_card_and_the_next_tap_works),
		CASE(a_card_that_vanishes_inside_an_apdu_is_removed_and_the_next_tap_works),
		CASE(a_card_that_falls_silent_is_removed_when_it_is_taken_away),
		CASE(a_card_swapped_between_two_readings_is_never_read_as_the_one_before),
		CASE(a_swap_within_a_reading_never_mixes_two_cards),
		CASE(print_how_long_a_reading_takes),
	};
	int code = start();
	if (code == 0)
		code = CHECK_MAIN("sample cards through a foreign driver", cases);
	stop();
	return code;
}
