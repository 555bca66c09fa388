/* SPDX-License-Identifier: MIT
 *
 * iso.h - what is asked of an ISO 14443 card over a plain line: ISO 7816-4
 * commands, and PC/SC part 3's number of the chip.
 *
 * The answer is appended to `ret` only on success. REMOVED: the card is gone;
 * UNKNOWN_CARD: no such application or file; UNREADABLE: there, but refused.
 */
#ifndef PCSC_ISO_H
#define PCSC_ISO_H

#include "line.h"

#define ISO_UID_MAX      10   /* triple-size UID */
#define ISO_READ_AT_ONCE 0xEF /* bytes; short Le, some way below the 256 of the standard */

/* FF CA 00 00 00: UID of 4, 7 or 10 bytes, or the 8 bytes of an IDm. */
enum card_err iso_uid(const struct line *line, struct bytes *ret);

/* SELECT (00 A4): by application identifier, by file identifier. */
enum card_err iso_select_aid(const struct line *line, const uint8_t *aid, size_t len);
enum card_err iso_select_file(const struct line *line, uint16_t file);

/* READ BINARY of the selected file, in as many commands as it takes. A file that ends
 * early (62 82, 6B 00, no bytes) gives what it has, be it nothing. LIMIT: off + len is
 * beyond the 15 bits of an offset, or the card gives too little at a time. */
enum card_err iso_read_binary(const struct line *line, uint16_t off, size_t len, struct bytes *ret);

/* READ RECORD `record` of the file with short identifier `sfi` (0: the selected one, 30 the
 * last). */
enum card_err iso_read_record(
	const struct line *line, uint8_t sfi, uint8_t record, struct bytes *ret);

#endif
