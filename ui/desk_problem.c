/* SPDX-License-Identifier: MIT */
#include "ui/desk_pages.h"

#include "ui/lang.h"
#include "ui/text.h"
#include "ui/verdicts.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = page_load("desk_problem");
	desk_mark(page, "mark-place", MARK_STOP);
	desk_intent_button(page, window, "desk-cancel", "Cancel");
	desk_intent_button(page, window, "desk-end", "End");
	return page;
}

static const char *retry_text(const char *retry)
{
	if (g_str_equal(retry, "tap"))
		return _("Another tap goes on.");
	if (g_str_equal(retry, "wait"))
		return _("It goes on by itself once the cause is gone.");
	return "";
}

/* What to do, and the reader in question if one is named; free it. */
static char *act_text(GVariant *view, const char *id)
{
	const char *reader = view_str(view, "problem-reader");
	return g_strdup_printf(
		"%s%s%s", *id ? text_problem_act(id, TEXT_CLERK) : "", *reader ? "\n" : "", reader);
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	const char *id = view_str(view, "problem"), *turn = view_str(view, "problem-turn");
	const char *title = *id ? text_problem(id, TEXT_CLERK) : "";
	g_autofree char *act = act_text(view, id);
	gboolean tap = g_str_equal(view_str(view, "problem-retry"), "tap");
	GtkWidget *mark = g_object_get_data(G_OBJECT(page), "mark");
	mark_set(mark, tap ? MARK_DECIDE : MARK_STOP);
	widget_class(mark, "warn", tap);
	widget_class(mark, "bad", !tap);
	page_text(page, "title", title);
	page_text(page, "act", act);
	page_text_or_hide(page, "turn", *turn ? text_turn(turn) : "");
	page_text_or_hide(page, "retry", retry_text(view_str(view, "problem-retry")));
	page_text(page, "id", id);
	verdicts_show(page_get(page, "verdicts"), window, view);
	desk_offer(page, view, "desk-end", "End");
	page_visible(page, "desk-cancel", view_may(view, "Cancel") && !view_may(view, "End"));
	page_headline(page, title);
	page_default(page, "desk-end");
}

const struct page_ops desk_problem_page = {
	.name = "desk-problem",
	.state = "problem",
	.build = build,
	.show = show,
};
