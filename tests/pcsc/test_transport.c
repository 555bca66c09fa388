/* SPDX-License-Identifier: MIT
 *
 * The only door to readers, over a PC/SC library that says what the test wants: also
 * what no pcscd can be brought to say.
 */
#include "pcsc/transport.h"

#include <winscard.h>
#include <reader.h>

#include "tests/check.h"

#define READER "ACS ACR1252 Dual Reader 00 00"

/* What the library answers. */
static struct {
	LONG establish, list, status, connect, transmit, control;
	const char *names; /* multi-string without its last NUL */
	DWORD names_len;
	DWORD state;         /* of each reader */
	DWORD got;           /* bytes of an answer, all 90 */
	bool lists_escape;   /* among the reader's features */
	unsigned n_contexts; /* open */
	unsigned cancels, asked_features;
	const struct card_transport *cancelled; /* another thread cancels its wait meanwhile */
} pcsc;

LONG SCardEstablishContext(DWORD scope, LPCVOID r1, LPCVOID r2, LPSCARDCONTEXT ret)
{
	*ret = 1;
	pcsc.n_contexts += pcsc.establish == SCARD_S_SUCCESS;
	return pcsc.establish;
}

LONG SCardReleaseContext(SCARDCONTEXT context)
{
	pcsc.n_contexts--;
	return SCARD_S_SUCCESS;
}

LONG SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR ret, LPDWORD ret_len)
{
	CHECK(*ret_len >= pcsc.names_len);
	memcpy(ret, pcsc.names, pcsc.names_len);
	*ret_len = pcsc.names_len;
	return pcsc.list;
}

LONG SCardGetStatusChange(
	SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states, DWORD n_states)
{
	for (DWORD i = 0; i < n_states; i++)
		states[i].dwEventState = pcsc.state;
	if (pcsc.cancelled)
		pcsc.cancelled->cancel(pcsc.cancelled->self);
	return pcsc.status;
}

LONG SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD share, DWORD protocols,
	LPSCARDHANDLE ret_card, LPDWORD ret_protocol)
{
	*ret_card = 1;
	*ret_protocol = SCARD_PROTOCOL_T1;
	return pcsc.connect;
}

LONG SCardDisconnect(SCARDHANDLE card, DWORD disposition)
{
	CHECK_INT(disposition, SCARD_LEAVE_CARD);
	return SCARD_S_SUCCESS;
}

LONG SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, LPCBYTE apdu, DWORD len,
	SCARD_IO_REQUEST *ret_pci, LPBYTE ret, LPDWORD ret_len)
{
	memset(ret, 0x90, pcsc.got < *ret_len ? pcsc.got : *ret_len);
	*ret_len = pcsc.got;
	return pcsc.transmit;
}

LONG SCardControl(
	SCARDHANDLE card, DWORD code, LPCVOID in, DWORD len, LPVOID ret, DWORD max, LPDWORD ret_len)
{
	static const uint8_t escape[] = {FEATURE_CCID_ESC_COMMAND, 4, 0x42, 0x00, 0x00, 0x01};
	if (code == CM_IOCTL_GET_FEATURE_REQUEST) {
		pcsc.asked_features++;
		memcpy(ret, escape, sizeof(escape));
		*ret_len = pcsc.lists_escape ? sizeof(escape) : 0;
		return SCARD_S_SUCCESS;
	}
	memset(ret, 0x90, pcsc.got < max ? pcsc.got : max);
	*ret_len = pcsc.got;
	return pcsc.control;
}

LONG SCardCancel(SCARDCONTEXT context)
{
	pcsc.cancels++;
	return SCARD_S_SUCCESS;
}

/* ---- one transport for a test ---- */

struct door {
	struct card_transport *t;
	struct card_trace trace;
	uint8_t answer[16];
	size_t len;
};

static void door_open(struct door *d)
{
	memset(&pcsc, 0, sizeof(pcsc));
	pcsc.names = READER "\0";
	pcsc.names_len = sizeof(READER) + 1;
	pcsc.got = 2;
	pcsc.lists_escape = true;
	*d = (struct door){.t = transport_pcsc_new()};
	CHECK(d->t != NULL);
}

static void door_close(struct door *d)
{
	CHECK(transport_pcsc_free(d->t) == NULL);
	CHECK_INT(pcsc.n_contexts, 0);
}

static enum card_err list(struct door *d, size_t *ret_n)
{
	struct reader_state states[READER_MAX];
	return d->t->list(d->t->self, states, READER_MAX, ret_n);
}

static enum card_err wait_once(struct door *d, size_t n)
{
	struct reader_state states[READER_MAX + 1] = {{.name = READER}};
	return d->t->wait(d->t->self, states, n, 0);
}

static enum card_err connect(struct door *d)
{
	return d->t->connect(d->t->self, READER, &d->trace);
}

static enum card_err say(struct door *d,
	enum card_err (*how)(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
		size_t *ret_len, struct card_trace *trace))
{
	d->len = 99;
	return how(d->t->self, (const uint8_t *)"\xFF", 1, d->answer, sizeof(d->answer), &d->len,
		&d->trace);
}

