/* SPDX-License-Identifier: MIT */
#include "ui/desk_pages.h"

#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static void on_refused(GtkWidget *page, GVariant *answer, gpointer window)
{
	page_visible(page, "error", answer == NULL);
	if (answer)
		return;
	window_announce(window, _("This number does not fit. Please check it."));
	gtk_widget_grab_focus(page_get(page, "desk-no-card-number"));
}

static const char *chosen(GtkWidget *page, const char *id)
{
	return gtk_combo_box_get_active_id(GTK_COMBO_BOX(page_get(page, id)));
}

static void on_start(GtkWidget *button, gpointer window)
{
	GtkWidget *page = g_object_get_data(G_OBJECT(button), "page");
	GtkEntry *entry = GTK_ENTRY(page_get(page, "desk-no-card-number"));
	window_try(window, page, "NoCard",
		g_variant_new("(sss)", gtk_entry_get_text(entry),
			chosen(page, "desk-no-card-document"), chosen(page, "desk-no-card-reason")),
		on_refused, window);
}

static void on_changed(GtkWidget *widget, gpointer data)
{
	GtkWidget *page = data;
	GtkEntry *entry = GTK_ENTRY(page_get(page, "desk-no-card-number"));
	page_visible(page, "error", FALSE);
	page_sensitive(page, "desk-no-card-start",
		gtk_entry_get_text_length(entry) > 0 && chosen(page, "desk-no-card-document") &&
			chosen(page, "desk-no-card-reason"));
}

static void fill_reasons(GtkWidget *combo)
{
	static const char *const codes[] = {"lost", "broken", "forgotten", "none"};
	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
		gtk_combo_box_text_append(
			GTK_COMBO_BOX_TEXT(combo), codes[i], text_no_card_reason(codes[i]));
}

static GtkWidget *build(struct window *window)
{
	static const char *const inputs[] = {
		"desk-no-card-number", "desk-no-card-document", "desk-no-card-reason"};
	GtkWidget *page = page_load("desk_no_card");
	entry_secret(page_get(page, "desk-no-card-number"));
	fill_reasons(page_get(page, "desk-no-card-reason"));
	for (gsize i = 0; i < G_N_ELEMENTS(inputs); i++)
		g_signal_connect(
			page_get(page, inputs[i]), "changed", G_CALLBACK(on_changed), page);
	g_object_set_data(G_OBJECT(page_get(page, "desk-no-card-start")), "page", page);
	page_on_click(page, "desk-no-card-start", G_CALLBACK(on_start), window);
	desk_back_button(page, window, "desk-back");
	page_headline(page, _("Visit without card"));
	return page;
}

static void fill_documents(GtkComboBoxText *combo, GVariant *view)
{
	g_autoptr(GVariant) documents = view_typed(view, "documents", "as");
	GVariantIter iter;
	const char *code;
	gtk_combo_box_text_remove_all(combo);
	if (!documents)
		return;
	g_variant_iter_init(&iter, documents);
	while (g_variant_iter_next(&iter, "&s", &code))
		gtk_combo_box_text_append(combo, code, text_document(code));
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	GtkWidget *documents = page_get(page, "desk-no-card-document");
	g_autofree char *was = g_strdup(chosen(page, "desk-no-card-document"));
	fill_documents(GTK_COMBO_BOX_TEXT(documents), view);
	gtk_combo_box_set_active_id(GTK_COMBO_BOX(documents), was);
	if (!view_may(view, "NoCard")) {
		entry_wipe(page_get(page, "desk-no-card-number"));
		gtk_combo_box_set_active(GTK_COMBO_BOX(documents), -1);
		gtk_combo_box_set_active(GTK_COMBO_BOX(page_get(page, "desk-no-card-reason")), -1);
	}
	page_visible(page, "error", FALSE);
	on_changed(page, page);
	page_default(page, "desk-no-card-start");
}

static GtkWidget *focus(GtkWidget *page)
{
	return page_get(page, "desk-no-card-number");
}

const struct page_ops desk_no_card_page = {
	.name = "desk-no-card-page",
	.state = "",
	.build = build,
	.show = show,
	.focus = focus,
};
