/* SPDX-License-Identifier: MIT */
#include "ui/digits.h"

#include "ui/view.h"
#include "ui/widgets.h"

#define LENGTH_MAX 32 /* more boxes than any card has digits */

static gboolean is_asked(GVariant *places, guint place)
{
	GVariantIter iter;
	guint32 each;
	g_variant_iter_init(&iter, places);
	while (g_variant_iter_next(&iter, "u", &each))
		if (each == place)
			return TRUE;
	return FALSE;
}

static GtkWidget *centred(const char *text, const char *class_)
{
	GtkWidget *label = gtk_label_new(text);
	widget_class(label, class_, TRUE);
	gtk_widget_show(label);
	return label;
}

static GtkWidget *box_new(guint place, gboolean asked)
{
	GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	GtkWidget *digit = centred(asked ? "" : "·", asked ? "digit-asked" : "digit");
	g_autofree char *number = asked ? g_strdup_printf("%u", place) : g_strdup("");
	gtk_container_add(GTK_CONTAINER(column), digit);
	gtk_container_add(GTK_CONTAINER(column), centred(number, "digit-place"));
	if (asked)
		g_object_set_data(G_OBJECT(column), "asked", digit);
	gtk_widget_show(column);
	return column;
}

/* The row wraps where type is large; its children are only looked at. */
static void add_box(GtkWidget *row, GtkWidget *column)
{
	GtkWidget *child = gtk_flow_box_child_new();
	gtk_container_add(GTK_CONTAINER(child), column);
	gtk_widget_set_can_focus(child, FALSE);
	gtk_widget_show(child);
	gtk_container_add(GTK_CONTAINER(row), child);
}

guint digits_show(GtkWidget *box, GVariant *view)
{
	g_autoptr(GVariant) places = view_typed(view, "digits-places", "au");
	guint length = MIN(view_uint(view, "digits-length"), LENGTH_MAX);
	guint n = places ? (guint)g_variant_n_children(places) : 0;
	g_autofree char *now = digits_places_text(view);
	/* Drawn once for the same places: a redraw would lose what was typed. */
	if (g_strcmp0(g_object_get_data(G_OBJECT(box), "places"), now) == 0)
		return n;
	box_clear(box);
	for (guint place = 1; n > 0 && place <= length; place++)
		add_box(box, box_new(place, is_asked(places, place)));
	g_object_set_data_full(G_OBJECT(box), "places", g_steal_pointer(&now), g_free);
	return n;
}

void digits_fill(GtkWidget *box, const char *typed)
{
	GList *columns = gtk_container_get_children(GTK_CONTAINER(box));
	for (GList *l = columns; l; l = l->next) {
		GtkWidget *column = gtk_bin_get_child(GTK_BIN(l->data));
		GtkLabel *digit = g_object_get_data(G_OBJECT(column), "asked");
		char text[2] = {digit ? *typed : '\0', '\0'};
		if (!digit)
			continue;
		gtk_label_set_text(digit, text);
		if (*typed)
			typed++;
	}
	g_list_free(columns);
}

char *digits_places_text(GVariant *view)
{
	g_autoptr(GVariant) places = view_typed(view, "digits-places", "au");
	GString *text = g_string_new(NULL);
	GVariantIter iter;
	guint32 each;
	if (places) {
		g_variant_iter_init(&iter, places);
		while (g_variant_iter_next(&iter, "u", &each))
			g_string_append_printf(text, "%s%u", text->len ? ", " : "", each);
	}
	return g_string_free(text, FALSE);
}
