/* SPDX-License-Identifier: MIT
 *
 * bench.h - a test bench: private pcscd, readers of any kinds, a hand at each.
 *
 * Without being told otherwise, reader 0 speaks the transparent session and
 * reader 1 the ACS direct frame.
 */
#ifndef TESTS_VIRTUAL_BENCH_H
#define TESTS_VIRTUAL_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <winscard.h>

#include "tests/virtual/field.h"
#include "tests/virtual/private.h"

#define BENCH_EVENT_MS 5000 /* nothing a test waits for takes that long */

/* Readers of bench_start(). With bench_start_with() they are counted as they were given. */
enum bench_reader { BENCH_SESSION, BENCH_DIRECT, BENCH_READERS };

struct bench {
	struct private_pcscd *pcscd;
	SCARDCONTEXT context;
	size_t n;
	struct field *fields[PRIVATE_READERS_MAX];
};

/* 0, or the exit code the test program is to end with; says why. */
int bench_start(struct bench *b);
int bench_start_with(struct bench *b, const enum reader_kind *kinds, size_t n);
void bench_stop(struct bench *b);

double bench_now_ms(void);

/* Name of the reader as PC/SC shows it. */
const char *bench_reader(const struct bench *b, size_t i);

/* A context anew, after pcscd was. Waits for it. */
bool bench_reopen(struct bench *b);

/* Hold out sample `id`. bench_lay() waits until PC/SC sees it present. */
void bench_hold(struct bench *b, size_t i, const char *id);
void bench_lay(struct bench *b, size_t i, const char *id);

/* Take the card away and wait until PC/SC sees the reader empty. */
void bench_clear(struct bench *b, size_t i);

/* Wait until the state of the reader has (`set`) or has not all `bits`. The state with the
 * event counter in its upper half; 0 when it did not come. */
DWORD bench_wait(struct bench *b, size_t i, DWORD bits, bool set);
DWORD bench_state(struct bench *b, size_t i);

#endif
