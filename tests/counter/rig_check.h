/* SPDX-License-Identifier: MIT
 *
 * rig_check.h - what every CUnit program on a rig begins and ends with.
 */
#ifndef TESTS_COUNTER_RIG_CHECK_H
#define TESTS_COUNTER_RIG_CHECK_H

#include <stdlib.h>

#include "tests/check.h"
#include "tests/counter/rig.h"

/* A rig, or the end of the program: nothing of it can be tried without one, and the
 * reason stands on stderr. */
static inline struct rig *rig_need(const char *name, const struct rig_options *options)
{
	struct rig *rig = rig_new(name, options);
	CHECK(rig != NULL);
	if (!rig)
		exit(1);
	return rig;
}

/* check_main() where a rig can stand; 77, and why not, elsewhere. `tool`: a program the
 * cases need beside it, or NULL. */
static inline int rig_main(
	const char *suite, const struct check_case *cases, size_t n, const char *tool)
{
	const char *why = rig_impossible();
	g_autofree char *found = tool ? g_find_program_in_path(tool) : NULL;
	if (!why && (!tool || found))
		return check_main(suite, cases, n);
	printf("skipped: %s%s\n", why ? why : tool, why ? "" : " is not installed");
	return 77;
}

#endif
