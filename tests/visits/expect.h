/* SPDX-License-Identifier: MIT
 *
 * expect.h - what a script may expect of the counter and of the windows.
 */
#ifndef TESTS_VISITS_EXPECT_H
#define TESTS_VISITS_EXPECT_H

#include "tests/visits/play.h"

/* Wait until `what` is `value` (NULL where none is needed). */
gboolean expect(struct play *p, const char *what, const char *value, GError **error);

#endif
