/* SPDX-License-Identifier: MIT */
#include "tests/pcsc/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STUDENT   "student", "student-number"
#define STAFF     "staff", "staff-number"
#define OURS      SAMPLE_SCHOOL, "20990331", CARD_ERR_OK
#define PMM       "100B4B428485D0FF"
#define NO_READ   NULL, NULL, NULL
#define HEX_SIZE  1024
#define FRAME_HEX 512

const struct sample samples[] = {
	{"student", SAMPLE_FCF, "1114B3143141592A", "01", "37-246801", '0',
		"\xC4\xB3\xC4\x20\xCA\xC5\xBA", OURS, STUDENT, "トウト ハナコ"},
	{"staff", SAMPLE_FCF, "1114B3142718281A", "11", "0012345", '0',
		"\x91\xA0\x91\x4F\x81\x40\x8E\x9F\x98\x59", OURS, STAFF, "蔵前 次郎"},
	{"english", SAMPLE_FCF, "0114B3141618033A", "01", "37-257913", '0', "ANDERSSON-LINDQV",
		OURS, STUDENT, "ANDERSSON-LINDQV"},
	{"expired", SAMPLE_FCF, "1114B3141414213A", "01", "37-213344", '0',
		"\xB6\xDC\xCD\xDE\x20\xBB\xCC\xDE\xDB\xB3", SAMPLE_SCHOOL, "20250331", CARD_ERR_OK,
		STUDENT, "カワベ サブロウ"},
	{"old-card", SAMPLE_FCF, "1114B3141732050A", "01", "37-235577", '0', "\xD3\xD8\x20\xBC\xB7",
		OURS, STUDENT, "モリ シキ"},
	{"science", SAMPLE_FCF, "2114B3142236067A", "01", "35-246802", '0',
		"\xBA\xC4\xDC\xD8\x20\xBB\xC2\xB7", OURS, STUDENT, "コトワリ サツキ"},
	{"privileged", SAMPLE_FCF, "1114B3142645751A", "11", "0020001", '0',
		"\xB3\xB4\xC9\x20\xDB\xB8\xDB\xB3", OURS, STAFF, "ウエノ ロクロウ"},
	{"two", SAMPLE_FCF, "1114B3143316624A", "01", "37-299999", '0',
		"\xD8\xD6\xB3\xBA\xDE\xB8\x20\xC5\xC5\xD0", OURS, STUDENT, "リヨウゴク ナナミ"},
	{"graduate", SAMPLE_FCF, "1114B3143872983A", "01", "37-211111", '0',
		"\xBF\xC2\xC0\xDE\x20\xD4\xB4", OURS, STUDENT, "ソツダ ヤエ"},
	{"clerk-a", SAMPLE_FCF, "1114B3145772156A", "11", "0090001", '0',
		"\xCF\xC4\xDE\xB8\xDE\xC1\x20\xB2\xC1\xB4", OURS, STAFF, "マドグチ イチエ"},
	{"clerk-b", SAMPLE_FCF, "1114B3146931471A", "11", "0090002", '0',
		"\xCF\xC4\xDE\xB8\xDE\xC1\x20\xCC\xC0\xCA\xDE", OURS, STAFF, "マドグチ フタバ"},
	{"unlisted", SAMPLE_FCF, "1114B3149999999A", "01", "37-200000", '0', "", OURS, STUDENT, ""},
	{"other-university", SAMPLE_FCF, "1114B3140007777A", "01", "24A00777", '0', "YAMADA,TARO",
		"13770002", "20990331", CARD_ERR_FOREIGN, NO_READ},
	{"transit", SAMPLE_TRANSIT, "0101060012345678", NULL, NULL, '0', NULL, NULL, NULL,
		CARD_ERR_TRANSIT, NO_READ},
	{"mifare", SAMPLE_MIFARE, "04A1B2C3", NULL, NULL, '0', NULL, NULL, NULL,
		CARD_ERR_UNKNOWN_CARD, NO_READ},
	{"unreadable", SAMPLE_UNREADABLE, "1114B3140000001A", NULL, NULL, '0', NULL, NULL, NULL,
		CARD_ERR_UNREADABLE, NO_READ},
};
const size_t n_samples = sizeof(samples) / sizeof(samples[0]);

