/* SPDX-License-Identifier: MIT */
#include "tray.h"

#include <string.h>

#include "tests/virtual/field.h"
#include "tests/virtual/tray_face.h"

#define TAP_MS  1200
#define KEYS    "1234567890abcdefghijklmnopqrstuvwxyz"
#define COLUMNS 4

struct spot {
	struct tray *tray;
	const struct vcard *card;
	GtkWidget *button;
	char key;
};

struct tray {
	GtkWidget *window, *status;
	GPtrArray *cards;
	struct spot spots[VCARDS_MAX];
	size_t n_spots;
	struct field *fields[TRAY_READERS_MAX];
	const struct spot *lies[TRAY_READERS_MAX]; /* which card each hand holds out */
	guint taps[TRAY_READERS_MAX];              /* time-out that ends a tap */
	char *names[TRAY_READERS_MAX];
	size_t n_fields, current;
	bool refreshing;
	GSource *pending; /* a refresh asked for by a field's thread */
	GMutex lock;
};

static const char style[] =
	".tray { background: #f4f3f0; }"
	".tray .pad { background: #2f3a45; color: #ffffff; padding: 8px 14px; border-radius: 8px; }"
	".tray .pad.on { background: #1d6b3a; }"
	".tray .pad.waiting { background: #8a5a00; }"
	".tray .hint { color: #5a5a58; }"
	".tray button.spot { padding: 3px; border: 3px solid transparent; background: none;"
	" box-shadow: none; border-radius: 13px; }"
	".tray button.spot:hover { background: #e4e2dc; }"
	".tray button.spot:focus { border-color: #8fb3d9; }"
	".tray button.spot:checked { border-color: #1d6b3a; background: #cfe8d6; }";

static const char *const state_texts[] = {
	[FIELD_EMPTY] = "カードなし / no card",
	[FIELD_WAITING] = "リーダー待ち / waiting for the reader",
	[FIELD_ON] = "リーダーの上 / on the reader",
	[FIELD_LEFT] = "離れました / left by itself",
};

static void set_class(GtkWidget *widget, const char *name, bool set)
{
	GtkStyleContext *context = gtk_widget_get_style_context(widget);
	if (set)
		gtk_style_context_add_class(context, name);
	else
		gtk_style_context_remove_class(context, name);
}

static void show_status(struct tray *t, enum field_state state)
{
	const struct spot *spot = t->lies[t->current];
	const char *name = "";
	if (spot && state != FIELD_EMPTY)
		name = spot->card->face.name_ja[0]   ? spot->card->face.name_ja
		       : spot->card->face.name_en[0] ? spot->card->face.name_en
						     : spot->card->face.title;
	g_autofree char *text =
		g_strdup_printf("%s%s%s", name, *name ? "  —  " : "", state_texts[state]);
	gtk_label_set_text(GTK_LABEL(t->status), text);
	set_class(t->status, "on", state == FIELD_ON);
	set_class(t->status, "waiting", state == FIELD_WAITING);
}

static void refresh(struct tray *t)
{
	enum field_state state = field_state(t->fields[t->current]);
	bool held = state == FIELD_ON || state == FIELD_WAITING;
	t->refreshing = true;
	for (size_t i = 0; i < t->n_spots; i++)
		gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(t->spots[i].button),
			held && t->lies[t->current] == &t->spots[i]);
	t->refreshing = false;
	show_status(t, state);
}

static gboolean on_refresh(gpointer data)
{
	struct tray *t = data;
	g_mutex_lock(&t->lock);
	g_clear_pointer(&t->pending, g_source_unref);
	g_mutex_unlock(&t->lock);
	refresh(t);
	return G_SOURCE_REMOVE;
}

/* In a field's thread. */
static void on_field_change(void *data)
{
	struct tray *t = data;
	g_mutex_lock(&t->lock);
	if (!t->pending) {
		t->pending = g_idle_source_new();
		g_source_set_callback(t->pending, on_refresh, t, NULL);
		g_source_attach(t->pending, NULL);
	}
	g_mutex_unlock(&t->lock);
}

static void end_tap(struct tray *t, size_t i)
{
	if (t->taps[i])
		g_source_remove(t->taps[i]);
	t->taps[i] = 0;
}

static void take_away(struct tray *t)
{
	end_tap(t, t->current);
	field_remove(t->fields[t->current]);
	t->lies[t->current] = NULL;
	refresh(t);
}

