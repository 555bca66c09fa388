/* SPDX-License-Identifier: MIT
 *
 * pages.h - which pages the two windows may show in which state of the visit.
 */
#ifndef TESTS_VISITS_PAGES_H
#define TESTS_VISITS_PAGES_H

#include <glib.h>

/* TRUE: each window shows one of its pages for `state`, or one that was opened over it. */
gboolean pages_shown(const char *state);

#endif
