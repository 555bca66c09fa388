/* SPDX-License-Identifier: MIT */
#include "ui/holder_welcome.h"

#include "ui/banner.h"
#include "ui/holder_page.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

#define INVITATION "invitation" /* the title of the template */

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = holder_load("holder_welcome");
	const char *title = gtk_label_get_text(GTK_LABEL(page_get(page, "title")));
	g_object_set_data_full(G_OBJECT(page), INVITATION, g_strdup(title), g_free);
	page_headline(page, title);
	return page;
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	struct banner_text text;
	const char *id = view_str(view, "notice");
	const char *invitation = g_object_get_data(G_OBJECT(page), INVITATION);
	/* A card at the clerks' reader: the invitation says which one instead. */
	holder_title(page, *id ? text_problem_act(id, TEXT_HOLDER) : invitation);
	/* The notice of an outage needs the room. */
	widget_class(page, "h-tight", banner_text(view, window_lang(window), &text));
}

const struct page_ops holder_welcome_page = {
	.name = "holder-welcome",
	.state = "welcome",
	.build = build,
	.show = show,
};
