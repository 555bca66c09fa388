/* SPDX-License-Identifier: MIT
 *
 * vcard_fcf.h - the four blocks of FCF service 1A8B, composed from named fields.
 */
#ifndef TESTS_VIRTUAL_VCARD_FCF_H
#define TESTS_VIRTUAL_VCARD_FCF_H

#include "keyed.h"

#define VCARD_FCF_BLOCKS 4
#define VCARD_FCF_SIZE   64

/* Fields of `group`: class, number, number-pad and name-pad (hex byte), number-align
 * (left, right), reissue, name (UTF-8; on the card CP932, cut at 16 bytes), school,
 * issued, expires, issuer. Sex is always a blank. False with the error set. */
bool vcard_fcf(const struct keyed *k, const char *group, uint8_t ret[VCARD_FCF_SIZE]);

#endif
