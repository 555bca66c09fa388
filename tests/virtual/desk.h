/* SPDX-License-Identifier: MIT
 *
 * desk.h - a reader and the card in its field, spoken to in hex without pcscd.
 */
#ifndef TESTS_VIRTUAL_DESK_H
#define TESTS_VIRTUAL_DESK_H

#include <glib.h>

#include "tests/virtual/talk.h"

struct desk {
	struct vcard *card;
	struct vcard_reader reader;
};

/* Ends the program if there is no sample `id`. */
void desk_lay(struct desk *d, enum reader_kind kind, const char *id);
void desk_clear(struct desk *d);

/* The answer in hex is appended to `ret`. */
enum vcard_act desk_say(struct desk *d, const uint8_t *bytes, size_t len, GString *ret);

/* Check that the reader answers `row` with `want`, both as in talk.h. */
void desk_says(struct desk *d, const char *row, const char *want);

#endif
