/* SPDX-License-Identifier: MIT */
#include "tests/virtual/talk.h"

#include <glib.h>

#define SERVICE_FCF 0x1A8B

#define GET_DATA "FF CA 00 00 00", "<IDm0> 90 00"
#define READ_FCF "16 06 <IDm8> 01 8B 1A 04 80 00 80 01 80 02 80 03"
#define GOOD_FCF "4D 07 <IDm8> 00 00 04 <64>"

/* PC/SC part 3, as Sony's sample of 2013 speaks it. */
#define SESSION(over)                                                                              \
	{"FF CA 00 00 00", "<IDm0> 90 00", false},                                                 \
		{"FF C2 00 00 02 81 00 00", "C0 03 00 90 00 90 00", over},                         \
		{"FF C2 00 00 02 83 00 00", "C0 03 00 90 00 90 00", over},                         \
		{"FF C2 00 00 02 84 00 00", "C0 03 00 90 00 90 00", over},                         \
		{"FF C2 00 02 04 8F 02 03 00 00",                                                  \
			"C0 03 00 90 00 8F 02 03 00 5F 51 14 <ATR> 90 00", over},                  \
		{"FF C2 00 01 08 95 06 06 00 FE 00 00 00 00",                                      \
			"C0 03 00 90 00 92 01 00 96 02 00 00 97 12 12 01 <IDm8><PMm8> 90 00",      \
			over},                                                                     \
		{"FF C2 00 01 0F 5F 46 04 50 C3 00 00 95 06 06 00 FE 00 00 00 00",                 \
			"C0 03 00 90 00 92 01 00 96 02 00 00 97 12 12 01 <IDm8><PMm8> 90 00",      \
			over},                                                                     \
		{"FF C2 00 01 18 95 16 " READ_FCF " 00",                                           \
			"C0 03 00 90 00 92 01 00 96 02 00 00 97 4D " GOOD_FCF " 90 00", over},     \
		{"FF C2 00 00 02 82 00 00", "C0 03 00 90 00 90 00", over},                         \
	{                                                                                          \
		NULL                                                                               \
	}

static const struct talk_row session[] = {SESSION(false)};
static const struct talk_row session_escape[] = {SESSION(true)};

/* NFC Port Software's own bytes. */
static const struct talk_row sony_frame[] = {
	{GET_DATA},
	{"FF CA 01 00 00", "<PMm8> 90 00"},
	{"FF FE 01 00 06 06 00 FE 00 00 00", "12 01 <IDm8><PMm8> 90 00"},
	{"FF FE 01 00 10 10 06 <IDm8> 01 8B 1A 01 80 01", "1D 07 <IDm8> 00 00 01 <b1> 90 00"},
	{"FF FE 01 00 16 " READ_FCF, GOOD_FCF " 90 00"},
	{NULL},
};

/* Two independent programs for RC-S300. */
static const struct talk_row sony_select[] = {
	{GET_DATA},
	{"FF CA 01 00 00", "<PMm8> 90 00"},
	{"FF A4 00 01 02 8B 1A", "90 00"},
	{"FF B0 00 00 00", "<b0> 90 00"},
	{"FF B0 00 01 00", "<b1> 90 00"},
	{"FF B0 00 03 00", "<b3> 90 00"},
	{NULL},
};

/* ACR1251U and ACR1252U API manuals. */
static const struct talk_row direct[] = {
	{GET_DATA},
	{"FF 00 00 00 06 06 00 FE 00 00 00", "12 01 <IDm8><PMm8> 90 00"},
	{"FF 00 00 00 06 06 00 FE 00 01 00", "14 01 <IDm8><PMm8> FE 00 90 00"},
	{"FF 00 00 00 16 " READ_FCF, GOOD_FCF " 90 00"},
	{NULL},
};

/* ACR122U API manual, PN532 user manual; the bare frame: ACR122T API manual. */
static const struct talk_row acr122[] = {
	{GET_DATA},
	{"FF 00 00 00 09 D4 4A 01 01 00 FE 00 01 00", "D5 4B 01 01 14 01 <IDm8><PMm8> FE 00 90 00"},
	{"FF 00 00 00 09 D4 4A 01 02 00 FE 00 00 00", "D5 4B 01 01 12 01 <IDm8><PMm8> 90 00"},
	{"FF 00 00 00 19 D4 40 01 " READ_FCF, "D5 41 00 " GOOD_FCF " 90 00"},
	{"10 06 <IDm8> 01 8B 1A 01 80 00", "1D 07 <IDm8> 00 00 01 <b0> 90 00"},
	{NULL},
};

