/* SPDX-License-Identifier: MIT
 *
 * bytes.h - one frame or APDU being built or answered, never longer than a
 * reader can carry. Pure.
 */
#ifndef PCSC_BYTES_H
#define PCSC_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cursor.h"
#include "transport.h" /* APDU_MAX */
#include "wipe.h"

struct bytes {
	uint8_t at[APDU_MAX];
	size_t len;
	bool full; /* something did not fit and was left out */
};

DEFINE_WIPE(bytes)

static inline void bytes_put(struct bytes *b, const void *from, size_t n)
{
	if (n > sizeof(b->at) - b->len) {
		b->full = true;
		return;
	}
	if (n > 0)
		memcpy(b->at + b->len, from, n);
	b->len += n;
}

static inline void bytes_put_u8(struct bytes *b, uint8_t value)
{
	bytes_put(b, &value, 1);
}

static inline struct cursor bytes_read(const struct bytes *b)
{
	return cursor_over(b->at, b->len);
}

#endif