static void lay(const struct spot *spot)
{
	struct tray *t = spot->tray;
	end_tap(t, t->current);
	t->lies[t->current] = spot;
	field_insert(t->fields[t->current], spot->card);
	refresh(t);
}

struct tap {
	struct tray *tray;
	size_t reader;
};

static gboolean on_tap_over(gpointer data)
{
	const struct tap *tap = data;
	struct tray *t = tap->tray;
	t->taps[tap->reader] = 0;
	field_remove(t->fields[tap->reader]);
	t->lies[tap->reader] = NULL;
	refresh(t);
	return G_SOURCE_REMOVE;
}

static void tap(const struct spot *spot)
{
	struct tray *t = spot->tray;
	struct tap *end = g_new(struct tap, 1);
	lay(spot);
	*end = (struct tap){t, t->current};
	t->taps[t->current] =
		g_timeout_add_full(G_PRIORITY_DEFAULT, TAP_MS, on_tap_over, end, g_free);
}

static void toggle(const struct spot *spot)
{
	enum field_state state = field_state(spot->tray->fields[spot->tray->current]);
	bool lies = spot->tray->lies[spot->tray->current] == spot &&
		    (state == FIELD_ON || state == FIELD_WAITING);
	if (lies)
		take_away(spot->tray);
	else
		lay(spot);
}

static void on_toggled(GtkToggleButton *button, gpointer spot)
{
	if (!((struct spot *)spot)->tray->refreshing)
		toggle(spot);
}

static gboolean on_button(GtkWidget *widget, GdkEventButton *event, gpointer spot)
{
	if (event->type != GDK_BUTTON_PRESS || event->button != GDK_BUTTON_SECONDARY)
		return FALSE;
	tap(spot);
	return TRUE;
}

/* The key without its modifiers, so that Shift with a digit is still that digit. */
static guint bare_key(const GdkEventKey *event)
{
	guint key = event->keyval;
	GdkKeymap *keymap = gdk_keymap_get_for_display(gdk_display_get_default());
	gdk_keymap_translate_keyboard_state(
		keymap, event->hardware_keycode, 0, event->group, &key, NULL, NULL, NULL);
	return gdk_keyval_to_lower(key);
}

static gboolean on_key(GtkWidget *window, GdkEventKey *event, gpointer data)
{
	struct tray *t = data;
	guint key = bare_key(event);
	if (event->state & (GDK_CONTROL_MASK | GDK_MOD1_MASK))
		return FALSE;
	if (key == GDK_KEY_Escape) {
		take_away(t);
		return TRUE;
	}
	for (size_t i = 0; i < t->n_spots; i++) {
		if (gdk_keyval_to_unicode(key) != (guint32)t->spots[i].key)
			continue;
		if (event->state & GDK_SHIFT_MASK)
			tap(&t->spots[i]);
		else
			toggle(&t->spots[i]);
		return TRUE;
	}
	return FALSE;
}

static GtkWidget *make_spot(struct tray *t, const struct vcard *card)
{
	struct spot *spot = &t->spots[t->n_spots];
	char key = t->n_spots < strlen(KEYS) ? KEYS[t->n_spots] : ' ';
	GtkWidget *button = gtk_toggle_button_new();
	g_autofree char *id = g_strdup_printf("card-%s", card->id);
	g_autofree char *name = g_strdup_printf(
		"%s %s %s", card->face.title, card->face.name_ja, card->face.name_en);
	*spot = (struct spot){t, card, button, key};
	t->n_spots++;
	gtk_container_add(GTK_CONTAINER(button), tray_face_new(card, key));
	set_class(button, "spot", true);
	gtk_widget_set_name(button, id);
	gtk_widget_set_tooltip_text(button, card->face.note);
	atk_object_set_name(gtk_widget_get_accessible(button), name);
	g_signal_connect(button, "toggled", G_CALLBACK(on_toggled), spot);
	g_signal_connect(button, "button-press-event", G_CALLBACK(on_button), spot);
	return button;
}

