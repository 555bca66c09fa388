/* SPDX-License-Identifier: MIT */
#include "ui/qr.h"

#include <qrencode.h>

#include "ui/holder_square.h"

#define CODE_KEY "qr-code"
#define URL_KEY  "qr-url"

int qr_module_px(int side, int modules)
{
	return side / (modules + 2 * QR_QUIET_ZONE);
}

static void draw_modules(cairo_t *cr, const QRcode *code, int px)
{
	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width; x++)
			if (code->data[y * code->width + x] & 1)
				cairo_rectangle(cr, (x + QR_QUIET_ZONE) * px,
					(y + QR_QUIET_ZONE) * px, px, px);
	cairo_fill(cr);
}

/* In device pixels, each module a whole number of them: no scanner meets a grey edge. Black on
 * white in every colour scheme: many scanners do not read the reverse. */
static gboolean on_draw(GtkWidget *qr, cairo_t *cr, gpointer data)
{
	const QRcode *code = g_object_get_data(G_OBJECT(qr), CODE_KEY);
	int scale = gtk_widget_get_scale_factor(qr);
	int w = gtk_widget_get_allocated_width(qr) * scale;
	int h = gtk_widget_get_allocated_height(qr) * scale;
	int px = code ? qr_module_px(MIN(w, h), code->width) : 0;
	if (px == 0)
		return FALSE;
	int side = px * (code->width + 2 * QR_QUIET_ZONE);
	cairo_scale(cr, 1.0 / scale, 1.0 / scale);
	cairo_translate(cr, (w - side) / 2, (h - side) / 2);
	cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_rectangle(cr, 0, 0, side, side);
	cairo_fill(cr);
	cairo_set_source_rgb(cr, 0, 0, 0);
	draw_modules(cr, code, px);
	return FALSE;
}

GtkWidget *qr_new(void)
{
	GtkWidget *qr = gtk_drawing_area_new();
	gtk_style_context_add_class(gtk_widget_get_style_context(qr), "qr");
	gtk_widget_set_halign(qr, GTK_ALIGN_CENTER);
	gtk_widget_set_valign(qr, GTK_ALIGN_CENTER);
	atk_object_set_role(gtk_widget_get_accessible(qr), ATK_ROLE_IMAGE);
	g_signal_connect(qr, "draw", G_CALLBACK(on_draw), NULL);
	holder_square(qr);
	return qr;
}

void qr_set(GtkWidget *qr, const char *url, const char *name)
{
	AtkObject *accessible = gtk_widget_get_accessible(qr);
	QRcode *code = NULL;
	gtk_widget_set_visible(qr, *url != '\0');
	atk_object_set_name(accessible, name);
	if (g_strcmp0(g_object_get_data(G_OBJECT(qr), URL_KEY), url) == 0)
		return;
	if (*url)
		code = QRcode_encodeString8bit(url, 0, QR_ECLEVEL_M);
	atk_object_set_description(accessible, url);
	g_object_set_data_full(G_OBJECT(qr), URL_KEY, g_strdup(url), g_free);
	g_object_set_data_full(
		G_OBJECT(qr), CODE_KEY, code, code ? (GDestroyNotify)QRcode_free : NULL);
	gtk_widget_queue_draw(qr);
}
