/* SPDX-License-Identifier: MIT
 *
 * expected.h - what the counter must learn from each sample card, whatever carries it.
 */
#ifndef TESTS_VIRTUAL_EXPECTED_H
#define TESTS_VIRTUAL_EXPECTED_H

#include <stddef.h>

#include "pcsc/card.h"
#include "tests/virtual/vcard_reader.h"

struct expected {
	const char *id; /* file of the folder cards */
	enum card_err err;
	const char *class_, *number, *name;
	int32_t expires;
	uint8_t idm_last; /* last byte of the IDm */
};

/* Look for FCF cards of the sample site. */
extern const struct card_job expected_job;

/* Row `i` of the table; NULL after the last. */
const struct expected *expected_row(size_t i);

/* The row of sample `id`; NULL: none. */
const struct expected *expected_find(const char *id);

/* What card_read() must return for this sample in a reader of that kind. */
enum card_err expected_err(const struct expected *want, enum reader_kind kind);

/* CHECK each field of `got` and that it came from `reader`, of that kind. */
void expected_check(const struct expected *want, enum reader_kind kind, const char *reader,
	const struct card_reading *got);

/* card_read() of the sample that lies in `reader`, its result and fields checked; what
 * failed is told with where it did. */
void expected_read(const struct card_transport *t, const struct expected *want,
	enum reader_kind kind, const char *reader);

#endif
