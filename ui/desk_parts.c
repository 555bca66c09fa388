/* SPDX-License-Identifier: MIT */
#include "ui/desk.h"

#include "ui/lang.h"
#include "ui/mark.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static void on_language(GtkButton *button, gpointer window)
{
	window_next_lang(window);
}

static void on_size(GtkButton *button, gpointer window)
{
	window_next_size(window);
}

static void on_contrast(GtkButton *button, gpointer window)
{
	window_next_contrast(window);
}

static GtkWidget *add_mark(GtkWidget *part, const char *place)
{
	GtkWidget *mark = mark_new(MARK_NONE);
	gtk_container_add(GTK_CONTAINER(page_get(part, place)), mark);
	return mark;
}

GtkWidget *desk_head_build(struct window *window)
{
	GtkWidget *head = page_load("desk_head");
	mark_set(add_mark(head, "notice-mark"), MARK_DECIDE);
	page_text(head, "language", lang_own_name(lang_next(window_lang(window))));
	page_on_click(head, "desk-language", G_CALLBACK(on_language), window);
	page_on_click(head, "desk-size", G_CALLBACK(on_size), window);
	page_on_click(head, "desk-contrast", G_CALLBACK(on_contrast), window);
	return head;
}

static void show_notice(GtkWidget *head, struct window *window, const char *id, const char *reader)
{
	gboolean news =
		!g_str_equal(gtk_label_get_text(GTK_LABEL(page_get(head, "notice-id"))), id);
	const char *title = *id ? text_problem(id, TEXT_CLERK) : "";
	page_text(head, "notice-id", id);
	page_text(head, "notice-title", title);
	g_autofree char *act = g_strdup_printf(
		"%s%s%s", *id ? text_problem_act(id, TEXT_CLERK) : "", *reader ? "\n" : "", reader);
	page_text(head, "notice-act", act);
	page_visible(head, "notice", *id != '\0');
	if (news)
		window_announce(window, title);
}

void desk_head_show(GtkWidget *head, struct window *window, GVariant *view, GVariant *health)
{
	const char *desk = view_str(view, "desk"), *clerk = view_str(view, "clerk");
	const char *office = view_lang_str(view, "office", window_lang(window));
	g_autofree char *place = *desk ? g_strdup_printf("%s  %s", office, desk) : g_strdup("");
	/* TRANSLATORS: top of the clerk's window; %s is the clerk's label. */
	g_autofree char *who = *clerk ? g_strdup_printf(_("Clerk: %s"), clerk) : g_strdup("");
	page_text(head, "office", place);
	page_text_or_hide(head, "clerk", who);
	show_notice(head, window, view_str(view, "notice"), view_str(view, "problem-reader"));
}

GtkWidget *desk_foot_build(struct window *window)
{
	GtkWidget *foot = page_load("desk_foot");
	g_object_set_data(G_OBJECT(foot), "mark", add_mark(foot, "health-mark"));
	return foot;
}

/* What is wrong now, each with its id; free it. NULL: nothing. */
static char *troubles(GVariant *equipment)
{
	g_autoptr(GVariant) ids = view_typed(equipment, "health", "as");
	if (!ids || g_variant_n_children(ids) == 0)
		return NULL;
	GString *text = g_string_new(NULL);
	GVariantIter iter;
	const char *id;
	g_variant_iter_init(&iter, ids);
	while (g_variant_iter_next(&iter, "&s", &id))
		g_string_append_printf(
			text, "%s%s %s", text->len ? "   " : "", id, text_problem(id, TEXT_CLERK));
	return g_string_free(text, FALSE);
}

static void show_health(GtkWidget *foot, GVariant *view, GVariant *equipment)
{
	GtkWidget *mark = g_object_get_data(G_OBJECT(foot), "mark");
	g_autofree char *wrong = troubles(equipment);
	gboolean known =
		g_variant_n_children(view) > 0 && !g_str_equal(view_str(view, "state"), "offline");
	mark_set(mark, !known ? MARK_WAIT : wrong ? MARK_DECIDE : MARK_DONE);
	widget_class(mark, "ok", known && !wrong);
	/* TRANSLATORS: bottom of the clerk's window: service, readers and record work. */
	page_text(foot, "health", wrong ? wrong : known ? _("Everything works") : "");
}

void desk_foot_show(GtkWidget *foot, struct window *window, GVariant *view, GVariant *health)
{
	GVariant *equipment = g_variant_n_children(health) > 0 ? health : view;
	const char *reader = view_str(equipment, "reader");
	guint n = view_uint(equipment, "pending");
	g_autofree char *since = text_time(view_time(equipment, "pending-since"));
	/* TRANSLATORS: bottom of the clerk's window; %u requests, %s time of the oldest. */
	g_autofree char *pending =
		n > 0 ? g_strdup_printf(_("Requests to enter: %u (since %s)"), n, since)
		      : g_strdup("");
	/* TRANSLATORS: bottom of the clerk's window; %s is the name of the card reader. */
	g_autofree char *named = *reader ? g_strdup_printf(_("Reader: %s"), reader) : g_strdup("");
	show_health(foot, view, equipment);
	page_text_or_hide(foot, "pending", pending);
	page_text_or_hide(foot, "reader", named);
}
