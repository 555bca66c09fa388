/* SPDX-License-Identifier: MIT */
#include "ui/holder_plain.h"

#include "ui/holder_page.h"
#include "ui/holder_picto.h"
#include "ui/widgets.h"

#define PICTO_KEY "plain-picto"

GtkWidget *holder_plain_build(struct window *window, const char *name)
{
	GtkWidget *page = holder_load("holder_plain");
	GtkWidget *picto = holder_picto_new(name);
	gtk_container_add(GTK_CONTAINER(page_get(page, "picto-place")), picto);
	g_object_set_data(G_OBJECT(page), PICTO_KEY, picto);
	holder_back_build(page, window);
	return page;
}

void holder_plain_picto(GtkWidget *page, const char *name)
{
	holder_picto_set(g_object_get_data(G_OBJECT(page), PICTO_KEY), name);
}

void holder_plain_show(GtkWidget *page, const char *title, const char *lead)
{
	holder_title(page, title);
	page_text_or_hide(page, "lead", lead);
}
