/* SPDX-License-Identifier: MIT
 *
 * test_seat.c - whom each reader of a desk serves, for all small desks.
 */
#include "kiosk/visit/seat.h"

#include "tests/check.h"

#define READERS 4
#define NONE    NULL

static const char *const all_names[READERS] = {"ACS 00", "ACS 01", "SONY 00", "TAP 00"};
static const char *const words[] = {NULL, "ACS", "ACS 01", "SONY", "TAP 00", "GONE"};
#define WORDS (sizeof words / sizeof words[0])

struct desk {
	const char *names[READERS];
	size_t n;
	const char *preferred[3];
	struct seat_rules rules;
	enum seat seats[READERS];
};

/* Desk number `code`: which readers in which order, two preferred, the holder's. */
static bool unfold(unsigned code, struct desk *ret)
{
	bool used[READERS] = {false};
	*ret = (struct desk){.n = code % (READERS + 1)};
	code /= READERS + 1;
	for (size_t i = 0; i < ret->n; i++, code /= READERS) {
		if (used[code % READERS])
			return false;
		used[code % READERS] = true;
		ret->names[i] = all_names[code % READERS];
	}
	ret->preferred[0] = words[code % WORDS];
	ret->preferred[1] = words[code / WORDS % WORDS];
	ret->rules.preferred = ret->preferred;
	ret->rules.holder = words[code / WORDS / WORDS % WORDS];
	seat_assign(&ret->rules, ret->names, ret->n, ret->seats);
	return code / WORDS / WORDS / WORDS == 0;
}

static bool fits(const char *name, const char *word)
{
	return word && strncmp(name, word, strlen(word)) == 0;
}

static size_t count(const struct desk *d, enum seat seat)
{
	size_t n = 0;
	for (size_t i = 0; i < d->n; i++)
		n += d->seats[i] == seat;
	return n;
}

static size_t count_fitting(const struct desk *d, const char *word)
{
	size_t n = 0;
	for (size_t i = 0; i < d->n; i++)
		n += fits(d->names[i], word);
	return n;
}

/* The first preferred word that fits a reader; an empty list ends at its first NULL. */
static const char *preferred_word(const struct desk *d)
{
	for (int i = 0; i < 2 && d->preferred[i]; i++)
		if (count_fitting(d, d->preferred[i]) > 0)
			return d->preferred[i];
	return NULL;
}

static void check_holder(const struct desk *d)
{
	if (!d->rules.holder)
		return;
	CHECK_INT(count(d, SEAT_ALL), count_fitting(d, d->rules.holder) > 0);
	for (size_t i = 0; i < d->n; i++)
		CHECK(d->seats[i] != SEAT_ALL || fits(d->names[i], d->rules.holder));
}

static void check_preferred(const struct desk *d)
{
	const char *word = preferred_word(d);
	size_t clerks = count(d, SEAT_CLERK), all = count(d, SEAT_ALL);
	if (!word) {
		CHECK_INT(count(d, SEAT_NONE), 0);
		return;
	}
	CHECK(clerks + all >= 1);
	CHECK(clerks <= 1 && all <= 1);
	for (size_t i = 0; i < d->n; i++)
		CHECK(d->seats[i] != SEAT_CLERK || fits(d->names[i], word));
	if (!d->rules.holder)
		CHECK(clerks == 0 && all == 1);
}

/* Backwards, the same readers have the same seats. */
static void check_order(const struct desk *d)
{
	const char *names[READERS];
	enum seat seats[READERS];
	for (size_t i = 0; i < d->n; i++)
		names[i] = d->names[d->n - 1 - i];
	seat_assign(&d->rules, names, d->n, seats);
	for (size_t i = 0; i < d->n; i++)
		CHECK_INT(seats[i], d->seats[d->n - 1 - i]);
}

static void every_small_desk_follows_the_rules(void)
{
	const unsigned codes =
		(READERS + 1) * READERS * READERS * READERS * READERS * WORDS * WORDS * WORDS;
	unsigned desks = 0;
	for (unsigned code = 0; code < codes; code++) {
		struct desk d;
		if (!unfold(code, &d))
			continue;
		check_holder(&d);
		check_preferred(&d);
		check_order(&d);
		desks++;
	}
	CHECK(desks > 65 * WORDS * WORDS); /* 65 arrangements of up to four readers */
}

static void check_pair(const char *preferred, const char *holder, enum seat first, enum seat second)
{
	static const char *const names[] = {"SONY 00", "ACS 00"};
	const char *const list[] = {preferred, NULL};
	const struct seat_rules rules = {list, holder};
	enum seat seats[2];
	seat_assign(&rules, names, 2, seats);
	CHECK_INT(seats[0], first);
	CHECK_INT(seats[1], second);
}

static void the_samples_of_the_manual(void)
{
	check_pair(NONE, NONE, SEAT_ALL, SEAT_ALL);
	check_pair(NONE, "", SEAT_ALL, SEAT_ALL);
	check_pair("ACS", NONE, SEAT_NONE, SEAT_ALL);
	check_pair("GONE", NONE, SEAT_ALL, SEAT_ALL);
	check_pair(NONE, "SONY", SEAT_ALL, SEAT_CLERK);
	check_pair("ACS", "SONY", SEAT_ALL, SEAT_CLERK);
	check_pair("SONY", "SONY", SEAT_ALL, SEAT_NONE);
	check_pair(NONE, "GONE", SEAT_CLERK, SEAT_CLERK);
	check_pair("ACS", "GONE", SEAT_NONE, SEAT_CLERK);
}

static void of_two_alike_the_order_of_plugging_decides_nothing(void)
{
	static const char *const names[] = {"SONY 01", "SONY 00"};
	static const char *const second[] = {"SONY 01", NULL};
	enum seat seats[2];
	seat_assign(&(struct seat_rules){NULL, "SONY"}, names, 2, seats);
	CHECK(seats[0] == SEAT_CLERK && seats[1] == SEAT_ALL);
	seat_assign(&(struct seat_rules){second, "SONY"}, names, 2, seats);
	CHECK(seats[0] == SEAT_ALL && seats[1] == SEAT_NONE);
}

static const struct check_case cases[] = {
	{"every small desk follows the rules", every_small_desk_follows_the_rules},
	{"the samples of the manual", the_samples_of_the_manual},
	{"of two alike, the order of plugging decides nothing",
		of_two_alike_the_order_of_plugging_decides_nothing},
};

int main(void)
{
	return CHECK_MAIN("seat", cases);
}
