/* SPDX-License-Identifier: MIT */
#include "ui/desk.h"

#include "ui/offline.h"

GtkWidget *desk_head_build(struct window *window)
{
	return gtk_label_new(NULL);
}

void desk_head_show(GtkWidget *head, struct window *window, GVariant *view, GVariant *health)
{
}

GtkWidget *desk_foot_build(struct window *window)
{
	return gtk_label_new(NULL);
}

void desk_foot_show(GtkWidget *foot, struct window *window, GVariant *view, GVariant *health)
{
}

const struct page_ops *const desk_pages[] = {&offline_page, NULL};
