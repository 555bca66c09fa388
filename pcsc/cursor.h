/* SPDX-License-Identifier: MIT
 *
 * cursor.h - the only way bytes of a card or reader are read.
 *
 * Every function takes all it was asked for or nothing: on false neither the
 * cursor nor `ret` has changed. Pure.
 */
#ifndef PCSC_CURSOR_H
#define PCSC_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrows the bytes; copy freely. */
struct cursor {
	const uint8_t *at;
	size_t left;
};

struct cursor cursor_over(const uint8_t *bytes, size_t len);

bool cursor_u8(struct cursor *c, uint8_t *ret);
bool cursor_be16(struct cursor *c, uint16_t *ret);
bool cursor_le16(struct cursor *c, uint16_t *ret);
bool cursor_copy(struct cursor *c, uint8_t *ret, size_t n);
bool cursor_skip(struct cursor *c, size_t n);

/* Cut the next n bytes off as a cursor of their own. */
bool cursor_part(struct cursor *c, size_t n, struct cursor *ret);

/* Cut the last n bytes off. */
bool cursor_tail(struct cursor *c, size_t n, struct cursor *ret);

/* Drop bytes that are one of the n in `set` from both ends. */
void cursor_trim(struct cursor *c, const char *set, size_t n);

/* Is every byte left zero? True for an empty cursor. */
bool cursor_all_zero(struct cursor c);

#endif
