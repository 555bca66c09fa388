/* SPDX-License-Identifier: MIT
 *
 * table.h - what each card of cards-field holds, read with the layout written for it.
 */
#ifndef TESTS_SEEN_TABLE_H
#define TESTS_SEEN_TABLE_H

#include "pcsc/card.h"

enum table_file { TABLE_SEEN, TABLE_OTHERS, TABLE_TOKENS, TABLE_DEFAULT, TABLE_FILES };

/* Of the folder assets. */
extern const char *const table_files[TABLE_FILES];

struct table_row {
	const char *id; /* file of the folder cards-field */
	enum table_file file;
	const char *layout;
	enum card_err err;
	/* The rest only if it can be read. */
	const char *class_, *key_kind, *number, *name;
	int reissue;
	int32_t issued, expires;
	const char *idm; /* hex, its system nibble masked; of a chip, what is kept of its number */
	bool stable_idm;
	enum card_assurance assurance;
	bool flaps; /* it is lost at first, and read once it lies still */
};

/* Row `i`; NULL after the last. */
const struct table_row *table_row(size_t i);

/* Is there a row of that card? */
bool table_has(const char *id);

#endif
