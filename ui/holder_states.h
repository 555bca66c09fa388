/* SPDX-License-Identifier: MIT
 *
 * holder_states.h - the pages that say one thing and ask nothing.
 */
#ifndef UI_HOLDER_STATES_H
#define UI_HOLDER_STATES_H

#include "ui/page.h"

extern const struct page_ops holder_closed_page, holder_off_duty_page, holder_reading_page,
	holder_wait_page, holder_second_page, holder_filing_page, holder_take_card_page,
	holder_problem_page;

#endif
