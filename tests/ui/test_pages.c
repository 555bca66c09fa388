/* SPDX-License-Identifier: MIT
 *
 * Every page of both windows in one process: built, filled, looked at and forgotten.
 * Warnings of GTK are fatal.
 */
#include <stdlib.h>

#include "tests/check.h"
#include "tests/ui/scenes.h"
#include "tests/visits/stage.h"
#include "ui/app.h"
#include "ui/client.h"
#include "ui/lang.h"
#include "ui/style.h"
#include "ui/view.h"

#define WIDTH     1280
#define HEIGHT    800
#define SETTLE_US (5 * G_TIME_SPAN_SECOND)

typedef void (*look)(GtkWidget *widget, gpointer data);

struct walk {
	look each;
	gpointer data;
	gboolean shown_only;
};

/* Every widget of the tree, those behind other pages too. */
static void walk_one(GtkWidget *widget, gpointer data)
{
	struct walk *w = data;
	if (w->shown_only && !gtk_widget_get_mapped(widget))
		return;
	w->each(widget, w->data);
	if (GTK_IS_CONTAINER(widget))
		gtk_container_forall(GTK_CONTAINER(widget), walk_one, w);
}

static void walk(struct window *window, gboolean shown_only, look each, gpointer data)
{
	struct walk w = {each, data, shown_only};
	walk_one(GTK_WIDGET(window_toplevel(window)), &w);
}

static void on_painted(GdkFrameClock *clock, gpointer data)
{
	++*(guint *)data;
}

/* Wait until the window was laid out and painted once more than it has to be. */
static void settle(GtkWindow *window)
{
	GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(window));
	gint64 deadline = g_get_monotonic_time() + SETTLE_US;
	guint painted = 0;
	gulong handler = g_signal_connect(clock, "after-paint", G_CALLBACK(on_painted), &painted);
	for (guint want = 1; want <= 2; want++) {
		gdk_frame_clock_request_phase(clock, GDK_FRAME_CLOCK_PHASE_PAINT);
		while (painted < want && g_get_monotonic_time() < deadline)
			gtk_main_iteration_do(FALSE);
	}
	g_signal_handler_disconnect(clock, handler);
	CHECK(painted >= 2);
}

static void on_shown(enum client_view which, GVariant *view, gpointer data)
{
}

static struct window *open_window(enum app_seat seat, struct client *client)
{
	struct window *window = window_new(&app_kinds[seat], client);
	gtk_window_set_default_size(window_toplevel(window), WIDTH, HEIGHT);
	gtk_window_present(window_toplevel(window));
	settle(window_toplevel(window));
	return window;
}

static void show_scene(struct window *window, enum app_seat seat, const struct scene *scene)
{
	g_autoptr(GVariant) view = g_variant_ref_sink(
		seat == SEAT_DESK ? scene_desk(scene, 7, 3) : scene_holder(scene, 7, 3));
	g_autoptr(GVariant) health = g_variant_ref_sink(scene_health(scene));
	window_set_health(window, health);
	window_set_view(window, view);
	settle(window_toplevel(window));
}

/* Run `check` for every window, language and scene. */
static void everywhere(void (*check)(struct window *window, const struct scene *scene))
{
	struct client *client = client_new("/nonexistent/counter.sock", on_shown, NULL);
	for (int seat = 0; seat < SEAT_COUNT; seat++) {
		struct window *window = open_window(seat, client);
		for (int lang = 0; lang < 2; lang++) {
			for (gsize i = 0; i < n_scenes; i++) {
				show_scene(window, seat, &scenes[i]);
				check(window, &scenes[i]);
			}
			window_next_lang(window);
		}
		window_free(window);
	}
	client_free(client);
}

/* --- controls --- */

struct controls {
	const struct scene *scene;
	guint n, bad;
};

static void look_at_control(GtkWidget *widget, gpointer data)
{
	struct controls *c = data;
	AtkObject *accessible = gtk_widget_get_accessible(widget);
	if (!(GTK_IS_BUTTON(widget) || GTK_IS_ENTRY(widget) || GTK_IS_COMBO_BOX(widget)) ||
		gtk_widget_get_ancestor(gtk_widget_get_parent(widget), GTK_TYPE_COMBO_BOX))
		return;
	const char *id = atk_object_get_accessible_id(accessible);
	const char *name = atk_object_get_name(accessible);
	g_autoptr(AtkRelationSet) relations = atk_object_ref_relation_set(accessible);
	gboolean labelled = atk_relation_set_contains(relations, ATK_RELATION_LABELLED_BY);
	c->n++;
	if (id && *id && ((name && *name) || labelled))
		return;
	c->bad++;
	fprintf(stderr, "%s: a %s has id \"%s\" and name \"%s\"\n", c->scene->name,
		G_OBJECT_TYPE_NAME(widget), id ? id : "", name ? name : "");
}

static void check_controls(struct window *window, const struct scene *scene)
{
	struct controls c = {scene, 0, 0};
	walk(window, TRUE, look_at_control, &c);
	CHECK_INT(c.bad, 0);
	CHECK(c.n > 0); /* the language at least */
}

static void every_control_has_an_id_and_a_name(void)
{
	everywhere(check_controls);
}

/* --- a headline to announce --- */

static void look_for_headline(GtkWidget *widget, gpointer data)
{
	GtkWidget *stack = gtk_widget_get_parent(widget);
	if (!stack || !GTK_IS_STACK(stack))
		return;
	const char *name = atk_object_get_name(gtk_widget_get_accessible(widget));
	*(gboolean *)data = name && *name;
}

static void check_headline(struct window *window, const struct scene *scene)
{
	gboolean found = FALSE;
	walk(window, TRUE, look_for_headline, &found);
	if (!found)
		fprintf(stderr, "%s: no headline\n", scene->name);
	CHECK(found);
}

