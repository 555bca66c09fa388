/* SPDX-License-Identifier: MIT
 *
 * fuzz.h - the entry libFuzzer and the replay program share.
 */
#ifndef TESTS_PCSC_FUZZ_H
#define TESTS_PCSC_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
