/* SPDX-License-Identifier: MIT */
#include "transport.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>
#include <reader.h>

#include "cursor.h"

#define PNP_READER "\\\\?PnP?\\Notification"

/* SCardCancel() ends only a wait that pcscd already knows of. One called a moment too
 * early is noticed when the slice ends. */
#define SLICE_MS 250

#define IOCTL_CCID_ESCAPE SCARD_CTL_CODE(1) /* libccid; Windows has another number */
#define FEATURES_MAX      256               /* bytes of the list of a reader's features */

struct pcsc {
	struct card_transport transport;
	_Atomic(SCARDCONTEXT) context; /* read by cancel() of another thread */
	atomic_bool open;
	atomic_bool cancelled;
	SCARDHANDLE card;
	DWORD protocol;
	bool connected;
	char reader[READER_NAME_SIZE];                                  /* of the last connection */
	enum { ESCAPE_UNASKED, ESCAPE_OFFERED, ESCAPE_BLOCKED } escape; /* of that reader */
};

/* PC/SC code -> what a person should do. */
static const struct {
	LONG code;
	enum card_err err;
} causes[] = {
	{SCARD_S_SUCCESS, CARD_ERR_OK},
	{SCARD_E_TIMEOUT, CARD_ERR_TIMEOUT},
	{SCARD_E_CANCELLED, CARD_ERR_CANCELLED},
	/* the card */
	{SCARD_W_REMOVED_CARD, CARD_ERR_REMOVED},
	{SCARD_E_NO_SMARTCARD, CARD_ERR_REMOVED},
	{SCARD_E_NOT_TRANSACTED, CARD_ERR_REMOVED}, /* it fell silent inside an APDU */
	{SCARD_W_UNPOWERED_CARD, CARD_ERR_MUTE},
	{SCARD_W_UNRESPONSIVE_CARD, CARD_ERR_MUTE},
	{SCARD_W_UNSUPPORTED_CARD, CARD_ERR_MUTE},
	/* other programs */
	{SCARD_E_SHARING_VIOLATION, CARD_ERR_BUSY},
	{SCARD_W_RESET_CARD, CARD_ERR_BUSY},
	/* the reader */
	{SCARD_E_UNKNOWN_READER, CARD_ERR_NO_READER},
	{SCARD_E_READER_UNAVAILABLE, CARD_ERR_NO_READER},
	{SCARD_E_NO_READERS_AVAILABLE, CARD_ERR_NO_READER},
	{SCARD_E_INSUFFICIENT_BUFFER, CARD_ERR_LIMIT},
	{SCARD_E_NO_MEMORY, CARD_ERR_LIMIT},
	/* pcscd; polkit refuses with the first, the socket's mode with the second */
	{SCARD_W_SECURITY_VIOLATION, CARD_ERR_NOT_ALLOWED},
	{SCARD_E_NO_ACCESS, CARD_ERR_NOT_ALLOWED},
	{SCARD_E_NO_SERVICE, CARD_ERR_NO_SERVICE},
	{SCARD_E_SERVICE_STOPPED, CARD_ERR_NO_SERVICE},
	{SCARD_F_COMM_ERROR, CARD_ERR_NO_SERVICE},
	{SCARD_E_INVALID_HANDLE, CARD_ERR_NO_SERVICE}, /* of a pcscd that is no more */
	{SCARD_F_INTERNAL_ERROR, CARD_ERR_NO_SERVICE},
};

static enum card_err cause(LONG code)
{
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (causes[i].code == code)
			return causes[i].err;
	return CARD_ERR_PROTOCOL;
}

static enum card_err traced(LONG code, struct card_trace *trace)
{
	trace->pcsc = code;
	return cause(code);
}

static enum card_err open_context(struct pcsc *p)
{
	SCARDCONTEXT context;
	if (p->open)
		return CARD_ERR_OK;
	enum card_err err = cause(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context));
	if (err)
		return err == CARD_ERR_NOT_ALLOWED ? err : CARD_ERR_NO_SERVICE;
	p->context = context;
	p->open = true;
	return CARD_ERR_OK;
}

