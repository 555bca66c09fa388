/* SPDX-License-Identifier: MIT */
#include "ui/holder_states.h"

#include "ui/holder_page.h"
#include "ui/holder_plain.h"
#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"

/* The id of a problem, small, for whoever is asked to help. */
static void show_problem_id(GtkWidget *page, GVariant *view)
{
	page_text_or_hide(page, "caption", view_str(view, "problem"));
}

static GtkWidget *closed_build(struct window *window)
{
	GtkWidget *page = holder_plain_build(window, "closed");
	/* TRANSLATORS: the visitor's window while the counter cannot work. */
	holder_plain_show(page, _("This counter is closed"), _("Please talk to the staff."));
	return page;
}

static void closed_show(GtkWidget *page, struct window *window, GVariant *view)
{
	show_problem_id(page, view);
}

const struct page_ops holder_closed_page = {
	.name = "holder-closed",
	.state = "closed",
	.build = closed_build,
	.show = closed_show,
};

static GtkWidget *off_duty_build(struct window *window)
{
	GtkWidget *page = holder_plain_build(window, "closed");
	/* TRANSLATORS: the visitor's window while no clerk is signed in. */
	holder_plain_show(
		page, _("This screen is not in use right now"), _("Please talk to the staff."));
	return page;
}

static void show_nothing(GtkWidget *page, struct window *window, GVariant *view)
{
}

const struct page_ops holder_off_duty_page = {
	.name = "holder-off-duty",
	.state = "off-duty sign-in",
	.build = off_duty_build,
	.show = show_nothing,
};

static GtkWidget *reading_build(struct window *window)
{
	GtkWidget *page = holder_plain_build(window, "read");
	/* TRANSLATORS: the visitor's window as soon as a card touches the reader. */
	holder_plain_show(page, _("Reading your card"), _("Please leave it where it is."));
	return page;
}

const struct page_ops holder_reading_page = {
	.name = "holder-reading",
	.state = "reading",
	.build = reading_build,
	.show = show_nothing,
};

static GtkWidget *wait_build(struct window *window)
{
	return holder_plain_build(window, "hand");
}

/* What the holder does while the clerk is at work: nothing, or hand something over. */
static const char *wait_lead(GVariant *view)
{
	if (g_str_equal(view_str(view, "state"), "route"))
		/* TRANSLATORS: all questions are answered; the clerk still chooses the reason. */
		return _("The staff will ask you why your methods cannot be used.");
	if (g_str_equal(view_str(view, "account"), "other") && view_bool(view, "card"))
		/* TRANSLATORS: the visitor chose the account of which the card is not here yet. */
		return _("Please hand the card of that account to the staff as well.");
	if (view_bool(view, "card"))
		/* TRANSLATORS: the clerk compares photo and face while the visitor waits. */
		return _("Please hand your card to the staff. They compare the photo with you.");
	/* TRANSLATORS: the same in a visit without card. */
	return _("Please show your document to the staff. They compare the photo with you.");
}

static void wait_show(GtkWidget *page, struct window *window, GVariant *view)
{
	gboolean route = g_str_equal(view_str(view, "state"), "route");
	holder_plain_picto(page, route ? "people" : "hand");
	holder_greet(page, "over", window, view);
	/* TRANSLATORS: headline while the clerk is at work. */
	holder_plain_show(page, _("Please wait a moment"), wait_lead(view));
	holder_back_show(page, view);
}

const struct page_ops holder_wait_page = {
	.name = "holder-wait",
	.state = "lookup check route",
	.build = wait_build,
	.show = wait_show,
};

static GtkWidget *second_build(struct window *window)
{
	GtkWidget *page = holder_plain_build(window, "people");
	/* TRANSLATORS: the visitor's window while a second clerk is called. */
	holder_plain_show(page, _("A second member of staff is checking"),
		_("There is nothing for you to do. Please wait a moment."));
	return page;
}

const struct page_ops holder_second_page = {
	.name = "holder-second",
	.state = "second second-pin",
	.build = second_build,
	.show = show_nothing,
};

static GtkWidget *filing_build(struct window *window)
{
	GtkWidget *page = holder_plain_build(window, "file");
	/* TRANSLATORS: the visitor's window while the request is being saved. */
	holder_plain_show(page, _("Filing your request"), _("Please wait a moment."));
	return page;
}

const struct page_ops holder_filing_page = {
	.name = "holder-filing",
	.state = "filing",
	.build = filing_build,
	.show = show_nothing,
};

static GtkWidget *take_card_build(struct window *window)
{
	GtkWidget *page = holder_plain_build(window, "take");
	/* TRANSLATORS: the visitor's window after a visit, while the card still lies there. */
	holder_plain_show(page, _("Please take your card"), _("Thank you."));
	return page;
}

const struct page_ops holder_take_card_page = {
	.name = "holder-take-card",
	.state = "take-card",
	.build = take_card_build,
	.show = show_nothing,
};

static GtkWidget *problem_build(struct window *window)
{
	return holder_plain_build(window, "alert");
}

static void problem_show(GtkWidget *page, struct window *window, GVariant *view)
{
	const char *id = view_str(view, "problem");
	gboolean tap = g_str_equal(view_str(view, "problem-retry"), "tap") &&
		       g_str_equal(view_str(view, "problem-turn"), "holder");
	holder_plain_picto(page, tap ? "tap" : "alert");
	holder_plain_show(page, text_problem(id, TEXT_HOLDER), text_problem_act(id, TEXT_HOLDER));
	show_problem_id(page, view);
}

const struct page_ops holder_problem_page = {
	.name = "holder-problem",
	.state = "problem",
	.build = problem_build,
	.show = problem_show,
};
