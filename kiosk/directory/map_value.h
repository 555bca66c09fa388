/* SPDX-License-Identifier: MIT
 *
 * map_value.h - how servers write truth, moments and words.
 *
 * Pure. Private to kiosk/directory. Each returns NULL when taken, else a static text that
 * says what is expected; `ret` is written only when taken.
 */
#ifndef KIOSK_DIRECTORY_MAP_VALUE_H
#define KIOSK_DIRECTORY_MAP_VALUE_H

#include "kiosk/directory/map.h"

#define MAP_VALUE_LAST_DATE 99991231

/* "TRUE", "false" (RFC 4517 section 3.3.3, JSON) */
const char *map_value_bool(const char *text, bool *ret);

/* userAccountControl, a signed 32-bit number: is bit 2 (ACCOUNTDISABLE) off? */
const char *map_value_enabled(const char *text, bool *ret);

/* A FILETIME (100 ns since 1601, UTC): was it over when `now_date` began here? */
const char *map_value_expired(const char *text, gint32 now_date, bool *ret);

/* YYYYMMDD, YYYY-MM-DD with or without a time, generalizedTime (RFC 4517 section 3.3.13).
 * `last`: the day is the last one, so that a moment at midnight is the day before. Midnight
 * in UTC, or without a zone, is how servers write a mere date, and stays that day. */
const char *map_value_date(const char *text, gboolean last, int32_t *ret);

/* What `list` ("FROM=TO" …, may be NULL) makes of `text`, case and width aside; NULL: it is
 * not in the list. Borrowed. */
const char *map_value_word(const char *const *list, const char *text);

/* Take the number out of `value`: escapes undone, prefix and suffix cut off. `*ret` is empty
 * where the value is another kind's. */
const char *map_value_number(
	const struct map_kind *kind, const char *value, char ret[PERSON_NUMBER_SIZE]);

#endif
