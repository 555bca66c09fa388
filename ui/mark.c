/* SPDX-License-Identifier: MIT */
#include "ui/mark.h"

#include <math.h>

#define KEY "mark"

/* All drawn in a unit square, y down, in the current colour. */
static void polygon(cairo_t *cr, int corners, double radius, double turn)
{
	for (int i = 0; i < corners; i++) {
		double a = 2 * G_PI * i / corners + turn;
		cairo_line_to(cr, 0.5 + radius * cos(a), 0.5 + radius * sin(a));
	}
	cairo_close_path(cr);
}

static void cut(cairo_t *cr)
{
	cairo_set_operator(cr, CAIRO_OPERATOR_CLEAR);
}

static void draw_stop(cairo_t *cr)
{
	polygon(cr, 8, 0.5, G_PI / 8);
	cairo_fill(cr);
	cut(cr);
	cairo_rectangle(cr, 0.22, 0.42, 0.56, 0.16);
	cairo_fill(cr);
}

static void exclaim(cairo_t *cr, double top, double bottom)
{
	cairo_set_line_width(cr, 0.11);
	cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
	cairo_move_to(cr, 0.5, top);
	cairo_line_to(cr, 0.5, bottom);
	cairo_stroke(cr);
}

static void draw_decide(cairo_t *cr)
{
	cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
	cairo_set_line_width(cr, 0.1);
	cairo_move_to(cr, 0.5, 0.09);
	cairo_line_to(cr, 0.95, 0.88);
	cairo_line_to(cr, 0.05, 0.88);
	cairo_close_path(cr);
	cairo_fill_preserve(cr);
	cairo_stroke(cr);
	cut(cr);
	exclaim(cr, 0.36, 0.58);
	cairo_arc(cr, 0.5, 0.77, 0.065, 0, 2 * G_PI);
	cairo_fill(cr);
}

static void person(cairo_t *cr, double x, double scale)
{
	cairo_arc(cr, x, 0.5 - 0.24 * scale, 0.17 * scale, 0, 2 * G_PI);
	cairo_fill(cr);
	cairo_arc(cr, x, 0.5 + 0.38 * scale, 0.33 * scale, G_PI, 2 * G_PI);
	cairo_close_path(cr);
	cairo_fill(cr);
}

static void draw_second(cairo_t *cr)
{
	person(cr, 0.28, 0.85);
	person(cr, 0.72, 0.85);
}

static void disc(cairo_t *cr)
{
	cairo_arc(cr, 0.5, 0.5, 0.48, 0, 2 * G_PI);
	cairo_fill(cr);
	cut(cr);
}

static void draw_info(cairo_t *cr)
{
	disc(cr);
	cairo_arc(cr, 0.5, 0.27, 0.07, 0, 2 * G_PI);
	cairo_fill(cr);
	exclaim(cr, 0.45, 0.74);
}

static void draw_done(cairo_t *cr)
{
	disc(cr);
	cairo_set_line_width(cr, 0.11);
	cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
	cairo_move_to(cr, 0.27, 0.52);
	cairo_line_to(cr, 0.44, 0.69);
	cairo_line_to(cr, 0.74, 0.34);
	cairo_stroke(cr);
}

static void draw_card(cairo_t *cr)
{
	cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
	cairo_set_line_width(cr, 0.05);
	cairo_rectangle(cr, 0.12, 0.12, 0.76, 0.48);
	cairo_stroke(cr);
	cairo_rectangle(cr, 0.2, 0.22, 0.18, 0.26);
	cairo_fill(cr);
	cairo_rectangle(cr, 0.46, 0.24, 0.34, 0.05);
	cairo_rectangle(cr, 0.46, 0.35, 0.26, 0.05);
	cairo_fill(cr);
	cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
	for (int i = 0; i < 3; i++) {
		cairo_arc(cr, 0.5, 0.62, 0.12 + 0.12 * i, G_PI / 4, 3 * G_PI / 4);
		cairo_stroke(cr);
	}
}

static void draw_wait(cairo_t *cr)
{
	for (int i = 0; i < 3; i++) {
		cairo_arc(cr, 0.2 + 0.3 * i, 0.5, 0.1, 0, 2 * G_PI);
		cairo_fill(cr);
	}
}

static gboolean on_draw(GtkWidget *widget, cairo_t *cr, gpointer data)
{
	static void (*const draw[])(cairo_t * cr) = {
		[MARK_STOP] = draw_stop,
		[MARK_DECIDE] = draw_decide,
		[MARK_SECOND] = draw_second,
		[MARK_INFO] = draw_info,
		[MARK_DONE] = draw_done,
		[MARK_CARD] = draw_card,
		[MARK_WAIT] = draw_wait,
	};
	guint mark = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(widget), KEY));
	double w = gtk_widget_get_allocated_width(widget);
	double h = gtk_widget_get_allocated_height(widget), side = MIN(w, h);
	GdkRGBA colour;
	if (mark == MARK_NONE || mark >= G_N_ELEMENTS(draw))
		return FALSE;
	gtk_style_context_get_color(
		gtk_widget_get_style_context(widget), gtk_widget_get_state_flags(widget), &colour);
	cairo_push_group(cr);
	cairo_translate(cr, (w - side) / 2, (h - side) / 2);
	cairo_scale(cr, side, side);
	gdk_cairo_set_source_rgba(cr, &colour);
	draw[mark](cr);
	cairo_pop_group_to_source(cr);
	cairo_paint(cr);
	return FALSE;
}

/* A drawing area knows no size of the stylesheet but its type's: that is the mark's. */
static void on_style_updated(GtkWidget *widget, gpointer data)
{
	GtkStyleContext *context = gtk_widget_get_style_context(widget);
	PangoFontDescription *font = NULL;
	int px;
	gtk_style_context_get(context, gtk_widget_get_state_flags(widget), "font", &font, NULL);
	px = font ? PANGO_PIXELS(pango_font_description_get_size(font)) : 0;
	g_clear_pointer(&font, pango_font_description_free);
	gtk_widget_set_size_request(widget, px, px);
}

GtkWidget *mark_new(enum mark mark)
{
	GtkWidget *widget = gtk_drawing_area_new();
	gtk_style_context_add_class(gtk_widget_get_style_context(widget), "mark");
	gtk_widget_set_valign(widget, GTK_ALIGN_CENTER);
	g_signal_connect(widget, "draw", G_CALLBACK(on_draw), NULL);
	g_signal_connect(widget, "style-updated", G_CALLBACK(on_style_updated), NULL);
	on_style_updated(widget, NULL);
	mark_set(widget, mark);
	gtk_widget_show(widget);
	return widget;
}

void mark_set(GtkWidget *widget, enum mark mark)
{
	g_object_set_data(G_OBJECT(widget), KEY, GUINT_TO_POINTER(mark));
	gtk_widget_queue_draw(widget);
}
