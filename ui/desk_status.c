/* SPDX-License-Identifier: MIT */
#include "ui/desk_pages.h"

#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = page_load("desk_status");
	desk_mark(page, "state-mark", MARK_WAIT);
	desk_intent_button(page, window, "desk-end", "End");
	desk_intent_button(page, window, "desk-cancel", "Cancel");
	desk_intent_button(page, window, "desk-withdraw", "Withdraw");
	desk_intent_button(page, window, "desk-anew", "Anew");
	window_key(window, page_get(page, "desk-withdraw"), GDK_KEY_F6);
	window_key(window, page_get(page, "desk-anew"), GDK_KEY_F7);
	return page;
}

/* `form` has its %s replaced by the time; hidden when that is not known. */
static void show_time(GtkWidget *page, const char *id, const char *form, gint64 when)
{
	g_autofree char *time = text_time(when);
	g_auto(GStrv) parts = g_strsplit(form, "%s", 2);
	g_autofree char *text = g_strjoinv(time, parts);
	page_text_or_hide(page, id, when ? text : "");
}

static const char *lead(GVariant *view, const char *progress)
{
	const char *state = view_str(view, "state");
	if (g_str_equal(state, "withdraw"))
		return view_bool(view, "card")
			       ? _("To take it back, the visitor taps the same card once more. "
				   "Compare face and photo first.")
			       : _("The visitor takes it back on the own screen. Compare face and "
				   "photo first.");
	if (g_str_equal(state, "withdrawing"))
		return _("The far end is asked to let it go.");
	return text_progress_act(progress, TEXT_CLERK);
}

static enum mark mark_of(const char *progress)
{
	if (g_str_equal(progress, "done") || g_str_equal(progress, "entered"))
		return MARK_DONE;
	return g_str_equal(progress, "refused") || g_str_equal(progress, "declined") ? MARK_STOP
										     : MARK_WAIT;
}

static void show_status(GtkWidget *page, GVariant *view, GVariant *status)
{
	const char *progress = view_str(status, "progress");
	const char *reason = view_str(status, "reason");
	/* TRANSLATORS: %s is a code of the far end, for IT staff. */
	g_autofree char *why = g_strdup_printf(_("Reason: %s"), reason);
	const char *headline = *progress ? text_progress(progress, TEXT_CLERK) : "";
	mark_set(g_object_get_data(G_OBJECT(page), "mark"), mark_of(progress));
	page_text(page, "title", headline);
	page_headline(page, headline);
	page_text(page, "lead", *progress ? lead(view, progress) : "");
	page_text(page, "number", view_str(status, "number"));
	/* TRANSLATORS: %s is a date and time. */
	show_time(page, "filed", _("Filed: %s"), view_time(status, "filed"));
	/* TRANSLATORS: since when the request is in the state of the headline. */
	show_time(page, "at", _("Reported: %s"), view_time(status, "at"));
	page_text_or_hide(page, "reason", *reason ? why : "");
	page_visible(page, "elsewhere", *progress && !view_bool(status, "here"));
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	g_autoptr(GVariant) status = view_typed(view, "status", "a{sv}");
	g_autoptr(GVariant) blank = view_blank();
	GVariant *shown = status ? status : blank;
	gboolean still = g_str_equal(view_str(view, "state"), "status");
	const char *notice = view_str(view, "notice");
	show_status(page, view, shown);
	page_text_or_hide(page, "notice", *notice ? text_problem(notice, TEXT_CLERK) : "");
	desk_offer(page, view, "desk-end", "End");
	page_visible(page, "desk-cancel", !still && view_may(view, "Cancel"));
	page_visible(
		page, "desk-withdraw", view_may(view, "Withdraw") && view_bool(shown, "withdraw"));
	page_visible(page, "desk-anew", view_may(view, "Anew") && view_bool(shown, "anew"));
	if (still)
		page_default(page, "desk-end");
}

const struct page_ops desk_status_page = {
	.name = "desk-status",
	.state = "status withdraw withdrawing",
	.build = build,
	.show = show,
};
