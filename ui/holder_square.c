/* SPDX-License-Identifier: MIT */
#include "ui/holder_square.h"

#define POINTS_PER_INCH 72.0

/* GTK gives the size of type in points of the screen's resolution. */
static int type_px(GtkWidget *area)
{
	PangoFontDescription *font = NULL;
	double dpi = gdk_screen_get_resolution(gtk_widget_get_screen(area));
	gtk_style_context_get(gtk_widget_get_style_context(area), gtk_widget_get_state_flags(area),
		"font", &font, NULL);
	double size = font ? pango_font_description_get_size(font) / (double)PANGO_SCALE : 0;
	gboolean is_px = font && pango_font_description_get_size_is_absolute(font);
	g_clear_pointer(&font, pango_font_description_free);
	return (int)(is_px ? size : size * dpi / POINTS_PER_INCH);
}

static void on_style_updated(GtkWidget *area, gpointer data)
{
	int px = type_px(area);
	gtk_widget_set_size_request(area, px, px);
}

void holder_square(GtkWidget *area)
{
	g_signal_connect(area, "style-updated", G_CALLBACK(on_style_updated), NULL);
	on_style_updated(area, NULL);
}
