/* SPDX-License-Identifier: MIT
 *
 * reading.h - what one card stated about its holder.
 *
 * Stated, not proven: FeliCa service 1A8B is read without a key.
 */
#ifndef PCSC_READING_H
#define PCSC_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"
#include "transport.h"

#define READING_NUMBER_SIZE 32 /* longest number a layout may yield, with its NUL */
#define READING_NAME_SIZE   64 /* 16 bytes of half-width kana, composed, in UTF-8, with its NUL */
#define IDM_SIZE            8

enum card_assurance {
	CARD_UNAUTHENTICATED, /* anyone could have written it */
	CARD_MAC_VERIFIED,    /* FeliCa Lite-S MAC_A with a diversified key */
};

struct card_reading {
	char layout[LAYOUT_NAME_SIZE];
	char key_kind[LAYOUT_NAME_SIZE];
	char class_[LAYOUT_NAME_SIZE];    /* as the layout maps it; empty: code not in the map */
	char number[READING_NUMBER_SIZE]; /* [0-9A-Za-z-], NUL-terminated */
	char name[READING_NAME_SIZE];     /* UTF-8 for greeting only; may be empty or truncated */
	int32_t reissue;                  /* -1: the card states none */
	int32_t issued, expires;          /* YYYYMMDD; 0: the card states none */
	uint8_t idm[IDM_SIZE];            /* system nibble masked */
	bool stable_idm;
	enum card_assurance assurance;
	char reader[READER_NAME_SIZE];
	const char *dialect; /* static text */
};

/* The same card again: layout, number, reissue and, where stable, IDm. */
bool reading_same_card(const struct card_reading *a, const struct card_reading *b);

/* Overwrite every byte in a way the compiler may not optimise away. */
void reading_wipe(struct card_reading *r);

#endif
