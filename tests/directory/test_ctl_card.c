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
	CHECK_INT(desk_ctl(d, NULL, "card", NULL), status);
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
	CHECK_INT(desk_run(&d, NULL, "readers", NULL), 0);
	for (int i = 0; i < BENCH_READERS; i++)
		CHECK(says(d.out, bench_reader(&bench, i)));
	desk_remove(&d);
}

static void a_card_is_shown_as_the_layout_reads_it(void)
{
	struct desk d;
	desk_make(&d);
	lay_and_read(&d, "student", 0);
	CHECK(says(d.out, "layout: fcf\nclass: student\nstudent-number: 37-246801\n"));
	CHECK(says(d.out, "expires: 20990331\n"));
	CHECK_STR(d.err, "");
	lay_and_read(&d, "staff", 0);
	CHECK(says(d.out, "class: staff\nstaff-number: 0012345\nname: 蔵前 次郎\n"));
	desk_remove(&d);
}

static void a_card_no_layout_fits_is_told_by_its_cause(void)
{
	struct desk d;
	desk_make(&d);
	lay_and_read(&d, "transit", 1);
	CHECK(says(d.err, "madoguchictl: transit at step "));
	lay_and_read(&d, "unreadable", 1);
	CHECK(says(d.err, "madoguchictl: unreadable at step "));
	CHECK_STR(d.out, "");
	desk_remove(&d);
}

static void a_desk_that_works_keeps_its_reader(void)
{
	struct desk d;
	desk_furnish(&d);
	desk_start(&d);
	CHECK_INT(desk_ctl(&d, NULL, "card", NULL), 1);
	CHECK(says(d.err, "stop the service first"));
	CHECK_INT(desk_ctl(&d, NULL, "status", NULL), 0);
	desk_remove(&d);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"the readers are listed by name", the_readers_are_listed_by_name},
		{"a card is shown as the layout reads it", a_card_is_shown_as_the_layout_reads_it},
		{"a card no layout fits is told by its cause",
			a_card_no_layout_fits_is_told_by_its_cause},
		{"a desk that works keeps its reader", a_desk_that_works_keeps_its_reader},
	};
	int cannot = bench_start(&bench);
	if (cannot)
		return cannot;
	int status = CHECK_MAIN("ctl-card", cases);
	bench_stop(&bench);
	return status;
}
