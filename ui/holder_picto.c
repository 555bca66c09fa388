/* SPDX-License-Identifier: MIT */
#include "ui/holder_picto.h"

#include "ui/holder_square.h"

#define NAME_KEY  "picto-name"
#define MASK_KEY  "picto-mask"
#define DRAWN_KEY "picto-side"

/* The drawing at `side` device pixels; kept until name or size change. */
static cairo_surface_t *mask(GtkWidget *picto, int side)
{
	GObject *o = G_OBJECT(picto);
	cairo_surface_t *kept = g_object_get_data(o, MASK_KEY);
	if (kept && GPOINTER_TO_INT(g_object_get_data(o, DRAWN_KEY)) == side)
		return kept;
	g_autofree char *path = g_strdup_printf(
		"/madoguchi/icons/%s.svg", (const char *)g_object_get_data(o, NAME_KEY));
	g_autoptr(GdkPixbuf) pixbuf =
		gdk_pixbuf_new_from_resource_at_scale(path, side, side, TRUE, NULL);
	if (!pixbuf) /* no loader for SVG on this machine: the text is there without it */
		return NULL;
	kept = gdk_cairo_surface_create_from_pixbuf(pixbuf, 1, NULL);
	g_object_set_data_full(o, MASK_KEY, kept, (GDestroyNotify)cairo_surface_destroy);
	g_object_set_data(o, DRAWN_KEY, GINT_TO_POINTER(side));
	return kept;
}

static gboolean on_draw(GtkWidget *picto, cairo_t *cr, gpointer data)
{
	GtkStyleContext *context = gtk_widget_get_style_context(picto);
	int scale = gtk_widget_get_scale_factor(picto);
	int w = gtk_widget_get_allocated_width(picto) * scale;
	int h = gtk_widget_get_allocated_height(picto) * scale, side = MIN(w, h);
	cairo_surface_t *shape = side > 0 ? mask(picto, side) : NULL;
	GdkRGBA colour;
	if (!shape)
		return FALSE;
	gtk_style_context_get_color(context, gtk_widget_get_state_flags(picto), &colour);
	gdk_cairo_set_source_rgba(cr, &colour);
	cairo_scale(cr, 1.0 / scale, 1.0 / scale);
	cairo_mask_surface(cr, shape, (w - side) / 2, (h - side) / 2);
	return FALSE;
}

GtkWidget *holder_picto_new(const char *name)
{
	GtkWidget *picto = gtk_drawing_area_new();
	gtk_widget_set_valign(picto, GTK_ALIGN_CENTER);
	gtk_widget_set_halign(picto, GTK_ALIGN_CENTER);
	atk_object_set_role(gtk_widget_get_accessible(picto), ATK_ROLE_FILLER);
	g_signal_connect(picto, "draw", G_CALLBACK(on_draw), NULL);
	holder_square(picto);
	holder_picto_set(picto, name);
	gtk_widget_show(picto);
	return picto;
}

void holder_picto_set(GtkWidget *picto, const char *name)
{
	GObject *o = G_OBJECT(picto);
	if (g_strcmp0(g_object_get_data(o, NAME_KEY), name) == 0)
		return;
	g_object_set_data_full(o, NAME_KEY, g_strdup(name), g_free);
	g_object_set_data(o, MASK_KEY, NULL);
	gtk_widget_queue_draw(picto);
}