static void every_page_has_a_headline_to_announce(void)
{
	everywhere(check_headline);
}

/* --- what is left --- */

static void look_for_marks(GtkWidget *widget, gpointer data)
{
	const char *text = GTK_IS_LABEL(widget)   ? gtk_label_get_text(GTK_LABEL(widget))
			   : GTK_IS_ENTRY(widget) ? gtk_entry_get_text(GTK_ENTRY(widget))
						  : "";
	const char *name = atk_object_get_name(gtk_widget_get_accessible(widget));
	for (gsize i = 0; scene_marks[i]; i++)
		if (strstr(text, scene_marks[i]) || (name && strstr(name, scene_marks[i]))) {
			fprintf(stderr, "left over: %s\n", scene_marks[i]);
			++*(guint *)data;
		}
}

static void check_forgotten(struct window *window, const struct scene *scene)
{
	static const char *const blank_scenes[] = {"take-card", "welcome"};
	guint found = 0;
	enum app_seat seat = g_str_equal(gtk_widget_get_name(GTK_WIDGET(window_toplevel(window))),
				     app_kinds[SEAT_DESK].name)
				     ? SEAT_DESK
				     : SEAT_HOLDER;
	for (gsize i = 0; i < G_N_ELEMENTS(blank_scenes); i++)
		show_scene(window, seat, scene_find(blank_scenes[i]));
	walk(window, FALSE, look_for_marks, &found);
	if (found)
		fprintf(stderr, "after %s\n", scene->name);
	CHECK_INT(found, 0);
}

static void no_widget_keeps_a_person_who_left(void)
{
	everywhere(check_forgotten);
}

/* The check above would see something if there were something. */
static void a_person_in_front_is_shown(void)
{
	struct client *client = client_new("/nonexistent/counter.sock", on_shown, NULL);
	for (int seat = 0; seat < SEAT_COUNT; seat++) {
		guint found = 0;
		struct window *window = open_window(seat, client);
		show_scene(window, seat, scene_find("check"));
		walk(window, FALSE, look_for_marks, &found);
		CHECK(found > 0);
		window_free(window);
	}
	client_free(client);
}

/* --- room --- */

static void look_for_overflow(GtkWidget *widget, gpointer data)
{
	int *most = data;
	if (!GTK_IS_SCROLLED_WINDOW(widget))
		return;
	GtkAdjustment *h = gtk_scrolled_window_get_hadjustment(GTK_SCROLLED_WINDOW(widget));
	int over = (int)(gtk_adjustment_get_upper(h) - gtk_adjustment_get_page_size(h));
	*most = MAX(*most, over);
}

static void check_width(struct window *window, const struct scene *scene)
{
	int over = 0;
	walk(window, TRUE, look_for_overflow, &over);
	if (over > 0)
		fprintf(stderr, "%s, %s, %s: %d px too wide\n", scene->name, window_lang(window),
			gtk_widget_get_name(GTK_WIDGET(window_toplevel(window))), over);
	CHECK_INT(over, 0);
}

static void nothing_is_wider_than_a_small_screen(void)
{
	everywhere(check_width);
}

/* --- sizes and contrast do not disturb --- */

/* Wider than this, a window that fills its screen is cut off at one side of it. */
static void check_frame(struct window *window, const struct scene *scene)
{
	GtkWidget *toplevel = GTK_WIDGET(window_toplevel(window));
	int least;
	gtk_widget_get_preferred_width(toplevel, &least, NULL);
	if (least > WIDTH)
		fprintf(stderr, "%s, %s, %s: %d px at least\n", scene->name, window_lang(window),
			gtk_widget_get_name(toplevel), least);
	CHECK(least <= WIDTH);
}

static void check_size(struct window *window, const struct scene *scene)
{
	/* The holder's type is large from the start: what does not fit then may be scrolled. */
	gboolean desk = g_str_equal(gtk_widget_get_name(GTK_WIDGET(window_toplevel(window))),
		app_kinds[SEAT_DESK].name);
	window_next_size(window);
	settle(window_toplevel(window));
	check_frame(window, scene);
	if (desk)
		check_width(window, scene);
	if (g_str_equal(scene->state, "check"))
		window_next_contrast(window);
	settle(window_toplevel(window));
}

static void no_text_size_pushes_a_page_out_of_the_screen(void)
{
	everywhere(check_size);
}

static const struct check_case cases[] = {
	{"every control has an id and a name", every_control_has_an_id_and_a_name},
	{"every page has a headline to announce", every_page_has_a_headline_to_announce},
	{"a person in front is shown", a_person_in_front_is_shown},
	{"no widget keeps a person who left", no_widget_keeps_a_person_who_left},
	{"nothing is wider than a small screen", nothing_is_wider_than_a_small_screen},
	{"no text size pushes a page out of the screen",
		no_text_size_pushes_a_page_out_of_the_screen},
};

int main(int argc, char **argv)
{
	struct stage stage;
	g_autoptr(GError) error = NULL;
	const char *folder = getenv("MADOGUCHI_PO"), *logs = getenv("MADOGUCHI_LOGS"),
		   *wm = getenv("MADOGUCHI_WM");
	int result = 2;
	if (!folder || !logs || !wm)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0); /* in step with what is said on stderr */
	g_mkdir_with_parents(logs, 0700);
	lang_init_from(folder);
	if (stage_open(&stage, logs, wm, &error)) {
		g_log_set_always_fatal(
			G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
		gtk_disable_setlocale();
		gtk_init(&argc, &argv);
		style_init();
		result = CHECK_MAIN("pages", cases);
	} else {
		fprintf(stderr, "%s\n", error->message);
	}
	stage_close(&stage);
	return result;
}
