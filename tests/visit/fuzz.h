/* SPDX-License-Identifier: MIT
 *
 * fuzz.h - what a fuzz target and its replay agree on.
 */
#ifndef TESTS_VISIT_FUZZ_H
#define TESTS_VISIT_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's entry point. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
