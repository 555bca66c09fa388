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
#include "tests/virtual/vpcd_swap.h"

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

/* All readers at once: vpcd notices each change up to 400 ms late. */
static void lay_all(const struct vcard *card)
{
	for (size_t i = 0; i < N_READERS; i++)
		hold(i, card);
	for (size_t i = 0; i < N_READERS; i++)
		await_card(i);
}

static void clear_all(void)
{
	for (size_t i = 0; i < N_READERS; i++)
		vpcd_card_remove(hands[i]);
	for (size_t i = 0; i < N_READERS; i++)
		clear(i);
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

/* The next tap, after whatever happened. */
static void read_all_as(const char *id)
{
	struct vcard *card = sample(id);
	lay_all(card);
	for (size_t i = 0; i < N_READERS; i++)
		read_as(i, id);
	clear_all();
	vcard_free(card);
}

static void every_sample_says_what_it_holds_in_a_reader_of_every_kind(void)
{
	const struct expected *want;
	for (size_t k = 0; (want = expected_row(k)); k++)
		if (want->err != CARD_ERR_MUTE)
			read_all_as(want->id);
}

/* vpcd asks whether a card is there by asking for its ATR, and waits until it has one. */
static void a_card_without_an_atr_is_no_card_and_the_next_tap_works(void)
{
	struct card_reading got = {0};
	struct vcard *mute = sample("mute");
	unsigned before = vpcd_card_commands(hands[0]);
	hold(0, mute);
	CHECK(vpcd_card_wait(hands[0], VPCD_ON, BENCH_EVENT_MS));
	CHECK_INT(read_card(0, &got), CARD_ERR_REMOVED);
	CHECK_INT(vpcd_card_commands(hands[0]), before);
	clear(0);
	read_all_as("student");
	vcard_free(mute);
}

/* vpcd then reports success, and an answer of no bytes. */
static void a_card_that_vanishes_inside_an_apdu_is_removed_and_the_next_tap_works(void)
{
	struct vcard *leaving = sample("student");
	leaving->leave_after = 1;
	lay_all(leaving);
	for (size_t i = 0; i < N_READERS; i++) {
		struct card_reading got = {0};
		unsigned before = vpcd_card_answers(hands[i]);
		CHECK_STR(card_err_name(read_card(i, &got)), "removed");
		CHECK_INT(vpcd_card_answers(hands[i]) - before, 1);
		CHECK_STR(got.number, "");
	}
	clear_all();
	read_all_as("student");
	vcard_free(leaving);
}

/* Done by another hand while this thread reads: once the card has got more than `after`
 * APDUs, it is taken away. */
struct taking {
	struct vpcd_card *hand;
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
	struct vcard *silent = sample("student");
	silent->mute_after = 1;
	lay_all(silent);
	for (size_t i = 0; i < N_READERS; i++) {
		struct card_reading got = {0};
		struct taking t = {.after = 1};
		CHECK_STR(card_err_name(read_while(&t, i, &got)), "removed");
		CHECK(t.came);
	}
	clear_all();
	read_all_as("student");
	vcard_free(silent);
}

/* One card, whole: its IDm and its number. */
static bool is_reading_of(const char *id, const struct card_reading *r)
{
	const struct expected *want = expected_find(id);
	return r->idm[7] == want->idm_last && strcmp(r->number, want->number) == 0 &&
	       strcmp(r->name, want->name) == 0 && strcmp(r->class_, want->class_) == 0;
}

/* pcscd may see nothing of it: where an APDU is what finds the first card gone, neither a
 * removal nor an insertion is counted, and the second card is never switched on. */
static void a_card_swapped_between_two_readings_is_never_read_as_the_one_before(void)
{
	struct vcard *student = sample("student"), *staff = sample("staff");
	unsigned unseen = 0;
	lay_all(student);
	for (size_t i = 0; i < N_READERS; i++) {
		struct card_reading got = {0};
		read_as(i, "student");
		DWORD state = bench_state(&bench, i);
		hold(i, staff);
		enum card_err err = read_card(i, &got);
		CHECK(err || is_reading_of("staff", &got));
		CHECK(vpcd_card_wait(hands[i], VPCD_ON, BENCH_EVENT_MS));
		unseen += bench_state(&bench, i) == state;
		await_card(i);
		read_as(i, "staff");
	}
	clear_all();
	printf("%u of %zu swaps unseen by pcscd; ", unseen, N_READERS);
	vcard_free(student);
	vcard_free(staff);
}

/* One of two cards that take turns. */
struct turn {
	const char *id;
	struct vcard *card;
};

/* `here` is swapped for `next` after n APDUs. False: the reading was over before. */
static bool swap_after(
	size_t i, unsigned n, const struct turn *here, const struct turn *next, unsigned *ret_next)
{
	struct card_reading got = {0};
	struct card_trace trace;
	struct vpcd_swap swap;
	vpcd_swap_init(&swap, transport, hands[i], next->card, n);
	enum card_err err =
		card_read(&swap.t, bench_reader(&bench, i), &expected_job, &got, &trace);
	bool second = !err && is_reading_of(next->id, &got);
	/* What comes after the last block is no part of the reading. */
	CHECK(err || second || is_reading_of(here->id, &got));
	/* Unless vpcd happened to look before the APDU that was to find the card gone. */
	if (n == 0 && err != CARD_ERR_REMOVED)
		CHECK_INT(err, expected_err(expected_find(next->id), kinds[i]));
	printf("%c", err ? '-' : second ? '2' : '1');
	*ret_next += second;
	return swap.swapped;
}

/* pcscd sees nothing of it, the handle stays good, and from one APDU to the next another
 * card answers. */
static void a_swap_within_a_reading_never_mixes_two_cards(void)
{
	const struct turn turns[] = {{"student", sample("student")}, {"staff", sample("staff")}};
	unsigned second = 0;
	lay_all(turns[0].card);
	for (size_t i = 0; i < N_READERS; i++) {
		unsigned n = 0;
		while (swap_after(i, n, &turns[n % 2], &turns[(n + 1) % 2], &second))
			n++;
		printf(" %s; ", reader_kind_name(kinds[i]));
		CHECK(n > 0);
	}
	CHECK(second > 0);
	clear_all();
	vcard_free(turns[0].card);
	vcard_free(turns[1].card);
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
