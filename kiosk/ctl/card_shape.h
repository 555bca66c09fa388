/* SPDX-License-Identifier: MIT
 *
 * card_shape.h - what is left of a byte when its value must not be told.
 *
 * A shape is itself a byte, one that stands for all of its kind, so that masked
 * data can be cut like any other. Pure.
 */
#ifndef KIOSK_CTL_CARD_SHAPE_H
#define KIOSK_CTL_CARD_SHAPE_H

#include <glib.h>

/* letter in a report, byte that stands for the kind */
#define SHAPE_LIST(X)                                                                              \
	X(NUL, '.', 0x00)   /* padding, as it is */                                                \
	X(BLANK, '_', 0x20) /* padding, as it is */                                                \
	X(HYPHEN, '-', '-') /* as it is: numbers of some sites have one */                         \
	X(DIGIT, '9', '9')                                                                         \
	X(UPPER, 'A', 'A')                                                                         \
	X(LOWER, 'a', 'a')                                                                         \
	X(KANA, 'k', 0xB1)  /* half-width, A1 to DF */                                             \
	X(OTHER, 'x', 0xFF) /* half of a wide character, control characters, the rest */

/* The byte that stands for the kind of `byte`; of a shape: the same. */
guint8 shape_of(guint8 byte);

char shape_letter(guint8 byte);

/* FALSE: no such letter. */
gboolean shape_parse(char letter, guint8 *ret);

/* A digit of a byte whose value is not told, read as hexadecimal. */
#define SHAPE_NIBBLE '?'

/* Is there a number with these shapes that matches `pattern` (see layout.h) whole? `number`:
 * shape letters or SHAPE_NIBBLE. */
gboolean shape_may_match(const char *pattern, const char *number);

/* Is there a text with these shapes that is `text`? */
gboolean shape_may_be(const char *text, const guint8 *shapes, gsize len);

#endif
