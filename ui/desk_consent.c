/* SPDX-License-Identifier: MIT */
#include "ui/desk_pages.h"

#include "ui/fields.h"
#include "ui/lang.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = page_load("desk_consent");
	desk_mark(page, "state-mark", MARK_WAIT);
	desk_intent_button(page, window, "desk-cancel", "Cancel");
	page_headline(page, _("The visitor consents to this request"));
	return page;
}

static const char *state_text(GVariant *view)
{
	if (!view_bool(view, "shown"))
		return _("The visitor's screen is about to show it.");
	return view_bool(view, "card")
		       ? _("The visitor reads it and then taps the same card once more.")
		       : _("The visitor reads it and agrees on the own screen.");
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	g_autoptr(GVariant) payload = view_typed(view, "payload", "a(ss)");
	GtkWidget *mark = g_object_get_data(G_OBJECT(page), "mark");
	mark_set(mark, view_bool(view, "shown") && view_bool(view, "card") ? MARK_CARD : MARK_WAIT);
	page_text(page, "state-text", payload ? state_text(view) : "");
	fields_show(page_get(page, "fields"), payload, NULL);
	desk_offer(page, view, "desk-cancel", "Cancel");
}

const struct page_ops desk_consent_page = {
	.name = "desk-consent",
	.state = "consent",
	.build = build,
	.show = show,
};
