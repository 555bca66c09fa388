/* SPDX-License-Identifier: MIT
 *
 * Readers of each make under the real pcscd, all at once.
 */
#include "tests/check.h"

#include <arpa/inet.h>
#include <glib.h>
#include <reader.h>

#include "tests/virtual/bench.h"
#include "tests/virtual/talk.h"
#include "tests/virtual/vcard.h"

#define ESCAPE         SCARD_CTL_CODE(1)    /* libccid's number of it */
#define ESCAPE_WINDOWS SCARD_CTL_CODE(3500) /* not known here */
#define FEATURES_ROOM  128
#define START          "FFC2000002810000" /* a session */
#define END            "FFC2000002820000"

/* One block, of any card: the one that hears it leaves before it looks whose IDm that is. */
#define READ                                                                                       \
	"1006"                                                                                     \
	"0000000000000000"                                                                         \
	"018B1A018000"

/* CUnit's cases take no argument, and one daemon serves them all. Reader `i` is of kind `i`. */
static struct bench bench;

static SCARDHANDLE connect_card(enum reader_kind kind, const char *id)
{
	SCARDHANDLE card = 0;
	DWORD protocol = 0;
	bench_lay(&bench, kind, id);
	CHECK_INT(SCardConnect(bench.context, bench_reader(&bench, kind), SCARD_SHARE_SHARED,
			  SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol),
		SCARD_S_SUCCESS);
	return card;
}

static void take_away(enum reader_kind kind, SCARDHANDLE card)
{
	SCardDisconnect(card, SCARD_LEAVE_CARD);
	bench_clear(&bench, kind);
}

/* Say a row of hex to the card or, as an escape, to its reader. */
static LONG say(SCARDHANDLE card, const char *hex, bool escape, char **ret)
{
	uint8_t apdu[WIRE_APDU_MAX], answer[WIRE_APDU_MAX];
	size_t len = talk_bytes(hex, apdu, sizeof(apdu));
	DWORD got = sizeof(answer);
	LONG code = escape ? SCardControl(card, ESCAPE, apdu, len, answer, sizeof(answer), &got)
			   : SCardTransmit(card, SCARD_PCI_T1, apdu, len, NULL, answer, &got);
	GString *text = g_string_new(NULL);
	for (DWORD i = 0; code == SCARD_S_SUCCESS && i < got; i++)
		g_string_append_printf(text, "%02X", answer[i]);
	*ret = g_string_free(text, FALSE);
	return code;
}

static void says(SCARDHANDLE card, const struct talk_row *row, const struct vcard *sample)
{
	g_autofree char *got = NULL, *hex = talk_hex(row->say, sample);
	g_autofree char *want = talk_hex(row->hear, sample);
	CHECK_INT(say(card, hex, row->escape, &got), SCARD_S_SUCCESS);
	CHECK_STR(got, want);
}

static void every_make_is_listed_by_its_name(void)
{
	char names[16 * MAX_READERNAME];
	DWORD len = sizeof(names);
	CHECK_INT(SCardListReaders(bench.context, NULL, names, &len), SCARD_S_SUCCESS);
	const char *name = names;
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++) {
		g_autofree char *want =
			g_strdup_printf("%s %02X 00", reader_kind_reader(kind), (unsigned)kind);
		CHECK_STR(name, want);
		name += strlen(name) + 1;
	}
	CHECK_STR(name, "");
}

static void every_make_is_read_through_pcscd(void)
{
	g_autoptr(GError) error = NULL;
	struct vcard *sample = vcard_find(VCARD_DIR, TALK_CARD, &error);
	CHECK(sample != NULL);
	for (enum reader_kind kind = 0; sample && kind < READER_KIND_COUNT; kind++) {
		SCARDHANDLE card = connect_card(kind, TALK_CARD);
		for (const struct talk_row *row = talk_of(kind); row->say; row++)
			says(card, row, sample);
		take_away(kind, card);
	}
	vcard_free(sample);
}

static void the_atr_is_that_of_the_make(void)
{
	static const struct {
		enum reader_kind kind;
		uint8_t last;
	} want[] = {{READER_KIND_DIRECT, 0x42}, {READER_KIND_ACR122, 0x8A},
		{READER_KIND_ACR122_T0, 0x8A}};
	for (size_t i = 0; i < G_N_ELEMENTS(want); i++) {
		SCARDHANDLE card = connect_card(want[i].kind, TALK_CARD);
		uint8_t atr[WIRE_ATR_MAX];
		DWORD len = sizeof(atr);
		CHECK_INT(SCardStatus(card, NULL, NULL, NULL, NULL, atr, &len), SCARD_S_SUCCESS);
		CHECK_INT(len, 20);
		CHECK_INT(atr[19], want[i].last);
		take_away(want[i].kind, card);
	}
}

