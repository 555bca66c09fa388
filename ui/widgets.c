/* SPDX-License-Identifier: MIT */
#include "ui/widgets.h"

#include <string.h>

#define SCROLLER "page scroller"

static gboolean is_public_id(const char *id)
{
	return g_str_has_prefix(id, "desk-") || g_str_has_prefix(id, "holder-");
}

/* A Japanese line breaks anywhere; let labels do so instead of pushing the window wide. */
static void settle_label(GtkWidget *widget)
{
	gtk_label_set_selectable(GTK_LABEL(widget), FALSE);
	if (gtk_label_get_line_wrap(GTK_LABEL(widget)))
		gtk_label_set_line_wrap_mode(GTK_LABEL(widget), PANGO_WRAP_WORD_CHAR);
}

/* Apart from what pages keep under names of their own. */
static char *widget_key(const char *id)
{
	return g_strconcat("widget ", id, NULL);
}

/* A page that was just laid out may hold the focus below its edge. */
static void on_laid_out(GtkWidget *content, GdkRectangle *at, gpointer scroller)
{
	GtkWidget *window = gtk_widget_get_toplevel(content);
	GtkWidget *focus = GTK_IS_WINDOW(window) ? gtk_window_get_focus(GTK_WINDOW(window)) : NULL;
	int y;
	if (focus && gtk_widget_is_ancestor(focus, content) &&
		gtk_widget_translate_coordinates(focus, content, 0, 0, NULL, &y))
		gtk_adjustment_clamp_page(gtk_scrolled_window_get_vadjustment(scroller), y,
			y + gtk_widget_get_allocated_height(focus));
}

/* What has the keyboard is never out of sight. */
static void follow_focus(GtkScrolledWindow *scroller)
{
	GtkWidget *view = gtk_bin_get_child(GTK_BIN(scroller));
	GtkWidget *content = GTK_IS_VIEWPORT(view) ? gtk_bin_get_child(GTK_BIN(view)) : NULL;
	if (!content)
		return;
	gtk_container_set_focus_vadjustment(
		GTK_CONTAINER(view), gtk_scrolled_window_get_vadjustment(scroller));
	g_signal_connect_after(content, "size-allocate", G_CALLBACK(on_laid_out), scroller);
}

static void adopt(GtkWidget *page, GObject *object)
{
	const char *id =
		GTK_IS_BUILDABLE(object) ? gtk_buildable_get_name(GTK_BUILDABLE(object)) : NULL;
	if (GTK_IS_LABEL(object))
		settle_label(GTK_WIDGET(object));
	if (GTK_IS_SCROLLED_WINDOW(object)) {
		follow_focus(GTK_SCROLLED_WINDOW(object));
		g_object_set_data(G_OBJECT(page), SCROLLER, object);
	}
	if (!GTK_IS_WIDGET(object) || !id || g_str_has_prefix(id, "___"))
		return;
	g_autofree char *key = widget_key(id);
	g_object_set_data(G_OBJECT(page), key, object);
	if (is_public_id(id))
		widget_identify(GTK_WIDGET(object), id, NULL);
}

GtkWidget *page_load(const char *name)
{
	g_autofree char *path = g_strdup_printf("/madoguchi/ui/%s.ui", name);
	g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource(path);
	GtkWidget *page = GTK_WIDGET(gtk_builder_get_object(builder, "page"));
	GSList *objects = gtk_builder_get_objects(builder);
	for (GSList *o = objects; o; o = o->next)
		adopt(page, o->data);
	g_slist_free(objects);
	/* Outlives the builder, and floats like any new widget. */
	g_object_ref(page);
	g_object_force_floating(G_OBJECT(page));
	return page;
}

GtkWidget *page_get(GtkWidget *page, const char *id)
{
	g_autofree char *key = widget_key(id);
	GtkWidget *widget = g_object_get_data(G_OBJECT(page), key);
	if (!widget)
		g_error("no widget \"%s\" in %s", id, gtk_widget_get_name(page));
	return widget;
}

void page_rewind(GtkWidget *page)
{
	GtkScrolledWindow *scroller = g_object_get_data(G_OBJECT(page), SCROLLER);
	if (scroller)
		gtk_adjustment_set_value(gtk_scrolled_window_get_vadjustment(scroller), 0);
}