static void each_failure_is_told_by_what_a_person_should_do(void)
{
	static const struct {
		LONG code;
		enum card_err err;
	} rows[] = {
		{SCARD_W_REMOVED_CARD, CARD_ERR_REMOVED},
		{SCARD_E_NOT_TRANSACTED, CARD_ERR_REMOVED},
		{SCARD_E_SHARING_VIOLATION, CARD_ERR_BUSY}, {SCARD_W_RESET_CARD, CARD_ERR_BUSY},
		{SCARD_E_UNKNOWN_READER, CARD_ERR_NO_READER},
		{SCARD_W_SECURITY_VIOLATION, CARD_ERR_NOT_ALLOWED},
		{SCARD_E_NO_SERVICE, CARD_ERR_NO_SERVICE},
		{SCARD_E_INVALID_HANDLE, CARD_ERR_NO_SERVICE},
		{SCARD_E_PROTO_MISMATCH, CARD_ERR_PROTOCOL},
		{(LONG)0x80109999, CARD_ERR_PROTOCOL}, /* a code we do not know */
	};
	struct door d;
	door_open(&d);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		pcsc.connect = rows[i].code;
		CHECK_STR(card_err_name(connect(&d)), card_err_name(rows[i].err));
		CHECK_INT(d.trace.pcsc, rows[i].code);
	}
	door_close(&d);
}

static void without_pcscd_every_call_says_so(void)
{
	struct door d;
	size_t n = 7;
	door_open(&d);
	pcsc.establish = SCARD_E_NO_SERVICE;
	CHECK_INT(list(&d, &n), CARD_ERR_NO_SERVICE);
	CHECK_INT(n, 7);
	CHECK_INT(wait_once(&d, 1), CARD_ERR_NO_SERVICE);
	CHECK_INT(connect(&d), CARD_ERR_NO_SERVICE);
	CHECK_INT(d.t->reopen(d.t->self), CARD_ERR_NO_SERVICE);
	pcsc.establish = SCARD_E_INVALID_PARAMETER; /* whatever it is that failed */
	CHECK_INT(connect(&d), CARD_ERR_NO_SERVICE);
	door_close(&d);
}

static void a_refusal_by_polkit_is_told_apart(void)
{
	struct door d;
	size_t n;
	door_open(&d);
	pcsc.establish = SCARD_W_SECURITY_VIOLATION;
	CHECK_INT(list(&d, &n), CARD_ERR_NOT_ALLOWED);
	CHECK_INT(d.t->reopen(d.t->self), CARD_ERR_NOT_ALLOWED);
	door_close(&d);
}

static void a_service_that_came_back_is_used_again(void)
{
	struct door d;
	size_t n = 0;
	door_open(&d);
	CHECK_INT(list(&d, &n), CARD_ERR_OK);
	CHECK_INT(n, 1);
	pcsc.list = SCARD_E_SERVICE_STOPPED;
	CHECK_INT(list(&d, &n), CARD_ERR_NO_SERVICE);
	pcsc.list = SCARD_S_SUCCESS;
	CHECK_INT(d.t->reopen(d.t->self), CARD_ERR_OK);
	CHECK_INT(pcsc.n_contexts, 1);
	CHECK_INT(list(&d, &n), CARD_ERR_OK);
	door_close(&d);
}

static void a_list_without_a_name_is_no_reader(void)
{
	static const char endless[READER_NAME_SIZE + 2] = {[0 ... READER_NAME_SIZE + 1] = 'x'};
	struct door d;
	size_t n;
	door_open(&d);
	pcsc.names = "\0";
	pcsc.names_len = 2;
	CHECK_INT(list(&d, &n), CARD_ERR_NO_READER);
	pcsc.names = endless; /* nor is a name that does not end */
	pcsc.names_len = sizeof(endless);
	CHECK_INT(list(&d, &n), CARD_ERR_NO_READER);
	door_close(&d);
}

static void readers_that_cannot_be_looked_at_are_not_listed(void)
{
	struct door d;
	size_t n = 7;
	door_open(&d);
	pcsc.status = SCARD_F_COMM_ERROR;
	CHECK_INT(list(&d, &n), CARD_ERR_NO_SERVICE);
	CHECK_INT(n, 7);
	pcsc.status = SCARD_E_TIMEOUT; /* with nothing known before: as good as success */
	CHECK_INT(list(&d, &n), CARD_ERR_OK);
	door_close(&d);
}

static void a_reader_that_goes_during_a_wait_is_a_change(void)
{
	struct door d;
	door_open(&d);
	pcsc.status = SCARD_E_UNKNOWN_READER;
	CHECK_INT(wait_once(&d, 1), CARD_ERR_OK);
	door_close(&d);
}

static void more_readers_than_the_limit_are_refused(void)
{
	struct door d;
	door_open(&d);
	CHECK_INT(wait_once(&d, READER_MAX + 1), CARD_ERR_LIMIT);
	door_close(&d);
}

