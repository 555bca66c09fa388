/* SPDX-License-Identifier: MIT
 *
 * nearest.h - the known word that a mistyped one was probably meant to be.
 *
 * Pure.
 */
#ifndef KIOSK_CONFIG_NEAREST_H
#define KIOSK_CONFIG_NEAREST_H

/* Of `known` (NULL-terminated) the one with the smallest edit distance; NULL if
 * none comes near. */
const char *nearest_word(const char *const *known, const char *word);

#endif