const struct card_layout fcf_layout = {
	.name = "fcf",
	.key_kind = "common-id",
	.steps = {{.kind = LAYOUT_SYSTEM, .code = 0xFE00},
		{.kind = LAYOUT_READ, .code = 0x1A8B, .blocks = {0, 1, 2, 3}, .n_blocks = 4}},
	.n_steps = 2,
	.class_ = {0, 2},
	.number = {2, 12},
	.reissue = {14, 1},
	.name_ = {16, 16},
	.school = {32, 8},
	.issued = {40, 8},
	.expires = {48, 8},
	.name_encoding = LAYOUT_CP932,
	.school_id = SAMPLE_SCHOOL,
	.padding = {'\0', ' '},
	.n_padding = 2,
	.classes = {{"01", STUDENT}, {"02", STUDENT}, {"11", STAFF}},
	.n_classes = 3,
	.patterns = {{"99-999999"}, {"9999999"}},
	.n_patterns = 2,
	.stable_idm = true,
};

const char *const speech_readers[] = {
	"SONY FeliCa RC-S300/P (0123456) 00 00", "ACS ACR1252 Dual Reader 00 00"};
const char *const speech_names[] = {"transparent", "acs-direct"};

const struct sample *sample_find(const char *name)
{
	for (size_t i = 0; i < n_samples; i++)
		if (strcmp(samples[i].name, name) == 0)
			return &samples[i];
	fprintf(stderr, "no sample %s\n", name);
	abort();
}

void sample_data(const struct sample *card, uint8_t ret[64])
{
	memset(ret, 0, 64);
	memcpy(ret, card->class_, 2);
	memcpy(ret + 2, card->number, strlen(card->number));
	ret[14] = (uint8_t)card->reissue;
	ret[15] = '1';
	memset(ret + 16, ' ', 16);
	memcpy(ret + 16, card->holder, strlen(card->holder));
	memcpy(ret + 32, card->school, 8);
	memcpy(ret + 40, "20240401", 8);
	memcpy(ret + 48, card->expires, 8);
	memcpy(ret + 56, "AH280339", 8);
}

/* The frame that answers Read Without Encryption. */
static void blocks_frame(const struct sample *card, char ret[FRAME_HEX])
{
	uint8_t data[64];
	if (card->kind == SAMPLE_UNREADABLE) {
		snprintf(ret, FRAME_HEX, "0C 07 %s 01 A5", card->idm);
		return;
	}
	sample_data(card, data);
	size_t len = (size_t)snprintf(ret, FRAME_HEX, "4D 07 %s 00 00 04 ", card->idm);
	for (size_t i = 0; i < sizeof(data); i++)
		len += (size_t)snprintf(ret + len, FRAME_HEX - len, "%02X", data[i]);
}

static void add_read_transparent(struct script *s, const struct sample *card)
{
	char want[HEX_SIZE], frame[FRAME_HEX], answer[HEX_SIZE];
	snprintf(want, sizeof(want),
		"FF C2 00 01 1F 5F 46 04 50 C3 00 00 95 16 16 06 %s 01 8B 1A 04"
		" 80 00 80 01 80 02 80 03 00",
		card->idm);
	blocks_frame(card, frame);
	snprintf(answer, sizeof(answer), "C0 03 00 90 00 92 01 00 96 02 00 00 97 %c%c %s 90 00",
		frame[0], frame[1], frame);
	script_add(s, want, answer);
}

/* What is asked of a card that has not the system: which it has. */
static void add_survey_transparent(struct script *s, const struct sample *card)
{
	static const char poll[] = "FF C2 00 01 0F 5F 46 04 50 C3 00 00 95 06 06 00 FF FF 00 00 00";
	char want[HEX_SIZE], answer[HEX_SIZE];
	bool answers = card->kind == SAMPLE_TRANSIT;
	snprintf(answer, sizeof(answer),
		"C0 03 00 90 00 92 01 00 96 02 00 00 97 12 12 01 %s " PMM " 90 00", card->idm);
	script_add(s, poll, answers ? answer : "C0 03 00 64 01 90 00");
	if (!answers)
		return;
	snprintf(want, sizeof(want), "FF C2 00 01 13 5F 46 04 50 C3 00 00 95 0A 0A 0C %s 00",
		card->idm);
	snprintf(answer, sizeof(answer), "C0 03 00 90 00 97 0D 0D 0D %s 01 00 03 90 00", card->idm);
	script_add(s, want, answer);
}

