/* SPDX-License-Identifier: MIT */
#include "ui/offline.h"

#include "ui/lang.h"
#include "ui/mark.h"
#include "ui/widgets.h"

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = page_load("offline");
	gtk_container_add(GTK_CONTAINER(page_get(page, "mark-place")), mark_new(MARK_WAIT));
	/* TRANSLATORS: headline of both windows while the counter's service is away. */
	page_headline(page, _("This counter is getting ready"));
	return page;
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
}

const struct page_ops offline_page = {
	.name = "offline",
	.state = "offline",
	.build = build,
	.show = show,
};
