/* SPDX-License-Identifier: MIT */
#include "ui/holder_welcome.h"

#include "ui/banner.h"
#include "ui/holder_page.h"
#include "ui/widgets.h"
#include "ui/window.h"

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = holder_load("holder_welcome");
	page_headline(page, gtk_label_get_text(GTK_LABEL(page_get(page, "title"))));
	return page;
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	struct banner_text text;
	/* The notice of an outage needs the room. */
	widget_class(page, "h-tight", banner_text(view, window_lang(window), &text));
}

const struct page_ops holder_welcome_page = {
	.name = "holder-welcome",
	.state = "welcome",
	.build = build,
	.show = show,
};