static void transparent_script(struct script *s, const struct sample *card)
{
	static const char end[] = "FF C2 00 00 02 82 00 00", ok[] = "C0 03 00 90 00 90 00";
	static const char poll[] = "FF C2 00 01 0F 5F 46 04 50 C3 00 00 95 06 06 00 FE 00 00 00 00";
	char answer[HEX_SIZE];
	bool answers = card->kind == SAMPLE_FCF || card->kind == SAMPLE_UNREADABLE;
	script_add(s, "FF C2 00 00 02 81 00 00", ok);
	script_add(s, "FF C2 00 02 04 8F 02 03 00 00", ok);
	snprintf(answer, sizeof(answer),
		"C0 03 00 90 00 92 01 00 96 02 00 00 97 12 12 01 %s " PMM " 90 00", card->idm);
	for (int i = answers; i < 2; i++) /* a silent card is polled once more */
		script_add(s, poll, answers ? answer : "C0 03 00 64 01 90 00");
	if (answers)
		add_read_transparent(s, card);
	else
		add_survey_transparent(s, card);
	script_add(s, end, ok);
}

static void add_survey_acs(struct script *s, const struct sample *card)
{
	char want[HEX_SIZE], answer[HEX_SIZE];
	bool answers = card->kind == SAMPLE_TRANSIT;
	snprintf(answer, sizeof(answer), "12 01 %s " PMM " 90 00", card->idm);
	script_add(s, "FF 00 00 00 06 06 00 FF FF 00 00", answers ? answer : "63 00");
	if (!answers)
		return;
	snprintf(want, sizeof(want), "FF 00 00 00 0A 0A 0C %s", card->idm);
	snprintf(answer, sizeof(answer), "0D 0D %s 01 00 03 90 00", card->idm);
	script_add(s, want, answer);
}

static void acs_script(struct script *s, const struct sample *card)
{
	char want[HEX_SIZE], frame[FRAME_HEX], answer[HEX_SIZE];
	bool answers = card->kind == SAMPLE_FCF || card->kind == SAMPLE_UNREADABLE;
	snprintf(answer, sizeof(answer), "12 01 %s " PMM " 90 00", card->idm);
	for (int i = answers; i < 2; i++)
		script_add(s, "FF 00 00 00 06 06 00 FE 00 00 00", answers ? answer : "63 00");
	if (!answers) {
		add_survey_acs(s, card);
		return;
	}
	snprintf(want, sizeof(want), "FF 00 00 00 16 16 06 %s 01 8B 1A 04 80 00 80 01 80 02 80 03",
		card->idm);
	blocks_frame(card, frame);
	snprintf(answer, sizeof(answer), "%s 90 00", frame);
	script_add(s, want, answer);
}

void sample_script(struct script *s, enum speech speech, const struct sample *card)
{
	char uid[64];
	script_init(s, speech_readers[speech]);
	if (speech == TRANSPARENT)
		transparent_script(s, card);
	else
		acs_script(s, card);
	snprintf(uid, sizeof(uid), "%s 90 00", card->idm);
	if (card->kind == SAMPLE_MIFARE)
		script_add(s, "FF CA 00 00 00", uid);
}

enum card_err sample_read(struct script *s, const struct card_layout *layouts, size_t n,
	struct card_reading *ret, struct card_trace *trace)
{
	const struct card_job job = {.layouts = layouts, .n_layouts = n};
	return card_read(&s->t, s->reader, &job, ret, trace);
}

static bool same(const char *what, const char *got, const char *want)
{
	bool equal = strcmp(got, want) == 0;
	if (!equal)
		fprintf(stderr, "%s is \"%s\", not \"%s\"\n", what, got, want);
	return equal;
}

bool sample_matches(const struct sample *card, const struct card_reading *r)
{
	struct bytes idm;
	unhex(card->idm, &idm);
	idm.at[0] &= 0x0F;
	bool numbers = r->reissue == card->reissue - '0' && r->issued == 20240401 &&
		       r->expires == atoi(card->expires) && r->stable_idm &&
		       r->assurance == CARD_UNAUTHENTICATED;
	if (!numbers)
		fprintf(stderr, "%s: reissue %d, issued %d, expires %d\n", card->name, r->reissue,
			r->issued, r->expires);
	return numbers && memcmp(r->idm, idm.at, IDM_SIZE) == 0 &&
	       same("layout", r->layout, "fcf") && same("key kind", r->key_kind, card->key_kind) &&
	       same("class", r->class_, card->class_read) &&
	       same("number", r->number, card->number) && same("name", r->name, card->holder_read);
}
