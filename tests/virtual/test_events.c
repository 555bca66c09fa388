/* SPDX-License-Identifier: MIT
 *
 * What PC/SC clients see of cards and readers that come and go.
 */
#include "tests/check.h"

#include <glib.h>

#include "tests/virtual/bench.h"

#define CYCLES   200
#define SWAPS    50
#define RESTARTS 3

static struct bench bench;

static unsigned counter(enum bench_reader i)
{
	return (unsigned)(bench_state(&bench, i) >> 16);
}

struct times {
	double all[CYCLES];
	size_t n;
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static void print_times(const char *what, struct times *t)
{
	qsort(t->all, t->n, sizeof(t->all[0]), by_value);
	if (t->n > 0)
		printf("%s ms: median %.2f, p95 %.2f, most %.2f; ", what, t->all[t->n / 2],
			t->all[t->n * 95 / 100], t->all[t->n - 1]);
}

/* Wait for `bits` as a client does, with the state known so far; the time it took. */
static void time_change(SCARD_READERSTATE *s, DWORD bits, double from, struct times *t)
{
	while (bench_now_ms() < from + BENCH_EVENT_MS) {
		s->dwCurrentState = s->dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
		if (SCardGetStatusChange(bench.context, BENCH_EVENT_MS, s, 1) != SCARD_S_SUCCESS)
			continue;
		if (s->dwEventState & bits) {
			t->all[t->n++] = bench_now_ms() - from;
			return;
		}
	}
}

static void every_card_laid_on_and_taken_away_is_seen(void)
{
	static struct times in, out;
	SCARD_READERSTATE s = {.szReader = bench_reader(&bench, BENCH_SESSION)};
	SCardGetStatusChange(bench.context, 0, &s, 1);
	unsigned before = counter(BENCH_SESSION);
	for (int i = 0; i < CYCLES; i++) {
		double from = bench_now_ms();
		bench_hold(&bench, BENCH_SESSION, "student");
		time_change(&s, SCARD_STATE_PRESENT, from, &in);
		from = bench_now_ms();
		field_remove(bench.fields[BENCH_SESSION]);
		time_change(&s, SCARD_STATE_EMPTY, from, &out);
	}
	print_times("in", &in);
	print_times("out", &out);
	CHECK_INT(in.n, CYCLES);
	CHECK_INT(out.n, CYCLES);
	CHECK_INT(counter(BENCH_SESSION) - before, 2 * CYCLES);
}

/* PC/SC may show one state only, but its counter tells of two events. */
static void a_quick_swap_is_seen_as_away_and_on(void)
{
	bench_lay(&bench, BENCH_SESSION, "student");
	for (int i = 0; i < SWAPS; i++) {
		unsigned before = counter(BENCH_SESSION);
		bench_hold(&bench, BENCH_SESSION, i % 2 ? "student" : "mifare");
		CHECK(field_wait(bench.fields[BENCH_SESSION], FIELD_ON, BENCH_EVENT_MS));
		double until = bench_now_ms() + BENCH_EVENT_MS;
		while (counter(BENCH_SESSION) - before < 2 && bench_now_ms() < until)
			SCardGetStatusChange(bench.context, 1, NULL, 0);
		CHECK_INT(counter(BENCH_SESSION) - before, 2);
		CHECK(bench_state(&bench, BENCH_SESSION) & SCARD_STATE_PRESENT);
	}
	bench_clear(&bench, BENCH_SESSION);
}

static LONG connect_card(enum bench_reader i, SCARDHANDLE *ret)
{
	DWORD protocol;
	return SCardConnect(bench.context, bench_reader(&bench, i), SCARD_SHARE_SHARED,
		SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, ret, &protocol);
}

static LONG get_uid(SCARDHANDLE card, uint8_t *ret, DWORD *len)
{
	static const uint8_t apdu[] = {0xFF, 0xCA, 0x00, 0x00, 0x00};
	return SCardTransmit(card, SCARD_PCI_T1, apdu, sizeof(apdu), NULL, ret, len);
}

/* Who connected to the card before must not go on with the one after. */
static void a_handle_dies_with_its_card(void)
{
	SCARDHANDLE card = 0;
	uint8_t uid[WIRE_APDU_MAX];
	DWORD len = sizeof(uid);
	bench_lay(&bench, BENCH_SESSION, "student");
	unsigned before = counter(BENCH_SESSION);
	CHECK_INT(connect_card(BENCH_SESSION, &card), SCARD_S_SUCCESS);
	bench_hold(&bench, BENCH_SESSION, "staff");
	double until = bench_now_ms() + BENCH_EVENT_MS;
	while (counter(BENCH_SESSION) - before < 2 && bench_now_ms() < until)
		SCardGetStatusChange(bench.context, 1, NULL, 0);
	CHECK_INT(get_uid(card, uid, &len), SCARD_W_REMOVED_CARD);
	SCardDisconnect(card, SCARD_LEAVE_CARD);
	bench_clear(&bench, BENCH_SESSION);
}

static void two_readers_hold_two_cards(void)
{
	SCARDHANDLE cards[BENCH_READERS] = {0};
	const char *const ids[BENCH_READERS] = {"student", "staff"};
	for (enum bench_reader i = 0; i < BENCH_READERS; i++) {
		uint8_t uid[WIRE_APDU_MAX] = {0};
		DWORD len = sizeof(uid);
		bench_lay(&bench, i, ids[i]);
		CHECK_INT(connect_card(i, &cards[i]), SCARD_S_SUCCESS);
		CHECK_INT(get_uid(cards[i], uid, &len), SCARD_S_SUCCESS);
		CHECK_INT(len, VCARD_IDM_SIZE + 2);
		CHECK_INT(uid[7], i + 1); /* last byte of the IDm */
	}
	for (enum bench_reader i = 0; i < BENCH_READERS; i++) {
		SCardDisconnect(cards[i], SCARD_LEAVE_CARD);
		bench_clear(&bench, i);
	}
}

static void a_second_hand_waits_until_the_first_takes_its_card_away(void)
{
	g_autoptr(GError) error = NULL;
	struct field *other =
		field_new(private_pcscd_socket(bench.pcscd, BENCH_SESSION), READER_KIND_SESSION);
	struct vcard *staff = vcard_find(VCARD_DIR, "staff", &error);
	bench_lay(&bench, BENCH_SESSION, "student");
	field_insert(other, staff);
	CHECK(!field_wait(other, FIELD_ON, 200));
	CHECK_INT(field_state(bench.fields[BENCH_SESSION]), FIELD_ON);
	field_remove(bench.fields[BENCH_SESSION]);
	CHECK(field_wait(other, FIELD_ON, BENCH_EVENT_MS));
	field_free(other);
	vcard_free(staff);
	CHECK(bench_wait(&bench, BENCH_SESSION, SCARD_STATE_EMPTY, true) != 0);
}

static void a_card_held_out_meets_a_restarted_pcscd(void)
{
	bench_lay(&bench, BENCH_DIRECT, "student");
	for (int i = 0; i < RESTARTS; i++) {
		g_autoptr(GError) error = NULL;
		private_pcscd_kill(bench.pcscd);
		CHECK(field_wait(bench.fields[BENCH_DIRECT], FIELD_WAITING, BENCH_EVENT_MS));
		CHECK(private_pcscd_restart(bench.pcscd, &error));
		CHECK(field_wait(bench.fields[BENCH_DIRECT], FIELD_ON, BENCH_EVENT_MS));
		CHECK(bench_reopen(&bench));
		CHECK(bench_wait(&bench, BENCH_DIRECT, SCARD_STATE_PRESENT, true) != 0);
	}
	bench_clear(&bench, BENCH_DIRECT);
}

static bool is_listed(enum bench_reader i)
{
	char names[4096];
	DWORD len = sizeof(names);
	if (SCardListReaders(bench.context, NULL, names, &len) != SCARD_S_SUCCESS)
		return false;
	for (const char *name = names; *name; name += strlen(name) + 1)
		if (strcmp(name, bench_reader(&bench, i)) == 0)
			return true;
	return false;
}

static void an_unplugged_reader_is_unavailable_until_plugged_in(void)
{
	struct field *f = bench.fields[BENCH_DIRECT];
	SCARDHANDLE card;
	bench_lay(&bench, BENCH_DIRECT, "student");
	CHECK(field_unplug(f, BENCH_EVENT_MS));
	CHECK(bench_wait(&bench, BENCH_DIRECT, SCARD_STATE_PRESENT, false) != 0);
	CHECK_INT(connect_card(BENCH_DIRECT, &card), SCARD_E_READER_UNAVAILABLE);
	CHECK(field_wait(f, FIELD_WAITING, BENCH_EVENT_MS));
	bench_lay(&bench, BENCH_SESSION, "staff"); /* the other one goes on */
	bench_clear(&bench, BENCH_SESSION);
	double from = bench_now_ms();
	field_plug(f);
	CHECK(bench_wait(&bench, BENCH_DIRECT, SCARD_STATE_PRESENT, true) != 0);
	printf("back after %.0f ms; ", bench_now_ms() - from);
	CHECK(field_wait(f, FIELD_ON, BENCH_EVENT_MS));
	bench_clear(&bench, BENCH_DIRECT);
}

static void restart(void)
{
	g_autoptr(GError) error = NULL;
	private_pcscd_kill(bench.pcscd);
	CHECK(private_pcscd_restart(bench.pcscd, &error));
	CHECK(bench_reopen(&bench));
}

static void a_pcscd_started_without_a_reader_does_not_list_it(void)
{
	CHECK(field_unplug(bench.fields[BENCH_DIRECT], BENCH_EVENT_MS));
	restart();
	CHECK(is_listed(BENCH_SESSION));
	CHECK(!is_listed(BENCH_DIRECT));
	field_plug(bench.fields[BENCH_DIRECT]);
	restart();
	CHECK(is_listed(BENCH_DIRECT));
}

#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(every_card_laid_on_and_taken_away_is_seen),
		CASE(a_quick_swap_is_seen_as_away_and_on),
		CASE(a_handle_dies_with_its_card),
		CASE(two_readers_hold_two_cards),
		CASE(a_second_hand_waits_until_the_first_takes_its_card_away),
		CASE(an_unplugged_reader_is_unavailable_until_plugged_in),
		CASE(a_card_held_out_meets_a_restarted_pcscd),
		CASE(a_pcscd_started_without_a_reader_does_not_list_it),
	};
	int code = bench_start(&bench);
	if (code == 0)
		code = CHECK_MAIN("events of the virtual reader", cases);
	bench_stop(&bench);
	return code;
}