static GtkWidget *make_cards(struct tray *t)
{
	GtkWidget *grid = gtk_grid_new();
	GtkWidget *scrolled = gtk_scrolled_window_new(NULL, NULL);
	gtk_grid_set_row_spacing(GTK_GRID(grid), 2);
	gtk_grid_set_column_spacing(GTK_GRID(grid), 2);
	for (guint i = 0; i < t->cards->len && i < VCARDS_MAX; i++)
		gtk_grid_attach(GTK_GRID(grid), make_spot(t, g_ptr_array_index(t->cards, i)),
			(int)(i % COLUMNS), (int)(i / COLUMNS), 1, 1);
	gtk_scrolled_window_set_policy(
		GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
	gtk_container_add(GTK_CONTAINER(scrolled), grid);
	gtk_widget_set_vexpand(scrolled, TRUE);
	return scrolled;
}

static void on_reader_chosen(GtkComboBox *combo, gpointer data)
{
	struct tray *t = data;
	t->current = (size_t)MAX(gtk_combo_box_get_active(combo), 0);
	refresh(t);
}

static GtkWidget *make_readers(struct tray *t)
{
	GtkWidget *combo = gtk_combo_box_text_new();
	for (size_t i = 0; i < t->n_fields; i++)
		gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(combo), t->names[i]);
	gtk_combo_box_set_active(GTK_COMBO_BOX(combo), 0);
	g_signal_connect(combo, "changed", G_CALLBACK(on_reader_chosen), t);
	return combo;
}

static GtkWidget *make_content(struct tray *t)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
	GtkWidget *hint = gtk_label_new(
		"クリック・キー: 置く／取る   右クリック・Shift+キー: タップ 1.2 秒   Esc: 取る\n"
		"click or key: lay on, take away   right click or Shift+key: tap   Esc: take away");
	t->status = gtk_label_new("");
	set_class(t->status, "pad", true);
	set_class(hint, "hint", true);
	gtk_label_set_xalign(GTK_LABEL(hint), 0);
	if (t->n_fields > 1)
		gtk_box_pack_start(GTK_BOX(box), make_readers(t), FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(box), t->status, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(box), make_cards(t), TRUE, TRUE, 0);
	gtk_box_pack_start(GTK_BOX(box), hint, FALSE, FALSE, 0);
	g_object_set(box, "margin", 10, NULL);
	return box;
}

static void load_style(void)
{
	GtkCssProvider *provider = gtk_css_provider_new();
	gtk_css_provider_load_from_data(provider, style, -1, NULL);
	gtk_style_context_add_provider_for_screen(gdk_screen_get_default(),
		GTK_STYLE_PROVIDER(provider), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
	g_object_unref(provider);
}

struct tray *tray_new(const struct tray_reader *readers, size_t n, GPtrArray *cards)
{
	struct tray *t = g_new0(struct tray, 1);
	g_mutex_init(&t->lock);
	t->cards = g_ptr_array_ref(cards);
	for (size_t i = 0; i < n && i < TRAY_READERS_MAX; i++) {
		t->names[i] = g_strdup(readers[i].name);
		t->fields[i] = field_new(readers[i].socket, readers[i].kind);
		t->n_fields++;
		if (!t->fields[i])
			return tray_free(t);
		field_on_change(t->fields[i], on_field_change, t);
	}
	load_style();
	t->window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
	gtk_window_set_title(GTK_WINDOW(t->window), "カードトレイ / Card tray");
	gtk_window_set_default_size(GTK_WINDOW(t->window), -1, 640);
	/* The counter's windows fill the screen; the cards must stay within reach. */
	gtk_window_set_keep_above(GTK_WINDOW(t->window), TRUE);
	set_class(t->window, "tray", true);
	gtk_container_add(GTK_CONTAINER(t->window), make_content(t));
	g_signal_connect(t->window, "key-press-event", G_CALLBACK(on_key), t);
	refresh(t);
	return t;
}

struct tray *tray_free(struct tray *t)
{
	if (!t)
		return NULL;
	for (size_t i = 0; i < t->n_fields; i++) {
		end_tap(t, i);
		t->fields[i] = field_free(t->fields[i]);
		g_free(t->names[i]);
	}
	if (t->pending)
		g_source_destroy(t->pending);
	g_clear_pointer(&t->pending, g_source_unref);
	g_ptr_array_unref(t->cards);
	g_mutex_clear(&t->lock);
	g_free(t);
	return NULL;
}

GtkWindow *tray_window(struct tray *t)
{
	return GTK_WINDOW(t->window);
}
