/* SPDX-License-Identifier: MIT
 *
 * Every sample card read as the counter reads it: card_read() over PC/SC, real
 * pcscd in between, both dialects.
 */
#include "tests/check.h"

#include <glib.h>

#include "pcsc/card.h"
#include "pcsc/watch.h"
#include "tests/virtual/bench.h"

static struct bench bench;
static struct card_transport *transport;

/* As assets/defaults/layouts.conf says it: this test is of cards and readers, not of files. */
static const struct card_layout fcf = {
	.name = "fcf",
	.key_kind = "student-number",
	.steps = {{.kind = LAYOUT_SYSTEM, .code = 0xFE00},
		{.kind = LAYOUT_READ, .code = 0x1A8B, .blocks = {0, 1, 2, 3}, .n_blocks = 4}},
	.n_steps = 2,
	.class_ = {0, 2},
	.number = {2, 12},
	.reissue = {14, 1},
	.name_ = {16, 16},
	.school = {32, 8},
	.issued = {40, 8},
	.expires = {48, 8},
	.name_encoding = LAYOUT_CP932,
	.school_id = "13990001",
	.padding = {0, ' '},
	.n_padding = 2,
	.classes = {{"01", "student", "student-number"}, {"02", "student", "student-number"},
		{"11", "staff", "staff-number"}},
	.n_classes = 3,
	.patterns = {{"99-999999"}, {"9999999"}},
	.n_patterns = 2,
	.stable_idm = true,
};

static const struct card_job job = {.layouts = &fcf, .n_layouts = 1};

/* What the counter must learn from each sample. */
static const struct expected {
	const char *id;
	enum card_err err;
	const char *class_, *number, *name;
	int32_t expires;
	uint8_t idm_last;
} table[] = {
	{"student", CARD_ERR_OK, "student", "37-246801", "トウト ハナコ", 20990331, 0x01},
	{"staff", CARD_ERR_OK, "staff", "0012345", "蔵前 次郎", 20990331, 0x02},
	{"english", CARD_ERR_OK, "student", "37-257913", "ANDERSSON-LINDQV", 20990331, 0x03},
	{"two", CARD_ERR_OK, "student", "37-299999", "リヨウゴク ナナミ", 20990331, 0x04},
	{"privileged", CARD_ERR_OK, "staff", "0020001", "ウエノ ロクロウ", 20990331, 0x05},
	{"science", CARD_ERR_OK, "student", "35-246802", "コトワリ サツキ", 20990331, 0x06},
	{"expired", CARD_ERR_OK, "student", "37-213344", "カワベ サブロウ", 20250331, 0x07},
	{"old-card", CARD_ERR_OK, "student", "37-235577", "モリ シキ", 20990331, 0x08},
	{"graduate", CARD_ERR_OK, "student", "37-211111", "ソツダ ヤエ", 20990331, 0x09},
	{"unlisted", CARD_ERR_OK, "student", "37-200000", "ミシマ トワ", 20990331, 0x0A},
	{"clerk-a", CARD_ERR_OK, "staff", "0090001", "マドグチ イチエ", 20990331, 0x12},
	{"clerk-b", CARD_ERR_OK, "staff", "0090002", "マドグチ フタバ", 20990331, 0x13},
	{"other-university", CARD_ERR_FOREIGN},
	{"transit", CARD_ERR_TRANSIT},
	{"mifare", CARD_ERR_UNKNOWN_CARD},
	{"unreadable", CARD_ERR_UNREADABLE},
	{"half-way", CARD_ERR_REMOVED},
	{"mute", CARD_ERR_MUTE},
	{"no-data", CARD_ERR_NO_DATA},
};

static void check_reading(
	const struct expected *want, const struct card_reading *got, enum bench_reader i)
{
	CHECK_STR(got->layout, "fcf");
	CHECK_STR(got->class_, want->class_);
	CHECK_STR(got->number, want->number);
	CHECK_STR(got->name, want->name);
	CHECK_STR(got->key_kind,
		strcmp(want->class_, "staff") == 0 ? "staff-number" : "student-number");
	CHECK_INT(got->reissue, 0);
	CHECK_INT(got->issued, 20240401);
	CHECK_INT(got->expires, want->expires);
	CHECK_INT(got->idm[0], 0x01); /* its system nibble masked */
	CHECK_INT(got->idm[7], want->idm_last);
	CHECK(got->stable_idm);
	CHECK_INT(got->assurance, CARD_UNAUTHENTICATED);
	CHECK_STR(got->reader, bench_reader(&bench, i));
	CHECK_STR(got->dialect, i == BENCH_SESSION ? "transparent" : "acs-direct");
}

