/* SPDX-License-Identifier: MIT */
#include "ui/desk_pages.h"

#include "ui/fields.h"
#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

#define COMMON_ID "common_id"

static void on_typed(GtkEditable *entry, gpointer page)
{
	page_sensitive(page, "desk-sheet-filed", gtk_entry_get_text_length(GTK_ENTRY(entry)) > 0);
	page_visible(page, "error", FALSE);
}

static void on_filed_answer(GtkWidget *page, GVariant *answer, gpointer window)
{
	if (answer)
		window_open(window, "desk-sheets-page", NULL);
	else
		page_visible(page, "error", TRUE);
}

static void on_filed(GtkWidget *button, gpointer window)
{
	GtkWidget *page = g_object_get_data(G_OBJECT(button), "page");
	GVariant *number = window_arg(window);
	GtkEntry *entry = GTK_ENTRY(page_get(page, "desk-sheet-outside"));
	if (number)
		window_ask(window, page, "SheetFiled",
			g_variant_new("(ss)", g_variant_get_string(number, NULL),
				gtk_entry_get_text(entry)),
			on_filed_answer, window);
}

static void on_close(GtkWidget *button, gpointer window)
{
	window_open(window, "desk-sheets-page", NULL);
}

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = page_load("desk_sheet");
	g_signal_connect(
		page_get(page, "desk-sheet-outside"), "changed", G_CALLBACK(on_typed), page);
	g_object_set_data(G_OBJECT(page_get(page, "desk-sheet-filed")), "page", page);
	page_on_click(page, "desk-sheet-filed", G_CALLBACK(on_filed), window);
	page_on_click(page, "desk-sheet-close", G_CALLBACK(on_close), window);
	window_key(window, page_get(page, "desk-sheet-close"), GDK_KEY_Escape);
	page_headline(page, gtk_label_get_text(GTK_LABEL(page_get(page, "title"))));
	return page;
}

static void blank(GtkWidget *page)
{
	page_text(page, "number", "");
	page_text(page, "common-id", "");
	fields_show(page_get(page, "fields"), NULL, NULL);
	entry_wipe(page_get(page, "desk-sheet-outside"));
	page_sensitive(page, "desk-sheet-filed", FALSE);
	page_visible(page, "error", FALSE);
}

static void fill_common_id(GtkWidget *page, GVariant *fields)
{
	const char *code, *value;
	GVariantIter iter;
	g_variant_iter_init(&iter, fields);
	while (g_variant_iter_next(&iter, "(&s&s)", &code, &value)) {
		if (!g_str_equal(code, COMMON_ID))
			continue;
		g_autofree char *grouped = text_common_id(value);
		page_text(page, "common-id", grouped);
	}
}

static void on_fields(GtkWidget *page, GVariant *answer, gpointer window)
{
	if (!window_arg(window)) /* closed meanwhile */
		return;
	if (!answer) {
		window_open(window, "desk-sheets-page", NULL);
		return;
	}
	g_autoptr(GVariant) fields = g_variant_get_child_value(answer, 0);
	fill_common_id(page, fields);
	fields_show(page_get(page, "fields"), fields, COMMON_ID);
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	GVariant *number = window_arg(window);
	const char *text = number ? g_variant_get_string(number, NULL) : "";
	if (number && view_may(view, "Sheets")) {
		/* Shown again (health changed …): what is typed stays. */
		if (g_str_equal(gtk_label_get_text(GTK_LABEL(page_get(page, "number"))), text))
			return;
		blank(page);
		page_text(page, "number", text);
		page_default(page, "desk-sheet-filed");
		window_ask(
			window, page, "OpenSheet", g_variant_new("(s)", text), on_fields, window);
		return;
	}
	blank(page);
}

static GtkWidget *focus(GtkWidget *page)
{
	return page_get(page, "desk-sheet-outside");
}

const struct page_ops desk_sheet_page = {
	.name = "desk-sheet-page",
	.state = "",
	.build = build,
	.show = show,
	.focus = focus,
};
