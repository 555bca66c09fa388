/* SPDX-License-Identifier: MIT */
#include "ui/desk.h"

#include "ui/desk_pages.h"
#include "ui/offline.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

const struct page_ops *const desk_pages[] = {
	&offline_page,
	&desk_closed_page,
	&desk_off_duty_page,
	&desk_pin_page,
	&desk_welcome_page,
	&desk_no_card_page,
	&desk_sheets_page,
	&desk_sheet_page,
	&desk_reading_page,
	&desk_status_page,
	&desk_check_page,
	&desk_second_page,
	&desk_route_page,
	&desk_consent_page,
	&desk_filing_page,
	&desk_receipt_page,
	&desk_take_card_page,
	&desk_problem_page,
	NULL,
};

GtkWidget *desk_mark(GtkWidget *page, const char *place, enum mark mark)
{
	GtkWidget *widget = mark_new(mark);
	gtk_container_add(GTK_CONTAINER(page_get(page, place)), widget);
	g_object_set_data(G_OBJECT(page), "mark", widget);
	return widget;
}

static void on_intent(GtkWidget *button, gpointer window)
{
	window_intent(window, g_object_get_data(G_OBJECT(button), "intent"), NULL);
}

void desk_intent_button(GtkWidget *page, struct window *window, const char *id, const char *intent)
{
	g_object_set_data(G_OBJECT(page_get(page, id)), "intent", (gpointer)intent);
	page_on_click(page, id, G_CALLBACK(on_intent), window);
}

void desk_offer(GtkWidget *page, GVariant *view, const char *id, const char *intent)
{
	page_visible(page, id, view_may(view, intent));
}

static void on_back(GtkWidget *button, gpointer window)
{
	window_back(window);
}

void desk_back_button(GtkWidget *page, struct window *window, const char *id)
{
	page_on_click(page, id, G_CALLBACK(on_back), window);
}
