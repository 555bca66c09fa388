/* SPDX-License-Identifier: MIT */
#include "ui/keys.h"

#define BACK "keys stand back"

struct binding {
	GtkWidget *button;
	guint keyval;
};

struct keys {
	GArray *bindings;
};

struct keys *keys_new(void)
{
	struct keys *keys = g_new0(struct keys, 1);
	keys->bindings = g_array_new(FALSE, FALSE, sizeof(struct binding));
	return keys;
}

struct keys *keys_free(struct keys *keys)
{
	if (!keys)
		return NULL;
	g_array_unref(keys->bindings);
	g_free(keys);
	return NULL;
}

static void on_destroy(GtkWidget *button, gpointer data)
{
	struct keys *keys = data;
	for (guint i = keys->bindings->len; i-- > 0;)
		if (g_array_index(keys->bindings, struct binding, i).button == button)
			g_array_remove_index(keys->bindings, i);
}

void keys_bind(struct keys *keys, GtkWidget *button, guint keyval)
{
	struct binding binding = {button, keyval};
	g_array_append_val(keys->bindings, binding);
	g_signal_connect(button, "destroy", G_CALLBACK(on_destroy), keys);
}

void keys_stand_back(GtkWidget *button, gboolean back)
{
	g_object_set_data(G_OBJECT(button), BACK, GINT_TO_POINTER(back));
}

static gboolean can_press(GtkWidget *button)
{
	return gtk_widget_get_mapped(button) && gtk_widget_is_sensitive(button) &&
	       !g_object_get_data(G_OBJECT(button), BACK);
}

gboolean keys_press(struct keys *keys, const GdkEventKey *event, GtkWidget *focus)
{
	gboolean printable = g_unichar_isprint(gdk_keyval_to_unicode(event->keyval));
	if ((event->state & gtk_accelerator_get_default_mod_mask() & ~GDK_SHIFT_MASK) ||
		(printable && GTK_IS_EDITABLE(focus)))
		return FALSE;
	for (guint i = 0; i < keys->bindings->len; i++) {
		struct binding *b = &g_array_index(keys->bindings, struct binding, i);
		if (b->keyval != event->keyval || !can_press(b->button))
			continue;
		gtk_button_clicked(GTK_BUTTON(b->button));
		return TRUE;
	}
	return FALSE;
}
