/* SPDX-License-Identifier: MIT
 *
 * What pcsc/ costs beside the wire: one reading of the FCF card against a bare C loop
 * that sends the same APDUs to the same card, over the same pcscd. Prints for each
 * dialect the APDUs of a reading, both times and their ratio. Judges nothing.
 */
#include <glib.h>
#include <reader.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc/card.h"
#include "tests/check.h"
#include "tests/pcsc/sample.h"
#include "tests/virtual/bench.h"

#define ROUNDS    2000
#define APDUS_MAX 32

/* A transport that notes what it is asked to carry. */
struct noting {
	struct card_transport t;
	const struct card_transport *under;
	struct bytes apdus[APDUS_MAX];
	bool escaped[APDUS_MAX];
	size_t n;
};

static enum card_err connect(void *self, const char *reader, struct card_trace *trace)
{
	struct noting *n = self;
	return n->under->connect(n->under->self, reader, trace);
}

static void disconnect(void *self)
{
	struct noting *n = self;
	n->under->disconnect(n->under->self);
}

static void note(struct noting *n, const uint8_t *apdu, size_t len, bool escaped)
{
	if (n->n == APDUS_MAX)
		return;
	n->apdus[n->n] = (struct bytes){0};
	n->escaped[n->n] = escaped;
	bytes_put(&n->apdus[n->n++], apdu, len);
}

static enum card_err escape(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	struct noting *n = self;
	note(n, apdu, len, true);
	return n->under->escape(n->under->self, apdu, len, ret, max, ret_len, trace);
}

static enum card_err transmit(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	struct noting *n = self;
	note(n, apdu, len, false);
	return n->under->transmit(n->under->self, apdu, len, ret, max, ret_len, trace);
}

static double now_us(void)
{
	return bench_now_ms() * 1000;
}

static double ours(const struct card_transport *t, const char *reader, const struct card_job *job)
{
	struct card_reading reading;
	struct card_trace trace;
	double from = now_us();
	if (card_read(t, reader, job, &reading, &trace) != CARD_ERR_OK)
		exit(1);
	return now_us() - from;
}

static LONG send(SCARDHANDLE card, const struct bytes *apdu, bool escaped)
{
	BYTE answer[APDU_MAX];
	DWORD len = sizeof(answer);
	if (escaped)
		return SCardControl(card, SCARD_CTL_CODE(1), apdu->at, (DWORD)apdu->len, answer,
			sizeof(answer), &len);
	return SCardTransmit(card, SCARD_PCI_T1, apdu->at, (DWORD)apdu->len, NULL, answer, &len);
}

static double bare(SCARDCONTEXT context, const char *reader, const struct noting *n)
{
	SCARDHANDLE card;
	DWORD protocol;
	double from = now_us();
	if (SCardConnect(context, reader, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &protocol))
		exit(1);
	for (size_t i = 0; i < n->n; i++) {
		if (send(card, &n->apdus[i], n->escaped[i]) != SCARD_S_SUCCESS)
			exit(1);
	}
	SCardDisconnect(card, SCARD_LEAVE_CARD);
	return now_us() - from;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* The time below which a tenth stays: what other programs disturbed is slower. */
static double undisturbed(double *all, size_t n)
{
	qsort(all, n, sizeof(*all), by_size);
	return all[n / 10];
}

static void measure(struct bench *b, size_t i, const struct card_transport *t)
{
	static double own[ROUNDS], peer[ROUNDS];
	const char *reader = bench_reader(b, i);
	struct dialect_memory memory = {0};
	const struct card_job job = {.layouts = &fcf_layout, .n_layouts = 1, .memory = &memory};
	struct noting noting = {.under = t};
	struct card_reading reading;
	struct card_trace trace;
	noting.t = (struct card_transport){.self = &noting,
		.connect = connect,
		.transmit = transmit,
		.escape = escape,
		.disconnect = disconnect};
	bench_lay(b, i, "student");
	ours(t, reader, &job); /* the dialect is remembered from here on */
	if (card_read(&noting.t, reader, &job, &reading, &trace) != CARD_ERR_OK)
		exit(1);
	for (size_t k = 0; k < ROUNDS; k++) {
		/* whoever comes second finds the caches warm */
		if (k % 2)
			own[k] = ours(t, reader, &job);
		peer[k] = bare(b->context, reader, &noting);
		if (k % 2 == 0)
			own[k] = ours(t, reader, &job);
	}
	double us = undisturbed(own, ROUNDS), bare_us = undisturbed(peer, ROUNDS);
	printf("%-14s %2zu APDUs  ours %7.1f us  bare %7.1f us  ratio %.3f\n", reading.dialect,
		noting.n, us, bare_us, us / bare_us);
	bench_clear(b, i);
}

static struct bench bench;

/* Those that can bring the data of the campus card. */
static const enum reader_kind kinds[] = {READER_KIND_SESSION, READER_KIND_SESSION_ESCAPE,
	READER_KIND_SONY_FRAME, READER_KIND_SONY_SELECT, READER_KIND_DIRECT, READER_KIND_ACR122,
	READER_KIND_IDENTIV};

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void every_dialect_is_measured(void)
{
	struct card_transport *t = transport_pcsc_new();
	for (size_t i = 0; i < N_KINDS; i++)
		measure(&bench, i, t);
	transport_pcsc_free(t);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"every_dialect_is_measured", every_dialect_is_measured},
	};
	int code = bench_start_with(&bench, kinds, N_KINDS);
	if (code)
		return code;
	code = check_main("bench-read", cases, sizeof(cases) / sizeof(cases[0]));
	bench_stop(&bench);
	return code;
}
