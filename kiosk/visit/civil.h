/* SPDX-License-Identifier: MIT
 *
 * civil.h - a moment of the wall clock, as the rules need it.
 *
 * Pure. Dates are int32_t YYYYMMDD, so that comparing is `<`; 0 means none.
 */
#ifndef KIOSK_VISIT_CIVIL_H
#define KIOSK_VISIT_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

struct civil {
	int32_t date;   /* YYYYMMDD, local */
	int16_t minute; /* of the day, 0 … 1439 */
};

bool civil_valid_date(int32_t date);

/* 0 Sunday … 6 Saturday (ISO 8601 calendar). */
int civil_weekday(int32_t date);

/* First day of the month after `date`: 20260331 -> 20260401. */
int32_t civil_next_month(int32_t date);

#endif
