/* SPDX-License-Identifier: MIT
 *
 * moments.h - dates, times and opening hours as people write them in files.
 *
 * Pure. Each takes the whole text or nothing; `ret` is written only on success.
 */
#ifndef KIOSK_CONFIG_MOMENTS_H
#define KIOSK_CONFIG_MOMENTS_H

#include "kiosk/visit/civil.h"
#include "kiosk/visit/office.h"

/* "2026-12-29" */
bool moment_date(const char *text, int32_t *ret);

/* "2022-07-02 01:35" */
bool moment_civil(const char *text, struct civil *ret);

/* "mon-fri 9:00-12:30", "mon,wed 13:30-17:00", "sun-sat 0:00-24:00" */
bool moment_hours(const char *text, struct office_hours *ret);

#endif