void page_headline(GtkWidget *page, const char *headline)
{
	AtkObject *accessible = gtk_widget_get_accessible(page);
	if (g_strcmp0(atk_object_get_name(accessible), headline) != 0)
		atk_object_set_name(accessible, headline);
}

void page_text(GtkWidget *page, const char *id, const char *text)
{
	GtkLabel *label = GTK_LABEL(page_get(page, id));
	if (g_strcmp0(gtk_label_get_text(label), text) != 0)
		gtk_label_set_text(label, text);
}

void page_text_or_hide(GtkWidget *page, const char *id, const char *text)
{
	page_text(page, id, text);
	page_visible(page, id, *text != '\0');
}

void page_visible(GtkWidget *page, const char *id, gboolean visible)
{
	gtk_widget_set_visible(page_get(page, id), visible);
}

void page_sensitive(GtkWidget *page, const char *id, gboolean sensitive)
{
	gtk_widget_set_sensitive(page_get(page, id), sensitive);
}

void page_on_click(GtkWidget *page, const char *id, GCallback clicked, gpointer data)
{
	g_signal_connect(page_get(page, id), "clicked", clicked, data);
}

void page_default(GtkWidget *page, const char *id)
{
	GtkWidget *button = page_get(page, id);
	gtk_widget_set_can_default(button, TRUE);
	if (GTK_IS_WINDOW(gtk_widget_get_toplevel(button)))
		gtk_widget_grab_default(button);
}

void widget_identify(GtkWidget *widget, const char *id, const char *name)
{
	AtkObject *accessible = gtk_widget_get_accessible(widget);
	gtk_widget_set_name(widget, id);
	atk_object_set_accessible_id(accessible, id);
	if (name)
		atk_object_set_name(accessible, name);
}

void widget_class(GtkWidget *widget, const char *class_, gboolean on)
{
	GtkStyleContext *context = gtk_widget_get_style_context(widget);
	if (on)
		gtk_style_context_add_class(context, class_);
	else
		gtk_style_context_remove_class(context, class_);
}

GtkWidget *label_new(const char *text, const char *class_)
{
	GtkWidget *label = gtk_label_new(text);
	gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	settle_label(label);
	if (class_)
		widget_class(label, class_, TRUE);
	gtk_widget_show(label);
	return label;
}

void box_clear(GtkWidget *box)
{
	gtk_container_foreach(
		GTK_CONTAINER(box), (GtkCallback)(void (*)(void))gtk_widget_destroy, NULL);
}

static void on_copy(GtkWidget *entry, gpointer data)
{
	g_signal_stop_emission_by_name(entry, data);
}

static gboolean on_button(GtkWidget *entry, GdkEventButton *event, gpointer data)
{
	return event->button != GDK_BUTTON_PRIMARY; /* no menu, no pasting by the middle one */
}

void entry_secret(GtkWidget *entry)
{
	static const char *const signals[] = {"copy-clipboard", "cut-clipboard", "paste-clipboard"};
	for (gsize i = 0; i < G_N_ELEMENTS(signals); i++)
		g_signal_connect(entry, signals[i], G_CALLBACK(on_copy), (gpointer)signals[i]);
	g_signal_connect(entry, "button-press-event", G_CALLBACK(on_button), NULL);
	gtk_drag_dest_unset(entry);
}

static void on_insert_digits(
	GtkEditable *editable, const char *text, int length, int *position, gpointer data)
{
	gsize n = length < 0 ? strlen(text) : (gsize)length;
	for (gsize i = 0; i < n; i++) {
		if (g_ascii_isdigit(text[i]))
			continue;
		g_signal_stop_emission_by_name(editable, "insert-text");
		gdk_display_beep(gtk_widget_get_display(GTK_WIDGET(editable)));
		return;
	}
}

void entry_digits_only(GtkWidget *entry)
{
	g_signal_connect(entry, "insert-text", G_CALLBACK(on_insert_digits), NULL);
}

void entry_wipe(GtkWidget *entry)
{
	/* GtkEntryBuffer overwrites what it deletes. */
	if (gtk_entry_get_text_length(GTK_ENTRY(entry)) > 0)
		gtk_entry_set_text(GTK_ENTRY(entry), "");
}
