/* SPDX-License-Identifier: MIT
 *
 * Sample cards under the real pcscd, APDU by APDU.
 */
#include "tests/check.h"

#include <glib.h>

#include "tests/virtual/bench.h"
#include "tests/virtual/vcard.h"

#define POLL_FCF                                                                                   \
	"060"                                                                                      \
	"0FE000000"
#define IDM "112E4C0A11223301" /* of FE00, the student card's second system */
#define READ_FOUR                                                                                  \
	"1606" IDM "018B1A0480008001"                                                              \
	"80028003"
#define POLL_ANSWER "1201" IDM "100B4B428485D0FF"
#define DONE        "C003009000"
#define NO_ANSWER                                                                                  \
	"C003016401"                                                                               \
	"9000"
#define SESSION                                                                                    \
	"920100"                                                                                   \
	"96020000" /* what comes before the frame */

/* The student card's 64 bytes, by hand. */
#define CLASS_NUMBER                                                                               \
	"3031"                                                                                     \
	"33372D323436383031202020"                                                                 \
	"30"                                                                                       \
	"20"
#define NAME                                                                                       \
	"C4B3C420CAC5BA"                                                                           \
	"202020202020202020"
#define SCHOOL                                                                                     \
	"3133393930303031"                                                                         \
	"3230323430343031"
#define EXPIRES                                                                                    \
	"3230393930333331"                                                                         \
	"4148323830333339"
#define READ_ANSWER "4D07" IDM "000004" CLASS_NUMBER NAME SCHOOL EXPIRES

/* CUnit's cases take no argument, and one daemon serves them all. */
static struct bench bench;

static SCARDHANDLE connect_card(enum bench_reader i, const char *id)
{
	SCARDHANDLE card = 0;
	DWORD protocol = 0;
	bench_lay(&bench, i, id);
	CHECK_INT(SCardConnect(bench.context, bench_reader(&bench, i), SCARD_SHARE_SHARED,
			  SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol),
		SCARD_S_SUCCESS);
	return card;
}

static void take_away(enum bench_reader i, SCARDHANDLE card)
{
	SCardDisconnect(card, SCARD_LEAVE_CARD);
	bench_clear(&bench, i);
}

static LONG send_hex(SCARDHANDLE card, const char *hex, char **ret)
{
	uint8_t apdu[WIRE_APDU_MAX], answer[WIRE_APDU_MAX];
	size_t len = strlen(hex) / 2;
	DWORD got = sizeof(answer);
	for (size_t i = 0; i < len; i++)
		apdu[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 |
				    g_ascii_xdigit_value(hex[2 * i + 1]));
	LONG code = SCardTransmit(card, SCARD_PCI_T1, apdu, len, NULL, answer, &got);
	GString *text = g_string_new(NULL);
	for (DWORD i = 0; code == SCARD_S_SUCCESS && i < got; i++)
		g_string_append_printf(text, "%02X", answer[i]);
	*ret = g_string_free(text, FALSE);
	return code;
}

static void says(SCARDHANDLE card, const char *apdu, const char *want)
{
	g_autofree char *got = NULL;
	CHECK_INT(send_hex(card, apdu, &got), SCARD_S_SUCCESS);
	CHECK_STR(got, want);
}

static void carries(SCARDHANDLE card, enum bench_reader i, const char *frame, const char *want)
{
	size_t len = strlen(frame) / 2;
	g_autofree char *apdu = NULL, *answer = NULL;
	if (i == BENCH_SESSION) {
		apdu = g_strdup_printf("FFC20001%02zX95%02zX%s00", len + 2, len, frame);
		answer =
			want ? g_strdup_printf(DONE SESSION "97%02zX%s9000", strlen(want) / 2, want)
			     : g_strdup(NO_ANSWER);
	} else {
		apdu = g_strdup_printf("FF000000%02zX%s", len, frame);
		answer = want ? g_strdup_printf("%s9000", want) : g_strdup("6300");
	}
	says(card, apdu, answer);
}

