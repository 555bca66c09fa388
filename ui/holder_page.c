/* SPDX-License-Identifier: MIT */
#include "ui/holder_page.h"

#include <string.h>

#include "ui/holder_picto.h"
#include "ui/lang.h"
#include "ui/qr.h"
#include "ui/view.h"
#include "ui/widgets.h"

#define PICTO_PREFIX "picto-"
#define PRESSED_KEY  "holder-pressed"
#define SCHEME       "https://"
/* Widths of the texts around a QR code. */
#define CAPTION_CHARS 24
#define ADDRESS_CHARS 31
#define TREMBLE_MS    500 /* between two presses that were meant: longer */

static void decorate(GtkWidget *widget, gpointer data)
{
	const char *name = gtk_widget_get_name(widget);
	if (GTK_IS_BOX(widget) && g_str_has_prefix(name, PICTO_PREFIX))
		gtk_container_add(
			GTK_CONTAINER(widget), holder_picto_new(name + strlen(PICTO_PREFIX)));
	else if (GTK_IS_CONTAINER(widget))
		gtk_container_foreach(GTK_CONTAINER(widget), decorate, NULL);
}

GtkWidget *holder_load(const char *name)
{
	GtkWidget *page = page_load(name);
	decorate(page, NULL);
	return page;
}

void holder_title(GtkWidget *page, const char *title)
{
	page_text(page, "title", title);
	page_headline(page, title);
}

void holder_greet(GtkWidget *page, const char *id, struct window *window, GVariant *view)
{
	const char *name = view_lang_str(view, "name", window_lang(window));
	/* TRANSLATORS: above a headline; %s is the visitor's name. */
	g_autofree char *greeting = *name ? g_strdup_printf(_("Hello, %s"), name) : g_strdup("");
	page_text_or_hide(page, id, greeting);
}

/* --- QR codes --- */

static void add(GtkWidget *box, GtkWidget *child)
{
	gtk_box_pack_start(GTK_BOX(box), child, FALSE, FALSE, 0);
}

static GtkWidget *centred(const char *class_, int chars)
{
	GtkWidget *label = label_new(NULL, class_);
	gtk_label_set_xalign(GTK_LABEL(label), 0.5F);
	gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
	gtk_label_set_width_chars(GTK_LABEL(label), chars * 2 / 3);
	gtk_label_set_max_width_chars(GTK_LABEL(label), chars);
	return label;
}

static void fill_qr_place(GtkWidget *place)
{
	PangoAttrList *attributes = pango_attr_list_new();
	GtkWidget *address = centred("h-address", ADDRESS_CHARS);
	/* A hyphen where a line breaks would become part of the address. */
	pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
	gtk_label_set_attributes(GTK_LABEL(address), attributes);
	pango_attr_list_unref(attributes);
	widget_class(place, "h-qr", TRUE);
	add(place, centred("h-qr-caption", CAPTION_CHARS));
	add(place, qr_new());
	add(place, address);
}

/* Without the scheme, and with places to break after each slash. */
static char *address_text(const char *url)
{
	const char *rest = g_str_has_prefix(url, SCHEME) ? url + strlen(SCHEME) : url;
	g_auto(GStrv) parts = g_strsplit(rest, "/", -1);
	return g_strjoinv("/\342\200\213", parts);
}

static void fill_qr(GList *parts, const char *url, const char *caption)
{
	/* TRANSLATORS: accessible name of a QR code; %s is the page it leads to. */
	g_autofree char *name = g_strdup_printf(_("QR code: %s"), caption);
	g_autofree char *address = address_text(url);
	gtk_label_set_text(parts->data, caption);
	qr_set(parts->next->data, url, name);
	gtk_label_set_text(parts->next->next->data, address);
}

void holder_qr_url(GtkWidget *page, const char *place_id, const char *url, const char *caption)
{
	GtkWidget *place = page_get(page, place_id);
	g_autoptr(GList) parts = gtk_container_get_children(GTK_CONTAINER(place));
	if (!parts) {
		fill_qr_place(place);
		parts = gtk_container_get_children(GTK_CONTAINER(place));
	}
	fill_qr(parts, url, caption);
	gtk_widget_set_visible(parts->data,
		!gtk_style_context_has_class(gtk_widget_get_style_context(place), "h-bare"));
	gtk_widget_set_visible(place, *url != '\0');
}

void holder_qr(GtkWidget *page, const char *place, struct window *window, GVariant *view,
	const char *what, const char *caption)
{
	holder_qr_url(page, place, view_link(view, what, window_lang(window)), caption);
}

/* --- questions --- */

static const char *question(GVariant *view, gboolean open)
{
	g_autoptr(GVariant) rows = view_typed(view, "questions", "a(ss)");
	const char *word, *answer, *found = "";
	GVariantIter iter;
	if (!rows)
		return found;
	g_variant_iter_init(&iter, rows);
	while (g_variant_iter_next(&iter, "(&s&s)", &word, &answer)) {
		if (open && !*answer)
			return word; /* part of `view`, which outlives the iterator */
		if (!open && *answer)
			found = word;
	}
	return found;
}

const char *holder_asked(GVariant *view)
{
	return question(view, TRUE);
}

const char *holder_answered(GVariant *view)
{
	return question(view, FALSE);
}

void holder_answer(struct window *window, const char *word, const char *value)
{
	window_intent(window, "Answer", g_variant_new("(ss)", word, value));
}

static void on_back(GtkButton *button, gpointer data)
{
	struct window *window = data;
	const char *word = holder_answered(window_view(window));
	if (*word && holder_press_counts(GTK_WIDGET(button)))
		holder_answer(window, word, "");
}

void holder_back_build(GtkWidget *page, struct window *window)
{
	page_on_click(page, "holder-back", G_CALLBACK(on_back), window);
}

void holder_back_show(GtkWidget *page, GVariant *view)
{
	page_visible(page, "holder-back", *holder_answered(view) && view_may(view, "Answer"));
}

gboolean holder_press_counts(GtkWidget *button)
{
	GtkWidget *top = gtk_widget_get_toplevel(button);
	GdkEvent *event = gtk_get_current_event();
	guint32 now = event ? gdk_event_get_time(event) : 0;
	guint32 before = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(top), PRESSED_KEY));
	gboolean by_hand =
		event && (event->type == GDK_BUTTON_RELEASE || event->type == GDK_TOUCH_END);
	g_clear_pointer(&event, gdk_event_free);
	if (!by_hand)
		return TRUE;
	g_object_set_data(G_OBJECT(top), PRESSED_KEY, GUINT_TO_POINTER(now));
	return before == 0 || now - before >= TREMBLE_MS;
}
