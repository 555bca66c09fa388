/* SPDX-License-Identifier: MIT
 *
 * name.h - the name field of a card as text one may show.
 *
 * Good for a greeting and nothing else: cards cut names at 16 bytes.
 * Pure (iconv may load its table once).
 */
#ifndef PCSC_NAME_H
#define PCSC_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "cursor.h"
#include "layout.h"

/* Decode `in` into `ret` as UTF-8 with a NUL, trimmed, half-width kana composed,
 * cut between two characters where `size` is too small. An empty field is an
 * empty name. False, and `ret` untouched, if a byte is illegal in the encoding
 * or stands for a control character. */
bool name_decode(enum layout_encoding encoding, struct cursor in, char *ret, size_t size);

#endif