static void begin(SCARDHANDLE card, enum bench_reader i)
{
	if (i != BENCH_SESSION)
		return;
	says(card, "FFC2000002810000", DONE "9000");
	says(card, "FFC20002048F02030000",
		DONE "8F020300"
		     "5F51143B8F8001804F0CA0000003061100"
		     "3B00000000429000");
}

static void read_student(enum bench_reader i)
{
	SCARDHANDLE card = connect_card(i, "student");
	begin(card, i);
	carries(card, i, POLL_FCF, POLL_ANSWER);
	carries(card, i, READ_FOUR, READ_ANSWER);
	take_away(i, card);
}

static void a_session_carries_poll_and_read(void)
{
	read_student(BENCH_SESSION);
}

static void a_direct_frame_carries_poll_and_read(void)
{
	read_student(BENCH_DIRECT);
}

/* A real card does not answer to these: no status, only silence. */
static void wrong_idm_and_missing_system_meet_silence(void)
{
	for (enum bench_reader i = 0; i < BENCH_READERS; i++) {
		SCARDHANDLE card = connect_card(i, "student");
		begin(card, i);
		carries(card, i,
			"0600000300"
			"00",
			NULL);
		carries(card, i, "0A04212E4C0A11223301", NULL);
		carries(card, i, "0504112E4C", NULL);
		take_away(i, card);
	}
}

static void a_session_must_be_begun(void)
{
	SCARDHANDLE card = connect_card(BENCH_SESSION, "student");
	says(card, "FFC200010895060600FE00000000", "C0030169859000");
	says(card, "FFC2000002820000", "C0030169859000");
	says(card, "FFC2000002810000", DONE "9000");
	says(card, "FFC2000002810000", "C0030169859000");
	says(card, "FFC200010895060600FE00000000", "C0030169859000");
	says(card, "FFC2000002820000", DONE "9000");
	take_away(BENCH_SESSION, card);
}

static void a_reader_refuses_the_other_dialect(void)
{
	SCARDHANDLE card = connect_card(BENCH_SESSION, "student");
	says(card,
		"FF00000006060"
		"0FE000000",
		"6D00");
	take_away(BENCH_SESSION, card);
	card = connect_card(BENCH_DIRECT, "student");
	says(card, "FFC2000002810000", "6A81");
	take_away(BENCH_DIRECT, card);
}

static void get_data_gives_the_idm_of_system_0_or_the_uid(void)
{
	for (enum bench_reader i = 0; i < BENCH_READERS; i++) {
		SCARDHANDLE card = connect_card(i, "student");
		says(card, "FFCA000000", "012E4C0A112233019000");
		take_away(i, card);
		card = connect_card(i, "mifare");
		says(card, "FFCA000000", "04A1B2C39000");
		take_away(i, card);
	}
}

/* The card's system FE00 and its service 1A8B, if it will be read to the end. */
static const struct vcard_service *readable(const struct vcard *card, size_t *ret_system)
{
	if (card->atr_len == 0 || card->leave_on_read)
		return NULL;
	for (size_t i = 0; i < card->tags[0].n_systems; i++) {
		const struct vcard_system *system = &card->tags[0].systems[i];
		*ret_system = i;
		if (system->code == 0xFE00 && system->n_services > 0 &&
			!system->services[0].status && system->services[0].n_blocks == 4)
			return &system->services[0];
	}
	return NULL;
}

static char *hex(const uint8_t *bytes, size_t len)
{
	GString *text = g_string_new(NULL);
	for (size_t i = 0; i < len; i++)
		g_string_append_printf(text, "%02X", bytes[i]);
	return g_string_free(text, FALSE);
}

/* Does the sample hold in 1A8B what its file says? */
static bool check_fcf(enum bench_reader i, const struct vcard *card)
{
	uint8_t idm_bytes[VCARD_IDM_SIZE];
	size_t system;
	const struct vcard_service *service = readable(card, &system);
	if (!service)
		return false;
	vcard_idm(&card->tags[0], system, idm_bytes);
	g_autofree char *idm = hex(idm_bytes, sizeof(idm_bytes)), *data = hex(service->data, 64);
	g_autofree char *frame = g_strconcat("1606", idm, "018B1A048000800180028003", NULL);
	g_autofree char *want = g_strconcat("4D07", idm, "000004", data, NULL);
	SCARDHANDLE handle = connect_card(i, card->id);
	begin(handle, i);
	carries(handle, i, frame, want);
	take_away(i, handle);
	return true;
}

