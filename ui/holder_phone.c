/* SPDX-License-Identifier: MIT */
#include "ui/holder_ask.h"

#include "ui/holder_page.h"
#include "ui/keypad.h"
#include "ui/lang.h"
#include "ui/view.h"
#include "ui/widgets.h"

#define KEYPAD_KEY "phone-keypad"

static GtkWidget *keypad_in(GtkWidget *page)
{
	return g_object_get_data(G_OBJECT(page), KEYPAD_KEY);
}

static void on_answered(GtkWidget *page, GVariant *answer, gpointer data)
{
	if (answer)
		return;
	/* TRANSLATORS: beside the number pad, when the number typed was not accepted. */
	page_text_or_hide(page, "refused", _("This number was not accepted. Please check it."));
	window_announce(data, _("This number was not accepted. Please check it."));
}

static void on_done(GtkWidget *keypad, const char *number, gpointer data)
{
	GtkWidget *page = g_object_get_data(G_OBJECT(keypad), "page");
	page_text_or_hide(page, "refused", "");
	window_try(data, page, "Phone", g_variant_new("(s)", number), on_answered, data);
}

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = holder_load("holder_phone");
	GtkWidget *keypad = keypad_new(on_done, window);
	g_object_set_data(G_OBJECT(keypad), "page", page);
	g_object_set_data(G_OBJECT(page), KEYPAD_KEY, keypad);
	gtk_widget_show(keypad);
	gtk_container_add(GTK_CONTAINER(page_get(page, "keypad-place")), keypad);
	page_headline(page, gtk_label_get_text(GTK_LABEL(page_get(page, "title"))));
	return page;
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	if (view_bool(view, "need-phone"))
		return;
	keypad_wipe(keypad_in(page));
	page_text_or_hide(page, "refused", "");
}

static GtkWidget *focus(GtkWidget *page)
{
	return keypad_focus(keypad_in(page));
}

static gboolean fits(GVariant *view)
{
	return view_bool(view, "need-phone") && view_may(view, "Phone");
}

const struct page_ops holder_phone_page = {
	.name = "holder-phone",
	.state = "check route",
	.build = build,
	.show = show,
	.focus = focus,
	.fits = fits,
};
