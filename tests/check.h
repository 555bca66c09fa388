/* SPDX-License-Identifier: MIT
 *
 * check.h - the few lines every CUnit program of ours shares.
 *
 * CHECK_* print both sides when they differ. A CUnit main exits 0 after
 * failures unless told otherwise: check_main() returns the number of failures.
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <CUnit/Basic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		bool check_ok = (condition);                                                       \
		if (!check_ok)                                                                     \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);    \
		CU_assertImplementation(check_ok, __LINE__, #condition, __FILE__, "", CU_FALSE);   \
	} while (0)

#define CHECK_INT(got, want)                                                                       \
	do {                                                                                       \
		long long check_got = (long long)(got), check_want = (long long)(want);            \
		if (check_got != check_want)                                                       \
			fprintf(stderr, "%s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #got, \
				check_got, check_want);                                            \
		CU_assertImplementation(                                                           \
			check_got == check_want, __LINE__, #got, __FILE__, "", CU_FALSE);          \
	} while (0)

#define CHECK_STR(got, want)                                                                       \
	do {                                                                                       \
		const char *check_got = (got), *check_want = (want);                               \
		bool check_ok = check_got && check_want && strcmp(check_got, check_want) == 0;     \
		if (!check_ok)                                                                     \
			fprintf(stderr, "%s:%d: %s is \"%s\", not \"%s\"\n", __FILE__, __LINE__,   \
				#got, check_got ? check_got : "(null)",                            \
				check_want ? check_want : "(null)");                               \
		CU_assertImplementation(check_ok, __LINE__, #got, __FILE__, "", CU_FALSE);         \
	} while (0)

/* One promise and the function that keeps watch over it. */
struct check_case {
	const char *promise;
	void (*run)(void);
};

/* Run all cases of one suite; the exit code of main(): 0, or 1 after any failure. */
static inline int check_main(const char *suite, const struct check_case *cases, size_t n)
{
	if (CU_initialize_registry() != CUE_SUCCESS)
		return 2;
	CU_pSuite s = CU_add_suite(suite, NULL, NULL);
	for (size_t i = 0; s && i < n; i++)
		if (!CU_add_test(s, cases[i].promise, cases[i].run))
			return 2;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	unsigned failures = CU_get_number_of_failures();
	unsigned run = CU_get_number_of_tests_run();
	CU_cleanup_registry();
	return failures > 0 || run != n ? 1 : 0;
}

#define CHECK_MAIN(suite, cases) check_main(suite, cases, sizeof(cases) / sizeof((cases)[0]))

#endif
