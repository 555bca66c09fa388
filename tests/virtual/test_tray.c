/* SPDX-License-Identifier: MIT
 *
 * The card tray, by mouse and key, with a reader in this process.
 */
#include "tests/check.h"

#include <gtk/gtk.h>
#include <stdlib.h>

#include "tests/virtual/ifd_reader.h"
#include "tests/virtual/tray.h"
#include "tests/virtual/vcard.h"

#define EVENT_MS 5000
#define TAP_MS   1200

static struct {
	struct reader *reader;
	struct tray *tray;
	gint present; /* what the thread that plays pcscd sees */
	gint ending;
} bench;

static gpointer play_pcscd(gpointer data)
{
	while (!g_atomic_int_get(&bench.ending)) {
		reader_wait(bench.reader, 1000);
		g_atomic_int_set(&bench.present, reader_card_present(bench.reader, true));
	}
	return NULL;
}

static gboolean is_over(gpointer over)
{
	*(bool *)over = true;
	return G_SOURCE_REMOVE;
}

/* Run the main loop until the field is as wanted. */
static bool wait_present(bool present)
{
	bool over = false;
	guint id = g_timeout_add(EVENT_MS, is_over, &over);
	while (g_atomic_int_get(&bench.present) != present && !over) {
		gtk_main_iteration_do(FALSE);
		g_usleep(500);
	}
	if (!over)
		g_source_remove(id);
	return !over;
}

static GtkWidget *find(GtkWidget *widget, const char *name)
{
	GtkWidget *found = NULL;
	if (strcmp(gtk_widget_get_name(widget), name) == 0)
		return widget;
	if (!GTK_IS_CONTAINER(widget))
		return NULL;
	GList *children = gtk_container_get_children(GTK_CONTAINER(widget));
	for (GList *c = children; c && !found; c = c->next)
		found = find(c->data, name);
	g_list_free(children);
	return found;
}

static GtkWidget *spot(const char *name)
{
	GtkWidget *widget = find(GTK_WIDGET(tray_window(bench.tray)), name);
	CHECK(widget != NULL);
	return widget;
}

static void press(guint keyval, guint modifiers)
{
	GdkKeymap *keymap = gdk_keymap_get_for_display(gdk_display_get_default());
	GtkWidget *window = GTK_WIDGET(tray_window(bench.tray));
	GdkEvent *event = gdk_event_new(GDK_KEY_PRESS);
	GdkKeymapKey *keys;
	gint n;
	CHECK(gdk_keymap_get_entries_for_keyval(keymap, keyval, &keys, &n));
	event->key.window = g_object_ref(gtk_widget_get_window(window));
	event->key.keyval = keyval;
	event->key.hardware_keycode = (guint16)keys[0].keycode;
	event->key.state = modifiers;
	gdk_event_set_device(event,
		gdk_seat_get_keyboard(gdk_display_get_default_seat(gdk_display_get_default())));
	gtk_widget_event(window, event);
	gdk_event_free(event);
	g_free(keys);
}

/* Last byte of the card's IDm; -1: none answers. */
static int last_of_idm(void)
{
	static const uint8_t get_uid[] = {0xFF, 0xCA, 0x00, 0x00, 0x00};
	uint8_t uid[WIRE_APDU_MAX] = {0};
	size_t len;
	enum reader_err err =
		reader_exchange(bench.reader, get_uid, sizeof(get_uid), uid, sizeof(uid), &len);
	return err == READER_OK ? uid[VCARD_IDM_SIZE - 1] : -1;
}

static bool wait_idm(int last)
{
	bool over = false;
	guint id = g_timeout_add(EVENT_MS, is_over, &over);
	while (last_of_idm() != last && !over) {
		gtk_main_iteration_do(FALSE);
		g_usleep(500);
	}
	if (!over)
		g_source_remove(id);
	return !over;
}

