/* SPDX-License-Identifier: MIT
 *
 * session.h - PC/SC part 3 transparent session, the reader's half of FF C2.
 */
#ifndef TESTS_VIRTUAL_SESSION_H
#define TESTS_VIRTUAL_SESSION_H

#include "response.h"
#include "vcard_reader.h"

/* `objects`: the data field of FF C2 00 `p2`. */
void session_command(struct vcard_reader *r, const struct vcard *card, uint8_t p2,
	const uint8_t *objects, size_t len, struct response *ret);

#endif
