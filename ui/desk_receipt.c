/* SPDX-License-Identifier: MIT */
#include "ui/desk_pages.h"

#include "ui/banner.h"
#include "ui/lang.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = page_load("desk_receipt");
	widget_class(desk_mark(page, "mark-place", MARK_DONE), "ok", TRUE);
	desk_intent_button(page, window, "desk-end", "End");
	return page;
}

/* Where the request goes from here, and whether it is there yet. */
static void show_way(GtkWidget *page, GVariant *view)
{
	const char *intake = view_str(view, "intake");
	gboolean by_hand = g_str_equal(intake, "handoff") || g_str_equal(intake, "postgresql");
	/* TRANSLATORS: clerk's receipt, first step. The menu is UTokyo Account Shinsei Menu,
	 * official in Japanese only. */
	const char *text = by_hand ? _("1. Type the request into the menu: it "
				       "waits in “Requests to enter”.")
			   : view_bool(view, "sent")
				   ? _("1. The university's system has received the request.")
				   : _("1. The request is saved here and goes to the university's "
				       "system by itself.");
	page_text(page, "way", text);
}

/* Size and head of the log with this request in it: the slip and the holder carry it away. */
static void show_log(GtkWidget *page, GVariant *view)
{
	const char *root = view_str(view, "ledger-root");
	/* TRANSLATORS: size and head of the counter's log, for a later proof. */
	g_autofree char *size =
		g_strdup_printf("%" G_GUINT64_FORMAT, view_uint64(view, "ledger-size"));
	g_autofree char *text = g_strdup_printf(_("Log: %s / %s"), size, root);
	page_text_or_hide(page, "log", *root ? text : "");
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	const char *number = view_str(view, "request");
	struct banner_text incident = {"", "", ""};
	/* TRANSLATORS: announced when a request is on disk; %s is its number. */
	g_autofree char *headline =
		*number ? g_strdup_printf(_("The request was accepted: %s"), number) : g_strdup("");
	banner_text(view, window_lang(window), &incident);
	page_text(page, "number", number);
	page_text_or_hide(page, "advice", incident.advice);
	show_way(page, view);
	show_log(page, view);
	desk_offer(page, view, "desk-end", "End");
	page_headline(page, headline);
	page_default(page, "desk-end");
}

const struct page_ops desk_receipt_page = {
	.name = "desk-receipt",
	.state = "receipt",
	.build = build,
	.show = show,
};
