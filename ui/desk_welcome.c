/* SPDX-License-Identifier: MIT */
#include "ui/desk_pages.h"

#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static void on_no_card(GtkWidget *button, gpointer window)
{
	window_open(window, "desk-no-card-page", NULL);
}

static void on_sheets(GtkWidget *button, gpointer window)
{
	window_open(window, "desk-sheets-page", NULL);
}

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = page_load("desk_welcome");
	desk_mark(page, "mark-place", MARK_CARD);
	page_on_click(page, "desk-no-card", G_CALLBACK(on_no_card), window);
	page_on_click(page, "desk-sheets", G_CALLBACK(on_sheets), window);
	desk_intent_button(page, window, "desk-sign-out", "SignOut");
	window_key(window, page_get(page, "desk-no-card"), GDK_KEY_F4);
	window_key(window, page_get(page, "desk-sheets"), GDK_KEY_F8);
	window_key(window, page_get(page, "desk-sign-out"), GDK_KEY_F12);
	page_headline(page, _("Ready for the next visitor"));
	return page;
}

static void show_nag(GtkWidget *page, GVariant *equipment)
{
	guint n = view_uint(equipment, "pending");
	g_autofree char *since = text_time(view_time(equipment, "pending-since"));
	/* TRANSLATORS: clerk's window between visits; %u requests, %s time of the oldest. */
	g_autofree char *text = g_strdup_printf(
		_("%u requests wait to be entered, the oldest since %s."), n, since);
	page_text(page, "nag-text", n > 0 ? text : "");
	page_visible(page, "nag", n > 0);
}

static void tick(GtkWidget *page, struct window *window, GVariant *health)
{
	if (g_variant_n_children(health) > 0)
		show_nag(page, health);
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	g_autoptr(GVariant) documents = view_typed(view, "documents", "as");
	show_nag(page, view);
	page_visible(page, "desk-no-card",
		view_may(view, "NoCard") && documents && g_variant_n_children(documents) > 0);
	desk_offer(page, view, "desk-sheets", "Sheets");
	desk_offer(page, view, "desk-sign-out", "SignOut");
}

const struct page_ops desk_welcome_page = {
	.name = "desk-welcome",
	.state = "welcome",
	.build = build,
	.show = show,
	.tick = tick,
};
