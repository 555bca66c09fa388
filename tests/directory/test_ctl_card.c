/* SPDX-License-Identifier: MIT
 *
 * test_ctl_card.c - madoguchictl at a real pcscd with sample cards.
 */
#include "tests/check.h"
#include "tests/directory/desk.h"
#include "tests/virtual/bench.h"

static struct bench bench;

static void lay_and_read(struct desk *d, const char *card, int status)
{
	bench_lay(&bench, BENCH_SESSION, card);
	CHECK_INT(desk_ctl(d, NULL, "card", "read", NULL), status);
	bench_clear(&bench, BENCH_SESSION);
}

static gboolean says(const char *text, const char *part)
{
	if (!strstr(text, part))
		fprintf(stderr, "\"%s\" is without \"%s\"\n", text, part);
	return strstr(text, part) != NULL;
}

static void the_readers_are_listed_by_name(void)
{
	struct desk d;
	desk_make(&d);
	CHECK_INT(desk_run(&d, NULL, "card", "readers", NULL), 0);
	for (int i = 0; i < BENCH_READERS; i++)
		CHECK(says(d.out, bench_reader(&bench, i)));
	CHECK(says(d.out, "  card: none\n  dialect by name: acs-direct\n  serves: all\n"));
	desk_remove(&d);
}

static void a_card_is_shown_as_the_layout_reads_it(void)
{
	struct desk d;
	desk_make(&d);
	lay_and_read(&d, "student", 0);
	CHECK(says(d.out, "layout: fcf\nclass: student\nkind: student-number\n"
			  "number: 37-246801\n"));
	CHECK(says(d.out, "expires: 20990331\n"));
	CHECK_STR(d.err, "");
	lay_and_read(&d, "staff", 0);
	CHECK(says(d.out, "class: staff\nkind: staff-number\nnumber: 0012345\nname: 蔵前 次郎\n"));
	desk_remove(&d);
}

static void a_card_no_layout_fits_is_told_by_its_cause(void)
{
	struct desk d;
	desk_make(&d);
	lay_and_read(&d, "mifare", 1);
	CHECK(says(d.err, "madoguchictl: P-06 unknown-card: no layout fits this card (step "));
	lay_and_read(&d, "unreadable", 1);
	CHECK(says(d.err, "madoguchictl: P-08 unreadable: "));
	lay_and_read(&d, "mute", 1);
	CHECK(says(d.err, "madoguchictl: P-10 mute: "));
	desk_remove(&d);
}

static void a_wait_says_what_to_do_and_ends(void)
{
	struct desk d;
	desk_make(&d);
	CHECK_INT(desk_ctl(&d, NULL, "card", "read", "--wait", "1", NULL), 1);
	CHECK_STR(d.err, "madoguchictl: lay the card on the reader and leave it there\n"
			 "madoguchictl: timeout: no card was laid on a reader\n");
	CHECK_INT(desk_ctl(&d, NULL, "card", "read", "--wait", "0", "--reader", "Acme", NULL), 1);
	CHECK(says(d.err, "no reader's name begins with \"Acme\""));
	CHECK_INT(desk_ctl(&d, NULL, "card", "read", "--wait", "541", NULL), 1);
	CHECK(says(d.err, "--wait takes 0 to 540 seconds"));
	desk_remove(&d);
}

/* Of two readers with a card each, the one that is named. */
static void the_reader_is_chosen_by_the_beginning_of_its_name(void)
{
	struct desk d;
	desk_make(&d);
	bench_lay(&bench, BENCH_SESSION, "student");
	bench_lay(&bench, BENCH_DIRECT, "staff");
	CHECK_INT(desk_ctl(&d, NULL, "card", "read", "--reader", "ACS", NULL), 0);
	CHECK(says(d.out, "number: 0012345\n"));
	CHECK_INT(desk_ctl(&d, NULL, "card", "read", "--reader", "SONY", NULL), 0);
	CHECK(says(d.out, "number: 37-246801\n"));
	bench_clear(&bench, BENCH_SESSION);
	bench_clear(&bench, BENCH_DIRECT);
	desk_remove(&d);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"the readers are listed by name", the_readers_are_listed_by_name},
		{"a card is shown as the layout reads it", a_card_is_shown_as_the_layout_reads_it},
		{"a card no layout fits is told by its cause",
			a_card_no_layout_fits_is_told_by_its_cause},
		{"a wait says what to do and ends", a_wait_says_what_to_do_and_ends},
		{"the reader is chosen by the beginning of its name",
			the_reader_is_chosen_by_the_beginning_of_its_name},
	};
	int cannot = bench_start(&bench);
	if (cannot)
		return cannot;
	int status = CHECK_MAIN("ctl-card", cases);
	bench_stop(&bench);
	return status;
}