static void disconnect(void *self)
{
	struct pcsc *p = self;
	if (p->connected)
		SCardDisconnect(p->card, SCARD_LEAVE_CARD);
	p->connected = false;
}

static void close_context(struct pcsc *p)
{
	disconnect(p);
	p->reader[0] = '\0';
	if (atomic_exchange(&p->open, false))
		SCardReleaseContext(p->context);
}

static enum card_err reopen(void *self)
{
	close_context(self);
	return open_context(self);
}

static void take_state(const SCARD_READERSTATE *from, struct reader_state *to)
{
	DWORD now = from->dwEventState;
	to->present = now & SCARD_STATE_PRESENT;
	to->mute = now & SCARD_STATE_MUTE;
	to->in_use = now & SCARD_STATE_EXCLUSIVE;
	to->lost = now & (SCARD_STATE_UNAVAILABLE | SCARD_STATE_UNKNOWN);
	to->events = now >> 16 & 0xFFFF; /* pcsc-lite counts insertions and removals there */
	to->current = now & ~(DWORD)SCARD_STATE_CHANGED;
	to->atr_len = from->cbAtr <= ATR_MAX ? from->cbAtr : 0;
	memcpy(to->atr, from->rgbAtr, to->atr_len);
}

/* pcsc-lite answers with UNKNOWN_READER when one of `states` has gone: that is a change. */
static enum card_err status_change(
	struct pcsc *p, struct reader_state *states, size_t n, bool pnp, unsigned timeout_ms)
{
	SCARD_READERSTATE raw[READER_MAX + 1] = {0};
	for (size_t i = 0; i < n; i++) {
		raw[i].szReader = states[i].name;
		raw[i].dwCurrentState = states[i].current;
	}
	raw[n].szReader = PNP_READER;
	LONG code = SCardGetStatusChange(p->context, timeout_ms, raw, n + (pnp ? 1 : 0));
	if (code == SCARD_E_UNKNOWN_READER)
		return CARD_ERR_OK;
	enum card_err err = cause(code);
	for (size_t i = 0; !err && i < n; i++)
		take_state(&raw[i], &states[i]);
	return err;
}

/* Cut the multi-string of pcscd into at most `max` states of unknown content. */
static size_t cut_names(const char *names, size_t len, struct reader_state *ret, size_t max)
{
	size_t n = 0;
	while (n < max && len > 1 && *names) {
		size_t name_len = strnlen(names, len);
		if (name_len == len || name_len >= READER_NAME_SIZE)
			break;
		ret[n] = (struct reader_state){.current = SCARD_STATE_UNAWARE};
		memcpy(ret[n].name, names, name_len);
		n++;
		names += name_len + 1;
		len -= name_len + 1;
	}
	return n;
}

static enum card_err list(void *self, struct reader_state *ret, size_t max, size_t *ret_n)
{
	struct pcsc *p = self;
	char names[READER_MAX * READER_NAME_SIZE + 1];
	DWORD len = sizeof(names);
	enum card_err err = open_context(p);
	if (!err)
		err = cause(SCardListReaders(p->context, NULL, names, &len));
	if (err)
		return err;
	size_t n = cut_names(names, len, ret, max < READER_MAX ? max : READER_MAX);
	if (n == 0)
		return CARD_ERR_NO_READER;
	err = status_change(p, ret, n, false, 0);
	/* With nothing known before, a time-out tells no more than success. */
	if (err && err != CARD_ERR_TIMEOUT)
		return err;
	*ret_n = n;
	return CARD_ERR_OK;
}

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum card_err wait(void *self, struct reader_state *states, size_t n, unsigned timeout_ms)
{
	struct pcsc *p = self;
	int64_t left = timeout_ms, deadline = now_ms() + timeout_ms;
	if (n > READER_MAX)
		return CARD_ERR_LIMIT;
	enum card_err err = open_context(p);
	if (err)
		return err;
	do {
		if (atomic_exchange(&p->cancelled, false))
			return CARD_ERR_CANCELLED;
		err = status_change(
			p, states, n, true, left < SLICE_MS ? (unsigned)left : SLICE_MS);
		left = deadline - now_ms();
	} while (err == CARD_ERR_TIMEOUT && left > 0);
	if (err == CARD_ERR_CANCELLED)
		p->cancelled = false;
	return err;
}