static void a_click_lays_the_card_on_and_takes_it_away(void)
{
	gtk_button_clicked(GTK_BUTTON(spot("card-student")));
	CHECK(wait_present(true));
	CHECK_INT(last_of_idm(), 0x01);
	CHECK(gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(spot("card-student"))));
	gtk_button_clicked(GTK_BUTTON(spot("card-student")));
	CHECK(wait_present(false));
	CHECK(!gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(spot("card-student"))));
}

static void another_card_takes_the_place_of_the_first(void)
{
	gtk_button_clicked(GTK_BUTTON(spot("card-student")));
	CHECK(wait_present(true));
	gtk_button_clicked(GTK_BUTTON(spot("card-staff")));
	CHECK(wait_idm(0x02));
	CHECK(!gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(spot("card-student"))));
	press(GDK_KEY_Escape, 0);
	CHECK(wait_present(false));
}

static void keys_do_what_the_mouse_does(void)
{
	press(GDK_KEY_1, 0); /* the first card is the first clerk's */
	CHECK(wait_present(true));
	CHECK_INT(last_of_idm(), 0x12);
	press(GDK_KEY_1, 0);
	CHECK(wait_present(false));
}

static void a_tap_ends_by_itself(void)
{
	gint64 from = g_get_monotonic_time();
	press(GDK_KEY_3, GDK_SHIFT_MASK);
	CHECK(wait_present(true));
	CHECK_INT(last_of_idm(), 0x01);
	CHECK(wait_present(false));
	double ms = (double)(g_get_monotonic_time() - from) / 1000;
	printf("%.0f ms; ", ms);
	CHECK(ms >= TAP_MS - 50 && ms < EVENT_MS);
	CHECK(!gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(spot("card-student"))));
}

static void every_card_has_a_name_for_those_who_cannot_see_it(void)
{
	g_autoptr(GPtrArray) cards = vcard_load_all(VCARD_DIR, NULL);
	for (guint i = 0; i < cards->len; i++) {
		const struct vcard *card = g_ptr_array_index(cards, i);
		g_autofree char *id = g_strdup_printf("card-%s", card->id);
		const char *name = atk_object_get_name(gtk_widget_get_accessible(spot(id)));
		CHECK(name && strstr(name, card->face.title));
	}
}

#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

static int run(const char *path)
{
	static const struct check_case cases[] = {
		CASE(a_click_lays_the_card_on_and_takes_it_away),
		CASE(another_card_takes_the_place_of_the_first),
		CASE(keys_do_what_the_mouse_does),
		CASE(a_tap_ends_by_itself),
		CASE(every_card_has_a_name_for_those_who_cannot_see_it),
	};
	g_autofree char *socket = g_strdup(path);
	struct tray_reader reader = {socket, socket, READER_KIND_SESSION};
	g_autoptr(GPtrArray) cards = vcard_load_all(VCARD_DIR, NULL);
	bench.reader = reader_open(path);
	bench.tray = cards ? tray_new(&reader, 1, cards) : NULL;
	if (!bench.reader || !bench.tray)
		return 1;
	gtk_widget_show_all(GTK_WIDGET(tray_window(bench.tray)));
	GThread *thread = g_thread_new("pcscd", play_pcscd, NULL);
	int code = CHECK_MAIN("card tray", cases);
	g_atomic_int_set(&bench.ending, 1);
	reader_wake(bench.reader);
	g_thread_join(thread);
	gtk_widget_destroy(GTK_WIDGET(tray_window(bench.tray)));
	tray_free(bench.tray);
	reader_close(bench.reader);
	return code;
}

int main(int argc, char **argv)
{
	g_setenv("NO_AT_BRIDGE", "1", TRUE);
	if (!gtk_init_check(&argc, &argv)) {
		fprintf(stderr, "skipped: no display (xvfb-run)\n");
		return 77;
	}
	g_autofree char *dir = g_dir_make_tmp("tray-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "reader", NULL);
	int code = run(path);
	rmdir(dir);
	return code;
}
