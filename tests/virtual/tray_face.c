/* SPDX-License-Identifier: MIT */
#include "tray_face.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define RADIUS     9
#define MARGIN     10
#define PHOTO_W    46
#define PHOTO_H    56
#define PHOTO_TOP  31
#define TEXT_LEFT  (MARGIN + PHOTO_W + 9)
#define TEXT_WIDTH (TRAY_FACE_WIDTH - TEXT_LEFT - MARGIN)
#define KEY_SIZE   20

struct shown {
	const struct vcard *card;
	char key;
};

static void rounded(cairo_t *cr, double x, double y, double w, double h, double r)
{
	cairo_new_sub_path(cr);
	cairo_arc(cr, x + w - r, y + r, r, -M_PI / 2, 0);
	cairo_arc(cr, x + w - r, y + h - r, r, 0, M_PI / 2);
	cairo_arc(cr, x + r, y + h - r, r, M_PI / 2, M_PI);
	cairo_arc(cr, x + r, y + r, r, M_PI, 3 * M_PI / 2);
	cairo_close_path(cr);
}

static void text_lines(
	cairo_t *cr, double x, double y, double width, int lines, const char *font, const char *s)
{
	PangoLayout *layout = pango_cairo_create_layout(cr);
	PangoFontDescription *description = pango_font_description_from_string(font);
	pango_layout_set_font_description(layout, description);
	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_height(layout, -lines);
	pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	pango_layout_set_text(layout, s, -1);
	cairo_move_to(cr, x, y);
	pango_cairo_show_layout(cr, layout);
	pango_font_description_free(description);
	g_object_unref(layout);
}

static void text(cairo_t *cr, double x, double y, double width, const char *font, const char *s)
{
	text_lines(cr, x, y, width, 1, font, s);
}

/* A card that names nobody: the waves of a contactless one. */
static void waves(cairo_t *cr, double x, double y)
{
	cairo_set_source_rgba(cr, 0, 0, 0, 0.25);
	cairo_set_line_width(cr, 3);
	for (int i = 1; i <= 4; i++) {
		cairo_new_sub_path(cr);
		cairo_arc(cr, x, y, 9 * i, -0.7, 0.7);
		cairo_stroke(cr);
	}
}

/* No picture of anybody: head and shoulders. */
static void silhouette(cairo_t *cr, double x, double y)
{
	cairo_save(cr);
	rounded(cr, x, y, PHOTO_W, PHOTO_H, 3);
	cairo_clip(cr);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_set_source_rgb(cr, 0.62, 0.66, 0.70);
	cairo_arc(cr, x + PHOTO_W / 2.0, y + 23, 11, 0, 2 * M_PI);
	cairo_fill(cr);
	cairo_arc(cr, x + PHOTO_W / 2.0, y + PHOTO_H + 3, 20, M_PI, 2 * M_PI);
	cairo_fill(cr);
	cairo_restore(cr);
}

static void body(cairo_t *cr, const struct vcard *card)
{
	GdkRGBA colour = {0.85, 0.85, 0.82, 1};
	gdk_rgba_parse(&colour, card->face.colour);
	rounded(cr, 1, 1, TRAY_FACE_WIDTH - 2, TRAY_FACE_HEIGHT - 2, RADIUS);
	gdk_cairo_set_source_rgba(cr, &colour);
	cairo_fill_preserve(cr);
	cairo_set_source_rgba(cr, 0, 0, 0, 0.35);
	cairo_set_line_width(cr, 1);
	cairo_stroke(cr);
	cairo_set_source_rgba(cr, 0, 0, 0, 0.12);
	cairo_rectangle(cr, 1, PHOTO_TOP - 8, TRAY_FACE_WIDTH - 2, 1);
	cairo_fill(cr);
}

static void key_cap(cairo_t *cr, char key)
{
	const char cap[] = {(char)toupper((unsigned char)key), '\0'};
	double x = TRAY_FACE_WIDTH - KEY_SIZE - 6;
	rounded(cr, x, 4, KEY_SIZE, KEY_SIZE - 3, 3);
	cairo_set_source_rgba(cr, 1, 1, 1, 0.85);
	cairo_fill(cr);
	cairo_set_source_rgb(cr, 0.2, 0.2, 0.2);
	text(cr, x + 6, 4, KEY_SIZE, "monospace bold 8", cap);
}

/* As it is printed: eight digits, then the ten that are asked for, grouped to be read. */
static void number(cairo_t *cr, const char *digits)
{
	char grouped[VCARD_TEXT_SIZE + 4];
	if (strlen(digits) != 18)
		return;
	g_snprintf(grouped, sizeof(grouped), "%.8s %.10s", digits, digits + 8);
	text(cr, MARGIN, TRAY_FACE_HEIGHT - 37, TRAY_FACE_WIDTH - MARGIN, "monospace bold 10.5",
		grouped);
}

void tray_face_draw(cairo_t *cr, const struct vcard *card, char key)
{
	const struct vcard_face *face = &card->face;
	bool has_name = face->name_ja[0] || face->name_en[0];
	body(cr, card);
	cairo_set_source_rgb(cr, 0.1, 0.1, 0.12);
	text(cr, MARGIN, 6, TRAY_FACE_WIDTH - KEY_SIZE - 2 * MARGIN, "sans bold 8.5", face->title);
	if (has_name)
		silhouette(cr, MARGIN, PHOTO_TOP);
	else
		waves(cr, TRAY_FACE_WIDTH / 2.0 - 22, PHOTO_TOP + 34);
	cairo_set_source_rgb(cr, 0.1, 0.1, 0.12);
	text(cr, TEXT_LEFT, PHOTO_TOP + 6, TEXT_WIDTH, "sans bold 11.5", face->name_ja);
	text_lines(cr, TEXT_LEFT, PHOTO_TOP + (face->name_ja[0] ? 30 : 10), TEXT_WIDTH,
		face->name_ja[0] ? 1 : 2, face->name_ja[0] ? "sans 8.5" : "sans bold 9.5",
		face->name_en);
	number(cr, face->number);
	cairo_set_source_rgb(cr, 0.32, 0.32, 0.35);
	text(cr, MARGIN, TRAY_FACE_HEIGHT - 19, TRAY_FACE_WIDTH - 2 * MARGIN, "sans 6.5",
		face->note);
	key_cap(cr, key);
}

static gboolean on_draw(GtkWidget *widget, cairo_t *cr, gpointer data)
{
	const struct shown *shown = data;
	tray_face_draw(cr, shown->card, shown->key);
	return TRUE;
}

static void on_destroy(GtkWidget *widget, gpointer shown)
{
	g_free(shown);
}

GtkWidget *tray_face_new(const struct vcard *card, char key)
{
	GtkWidget *area = gtk_drawing_area_new();
	struct shown *shown = g_new(struct shown, 1);
	*shown = (struct shown){card, key};
	gtk_widget_set_size_request(area, TRAY_FACE_WIDTH, TRAY_FACE_HEIGHT);
	g_signal_connect(area, "draw", G_CALLBACK(on_draw), shown);
	g_signal_connect(area, "destroy", G_CALLBACK(on_destroy), shown);
	return area;
}
