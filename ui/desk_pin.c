/* SPDX-License-Identifier: MIT */
#include "ui/desk_pages.h"

#include "ui/lang.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

/* Until when the service hears no PIN; monotonic, of this page only. */
struct pause {
	GtkWidget *page;
	gint64 until_us;
	guint tick;
};

static int seconds_left(const struct pause *pause)
{
	gint64 left = pause->until_us - g_get_monotonic_time();
	return left > 0 ? (int)((left + G_TIME_SPAN_SECOND - 1) / G_TIME_SPAN_SECOND) : 0;
}

static void update(struct pause *pause)
{
	GtkEntry *entry = GTK_ENTRY(page_get(pause->page, "desk-pin"));
	int left = seconds_left(pause);
	/* TRANSLATORS: below the PIN field after a mistake; %d seconds. */
	g_autofree char *text =
		left > 0 ? g_strdup_printf(_("A PIN is heard again in %d s"), left) : g_strdup("");
	page_text(pause->page, "wait", text);
	page_sensitive(
		pause->page, "desk-sign-in", left == 0 && gtk_entry_get_text_length(entry) > 0);
}

static gboolean on_tick(gpointer data)
{
	struct pause *pause = data;
	update(pause);
	if (seconds_left(pause) > 0)
		return G_SOURCE_CONTINUE;
	pause->tick = 0;
	return G_SOURCE_REMOVE;
}

static void pause_free(gpointer data)
{
	struct pause *pause = data;
	if (pause->tick)
		g_source_remove(pause->tick);
	g_free(pause);
}

static void on_typed(GtkEditable *entry, gpointer data)
{
	update(data);
}

static void on_sign_in(GtkWidget *button, gpointer window)
{
	GtkWidget *entry = g_object_get_data(G_OBJECT(button), "entry");
	window_intent(window, "SignIn", g_variant_new("(s)", gtk_entry_get_text(GTK_ENTRY(entry))));
	entry_wipe(entry);
}

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = page_load("desk_pin"), *entry = page_get(page, "desk-pin");
	struct pause *pause = g_new0(struct pause, 1);
	pause->page = page;
	entry_secret(entry);
	entry_digits_only(entry);
	g_object_set_data_full(G_OBJECT(page), "pause", pause, pause_free);
	g_object_set_data(G_OBJECT(page_get(page, "desk-sign-in")), "entry", entry);
	g_signal_connect(entry, "changed", G_CALLBACK(on_typed), pause);
	page_on_click(page, "desk-sign-in", G_CALLBACK(on_sign_in), window);
	desk_intent_button(page, window, "desk-cancel", "Cancel");
	return page;
}

static void show_words(GtkWidget *page, gboolean second)
{
	const char *title = second ? _("Second clerk: type your PIN") : _("Type your PIN");
	page_text(page, "title", title);
	page_text(page, "lead",
		second ? _("With it you confirm that you looked at this visit together.")
		       : _("It is the PIN of this counter, not a password of UTokyo Account."));
	page_headline(page, title);
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	struct pause *pause = g_object_get_data(G_OBJECT(page), "pause");
	guint wait = view_uint(view, "wait");
	if (!view_may(view, "SignIn"))
		entry_wipe(page_get(page, "desk-pin"));
	show_words(page, g_str_equal(view_str(view, "state"), "second-pin"));
	pause->until_us = wait > 0 ? g_get_monotonic_time() + wait * G_TIME_SPAN_SECOND : 0;
	if (wait > 0 && pause->tick == 0)
		pause->tick = g_timeout_add_seconds(1, on_tick, pause);
	update(pause);
	desk_offer(page, view, "desk-cancel", "Cancel");
	page_default(page, "desk-sign-in");
}

static GtkWidget *focus(GtkWidget *page)
{
	return page_get(page, "desk-pin");
}

const struct page_ops desk_pin_page = {
	.name = "desk-pin-page",
	.state = "sign-in second-pin",
	.build = build,
	.show = show,
	.focus = focus,
};
