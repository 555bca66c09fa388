/* SPDX-License-Identifier: MIT
 *
 * vcard_file.h - applications and files of an ISO-DEP chip, from a *.card file.
 */
#ifndef TESTS_VIRTUAL_VCARD_FILE_H
#define TESTS_VIRTUAL_VCARD_FILE_H

#include "keyed.h"
#include "vcard.h"

/* Keys of [card]: past-end (warn, correct, refuse), get-response, select-p2 (hex bytes).
 * Groups: [application F0544F444149]; behind it its files, [file 011E] (or, where two
 * applications have one of the same number, [file 2/011E]), with sfi, status, and data
 * (hex), text (CP932 on the card) or records (hex). False with the error set. */
bool vcard_file_load(struct keyed *k, struct vcard_iso *ret);

#endif
