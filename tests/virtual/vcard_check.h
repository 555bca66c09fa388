/* SPDX-License-Identifier: MIT
 *
 * vcard_check.h - a sample card, and what it says to bytes written in hex.
 */
#ifndef TESTS_VIRTUAL_VCARD_CHECK_H
#define TESTS_VIRTUAL_VCARD_CHECK_H

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/check.h"
#include "tests/virtual/keyed.h"
#include "tests/virtual/vcard_felica.h"
#include "tests/virtual/vcard_iso.h"

/* The caller frees. A sample that cannot be read ends the program. */
static inline struct vcard *sample(const char *dir, const char *id)
{
	g_autoptr(GError) error = NULL;
	struct vcard *card = vcard_find(dir, id, &error);
	if (card)
		return card;
	fprintf(stderr, "%s\n", error->message);
	exit(1);
}

static inline size_t unhex(const char *hex, uint8_t *ret, size_t max)
{
	size_t len = 0;
	CHECK(keyed_unhex(hex, ret, max, &len));
	return len;
}

static inline void hex(const uint8_t *bytes, size_t len, char *ret)
{
	*ret = '\0';
	for (size_t i = 0; i < len; i++)
		snprintf(ret + 2 * i, 3, "%02X", bytes[i]);
}

/* Body of a frame without its LEN, in hex; the answer likewise, "" for silence. */
static inline void says_after(
	const struct vcard *card, struct vcard_state *state, const char *body, const char *want)
{
	uint8_t frame[FELICA_FRAME_MAX + 1], answer[FELICA_FRAME_MAX];
	char text[2 * FELICA_FRAME_MAX + 1];
	size_t len = unhex(body, frame + 1, sizeof(frame) - 1) + 1;
	frame[0] = (uint8_t)len;
	size_t got = vcard_felica(card, state, frame, len, answer);
	hex(answer + 1, got > 0 ? got - 1 : 0, text);
	CHECK(got == 0 || answer[0] == got);
	CHECK_STR(text, want);
}

/* The same of a card that has just come. */
static inline void says(const struct vcard *card, const char *body, const char *want)
{
	struct vcard_state state = {0};
	says_after(card, &state, body, want);
}

/* A command APDU and its response, whole. */
static inline void obeys(
	const struct vcard *card, struct vcard_state *state, const char *apdu, const char *want)
{
	uint8_t command[WIRE_APDU_MAX], answer[WIRE_APDU_MAX];
	char text[2 * WIRE_APDU_MAX + 1];
	size_t got = 0;
	vcard_iso(card, state, command, unhex(apdu, command, sizeof(command)), answer, &got);
	hex(answer, got, text);
	CHECK_STR(text, want);
}

#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

#endif
