/* SPDX-License-Identifier: MIT */
#include "ui/desk_pages.h"

#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = page_load("desk_closed");
	widget_class(desk_mark(page, "mark-place", MARK_STOP), "bad", TRUE);
	desk_intent_button(page, window, "desk-sign-out", "SignOut");
	return page;
}

/* Everything else that is wrong, in one line; free it. */
static char *others(GVariant *view, const char *first)
{
	g_autoptr(GVariant) ids = view_typed(view, "health", "as");
	GString *text = g_string_new(NULL);
	GVariantIter iter;
	const char *id;
	if (ids) {
		g_variant_iter_init(&iter, ids);
		while (g_variant_iter_next(&iter, "&s", &id))
			if (!g_str_equal(id, first))
				g_string_append_printf(text, "%s%s %s", text->len ? "\n" : "", id,
					text_problem(id, TEXT_CLERK));
	}
	return g_string_free(text, FALSE);
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	const char *id = view_str(view, "problem");
	const char *title = *id ? text_problem(id, TEXT_CLERK) : _("The counter is closed");
	g_autofree char *more = others(view, id);
	page_text(page, "title", title);
	page_text_or_hide(page, "act", *id ? text_problem_act(id, TEXT_CLERK) : "");
	page_text_or_hide(page, "id", id);
	page_text_or_hide(page, "detail", view_str(view, "health-detail"));
	page_text_or_hide(page, "more", more);
	desk_offer(page, view, "desk-sign-out", "SignOut");
	page_headline(page, title);
}

const struct page_ops desk_closed_page = {
	.name = "desk-closed",
	.state = "closed",
	.build = build,
	.show = show,
};
