/* SPDX-License-Identifier: MIT
 *
 * acts.h - the words a script is written in, and what each does.
 */
#ifndef TESTS_VISITS_ACTS_H
#define TESTS_VISITS_ACTS_H

#include "tests/visits/play.h"
#include "tests/visits/script.h"

/* Ends with a NULL word. */
const struct script_word *acts_words(void);

/* Play one line. */
gboolean acts_play(struct play *p, const struct script_line *line, GError **error);

#endif