static void read_sample(enum bench_reader i, const struct expected *want)
{
	struct card_reading got = {0};
	struct card_trace trace = {0};
	bench_lay(&bench, i, want->id);
	enum card_err err = card_read(transport, bench_reader(&bench, i), &job, &got, &trace);
	if (err != want->err)
		fprintf(stderr, "%s, %s: step %s, PC/SC %lx, SW %04x, flags %04x\n", want->id,
			bench_reader(&bench, i), trace.step, (unsigned long)trace.pcsc, trace.sw,
			trace.flags);
	CHECK_STR(card_err_name(err), card_err_name(want->err));
	if (err == CARD_ERR_OK && want->err == CARD_ERR_OK)
		check_reading(want, &got, i);
	reading_wipe(&got);
	bench_clear(&bench, i);
}

static void every_sample_says_what_it_holds_over_a_session(void)
{
	for (size_t k = 0; k < G_N_ELEMENTS(table); k++)
		read_sample(BENCH_SESSION, &table[k]);
}

static void every_sample_says_what_it_holds_over_direct_frames(void)
{
	for (size_t k = 0; k < G_N_ELEMENTS(table); k++)
		read_sample(BENCH_DIRECT, &table[k]);
}

static void no_sample_is_left_out(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) cards = vcard_load_all(VCARD_DIR, &error);
	CHECK(cards != NULL);
	for (guint k = 0; cards && k < cards->len; k++) {
		const struct vcard *card = g_ptr_array_index(cards, k);
		bool listed = false;
		for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
			listed = listed || strcmp(table[i].id, card->id) == 0;
		if (!listed)
			fprintf(stderr, "%s is not in the table\n", card->id);
		CHECK(listed);
	}
}

static void a_card_that_leaves_after_any_apdu_is_removed_or_read(void)
{
	g_autoptr(GError) error = NULL;
	struct vcard *card = vcard_find(VCARD_DIR, "student", &error);
	CHECK(card != NULL);
	for (unsigned n = 1; card && n <= 8; n++) {
		for (enum bench_reader i = 0; i < BENCH_READERS; i++) {
			struct card_reading got = {0};
			struct card_trace trace;
			card->leave_after = n;
			field_insert(bench.fields[i], card);
			CHECK(bench_wait(&bench, i, SCARD_STATE_PRESENT, true) != 0);
			enum card_err err =
				card_read(transport, bench_reader(&bench, i), &job, &got, &trace);
			CHECK(err == CARD_ERR_REMOVED || err == CARD_ERR_OK);
			if (n == 1)
				CHECK_INT(err, CARD_ERR_REMOVED);
			bench_clear(&bench, i);
		}
	}
	vcard_free(card);
}

static bool next_is(struct watch *w, enum watch_kind kind, enum bench_reader i)
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
	bench_lay(&bench, BENCH_SESSION, "student");
	CHECK(next_is(w, WATCH_CARD_IN, BENCH_SESSION));
	bench_hold(&bench, BENCH_SESSION, "staff");
	CHECK(next_is(w, WATCH_CARD_OUT, BENCH_SESSION));
	CHECK(next_is(w, WATCH_CARD_IN, BENCH_SESSION));
	bench_clear(&bench, BENCH_SESSION);
	CHECK(next_is(w, WATCH_CARD_OUT, BENCH_SESSION));
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
	bench_lay(&bench, BENCH_SESSION, "student");
	CHECK(next_is(w, WATCH_CARD_IN, BENCH_SESSION));
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
	bench_clear(&bench, BENCH_SESSION);
	watch_free(w);
}

static void print_how_long_a_reading_takes(void)
{
	struct card_reading got = {0};
	struct card_trace trace;
	for (enum bench_reader i = 0; i < BENCH_READERS; i++) {
		bench_lay(&bench, i, "student");
		double from = bench_now_ms();
		CHECK_INT(card_read(transport, bench_reader(&bench, i), &job, &got, &trace),
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
		CASE(every_sample_says_what_it_holds_over_a_session),
		CASE(every_sample_says_what_it_holds_over_direct_frames),
		CASE(no_sample_is_left_out),
		CASE(a_card_that_leaves_after_any_apdu_is_removed_or_read),
		CASE(the_watch_tells_of_a_quick_swap),
		CASE(print_how_long_a_reading_takes),
		CASE(the_watch_lives_through_a_restarted_pcscd),
	};
	int code = bench_start(&bench);
	if (code == 0) {
		transport = transport_pcsc_new();
		code = CHECK_MAIN("sample cards as the counter reads them", cases);
		transport = transport_pcsc_free(transport);
	}
	bench_stop(&bench);
	return code;
}
