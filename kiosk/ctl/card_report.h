/* SPDX-License-Identifier: MIT
 *
 * card_report.h - what a probe found, as a key file a person can read, attach to
 * a ticket and test a layout against.
 *
 *	[report]                 form=1, version, made, masked, reader, dialect, atr, uid,
 *	                         felica, systems (listed, called), most-blocks, poll-us,
 *	                         read-us, read-most-us, complete
 *	[system FE00]            idm, pmm, services (walked, asked, tried)
 *	[service FE00 1A8B]      attribute, flags, silent, block.0=…, block.1=…
 *	[application A000…]      sw, answers, file.0101=…, record.1.1=…
 *
 * Bytes are hexadecimal, or, in a masked report, one letter of SHAPE_LIST each. Masked are
 * all bytes of blocks, files and records, the chip's number where the reader states it, and
 * the IDm but for its first digit, which says which system of the card answered.
 */
#ifndef KIOSK_CTL_CARD_REPORT_H
#define KIOSK_CTL_CARD_REPORT_H

#include "kiosk/config/keyfile.h"
#include "pcsc/probe.h"

#define CARD_REPORT_FORM      1
#define CARD_REPORT_WORD_SIZE 40

struct card_report {
	char version[CARD_REPORT_WORD_SIZE]; /* of the program that made it */
	char made[CARD_REPORT_WORD_SIZE];    /* local time, ISO 8601 */
	gboolean masked;
	struct probe probe; /* parsed from a masked report: shapes instead of values */
};

/* The caller frees. `report->masked`: nothing but shapes is written of what is masked. */
char *card_report_write(const struct card_report *report);

/* NULL with file, line and key of the first fault. */
struct card_report *card_report_parse(const struct keyfile *kf, GError **error);

/* Wipes. Accepts NULL, returns NULL. */
struct card_report *card_report_free(struct card_report *report);
DEFINE_CLEANUP(card_report, card_report_free)

#endif
