/* SPDX-License-Identifier: MIT
 *
 * Pages that only say one thing: off duty, second clerk, filing, take the card.
 */
#include "ui/desk_pages.h"

#include "ui/lang.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static GtkWidget *build_off_duty(struct window *window)
{
	GtkWidget *page = page_load("desk_off_duty");
	desk_mark(page, "mark-place", MARK_CARD);
	page_headline(page, _("Tap your staff card to sign in"));
	return page;
}

static GtkWidget *build_second(struct window *window)
{
	GtkWidget *page = page_load("desk_second");
	desk_mark(page, "mark-place", MARK_SECOND);
	desk_intent_button(page, window, "desk-cancel", "Cancel");
	page_headline(page, _("A second clerk taps the staff card"));
	return page;
}

static GtkWidget *build_filing(struct window *window)
{
	GtkWidget *page = page_load("desk_filing");
	desk_mark(page, "mark-place", MARK_WAIT);
	page_headline(page, _("Saving the request"));
	return page;
}

static GtkWidget *build_take_card(struct window *window)
{
	GtkWidget *page = page_load("desk_take_card");
	desk_mark(page, "mark-place", MARK_CARD);
	desk_intent_button(page, window, "desk-sign-out", "SignOut");
	window_key(window, page_get(page, "desk-sign-out"), GDK_KEY_F12);
	page_headline(page, _("Ask the visitor to take the card"));
	return page;
}

static void show_nothing(GtkWidget *page, struct window *window, GVariant *view)
{
}

static void show_second(GtkWidget *page, struct window *window, GVariant *view)
{
	desk_offer(page, view, "desk-cancel", "Cancel");
}

static void show_take_card(GtkWidget *page, struct window *window, GVariant *view)
{
	desk_offer(page, view, "desk-sign-out", "SignOut");
}

const struct page_ops desk_off_duty_page = {
	.name = "desk-off-duty",
	.state = "off-duty",
	.build = build_off_duty,
	.show = show_nothing,
};

const struct page_ops desk_second_page = {
	.name = "desk-second-clerk",
	.state = "second",
	.build = build_second,
	.show = show_second,
};

const struct page_ops desk_filing_page = {
	.name = "desk-filing",
	.state = "filing",
	.build = build_filing,
	.show = show_nothing,
};

const struct page_ops desk_take_card_page = {
	.name = "desk-take-card",
	.state = "take-card",
	.build = build_take_card,
	.show = show_take_card,
};
