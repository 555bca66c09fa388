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
