/* SPDX-License-Identifier: MIT
 *
 * number.h - the number field of a card, in whichever form it stands there.
 *
 * Pure.
 */
#ifndef PCSC_NUMBER_H
#define PCSC_NUMBER_H

#include "cursor.h"
#include "layout.h"
#include "reading.h"

/* Decode the bytes of the number field. `ret` may be written with any result. NO_DATA: it
 * holds nothing; UNREADABLE: what it holds is no number, or a longer one than we keep. */
enum card_err number_decode(
	const struct card_layout *layout, struct cursor field, char ret[READING_NUMBER_SIZE]);

/* Does `number` match one of the layout's patterns? A layout without any takes all. */
bool number_is_ours(const struct card_layout *layout, const char *number);

#endif
