/* SPDX-License-Identifier: MIT */
#include "ui/keypad.h"

#include <string.h>

#include "ui/lang.h"
#include "ui/widgets.h"

#define KEY        "keypad"
#define COLUMNS    3
#define TYPED_SIZE (1 + KEYPAD_MAX + 1)      /* '+', digits, NUL */
#define SHOWN_SIZE (TYPED_SIZE + KEYPAD_MAX) /* with gaps */

struct keypad {
	char typed[TYPED_SIZE];
	GtkWidget *number, *ok, *first;
	keypad_done done;
	gpointer data;
};

static struct keypad *keypad_of(GtkWidget *widget)
{
	return g_object_get_data(G_OBJECT(widget), KEY);
}

static void keypad_free(gpointer data)
{
	struct keypad *pad = data;
	explicit_bzero(pad, sizeof *pad);
	g_free(pad);
}

static gsize digits(const struct keypad *pad)
{
	return strlen(pad->typed) - (pad->typed[0] == '+');
}

/* 03 1234 5678, 090 1234 5678: four from the end, four before them, the rest. */
static void spaced(const char *typed, char ret[SHOWN_SIZE])
{
	gsize len = strlen(typed), at = 0;
	for (gsize i = 0; i < len; i++) {
		gsize left = len - i;
		if (i > 0 && len > 4 && (left == 4 || left == 8))
			ret[at++] = ' ';
		ret[at++] = typed[i];
	}
	ret[at] = '\0';
}

static void refresh(struct keypad *pad)
{
	char shown[SHOWN_SIZE];
	spaced(pad->typed, shown);
	gtk_label_set_text(GTK_LABEL(pad->number), shown);
	gtk_widget_set_sensitive(pad->ok, digits(pad) >= KEYPAD_MIN);
	explicit_bzero(shown, sizeof shown);
}

static void type(struct keypad *pad, char c)
{
	gsize len = strlen(pad->typed);
	if (c == '+' ? len > 0 : digits(pad) >= KEYPAD_MAX)
		return;
	pad->typed[len] = c;
	pad->typed[len + 1] = '\0';
	refresh(pad);
}

static void back(struct keypad *pad)
{
	gsize len = strlen(pad->typed);
	if (len > 0)
		pad->typed[len - 1] = '\0';
	refresh(pad);
}

static void finish(GtkWidget *widget, struct keypad *pad)
{
	char number[TYPED_SIZE];
	if (digits(pad) < KEYPAD_MIN)
		return;
	memcpy(number, pad->typed, sizeof number);
	pad->done(widget, number, pad->data);
	explicit_bzero(number, sizeof number);
}

static void on_character(GtkButton *button, gpointer data)
{
	const char *id = gtk_widget_get_name(GTK_WIDGET(button));
	const char *last = strrchr(id, '-') + 1;
	type(keypad_of(data), g_str_equal(last, "plus") ? '+' : *last);
}

static void on_back(GtkButton *button, gpointer data)
{
	back(keypad_of(data));
}

static void on_ok(GtkButton *button, gpointer data)
{
	finish(data, keypad_of(data));
}

static gboolean on_key(GtkWidget *widget, GdkEventKey *event, gpointer data)
{
	struct keypad *pad = keypad_of(widget);
	guint32 c = gdk_keyval_to_unicode(event->keyval);
	if (g_unichar_isdigit(c) && c < 0x80)
		type(pad, (char)c);
	else if (c == '+')
		type(pad, '+');
	else if (event->keyval == GDK_KEY_BackSpace)
		back(pad);
	else
		return GDK_EVENT_PROPAGATE;
	return GDK_EVENT_STOP;
}

static GtkWidget *key_new(
	GtkWidget *box, const char *text, const char *id, const char *name, GCallback clicked)
{
	GtkWidget *key = gtk_button_new_with_label(text);
	widget_identify(key, id, name);
	widget_class(key, "key", TRUE);
	g_signal_connect(key, "clicked", clicked, box);
	gtk_widget_show(key);
	return key;
}

static void add_digits(GtkWidget *box, GtkGrid *grid, struct keypad *pad)
{
	for (int d = 0; d <= 9; d++) {
		char text[2] = {(char)('0' + d), '\0'};
		g_autofree char *id = g_strdup_printf("holder-phone-%d", d);
		GtkWidget *key = key_new(box, text, id, text, G_CALLBACK(on_character));
		int column = d == 0 ? 1 : (d - 1) % COLUMNS;
		int row = d == 0 ? 3 : (d - 1) / COLUMNS;
		gtk_grid_attach(grid, key, column, row, 1, 1);
		if (d == 1)
			pad->first = key;
	}
}

static GtkWidget *keys_new(GtkWidget *box, struct keypad *pad)
{
	GtkWidget *grid = gtk_grid_new();
	widget_class(grid, "keys", TRUE);
	gtk_grid_set_row_homogeneous(GTK_GRID(grid), TRUE);
	gtk_grid_set_column_homogeneous(GTK_GRID(grid), TRUE);
	add_digits(box, GTK_GRID(grid), pad);
	/* TRANSLATORS: accessible name of the "+" key of the number pad for a telephone number */
	gtk_grid_attach(GTK_GRID(grid),
		key_new(box, "+", "holder-phone-plus", _("Plus"), G_CALLBACK(on_character)), 0, 3,
		1, 1);
	/* TRANSLATORS: accessible name of the key that takes back the last digit */
	gtk_grid_attach(GTK_GRID(grid),
		key_new(box, "⌫", "holder-phone-back", _("Delete the last digit"),
			G_CALLBACK(on_back)),
		2, 3, 1, 1);
	gtk_widget_show(grid);
	return grid;
}

GtkWidget *keypad_new(keypad_done done, gpointer data)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	struct keypad *pad = g_new0(struct keypad, 1);
	pad->done = done;
	pad->data = data;
	g_object_set_data_full(G_OBJECT(box), KEY, pad, keypad_free);
	widget_class(box, "keypad", TRUE);
	pad->number = gtk_label_new(NULL);
	widget_identify(pad->number, "holder-phone-number", NULL);
	widget_class(pad->number, "number", TRUE);
	gtk_widget_show(pad->number);
	/* TRANSLATORS: the key below the number pad: the telephone number is complete */
	pad->ok = key_new(box, _("OK"), "holder-phone-ok", NULL, G_CALLBACK(on_ok));
	widget_class(pad->ok, "h-primary", TRUE);
	gtk_box_pack_start(GTK_BOX(box), pad->number, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(box), keys_new(box, pad), FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(box), pad->ok, FALSE, FALSE, 0);
	g_signal_connect(box, "key-press-event", G_CALLBACK(on_key), NULL);
	refresh(pad);
	return box;
}

void keypad_wipe(GtkWidget *keypad)
{
	struct keypad *pad = keypad_of(keypad);
	explicit_bzero(pad->typed, sizeof pad->typed);
	refresh(pad);
}

GtkWidget *keypad_focus(GtkWidget *keypad)
{
	return keypad_of(keypad)->first;
}
