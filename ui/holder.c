/* SPDX-License-Identifier: MIT */
#include "ui/holder.h"

#include "ui/holder_account.h"
#include "ui/holder_ask.h"
#include "ui/holder_consent.h"
#include "ui/holder_outcome.h"
#include "ui/holder_receipt.h"
#include "ui/holder_states.h"
#include "ui/holder_status.h"
#include "ui/holder_welcome.h"
#include "ui/offline.h"

/* Of several pages for one state the first that fits is shown: what asks comes before what
 * tells, and waiting comes last. */
const struct page_ops *const holder_pages[] = {
	&offline_page,
	&holder_closed_page,
	&holder_off_duty_page,
	&holder_welcome_page,
	&holder_reading_page,
	&holder_status_page,
	&holder_withdrawing_page,
	&holder_account_page,
	&holder_self_page,
	&holder_question_page,
	&holder_phone_page,
	&holder_not_needed_page,
	&holder_self_go_page,
	&holder_other_desk_page,
	&holder_support_page,
	&holder_wait_page,
	&holder_second_page,
	&holder_consent_page,
	&holder_filing_page,
	&holder_receipt_page,
	&holder_take_card_page,
	&holder_problem_page,
	NULL,
};
