/* SPDX-License-Identifier: MIT
 *
 * layout.h - where on a card which field stands, as data.
 *
 * Layouts come from a file that kiosk/config reads; this room only borrows
 * them. Pure: no I/O, no allocation.
 */
#ifndef PCSC_LAYOUT_H
#define PCSC_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct card_reading;

#define LAYOUT_NAME_SIZE    24 /* longest layout, class, key or key kind name, with its NUL */
#define LAYOUT_STEPS_MAX    8
#define LAYOUT_BLOCKS_MAX   15  /* most blocks one Read Without Encryption may ask for */
#define LAYOUT_AID_MAX      16  /* ISO 7816-4 */
#define LAYOUT_DATA_MAX     512 /* bytes all steps of a layout may bring */
#define LAYOUT_CLASSES_MAX  32
#define LAYOUT_PATTERNS_MAX 16
#define LAYOUT_PATTERN_SIZE 64
#define FELICA_BLOCK_SIZE   16

enum layout_step_kind {
	LAYOUT_SYSTEM, /* FeliCa: choose system `code` */
	LAYOUT_READ,   /* FeliCa: read `blocks` of service `code`, without a key */
	LAYOUT_MAC,  /* FeliCa Lite-S: read `blocks` and check their MAC_A with the layout's key */
	LAYOUT_UID,  /* the number of the chip, if it has `len` bytes (4, 7, 10; FeliCa 8) */
	LAYOUT_AID,  /* ISO-DEP: SELECT `aid` */
	LAYOUT_FILE, /* ISO-DEP: SELECT file `code` */
	LAYOUT_BINARY, /* ISO-DEP: READ BINARY of `len` bytes from `off` */
	LAYOUT_RECORD, /* ISO-DEP: READ RECORD `record` of file `sfi`, `len` bytes of it */
};

/* One thing to do with a card. What steps bring stands one after the other, each at a
 * fixed place however little the card gave: see layout_step_len(). */
struct layout_step {
	enum layout_step_kind kind;
	uint16_t code;
	uint8_t blocks[LAYOUT_BLOCKS_MAX];
	uint8_t n_blocks;
	uint8_t aid[LAYOUT_AID_MAX];
	uint8_t aid_len;
	uint16_t off, len;
	uint8_t sfi, record;
};

/* Half-open byte range of what the steps brought; len 0: the card has no such field. */
struct layout_slice {
	uint16_t off;
	uint16_t len;
};

enum layout_encoding { LAYOUT_ASCII, LAYOUT_CP932 };

/* How the number stands on the card. Hexadecimal (also BCD): two digits a byte, upper
 * case; reversed: the last byte first, as many readers print a UID. */
enum layout_number_form { LAYOUT_TEXT, LAYOUT_HEX, LAYOUT_HEX_REVERSED };

/* Class code as it stands on the card -> word of the directory ("student", "staff")
 * and, where it differs by class, what the number is. */
struct layout_class {
	char code[8];
	char name[LAYOUT_NAME_SIZE];
	char key_kind[LAYOUT_NAME_SIZE]; /* empty: the layout's */
	struct layout_slice number;      /* len 0: the layout's */
};

/* A pattern a number must match, one character class a place:
 * '9' a digit, 'A' a letter, 'X' a letter or digit, anything else itself. */
struct layout_pattern {
	char text[LAYOUT_PATTERN_SIZE];
};

struct card_layout {
	char name[LAYOUT_NAME_SIZE];     /* "fcf" */
	char key_kind[LAYOUT_NAME_SIZE]; /* what `number` is: "student-number", "common-id" … */
	struct layout_step steps[LAYOUT_STEPS_MAX];
	uint8_t n_steps;
	char mac_key[LAYOUT_NAME_SIZE]; /* name of the key for LAYOUT_MAC; empty: none */
	struct layout_slice class_, number, reissue, name_, school, issued, expires;
	enum layout_encoding name_encoding;
	enum layout_number_form number_form;
	bool has_stop; /* the number ends before the first byte `stop` */
	char stop;
	char school_id[16]; /* the site's own; empty: not checked */
	char padding[4];    /* bytes trimmed from both ends of `number` */
	uint8_t n_padding;
	struct layout_class classes[LAYOUT_CLASSES_MAX];
	size_t n_classes;
	struct layout_pattern patterns[LAYOUT_PATTERNS_MAX];
	size_t n_patterns;
	bool stable_idm; /* IDm may be compared between two taps */
};

/* Bytes a step brings at most: its room in the data. */
size_t layout_step_len(const struct layout_step *step);

/* Where the data of step `i` begins; with i = n_steps: how long all of it is. */
size_t layout_step_at(const struct card_layout *layout, size_t i);

/* Does the layout ask a FeliCa card (not the number of a chip, nor ISO-DEP)? */
bool layout_is_felica(const struct card_layout *layout);

/* Cut and decode the fields of `len` bytes that the layout's steps brought.
 * `ret` is written only on success. Returns NO_DATA if everything is zero
 * or the number field holds only padding, UNREADABLE if a field breaks its form,
 * FOREIGN if the number fits no pattern or the school is another one. A name that
 * cannot be shown is left empty; a field beyond `len` (but for the number) is one
 * the card does not have. */
enum card_err layout_decode(const struct card_layout *layout, const uint8_t *data, size_t len,
	struct card_reading *ret);

/* Does `number` match `pattern`, whole? */
bool layout_pattern_matches(const char *pattern, const char *number);

#endif
