/* SPDX-License-Identifier: MIT */
#include "ui/desk_pages.h"

#include "ui/lang.h"
#include "ui/questions.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = page_load("desk_reading");
	desk_mark(page, "mark-place", MARK_WAIT);
	desk_intent_button(page, window, "desk-cancel", "Cancel");
	return page;
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	gboolean lookup = g_str_equal(view_str(view, "state"), "lookup");
	const char *title = lookup ? _("Asking the directory") : _("Reading the card");
	page_text(page, "title", title);
	page_text(page, "lead",
		lookup ? _("This takes a moment.")
		       : _("The card stays on the reader until the screen changes."));
	page_visible(page, "side", questions_show(page_get(page, "questions"), window, view));
	desk_offer(page, view, "desk-cancel", "Cancel");
	page_headline(page, title);
}

const struct page_ops desk_reading_page = {
	.name = "desk-reading",
	.state = "reading lookup",
	.build = build,
	.show = show,
};
