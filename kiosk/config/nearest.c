/* SPDX-License-Identifier: MIT */
#include "kiosk/config/nearest.h"

#include <stddef.h>
#include <string.h>

#define WORD_MAX 63 /* longer ones are no misspelling of ours */

static size_t least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;
	return m < c ? m : c;
}

/* Levenshtein, one row at a time. Both are at most WORD_MAX long. */
static size_t distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], len = strlen(b);

	for (size_t k = 0; k <= len; k++)
		row[k] = k;
	for (size_t i = 0; a[i]; i++) {
		size_t corner = row[0];
		row[0] = i + 1;
		for (size_t k = 0; k < len; k++) {
			size_t above = row[k + 1];
			row[k + 1] = least(above + 1, row[k] + 1, corner + (a[i] != b[k]));
			corner = above;
		}
	}
	return row[len];
}

const char *nearest_word(const char *const *known, const char *word)
{
	const char *best = NULL;
	size_t best_distance = 0, len = strlen(word);

	if (len > WORD_MAX)
		return NULL;
	for (; *known; known++) {
		if (strlen(*known) > WORD_MAX)
			continue;
		size_t d = distance(word, *known);
		if (!best || d < best_distance) {
			best = *known;
			best_distance = d;
		}
	}
	return best && best_distance <= len / 3 + 1 ? best : NULL;
}
