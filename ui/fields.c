/* SPDX-License-Identifier: MIT */
#include "ui/fields.h"

#include "ui/text.h"
#include "ui/widgets.h"

static GtkWidget *cell(const char *text, const char *class_)
{
	GtkWidget *label = label_new(text, class_);
	gtk_widget_set_valign(label, GTK_ALIGN_BASELINE);
	return label;
}

static void add_row(GtkGrid *grid, int row, const char *code, const char *value)
{
	g_autofree char *shown = text_value(code, value);
	GtkWidget *name = cell(text_field(code), "field-name");
	GtkWidget *text = cell(shown, "field-value");
	gtk_label_set_line_wrap(GTK_LABEL(name), FALSE);
	gtk_widget_set_hexpand(text, TRUE);
	gtk_grid_attach(grid, name, 0, row, 1, 1);
	gtk_grid_attach(grid, text, 1, row, 1, 1);
}

void fields_show(GtkWidget *grid, GVariant *rows, const char *except)
{
	const char *code, *value;
	GVariantIter iter;
	int row = 0;
	box_clear(grid);
	if (!rows)
		return;
	g_variant_iter_init(&iter, rows);
	while (g_variant_iter_next(&iter, "(&s&s)", &code, &value))
		if (*text_field(code) && g_strcmp0(code, except) != 0)
			add_row(GTK_GRID(grid), row++, code, value);
}
