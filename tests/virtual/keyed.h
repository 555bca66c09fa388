/* SPDX-License-Identifier: MIT
 *
 * keyed.h - values of a key file, with one sentence for what is wrong.
 */
#ifndef TESTS_VIRTUAL_KEYED_H
#define TESTS_VIRTUAL_KEYED_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All borrowed. */
struct keyed {
	GKeyFile *file;
	const char *path;
	GError **error;
};

bool keyed_has(const struct keyed *k, const char *group, const char *key);

/* The text, or a copy of `otherwise` (NULL stays NULL). The caller frees. */
char *keyed_text(const struct keyed *k, const char *group, const char *key, const char *otherwise);

unsigned keyed_number(
	const struct keyed *k, const char *group, const char *key, unsigned otherwise);

/* Hex digits into at least `min`, at most `max` bytes; false with the error set. */
bool keyed_hex(const struct keyed *k, const char *group, const char *key, uint8_t *ret, size_t min,
	size_t max, size_t *ret_len);

/* The same for a string at hand; no error is set. */
bool keyed_unhex(const char *hex, uint8_t *ret, size_t max, size_t *ret_len);

/* Set the error to "path: [group] key: expected what"; always false. */
bool keyed_fail(const struct keyed *k, const char *group, const char *key, const char *expected);

#endif
