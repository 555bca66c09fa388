/* SPDX-License-Identifier: MIT
 *
 * test_contact.c - flapping is three broken contacts within five seconds, and nothing else.
 */
#include "kiosk/visit/contact.h"

#include "tests/check.h"

#define EVENTS_MAX 64

struct happening {
	enum contact_event event;
	int64_t at_ms;
};

/* The same rule, told another way: look back over everything that happened. */
static bool flaps_looking_back(const struct happening *all, unsigned n, int64_t now_ms)
{
	unsigned breaks = 0;
	for (unsigned i = n; i-- > 0 && all[i].event != CONTACT_READ;) {
		if (all[i].event == CONTACT_IN)
			continue;
		/* The contact this ended: an IN before it, with no end in between. */
		bool first_end = i > 0 && all[i - 1].event == CONTACT_IN;
		if (first_end && now_ms - all[i].at_ms <= CONTACT_WINDOW_MS)
			breaks++;
	}
	return breaks >= CONTACT_BREAKS;
}

static void take_all(struct contact *c, const struct happening *all, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		contact_take(c, all[i].event, all[i].at_ms);
}

/* Sequence number `code`: each digit is an event and how long after the one before. */
static unsigned unfold(unsigned long code, unsigned len, struct happening *ret)
{
	static const int64_t gaps_ms[] = {1, 1000, 2500};
	int64_t now_ms = 100000;
	for (unsigned i = 0; i < len; i++) {
		now_ms += gaps_ms[code % 3];
		code /= 3;
		ret[i] = (struct happening){(enum contact_event)(code % 4), now_ms};
		code /= 4;
	}
	return len;
}

static unsigned long power(unsigned long base, unsigned n)
{
	return n == 0 ? 1 : base * power(base, n - 1);
}

static void check_length(unsigned len, unsigned long *ret_flapping)
{
	struct happening all[EVENTS_MAX];
	unsigned long wrong = 0;
	for (unsigned long code = 0; code < power(12, len); code++) {
		struct contact c = {0};
		unfold(code, len, all);
		take_all(&c, all, len);
		int64_t now_ms = all[len - 1].at_ms;
		bool want = flaps_looking_back(all, len, now_ms);
		if (contact_flaps(&c, now_ms) != want && wrong++ == 0)
			fprintf(stderr, "sequence %lu of length %u\n", code, len);
		*ret_flapping += want;
	}
	CHECK_INT(wrong, 0);
}

static void every_short_sequence_is_judged_as_the_rule_says(void)
{
	unsigned long flapping = 0;
	for (unsigned len = 1; len <= 6; len++)
		check_length(len, &flapping);
	CHECK(flapping > 0);
}

static void long_sequences_are_judged_likewise(void)
{
	struct happening all[EVENTS_MAX];
	unsigned seed = 20220702, flapping = 0;
	for (unsigned round = 0; round < 20000; round++) {
		struct contact c = {0};
		int64_t now_ms = 0;
		for (unsigned i = 0; i < EVENTS_MAX; i++) {
			seed = seed * 1103515245u + 12345u;
			now_ms += (seed >> 8) % 700;
			/* Mostly coming and going, as at a desk. */
			unsigned pick = (seed >> 20) % 16;
			all[i].event = pick == 0  ? CONTACT_READ
				       : pick < 3 ? CONTACT_SHORT
				       : i % 2    ? CONTACT_OUT
						  : CONTACT_IN;
			all[i].at_ms = now_ms;
			contact_take(&c, all[i].event, now_ms);
			bool want = flaps_looking_back(all, i + 1, now_ms);
			flapping += want;
			if (contact_flaps(&c, now_ms) != want)
				CHECK(contact_flaps(&c, now_ms) == want);
		}
	}
	CHECK(flapping > 1000);
}

static void break_at(struct contact *c, int64_t at_ms)
{
	contact_take(c, CONTACT_IN, at_ms);
	contact_take(c, CONTACT_OUT, at_ms);
}

static void the_window_is_five_seconds_to_the_millisecond(void)
{
	struct contact c = {0};
	break_at(&c, 1000);
	break_at(&c, 3000);
	CHECK(!contact_flaps(&c, 3000));
	break_at(&c, 6000);
	CHECK(contact_flaps(&c, 6000));
	CHECK(!contact_flaps(&c, 6001));
	break_at(&c, 8000);
	CHECK(contact_flaps(&c, 8000));
}

static void one_contact_breaks_once_however_it_was_noticed(void)
{
	struct contact c = {0};
	for (int i = 0; i < 2; i++) {
		contact_take(&c, CONTACT_IN, i);
		contact_take(&c, CONTACT_SHORT, i);
		contact_take(&c, CONTACT_OUT, i);
		contact_take(&c, CONTACT_SHORT, i);
	}
	CHECK(!contact_flaps(&c, 2));
	break_at(&c, 2);
	CHECK(contact_flaps(&c, 2));
}

static void a_read_that_ended_makes_the_past_forgotten(void)
{
	struct contact c = {0};
	for (int i = 0; i < 3; i++)
		break_at(&c, i);
	contact_take(&c, CONTACT_IN, 3);
	CHECK(contact_flaps(&c, 3));
	contact_take(&c, CONTACT_READ, 4);
	CHECK(!contact_flaps(&c, 4));
	contact_take(&c, CONTACT_OUT, 5);
	break_at(&c, 6);
	break_at(&c, 7);
	CHECK(!contact_flaps(&c, 7));
}

static const struct check_case cases[] = {
	{"every short sequence is judged as the rule says",
		every_short_sequence_is_judged_as_the_rule_says},
	{"long sequences are judged likewise", long_sequences_are_judged_likewise},
	{"the window is five seconds, to the millisecond",
		the_window_is_five_seconds_to_the_millisecond},
	{"one contact breaks once, however it was noticed",
		one_contact_breaks_once_however_it_was_noticed},
	{"a read that ended makes the past forgotten", a_read_that_ended_makes_the_past_forgotten},
};

int main(void)
{
	return CHECK_MAIN("contact", cases);
}