static void every_sample_is_read_over_both_readers(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) cards = vcard_load_all(VCARD_DIR, &error);
	CHECK(cards != NULL);
	unsigned read = 0;
	for (guint k = 0; cards && k < cards->len; k++)
		for (enum bench_reader i = 0; i < BENCH_READERS; i++)
			read += check_fcf(i, g_ptr_array_index(cards, k));
	CHECK(read >= 2 * 13);
}

/* It goes in place of the answer to the read; PC/SC says so, in time. */
static void a_card_leaving_half_way_is_an_error_not_an_empty_answer(void)
{
	for (enum bench_reader i = 0; i < BENCH_READERS; i++) {
		g_autofree char *got = NULL;
		SCARDHANDLE card = connect_card(i, "half-way");
		begin(card, i);
		carries(card, i, POLL_FCF, POLL_ANSWER);
		const char *apdu = i == BENCH_SESSION ? "FFC20001189516" READ_FOUR "00"
						      : "FF00000016" READ_FOUR;
		double from = bench_now_ms();
		LONG code = send_hex(card, apdu, &got);
		printf("left: 0x%08lX after %.1f ms; ", (unsigned long)code, bench_now_ms() - from);
		CHECK(code != SCARD_S_SUCCESS);
		CHECK(bench_wait(&bench, i, SCARD_STATE_EMPTY, true) != 0);
		SCardDisconnect(card, SCARD_LEAVE_CARD);
		field_remove(bench.fields[i]);
	}
}

/* pcscd answers again in two seconds, and other readers are not kept waiting. */
static void a_silent_card_does_not_hang_pcscd(void)
{
	g_autofree char *got = NULL;
	g_autoptr(GError) error = NULL;
	struct vcard *silent = vcard_find(VCARD_DIR, "student", &error);
	CHECK(silent != NULL);
	silent->mute_after = 1;
	field_insert(bench.fields[BENCH_SESSION], silent);
	vcard_free(silent);
	SCARDHANDLE card;
	DWORD protocol;
	CHECK(bench_wait(&bench, BENCH_SESSION, SCARD_STATE_PRESENT, true) != 0);
	SCardConnect(bench.context, bench_reader(&bench, BENCH_SESSION), SCARD_SHARE_SHARED,
		SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol);
	says(card, "FFCA000000", "012E4C0A112233019000");
	double from = bench_now_ms();
	LONG code = send_hex(card, "FFCA000000", &got);
	printf("silent: 0x%08lX after %.0f ms; ", (unsigned long)code, bench_now_ms() - from);
	CHECK(code != SCARD_S_SUCCESS);
	CHECK(bench_now_ms() - from < BENCH_EVENT_MS);
	take_away(BENCH_SESSION, card);
	read_student(BENCH_SESSION);
}

static void a_card_that_answers_no_reset_is_seen_as_mute(void)
{
	bench_hold(&bench, BENCH_SESSION, "mute");
	CHECK(bench_wait(&bench, BENCH_SESSION, SCARD_STATE_PRESENT | SCARD_STATE_MUTE, true) != 0);
	bench_clear(&bench, BENCH_SESSION);
}

#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(a_session_carries_poll_and_read),
		CASE(a_direct_frame_carries_poll_and_read),
		CASE(wrong_idm_and_missing_system_meet_silence),
		CASE(a_session_must_be_begun),
		CASE(a_reader_refuses_the_other_dialect),
		CASE(get_data_gives_the_idm_of_system_0_or_the_uid),
		CASE(every_sample_is_read_over_both_readers),
		CASE(a_card_leaving_half_way_is_an_error_not_an_empty_answer),
		CASE(a_silent_card_does_not_hang_pcscd),
		CASE(a_card_that_answers_no_reset_is_seen_as_mute),
	};
	int code = bench_start(&bench);
	if (code == 0)
		code = CHECK_MAIN("virtual cards under pcscd", cases);
	bench_stop(&bench);
	return code;
}