static void a_cancel_before_a_wait_ends_that_wait_and_no_other(void)
{
	struct door d;
	size_t n;
	door_open(&d);
	d.t->cancel(d.t->self);
	CHECK_INT(pcsc.cancels, 0); /* nothing is open yet */
	CHECK_INT(wait_once(&d, 1), CARD_ERR_CANCELLED);
	CHECK_INT(wait_once(&d, 1), CARD_ERR_OK);
	CHECK_INT(list(&d, &n), CARD_ERR_OK);
	d.t->cancel(d.t->self);
	CHECK_INT(pcsc.cancels, 1);
	CHECK_INT(wait_once(&d, 1), CARD_ERR_CANCELLED);
	door_close(&d);
}

static void a_cancelled_wait_leaves_nothing_to_cancel(void)
{
	struct door d;
	door_open(&d);
	pcsc.status = SCARD_E_CANCELLED;
	pcsc.cancelled = d.t;
	CHECK_INT(wait_once(&d, 1), CARD_ERR_CANCELLED);
	pcsc.status = SCARD_S_SUCCESS;
	pcsc.cancelled = NULL;
	CHECK_INT(wait_once(&d, 1), CARD_ERR_OK);
	door_close(&d);
}

static void nothing_is_said_without_a_connection(void)
{
	struct door d;
	door_open(&d);
	CHECK_INT(say(&d, d.t->transmit), CARD_ERR_REMOVED);
	CHECK_INT(say(&d, d.t->escape), CARD_ERR_REMOVED);
	CHECK_INT(connect(&d), CARD_ERR_OK);
	CHECK_INT(say(&d, d.t->transmit), CARD_ERR_OK);
	CHECK_INT(d.len, 2);
	d.t->disconnect(d.t->self);
	CHECK_INT(say(&d, d.t->transmit), CARD_ERR_REMOVED);
	CHECK_INT(d.len, 99);
	door_close(&d);
}

static void an_answer_of_nothing_is_a_card_that_left(void)
{
	struct door d;
	door_open(&d);
	CHECK_INT(connect(&d), CARD_ERR_OK);
	pcsc.got = 0;
	CHECK_INT(say(&d, d.t->transmit), CARD_ERR_REMOVED);
	CHECK_INT(say(&d, d.t->escape), CARD_ERR_REMOVED);
	CHECK_INT(d.len, 99);
	door_close(&d);
}

static void an_escape_that_claims_more_than_there_is_room_for_is_refused(void)
{
	struct door d;
	door_open(&d);
	CHECK_INT(connect(&d), CARD_ERR_OK);
	pcsc.got = sizeof(d.answer) + 1;
	CHECK_INT(say(&d, d.t->escape), CARD_ERR_LIMIT);
	CHECK_INT(d.len, 99);
	pcsc.control = SCARD_E_NOT_TRANSACTED;
	CHECK_INT(say(&d, d.t->escape), CARD_ERR_REMOVED);
	door_close(&d);
}

static void whether_a_reader_takes_escapes_is_asked_once_and_anew_when_it_stops(void)
{
	struct door d;
	door_open(&d);
	CHECK_INT(connect(&d), CARD_ERR_OK);
	CHECK_INT(say(&d, d.t->escape), CARD_ERR_OK);
	CHECK_INT(say(&d, d.t->escape), CARD_ERR_OK);
	CHECK_INT(pcsc.asked_features, 1);
	pcsc.control = SCARD_E_UNSUPPORTED_FEATURE;
	CHECK_INT(say(&d, d.t->escape), CARD_ERR_NO_DIALECT);
	pcsc.lists_escape = false;
	CHECK_INT(say(&d, d.t->escape), CARD_ERR_NO_DIALECT);
	CHECK_INT(pcsc.asked_features, 2);
	CHECK_INT(say(&d, d.t->escape), CARD_ERR_NO_DIALECT);
	CHECK_INT(pcsc.asked_features, 2);
	door_close(&d);
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(each_failure_is_told_by_what_a_person_should_do),
		CASE(without_pcscd_every_call_says_so),
		CASE(a_refusal_by_polkit_is_told_apart),
		CASE(a_service_that_came_back_is_used_again),
		CASE(a_list_without_a_name_is_no_reader),
		CASE(readers_that_cannot_be_looked_at_are_not_listed),
		CASE(a_reader_that_goes_during_a_wait_is_a_change),
		CASE(more_readers_than_the_limit_are_refused),
		CASE(a_cancel_before_a_wait_ends_that_wait_and_no_other),
		CASE(a_cancelled_wait_leaves_nothing_to_cancel),
		CASE(nothing_is_said_without_a_connection),
		CASE(an_answer_of_nothing_is_a_card_that_left),
		CASE(an_escape_that_claims_more_than_there_is_room_for_is_refused),
		CASE(whether_a_reader_takes_escapes_is_asked_once_and_anew_when_it_stops),
	};
	return CHECK_MAIN("transport", cases);
}
