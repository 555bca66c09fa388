/* SPDX-License-Identifier: MIT
 *
 * intake.c - see intake.h.
 */
#include "kiosk/intake/intake.h"

G_DEFINE_QUARK(madoguchi - intake - error - quark, intake_error)

struct intake_result intake_result_of(enum intake_answer answer)
{
	struct intake_result result = {
		.answer = answer,
		.retry_after_s = -1,
		.units_left = -1,
	};
	return result;
}
