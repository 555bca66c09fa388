/* SPDX-License-Identifier: MIT
 *
 * jobs.h - what tests look for on a card: a layout of every kind at once.
 */
#ifndef TESTS_PCSC_JOBS_H
#define TESTS_PCSC_JOBS_H

#include "pcsc/card.h"

/* The campus card first, then another system, FCF-UN, a Lite-S token, ISO-DEP files and
 * the number of a chip. The challenge is always the same; no memory. */
struct card_job job_of_all(void);

/* The campus card alone. */
struct card_job job_of_fcf(void);

#endif