/* The same with T=0 firmware, as libnfc knows it. */
static const struct talk_row acr122_t0[] = {
	{GET_DATA},
	{"FF 00 00 00 09 D4 4A 01 01 00 FE 00 01 00", "61 1A"},
	{"FF C0 00 00 1A", "D5 4B 01 01 14 01 <IDm8><PMm8> FE 00 90 00"},
	{"FF 00 00 00 19 D4 40 01 " READ_FCF, "61 52"},
	{"FF C0 00 00 52", "D5 41 00 " GOOD_FCF " 90 00"},
	{NULL},
};

/* Identiv's manuals; the order of FF 40's data is ours. */
static const struct talk_row identiv[] = {
	{GET_DATA},
	{"FF 4A 00 00 00", "<IDm0> 02 80 9E FE 00 90 00"},
	{"FF 40 00 00 04 FE 00 00 00", "<IDm8><PMm8> 90 00"},
	{"FF 40 00 00 04 FE 00 01 00", "<IDm8><PMm8> FE 00 90 00"},
	{"FF 4A 00 00 00", "<IDm8> 02 80 9E FE 00 90 00"},
	{"FF 42 02 00 04 8B 1A 4B 43", "<IDm8> 02 00 00 FF FF 90 00"},
	{"FF 44 00 00 00", "<IDm8> 00 90 00"},
	{"FF 46 01 04 0A 8B 1A 80 00 80 01 80 02 80 03", "<IDm8> 00 00 04 <64> 90 00"},
	{NULL},
};

static const struct talk_row plain[] = {{GET_DATA}, {NULL}};

const struct talk_row *talk_of(enum reader_kind kind)
{
	static const struct talk_row *const talks[] = {
		[READER_KIND_SESSION] = session,
		[READER_KIND_SESSION_ESCAPE] = session_escape,
		[READER_KIND_SONY_FRAME] = sony_frame,
		[READER_KIND_SONY_SELECT] = sony_select,
		[READER_KIND_DIRECT] = direct,
		[READER_KIND_ACR122] = acr122,
		[READER_KIND_ACR122_T0] = acr122_t0,
		[READER_KIND_IDENTIV] = identiv,
		[READER_KIND_PLAIN] = plain,
	};
	_Static_assert(G_N_ELEMENTS(talks) == READER_KIND_COUNT, "a talk for every kind");
	return talks[kind];
}

static void fill(GString *text, const char *name, const uint8_t *bytes, size_t len)
{
	g_autoptr(GString) hex = g_string_new(NULL);
	for (size_t i = 0; i < len; i++)
		g_string_append_printf(hex, "%02X", bytes[i]);
	g_string_replace(text, name, hex->str, 0);
}

static void fill_blocks(GString *text, const struct vcard_tag *tag, size_t system)
{
	const struct vcard_service *service = &tag->systems[system].services[0];
	if (system >= tag->n_systems || service->code != SERVICE_FCF)
		return;
	fill(text, "<64>", service->data, service->n_blocks * VCARD_BLOCK_SIZE);
	for (size_t i = 0; i < service->n_blocks; i++) {
		const char name[] = {'<', 'b', (char)('0' + i), '>', '\0'};
		fill(text, name, service->data + i * VCARD_BLOCK_SIZE, VCARD_BLOCK_SIZE);
	}
}

char *talk_hex(const char *row, const struct vcard *card)
{
	GString *text = g_string_new(row);
	const struct vcard_tag *tag = &card->tags[0];
	uint8_t idm[VCARD_IDM_SIZE];
	vcard_idm(tag, 1, idm);
	fill(text, "<IDm8>", idm, sizeof(idm));
	fill(text, "<IDm0>", card->uid, card->uid_len);
	fill(text, "<PMm8>", tag->pmm, sizeof(tag->pmm));
	fill(text, "<ATR>", card->atr, card->atr_len);
	fill_blocks(text, tag, 1);
	g_string_replace(text, " ", "", 0);
	return g_string_free(text, FALSE);
}

size_t talk_bytes(const char *hex, uint8_t *ret, size_t max)
{
	size_t n = 0;
	for (; n < max && hex[2 * n] && hex[2 * n + 1]; n++)
		ret[n] = (uint8_t)(g_ascii_xdigit_value(hex[2 * n]) << 4 |
				   g_ascii_xdigit_value(hex[2 * n + 1]));
	return n;
}
