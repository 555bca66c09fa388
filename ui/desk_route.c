/* SPDX-License-Identifier: MIT */
#include "ui/desk_pages.h"

#include "ui/lang.h"
#include "ui/questions.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = page_load("desk_route");
	desk_intent_button(page, window, "desk-cancel", "Cancel");
	desk_intent_button(page, window, "desk-end", "End");
	return page;
}

static void on_reason(GtkWidget *button, gpointer window)
{
	window_intent(window, "Reason",
		g_variant_new("(s)", (const char *)g_object_get_data(G_OBJECT(button), "word")));
}

static GtkWidget *reason_button(
	struct window *window, const char *word, int n, const char *standing)
{
	GtkWidget *button = gtk_button_new();
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	GtkWidget *label = label_new(text_reason(word), NULL);
	g_autofree char *digit = g_strdup_printf("%d", n),
			*id = g_strdup_printf("desk-reason-%s", word);
	GtkWidget *key = gtk_label_new(digit);
	gtk_widget_set_hexpand(label, TRUE);
	gtk_container_add(GTK_CONTAINER(box), label);
	gtk_container_add(GTK_CONTAINER(box), key);
	gtk_container_add(GTK_CONTAINER(button), box);
	gtk_widget_show_all(button);
	widget_class(key, "key", TRUE);
	gtk_widget_set_valign(key, GTK_ALIGN_CENTER);
	widget_class(button, "choice", TRUE);
	widget_class(button, "chosen", g_str_equal(word, standing));
	widget_identify(button, id, text_reason(word));
	g_object_set_data_full(G_OBJECT(button), "word", g_strdup(word), g_free);
	g_signal_connect(button, "clicked", G_CALLBACK(on_reason), window);
	window_key(window, button, GDK_KEY_0 + (guint)n);
	window_key(window, button, GDK_KEY_KP_0 + (guint)n);
	return button;
}

static void show_reasons(GtkWidget *page, struct window *window, GVariant *view)
{
	g_autoptr(GVariant) reasons = view_typed(view, "reasons", "as");
	gboolean wanted = view_bool(view, "need-reason") && reasons;
	GtkWidget *box = page_get(page, "reasons");
	GVariantIter iter;
	const char *word;
	int n = 1;
	box_clear(box);
	page_visible(page, "reason-box", wanted);
	if (!wanted)
		return;
	g_variant_iter_init(&iter, reasons);
	for (; g_variant_iter_next(&iter, "&s", &word); n++)
		gtk_container_add(GTK_CONTAINER(box),
			reason_button(window, word, n, view_str(view, "reason")));
}

static void show_phone(GtkWidget *page, GVariant *view)
{
	gboolean needed = view_bool(view, "need-phone"), has = view_bool(view, "has-phone");
	page_visible(page, "phone-box", needed || has);
	page_text(page, "phone",
		has      ? _("The visitor has typed it.")
		: needed ? _("The visitor types it at the other window. Please wait.")
			 : "");
}

static void show_office(GtkWidget *page, struct window *window, GVariant *view)
{
	const char *lang = window_lang(window), *open = view_str(view, "route-open");
	const char *name = view_lang_str(view, "route-office", lang);
	const char *hours = view_str(view, "route-hours");
	/* TRANSLATORS: hours of another office today, as in "9:00-12:30,13:30-17:00". */
	g_autofree char *today = *hours ? g_strdup_printf(_("Today %s"), hours) : g_strdup("");
	page_text(page, "office-name", name);
	page_text_or_hide(page, "office-place", view_lang_str(view, "route-place", lang));
	page_text(page, "office-hours", today);
	page_text(page, "office-open", *open ? text_open(open) : "");
	widget_class(page_get(page, "office-open"), "closed", !g_str_equal(open, "open"));
	page_visible(page, "office", *name != '\0');
}

/* The page that the visitor's window shows as a code, in words. */
static void show_link(GtkWidget *page, struct window *window, GVariant *view, const char *route)
{
	static const struct {
		const char *route, *what, *name;
	} rows[] = {
		/* TRANSLATORS: official names of pages whose address stands below. */
		{"not-needed", "change", N_("Changing the Verification Method")},
		{"self-service", "verify", N_("UTokyo Account Identity Verification Service")},
		{"support-desk", "support", N_("Technical Support Desk")},
	};
	const char *url = "", *name = "";
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_str_equal(rows[i].route, route)) {
			url = view_link(view, rows[i].what, window_lang(window));
			name = _(rows[i].name);
		}
	page_text(page, "link", url);
	page_text(page, "link-name", name);
	page_visible(page, "link-box", *url != '\0');
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	const char *route = view_str(view, "route");
	const char *known = *route ? route : "open";
	gboolean open = g_str_equal(known, "open");
	page_text(page, "title", text_route(known, TEXT_CLERK));
	page_text(page, "act", text_route_act(known, TEXT_CLERK));
	show_office(page, window, view);
	show_link(page, window, view, known);
	show_reasons(page, window, view);
	show_phone(page, view);
	page_visible(page, "asked", questions_show(page_get(page, "questions"), window, view));
	page_visible(page, "desk-end", !open && view_may(view, "End"));
	desk_offer(page, view, "desk-cancel", "Cancel");
	page_headline(page, text_route(known, TEXT_CLERK));
	page_default(page, "desk-end");
}

const struct page_ops desk_route_page = {
	.name = "desk-route",
	.state = "route",
	.build = build,
	.show = show,
};
