/* SPDX-License-Identifier: MIT */
#include "expected.h"

#include <string.h>

#include "tests/check.h"

/* As assets/defaults/layouts.conf says it: here are cards and readers, not files. */
static const struct card_layout fcf = {
	.name = "fcf",
	.key_kind = "student-number",
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
	.school_id = "13990001",
	.padding = {0, ' '},
	.n_padding = 2,
	.classes = {{"01", "student", "student-number"}, {"02", "student", "student-number"},
		{"11", "staff", "staff-number"}},
	.n_classes = 3,
	.patterns = {{"99-999999"}, {"9999999"}},
	.n_patterns = 2,
	.stable_idm = true,
};

const struct card_job expected_job = {.layouts = &fcf, .n_layouts = 1};

static const struct expected table[] = {
	{"student", CARD_ERR_OK, "student", "37-246801", "トウト ハナコ", 20990331, 0x01},
	{"staff", CARD_ERR_OK, "staff", "0012345", "蔵前 次郎", 20990331, 0x02},
	{"english", CARD_ERR_OK, "student", "37-257913", "ANDERSSON-LINDQV", 20990331, 0x03},
	{"two", CARD_ERR_OK, "student", "37-299999", "リヨウゴク ナナミ", 20990331, 0x04},
	{"privileged", CARD_ERR_OK, "staff", "0020001", "ウエノ ロクロウ", 20990331, 0x05},
	{"science", CARD_ERR_OK, "student", "35-246802", "コトワリ サツキ", 20990331, 0x06},
	{"expired", CARD_ERR_OK, "student", "37-213344", "カワベ サブロウ", 20250331, 0x07},
	{"old-card", CARD_ERR_OK, "student", "37-235577", "モリ シキ", 20990331, 0x08},
	{"graduate", CARD_ERR_OK, "student", "37-211111", "ソツダ ヤエ", 20990331, 0x09},
	{"unlisted", CARD_ERR_OK, "student", "37-200000", "ミシマ トワ", 20990331, 0x0A},
	{"clerk-a", CARD_ERR_OK, "staff", "0090001", "マドグチ イチエ", 20990331, 0x12},
	{"clerk-b", CARD_ERR_OK, "staff", "0090002", "マドグチ フタバ", 20990331, 0x13},
	{"other-university", CARD_ERR_FOREIGN},
	{"transit", CARD_ERR_TRANSIT},
	{"mifare", CARD_ERR_UNKNOWN_CARD},
	{"unreadable", CARD_ERR_UNREADABLE},
	{"half-way", CARD_ERR_REMOVED},
	{"mute", CARD_ERR_MUTE},
	{"no-data", CARD_ERR_NO_DATA},
};

#define N_ROWS (sizeof(table) / sizeof(table[0]))

/* NULL: it carries no question to a FeliCa card. */
static const char *const dialects[] = {
	[READER_KIND_SESSION] = "transparent",
	[READER_KIND_SESSION_ESCAPE] = "transparent-escape",
	[READER_KIND_SONY_FRAME] = "sony-frame",
	[READER_KIND_SONY_SELECT] = "sony-select",
	[READER_KIND_DIRECT] = "acs-direct",
	[READER_KIND_ACR122] = "acr122",
	[READER_KIND_ACR122_T0] = "acr122",
	[READER_KIND_IDENTIV] = "identiv",
	[READER_KIND_PLAIN] = NULL,
};
_Static_assert(sizeof(dialects) / sizeof(dialects[0]) == READER_KIND_COUNT, "every kind");

const struct expected *expected_row(size_t i)
{
	return i < N_ROWS ? &table[i] : NULL;
}

const struct expected *expected_find(const char *id)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (strcmp(table[i].id, id) == 0)
			return &table[i];
	return NULL;
}

enum card_err expected_err(const struct expected *want, enum reader_kind kind)
{
	bool silent = want->err == CARD_ERR_MUTE || want->err == CARD_ERR_UNKNOWN_CARD;
	if (want->err == CARD_ERR_TRANSIT && kind == READER_KIND_SONY_SELECT)
		return CARD_ERR_UNKNOWN_CARD; /* it cannot be asked for a system */
	return dialects[kind] || silent ? want->err : CARD_ERR_NO_DIALECT;
}

void expected_check(const struct expected *want, enum reader_kind kind, const char *reader,
	const struct card_reading *got)
{
	CHECK_STR(got->layout, "fcf");
	CHECK_STR(got->class_, want->class_);
	CHECK_STR(got->number, want->number);
	CHECK_STR(got->name, want->name);
	CHECK_STR(got->key_kind,
		strcmp(want->class_, "staff") == 0 ? "staff-number" : "student-number");
	CHECK_INT(got->reissue, 0);
	CHECK_INT(got->issued, 20240401);
	CHECK_INT(got->expires, want->expires);
	CHECK_INT(got->idm[0], 0x01); /* its system nibble masked */
	CHECK_INT(got->idm[7], want->idm_last);
	CHECK(got->stable_idm);
	CHECK_INT(got->assurance, CARD_UNAUTHENTICATED);
	CHECK_STR(got->reader, reader);
	CHECK_STR(got->dialect, dialects[kind]);
}

void expected_read(const struct card_transport *t, const struct expected *want,
	enum reader_kind kind, const char *reader)
{
	struct card_reading got = {0};
	struct card_trace trace = {0};
	enum card_err right = expected_err(want, kind);
	enum card_err err = card_read(t, reader, &expected_job, &got, &trace);
	if (err != right)
		fprintf(stderr, "%s, %s: step %s, PC/SC %lx, SW %04x, flags %04x\n", want->id,
			reader, trace.step, (unsigned long)trace.pcsc, trace.sw, trace.flags);
	CHECK_STR(card_err_name(err), card_err_name(right));
	if (err == CARD_ERR_OK && right == CARD_ERR_OK)
		expected_check(want, kind, reader, &got);
	reading_wipe(&got);
}