static void cancel(void *self)
{
	struct pcsc *p = self;
	p->cancelled = true;
	if (p->open)
		SCardCancel(p->context);
}

static void meet_reader(struct pcsc *p, const char *reader)
{
	if (strncmp(p->reader, reader, sizeof(p->reader)) == 0)
		return;
	memcpy(p->reader, reader, strnlen(reader, sizeof(p->reader) - 1) + 1);
	p->reader[sizeof(p->reader) - 1] = '\0';
	p->escape = ESCAPE_UNASKED;
}

/* Without a transaction: SCardBeginTransaction() would wait without limit for another
 * program's. Should one speak in between, the checks of each answer notice. */
static enum card_err connect(void *self, const char *reader, struct card_trace *trace)
{
	struct pcsc *p = self;
	disconnect(p);
	enum card_err err = open_context(p);
	if (err)
		return err;
	err = traced(SCardConnect(p->context, reader, SCARD_SHARE_SHARED,
			     SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &p->card, &p->protocol),
		trace);
	p->connected = !err;
	meet_reader(p, reader);
	return err;
}

static enum card_err transmit(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	struct pcsc *p = self;
	DWORD got = max;
	if (!p->connected)
		return CARD_ERR_REMOVED;
	const SCARD_IO_REQUEST *pci =
		p->protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
	enum card_err err = traced(SCardTransmit(p->card, pci, apdu, len, NULL, ret, &got), trace);
	if (err)
		return err;
	if (got == 0) /* some drivers call a card that vanished a success */
		return CARD_ERR_REMOVED;
	*ret_len = got;
	return CARD_ERR_OK;
}

/* PC/SC part 10: one object a feature, of a tag, a length and as many bytes. */
static bool has_feature(struct cursor list, uint8_t wanted)
{
	uint8_t tag, len;
	while (cursor_u8(&list, &tag) && cursor_u8(&list, &len) && cursor_skip(&list, len))
		if (tag == wanted && len == sizeof(uint32_t))
			return true;
	return false;
}

/* A driver that blocks escapes (libccid as Debian ships it) does not list them; what it was
 * sent all the same would be wasted. */
static bool offers_escape(struct pcsc *p)
{
	uint8_t list[FEATURES_MAX];
	DWORD got = 0;
	if (p->escape == ESCAPE_UNASKED) {
		LONG code = SCardControl(
			p->card, CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0, list, sizeof(list), &got);
		bool listed = code == SCARD_S_SUCCESS && got <= sizeof(list) &&
			      has_feature(cursor_over(list, got), FEATURE_CCID_ESC_COMMAND);
		p->escape = listed ? ESCAPE_OFFERED : ESCAPE_BLOCKED;
	}
	return p->escape == ESCAPE_OFFERED;
}

static enum card_err escape(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	struct pcsc *p = self;
	DWORD got = 0;
	if (!p->connected)
		return CARD_ERR_REMOVED;
	if (!offers_escape(p))
		return CARD_ERR_NO_DIALECT;
	LONG code = SCardControl(p->card, IOCTL_CCID_ESCAPE, apdu, len, ret, max, &got);
	if (code == SCARD_E_UNSUPPORTED_FEATURE) {
		p->escape = ESCAPE_UNASKED; /* another reader of that name may have come */
		return CARD_ERR_NO_DIALECT;
	}
	enum card_err err = traced(code, trace);
	if (err)
		return err;
	if (got == 0)
		return CARD_ERR_REMOVED;
	if (got > max)
		return CARD_ERR_LIMIT;
	*ret_len = got;
	return CARD_ERR_OK;
}

struct card_transport *transport_pcsc_new(void)
{
	struct pcsc *p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->transport = (struct card_transport){
		p, list, wait, cancel, connect, transmit, escape, disconnect, reopen};
	return &p->transport;
}

struct card_transport *transport_pcsc_free(struct card_transport *t)
{
	if (t) {
		struct pcsc *p = t->self;
		close_context(p);
		free(p);
	}
	return NULL;
}
