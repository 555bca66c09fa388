/* SPDX-License-Identifier: MIT */
#include "ui/desk_pages.h"

#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

#define ROWS_MAX 200 /* a list longer than that is worked from its beginning */

static void on_row(GtkWidget *button, gpointer window)
{
	const char *number = g_object_get_data(G_OBJECT(button), "number");
	window_open(window, "desk-sheet-page", g_variant_new_string(number));
}

static GtkWidget *row_new(struct window *window, guint n, const char *number, gint64 filed_at)
{
	GtkWidget *button = gtk_button_new();
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	g_autofree char *id = g_strdup_printf("desk-sheet-%u", n), *at = text_time(filed_at);
	g_autofree char *name = g_strdup_printf("%s  %s", number, at);
	GtkWidget *label = gtk_label_new(number);
	gtk_widget_set_hexpand(label, TRUE);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_container_add(GTK_CONTAINER(box), label);
	gtk_container_add(GTK_CONTAINER(box), gtk_label_new(at));
	gtk_container_add(GTK_CONTAINER(button), box);
	gtk_widget_show_all(button);
	widget_class(label, "strong", TRUE);
	widget_class(button, "choice", TRUE);
	widget_identify(button, id, name);
	g_object_set_data_full(G_OBJECT(button), "number", g_strdup(number), g_free);
	g_signal_connect(button, "clicked", G_CALLBACK(on_row), window);
	return button;
}

static void fill(GtkWidget *page, struct window *window, GVariant *rows)
{
	GtkWidget *box = page_get(page, "rows");
	const char *number;
	GVariantIter iter;
	gint64 filed_at;
	box_clear(box);
	g_variant_iter_init(&iter, rows);
	for (guint n = 0; n < ROWS_MAX && g_variant_iter_next(&iter, "(&sx)", &number, &filed_at);
		n++)
		gtk_container_add(GTK_CONTAINER(box), row_new(window, n, number, filed_at));
	page_text(page, "lead",
		g_variant_n_children(rows) > 0
			? _("Oldest first. Open one only while no visitor can see this screen.")
			: _("Nothing waits. Every request was entered."));
}

static void on_rows(GtkWidget *page, GVariant *answer, gpointer window)
{
	if (!answer) {
		page_text(page, "lead", _("The list could not be fetched."));
		return;
	}
	g_autoptr(GVariant) rows = g_variant_get_child_value(answer, 0);
	fill(page, window, rows);
	gtk_widget_child_focus(page_get(page, "rows"), GTK_DIR_TAB_FORWARD);
}

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = page_load("desk_sheets");
	desk_back_button(page, window, "desk-back");
	page_headline(page, _("Requests to enter"));
	return page;
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	if (view_may(view, "Sheets")) {
		window_ask(window, page, "ListSheets", NULL, on_rows, window);
		return;
	}
	box_clear(page_get(page, "rows"));
	page_text(page, "lead", "");
}

const struct page_ops desk_sheets_page = {
	.name = "desk-sheets-page",
	.state = "",
	.build = build,
	.show = show,
};
