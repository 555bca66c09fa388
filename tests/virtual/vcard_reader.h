/* SPDX-License-Identifier: MIT
 *
 * vcard_reader.h - the reader's half of an APDU: its dialect around the card's frames.
 *
 * Pure, but for the small state of a session. One for each card in the field.
 * Each make of reader is a kind; what a kind knows stands in vcard_<make>.c.
 */
#ifndef TESTS_VIRTUAL_VCARD_READER_H
#define TESTS_VIRTUAL_VCARD_READER_H

#include <stdbool.h>

#include "vcard.h"
#include "vcard_state.h"
#include "wire.h"

/* Word on command lines, and a reader of that make as PC/SC names it. */
#define READER_KIND_LIST(X)                                                                        \
	/* PC/SC transparent session FF C2 */                                                      \
	X(SESSION, "session", "SONY FeliCa RC-S300/P (0236798)")                                   \
	/* … over SCardControl only */                                                           \
	X(SESSION_ESCAPE, "session-escape", "SONY FeliCa RC-S300/P (0236799)")                     \
	/* frame in FF FE 01 00 */                                                                 \
	X(SONY_FRAME, "sony-frame", "SONY FeliCa RC-S300/S (0123456)")                             \
	/* FF A4, FF B0 */                                                                         \
	X(SONY_SELECT, "sony-select", "SONY FeliCa RC-S660/U (0123457)")                           \
	/* ACS direct frame FF 00 00 00 */                                                         \
	X(DIRECT, "direct", "ACS ACR1252 Dual Reader")                                             \
	/* PN532 commands in FF 00 00 00 */                                                        \
	X(ACR122, "acr122", "ACS ACR122U PICC Interface")                                          \
	/* … whose answers are fetched */                                                        \
	X(ACR122_T0, "acr122-t0", "ACS ACR122U")                                                   \
	/* FF 40 to FF 4A */                                                                       \
	X(IDENTIV, "identiv", "Identiv uTrust 3700 F CL Reader")                                   \
	/* FF CA only: no way to a FeliCa card's data */                                           \
	X(PLAIN, "plain", "HID Global OMNIKEY 5022 Smart Card Reader")

enum reader_kind {
#define X(name, word, reader) READER_KIND_##name,
	READER_KIND_LIST(X)
#undef X
		READER_KIND_COUNT
};

const char *reader_kind_name(enum reader_kind kind);

/* Name of such a reader, without the numbers that pcscd appends. */
const char *reader_kind_reader(enum reader_kind kind);

bool reader_kind_parse(const char *word, enum reader_kind *ret);

enum vcard_act {
	VCARD_ANSWERS,
	VCARD_SILENT,
	VCARD_LEAVES,
	VCARD_FLAPS, /* gone, and back at once */
};

struct vcard_reader {
	enum reader_kind kind;
	bool escape;      /* what comes next is said to the reader itself (SCardControl) */
	unsigned told;    /* answers given since the card came */
	unsigned flapped; /* times it went and came back; kept while it does */
	struct vcard_state state;
	bool open;   /* transparent session started */
	bool felica; /* … and switched to FeliCa */
	bool rf_off; /* … and the field switched off */
	struct {
		bool done; /* by FF A4 */
		uint8_t idm[VCARD_IDM_SIZE], service[2];
	} selected;
	struct {
		uint8_t bytes[WIRE_APDU_MAX]; /* to be fetched with FF C0 */
		size_t len;                   /* 0: nothing is */
	} held;
};

/* What happens to `apdu`; with VCARD_ANSWERS the response is in `ret`. */
enum vcard_act vcard_reader_apdu(struct vcard_reader *r, const struct vcard *card,
	const uint8_t *apdu, size_t len, uint8_t ret[WIRE_APDU_MAX], size_t *ret_len);

/* ATR of `card` as this reader tells it; none if the card is mute. */
void vcard_reader_atr(const struct vcard_reader *r, const struct vcard *card,
	uint8_t ret[WIRE_ATR_MAX], size_t *ret_len);

/* Power lost or reset: the session ends, and what was selected or held is forgotten. */
void vcard_reader_power(struct vcard_reader *r, enum wire_power power);

#endif
