/* SPDX-License-Identifier: MIT
 *
 * digits.c - the digits check: which places of the printed number are asked.
 */
#include "kiosk/visit/identity.h"

#include <string.h>

static bool fits(struct digits_format format, size_t known_len)
{
	return format.asked >= 1 && format.asked <= DIGITS_MAX && format.asked <= known_len &&
	       format.offset <= format.length &&
	       known_len <= (size_t)(format.length - format.offset);
}

static void insert_sorted(uint8_t *places, size_t n, uint8_t place)
{
	while (n > 0 && places[n - 1] > place) {
		places[n] = places[n - 1];
		n--;
	}
	places[n] = place;
}

bool digits_draw(struct digits_format format, size_t known_len, const uint8_t *random,
	size_t random_len, uint8_t ret_places[DIGITS_MAX])
{
	uint8_t pool[UINT8_MAX], places[DIGITS_MAX] = {0};

	if (!fits(format, known_len) || random_len < format.asked)
		return false;
	for (size_t i = 0; i < known_len; i++)
		pool[i] = (uint8_t)(format.offset + i + 1);
	for (size_t i = 0; i < format.asked; i++) {
		size_t left = known_len - i, pick = random[i] % left;
		insert_sorted(places, i, pool[pick]);
		pool[pick] = pool[left - 1];
	}
	memcpy(ret_places, places, sizeof places);
	return true;
}

bool digits_match(struct digits_format format, const uint8_t places[DIGITS_MAX], const char *known,
	const char *typed)
{
	size_t known_len = strlen(known);
	unsigned wrong = 0;

	if (!fits(format, known_len) || strlen(typed) != format.asked)
		return false;
	for (size_t i = 0; i < format.asked; i++) {
		size_t at = places[i];
		if (at <= format.offset || at - format.offset > known_len)
			return false;
		wrong |= (unsigned char)(typed[i] ^ known[at - format.offset - 1]);
	}
	return wrong == 0;
}
