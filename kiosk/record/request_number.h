/* SPDX-License-Identifier: MIT
 *
 * request_number.h - how a request is called: <desk>-<yyyymmdd>-<sequence><check>.
 *
 * The check character is ISO 7064 MOD 37-2 over desk, date and sequence without
 * the hyphens (0-9 = 0-9, A-Z = 10-35). It finds every single wrong character
 * and every exchange of neighbours; MOD 37,36 would miss some exchanges. The
 * 37th character, "*", is never used: a sequence number that needs it is skipped.
 *
 * Pure.
 */
#ifndef KIOSK_RECORD_REQUEST_NUMBER_H
#define KIOSK_RECORD_REQUEST_NUMBER_H

#include "kiosk/record/requests.h"

#define REQUEST_SEQUENCE_MAX 9999999

/* [A-Z0-9]{1,12} */
gboolean request_desk_valid(const char *desk);

/* FALSE: this sequence number is one to skip, or something is out of range. */
gboolean request_number_make(
	const char *desk, gint32 date, gint64 sequence, char ret[REQUEST_NUMBER_SIZE]);

#endif
