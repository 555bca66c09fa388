/* SPDX-License-Identifier: MIT */
#include "kiosk/visit/seat.h"

#include <stdbool.h>
#include <string.h>

#define NOBODY ((size_t)-1)

static bool fits(const char *name, const char *beginning)
{
	return strncmp(name, beginning, strlen(beginning)) == 0;
}

/* The first by name of those `beginning` fits. */
static size_t find(const char *beginning, const char *const *names, size_t n)
{
	size_t found = NOBODY;
	for (size_t i = 0; i < n; i++)
		if (fits(names[i], beginning) &&
			(found == NOBODY || strcmp(names[i], names[found]) < 0))
			found = i;
	return found;
}

static size_t find_preferred(const struct seat_rules *rules, const char *const *names, size_t n)
{
	size_t found = NOBODY;
	for (size_t i = 0; rules->preferred && rules->preferred[i] && found == NOBODY; i++)
		found = find(rules->preferred[i], names, n);
	return found;
}

void seat_assign(const struct seat_rules *rules, const char *const *names, size_t n, enum seat *ret)
{
	bool named = rules->holder && *rules->holder;
	size_t preferred = find_preferred(rules, names, n);
	size_t holder = NOBODY;
	if (named && preferred != NOBODY && fits(names[preferred], rules->holder))
		holder = preferred;
	else if (named)
		holder = find(rules->holder, names, n);
	for (size_t i = 0; i < n; i++) {
		bool serves = preferred == NOBODY || i == preferred;
		ret[i] = !serves ? SEAT_NONE : named ? SEAT_CLERK : SEAT_ALL;
	}
	if (holder != NOBODY)
		ret[holder] = SEAT_ALL;
}
