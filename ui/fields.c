/* SPDX-License-Identifier: MIT */
#include "ui/fields.h"

#include "ui/text.h"
#include "ui/widgets.h"

static void add_row(GtkWidget *box, GtkSizeGroup *names, const char *code, const char *value)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	g_autofree char *shown = text_value(code, value);
	GtkWidget *name = label_new(text_field(code), "field-name");
	GtkWidget *text = label_new(shown, "field-value");
	gtk_label_set_line_wrap(GTK_LABEL(name), FALSE);
	gtk_widget_set_hexpand(text, TRUE);
	gtk_size_group_add_widget(names, name);
	gtk_container_add(GTK_CONTAINER(row), name);
	gtk_container_add(GTK_CONTAINER(row), text);
	gtk_widget_show(row);
	gtk_container_add(GTK_CONTAINER(box), row);
}

void fields_show(GtkWidget *box, GVariant *rows, const char *except)
{
	const char *code, *value;
	GVariantIter iter;
	g_autoptr(GtkSizeGroup) names = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
	box_clear(box);
	if (!rows)
		return;
	g_variant_iter_init(&iter, rows);
	while (g_variant_iter_next(&iter, "(&s&s)", &code, &value))
		if (*text_field(code) && g_strcmp0(code, except) != 0)
			add_row(box, names, code, value);
}
