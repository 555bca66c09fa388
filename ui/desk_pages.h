/* SPDX-License-Identifier: MIT
 *
 * desk_pages.h - the pages of the clerk's window, one file each, and what they share.
 */
#ifndef UI_DESK_PAGES_H
#define UI_DESK_PAGES_H

#include "ui/mark.h"
#include "ui/page.h"

extern const struct page_ops desk_closed_page, desk_off_duty_page, desk_pin_page, desk_welcome_page,
	desk_no_card_page, desk_sheets_page, desk_sheet_page, desk_reading_page, desk_check_page,
	desk_second_page, desk_route_page, desk_consent_page, desk_filing_page, desk_receipt_page,
	desk_take_card_page, desk_problem_page, desk_status_page;

/* Put a mark where the template keeps its place; page data "mark". */
GtkWidget *desk_mark(GtkWidget *page, const char *place, enum mark mark);

/* A button that sends an intent without arguments, if the page has it. */
void desk_intent_button(
	GtkWidget *page, struct window *window, const char *id, const char *intent);

/* Show the button while its intent is allowed. */
void desk_offer(GtkWidget *page, GVariant *view, const char *id, const char *intent);

/* A button that closes a page opened by name. */
void desk_back_button(GtkWidget *page, struct window *window, const char *id);

#endif
