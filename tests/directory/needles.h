/* SPDX-License-Identifier: MIT
 *
 * needles.h - every value of the sample directory, looked for in files.
 *
 * In the encodings in which cards, logs and databases write it: UTF-8, UTF-16, CP932,
 * EUC-JP; with the names of the sample cards in half-width kana.
 */
#ifndef TESTS_DIRECTORY_NEEDLES_H
#define TESTS_DIRECTORY_NEEDLES_H

#include <sys/types.h>

#include "tests/directory/world.h"

struct needles {
	GPtrArray *bytes; /* of GBytes */
};

void needles_make(struct needles *n);
void needles_clear(struct needles *n);

/* How many needles stand in the files of the folder; their bytes are added to *ret_bytes. */
guint needles_search(const struct needles *n, const struct world *w, gsize *ret_bytes);

/* Likewise in the files without a name that process `pid` has open. */
guint needles_search_open(const struct needles *n, pid_t pid, gsize *ret_bytes);

#endif
