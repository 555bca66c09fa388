/* SPDX-License-Identifier: MIT
 *
 * shelf.h - the layout files that are shipped, as the counter would load them.
 */
#ifndef TESTS_SEEN_SHELF_H
#define TESTS_SEEN_SHELF_H

#include <glib.h>

#include "pcsc/card.h"

/* Layouts of one file; freed with shelf_clear(). */
struct shelf {
	struct card_layout *layouts;
	gsize n;
};

/* A file of the folder assets, or a text as if it were one. What cannot be read ends the
 * program. */
struct shelf shelf_read(const char *file);
struct shelf shelf_parse(const char *text);
void shelf_clear(struct shelf *shelf);

/* Ends the program if there is none of that name. */
const struct card_layout *shelf_find(const struct shelf *shelf, const char *name);

/* Look for these layouts, with the key of the sample tokens at hand. `memory` may be NULL. */
struct card_job shelf_job(
	const struct card_layout *layouts, size_t n, struct dialect_memory *memory);

#endif
