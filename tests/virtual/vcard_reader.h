/* SPDX-License-Identifier: MIT
 *
 * vcard_reader.h - the reader's half of an APDU: its dialect around the card's frames.
 *
 * Pure, but for the small state of a session. One for each card in the field.
 */
#ifndef TESTS_VIRTUAL_VCARD_READER_H
#define TESTS_VIRTUAL_VCARD_READER_H

#include <stdbool.h>

#include "vcard.h"
#include "vcard_state.h"
#include "wire.h"

/* name: word on command lines; what it plays. */
#define READER_KIND_LIST(X)                                                                        \
	X(SESSION, "session") /* PC/SC transparent session FF C2, as Sony RC-S300 */               \
	X(DIRECT, "direct")   /* ACS direct frame FF 00 00 00, as ACR1252U */                      \
	X(PLAIN, "plain")     /* FF CA only: a reader that carries no FeliCa frames */

enum reader_kind {
#define X(name, word) READER_KIND_##name,
	READER_KIND_LIST(X)
#undef X
		READER_KIND_COUNT
};

const char *reader_kind_name(enum reader_kind kind);
bool reader_kind_parse(const char *word, enum reader_kind *ret);

enum vcard_act { VCARD_ANSWERS, VCARD_SILENT, VCARD_LEAVES };

struct vcard_reader {
	enum reader_kind kind;
	bool open;     /* transparent session started */
	bool felica;   /* … and switched to FeliCa */
	bool rf_off;   /* … and the field switched off */
	unsigned told; /* answers given since the card came */
	struct vcard_state state;
};

/* What happens to `apdu`; with VCARD_ANSWERS the response is in `ret`. */
enum vcard_act vcard_reader_apdu(struct vcard_reader *r, const struct vcard *card,
	const uint8_t *apdu, size_t len, uint8_t ret[WIRE_APDU_MAX], size_t *ret_len);

/* Power lost or reset: the session ends. */
void vcard_reader_power(struct vcard_reader *r, enum wire_power power);

#endif
