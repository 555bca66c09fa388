/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <glib.h>
#include <stdio.h>

#include "tests/check.h"
#include "tests/virtual/vcard.h"

#define LOOK_MS 100 /* one wait; a reader that is not there yet ends it early */

double bench_now_ms(void)
{
	return (double)g_get_monotonic_time() / 1000.0;
}

bool bench_reopen(struct bench *b)
{
	double until = bench_now_ms() + BENCH_EVENT_MS;
	if (b->context)
		SCardReleaseContext(b->context);
	b->context = 0;
	while (bench_now_ms() < until)
		if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &b->context) ==
			SCARD_S_SUCCESS)
			return true;
	return false;
}

int bench_start_with(struct bench *b, const enum reader_kind *kinds, size_t n)
{
	struct private_reader readers[PRIVATE_READERS_MAX] = {0};
	g_autoptr(GError) error = NULL;
	if (n > PRIVATE_READERS_MAX)
		return 1;
	for (size_t i = 0; i < n; i++)
		readers[i] = (struct private_reader){kinds[i], reader_kind_reader(kinds[i])};
	b->pcscd = private_pcscd_start(readers, n, &error);
	if (!b->pcscd) {
		fprintf(stderr, "%s: %s\n", error->code == PRIVATE_SKIP ? "skipped" : "failed",
			error->message);
		return error->code;
	}
	b->n = n;
	for (size_t i = 0; i < n; i++)
		b->fields[i] = field_new(private_pcscd_socket(b->pcscd, i), kinds[i]);
	return bench_reopen(b) ? 0 : 1;
}

int bench_start(struct bench *b)
{
	static const enum reader_kind kinds[BENCH_READERS] = {
		[BENCH_SESSION] = READER_KIND_SESSION,
		[BENCH_DIRECT] = READER_KIND_DIRECT,
	};
	return bench_start_with(b, kinds, BENCH_READERS);
}

void bench_stop(struct bench *b)
{
	for (size_t i = 0; i < b->n; i++)
		b->fields[i] = field_free(b->fields[i]);
	if (b->context)
		SCardReleaseContext(b->context);
	b->pcscd = private_pcscd_stop(b->pcscd);
}

const char *bench_reader(const struct bench *b, size_t i)
{
	return private_pcscd_reader(b->pcscd, i);
}

void bench_hold(struct bench *b, size_t i, const char *id)
{
	g_autoptr(GError) error = NULL;
	struct vcard *card = vcard_find(VCARD_DIR, id, &error);
	CHECK(card != NULL);
	if (card)
		field_insert(b->fields[i], card);
	vcard_free(card);
}

DWORD bench_wait(struct bench *b, size_t i, DWORD bits, bool set)
{
	SCARD_READERSTATE s = {.szReader = bench_reader(b, i)};
	double until = bench_now_ms() + BENCH_EVENT_MS;
	while (bench_now_ms() < until) {
		LONG code = SCardGetStatusChange(b->context, LOOK_MS, &s, 1);
		if (code == SCARD_S_SUCCESS && ((s.dwEventState & bits) == bits) == set)
			return s.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
		s.dwCurrentState = s.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	}
	return 0;
}

DWORD bench_state(struct bench *b, size_t i)
{
	return bench_wait(b, i, 0, true);
}

void bench_lay(struct bench *b, size_t i, const char *id)
{
	bench_hold(b, i, id);
	CHECK(bench_wait(b, i, SCARD_STATE_PRESENT, true) != 0);
}

void bench_clear(struct bench *b, size_t i)
{
	field_remove(b->fields[i]);
	CHECK(bench_wait(b, i, SCARD_STATE_EMPTY, true) != 0);
}