/* The control code under which the reader's driver takes escapes; 0: it does not. */
static DWORD escape_code(SCARDHANDLE card)
{
	uint8_t features[FEATURES_ROOM];
	DWORD len = 0, code = 0;
	CHECK_INT(SCardControl(card, CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0, features,
			  sizeof(features), &len),
		SCARD_S_SUCCESS);
	CHECK(len > 0 && len % sizeof(PCSC_TLV_STRUCTURE) == 0);
	for (DWORD at = 0; at + sizeof(PCSC_TLV_STRUCTURE) <= len;
		at += sizeof(PCSC_TLV_STRUCTURE)) {
		PCSC_TLV_STRUCTURE feature;
		memcpy(&feature, features + at, sizeof(feature));
		CHECK_INT(feature.length, 4);
		if (feature.tag == FEATURE_CCID_ESC_COMMAND)
			code = ntohl(feature.value);
	}
	return code;
}

static void only_one_make_offers_escapes(void)
{
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++) {
		g_autofree char *got = NULL;
		bool offers = kind == READER_KIND_SESSION_ESCAPE;
		uint8_t answer[WIRE_APDU_MAX];
		DWORD len = 0;
		SCARDHANDLE card = connect_card(kind, TALK_CARD);
		CHECK_INT(escape_code(card), offers ? ESCAPE : 0);
		LONG code = say(card, START, true, &got);
		CHECK_INT(code, offers ? SCARD_S_SUCCESS : SCARD_E_NOT_TRANSACTED);
		CHECK_INT(
			SCardControl(card, ESCAPE_WINDOWS, "\xFF", 1, answer, sizeof(answer), &len),
			SCARD_E_UNSUPPORTED_FEATURE);
		take_away(kind, card);
	}
}

static void a_session_of_escapes_is_refused_to_the_card(void)
{
	g_autofree char *refused = NULL, *begun = NULL, *again = NULL;
	SCARDHANDLE card = connect_card(READER_KIND_SESSION_ESCAPE, TALK_CARD);
	CHECK_INT(say(card, START, false, &refused), SCARD_S_SUCCESS);
	CHECK_STR(refused, "6D00");
	CHECK_INT(say(card, START, true, &begun), SCARD_S_SUCCESS);
	CHECK_STR(begun, "C0030090009000");
	CHECK_INT(say(card, END, false, &again), SCARD_S_SUCCESS);
	CHECK_STR(again, "6D00");
	take_away(READER_KIND_SESSION_ESCAPE, card);
}

/* It goes in place of the answer; the reader then has nobody to answer for it. */
static void a_card_leaving_within_an_escape_is_an_error(void)
{
	g_autofree char *begun = NULL, *chosen = NULL, *got = NULL;
	SCARDHANDLE card = connect_card(READER_KIND_SESSION_ESCAPE, "half-way");
	CHECK_INT(say(card, START, true, &begun), SCARD_S_SUCCESS);
	CHECK_INT(say(card, "FFC20002048F02030000", true, &chosen), SCARD_S_SUCCESS);
	LONG code = say(card, "FFC20001129510" READ "00", true, &got);
	CHECK(code != SCARD_S_SUCCESS);
	CHECK(bench_wait(&bench, READER_KIND_SESSION_ESCAPE, SCARD_STATE_EMPTY, true) != 0);
	SCardDisconnect(card, SCARD_LEAVE_CARD);
	field_remove(bench.fields[READER_KIND_SESSION_ESCAPE]);
}

#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(every_make_is_listed_by_its_name),
		CASE(every_make_is_read_through_pcscd),
		CASE(the_atr_is_that_of_the_make),
		CASE(only_one_make_offers_escapes),
		CASE(a_session_of_escapes_is_refused_to_the_card),
		CASE(a_card_leaving_within_an_escape_is_an_error),
	};
	enum reader_kind kinds[READER_KIND_COUNT];
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++)
		kinds[kind] = kind;
	int code = bench_start_with(&bench, kinds, READER_KIND_COUNT);
	if (code == 0)
		code = CHECK_MAIN("readers of each make under pcscd", cases);
	bench_stop(&bench);
	return code;
}
