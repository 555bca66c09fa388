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

#define LAYOUT_NAME_SIZE    24 /* longest layout, class or key kind name, with its NUL */
#define LAYOUT_BLOCKS_MAX   15 /* most blocks one Read Without Encryption may ask for */
#define LAYOUT_CLASSES_MAX  32
#define LAYOUT_PATTERNS_MAX 16
#define LAYOUT_PATTERN_SIZE 64
#define FELICA_BLOCK_SIZE   16

/* Half-open byte range of the concatenated blocks; len 0: the card has no such field. */
struct layout_slice {
	uint16_t off;
	uint16_t len;
};

enum layout_encoding { LAYOUT_ASCII, LAYOUT_CP932 };

/* Class code as it stands on the card -> word of the directory ("student", "staff")
 * and, where it differs by class, what the number is. */
struct layout_class {
	char code[8];
	char name[LAYOUT_NAME_SIZE];
	char key_kind[LAYOUT_NAME_SIZE]; /* empty: the layout's */
};

/* A pattern a number must match, one character class a place:
 * '9' a digit, 'A' a letter, 'X' a letter or digit, anything else itself. */
struct layout_pattern {
	char text[LAYOUT_PATTERN_SIZE];
};

struct card_layout {
	char name[LAYOUT_NAME_SIZE];     /* "fcf" */
	char key_kind[LAYOUT_NAME_SIZE]; /* what `number` is: "student-number", "common-id" … */
	uint16_t system;                 /* 0xFE00 */
	uint16_t service;                /* 0x1A8B */
	uint8_t blocks[LAYOUT_BLOCKS_MAX];
	uint8_t n_blocks;
	struct layout_slice class_, number, reissue, name_, school, issued, expires;
	enum layout_encoding name_encoding;
	char school_id[16]; /* the site's own; empty: not checked */
	char padding[4];    /* bytes trimmed from both ends of `number` */
	uint8_t n_padding;
	struct layout_class classes[LAYOUT_CLASSES_MAX];
	size_t n_classes;
	struct layout_pattern patterns[LAYOUT_PATTERNS_MAX];
	size_t n_patterns;
	bool stable_idm; /* IDm may be compared between two taps */
};

/* Cut and decode the fields of `len` bytes that the layout's blocks held.
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
