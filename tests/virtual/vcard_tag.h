/* SPDX-License-Identifier: MIT
 *
 * vcard_tag.h - the FeliCa chip of a *.card file.
 */
#ifndef TESTS_VIRTUAL_VCARD_TAG_H
#define TESTS_VIRTUAL_VCARD_TAG_H

#include "keyed.h"
#include "vcard.h"

/* Keys of [card]: idm, pmm, systems (codes), blocks-per-read, answers-poll (all, first),
 * sf1 (bitmap, ordinal); of a Lite-S also master or ck, id, ckv. Groups: [service FE00/1A8B]
 * with blocks or the fields of vcard_fcf.h, and status; [area FE00/1A80] with end.
 * False with the error set. */
bool vcard_tag_load(struct keyed *k, bool lite_s, struct vcard_tag *ret);

#endif
