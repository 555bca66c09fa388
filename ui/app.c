/* SPDX-License-Identifier: MIT */
#include "ui/app.h"

#include "ui/client.h"
#include "ui/desk.h"
#include "ui/holder.h"
#include "ui/lang.h"
#include "ui/style.h"
#include "ui/view.h"
#include "ui/window.h"

#define WINDOWED_WIDTH  1280
#define WINDOWED_HEIGHT 1024
#define BESIDE_WIDTH    1500 /* from here on there is room for both windows side by side */

struct app {
	struct client *client;
	struct window *windows[SEAT_COUNT];
	gulong resized; /* signal of the screen while windowed; 0 none */
};

const struct window_kind app_kinds[SEAT_COUNT] = {
	[SEAT_DESK] =
		{
			.name = "desk",
			/* TRANSLATORS: title of the clerk's window */
			.title = N_("Counter: clerk"),
			.em_mm = 5.0,
			.pages = desk_pages,
			.head = {desk_head_build, desk_head_show},
			.foot = {desk_foot_build, desk_foot_show},
		},
	[SEAT_HOLDER] =
		{
			.name = "holder",
			/* TRANSLATORS: title of the window that faces the student or staff member
			 */
			.title = N_("Counter: visitor"),
			.em_mm = 7.2,
			.pages = holder_pages,
			.head = {holder_head_build, holder_head_show},
			.over = {holder_idle_build, holder_idle_show},
		},
};

/* What the windows are shown while nobody is behind the door. */
static GVariant *offline_view(void)
{
	GVariantDict view;
	g_variant_dict_init(&view, NULL);
	g_variant_dict_insert(&view, "state", "s", "offline");
	return g_variant_ref_sink(g_variant_dict_end(&view));
}

static void on_view(enum client_view which, GVariant *view, gpointer data)
{
	struct app *app = data;
	g_autoptr(GVariant) instead = view                     ? NULL
				      : which == CLIENT_HEALTH ? view_blank()
							       : offline_view();
	GVariant *now = view ? view : instead;
	switch (which) {
	case CLIENT_DESK:
		window_set_view(app->windows[SEAT_DESK], now);
		break;
	case CLIENT_HOLDER:
		window_set_view(app->windows[SEAT_HOLDER], now);
		break;
	case CLIENT_HEALTH:
		for (int i = 0; i < SEAT_COUNT; i++)
			window_set_health(app->windows[i], now);
		break;
	case CLIENT_VIEW_COUNT:
		break;
	}
}

static gboolean is_a_hand(const GdkEvent *event)
{
	GdkEventType type = event->any.type;
	return type == GDK_KEY_PRESS || type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN ||
	       type == GDK_SCROLL;
}

/* Every event of the program passes here before a widget sees it. */
static void on_event(GdkEvent *event, gpointer data)
{
	struct app *app = data;
	GdkWindow *at = event->any.window && is_a_hand(event)
				? gdk_window_get_toplevel(event->any.window)
				: NULL;
	for (int i = 0; at && i < SEAT_COUNT; i++)
		if (gtk_widget_get_window(GTK_WIDGET(window_toplevel(app->windows[i]))) == at)
			client_touch(app->client, app_kinds[i].name);
	gtk_main_do_event(event);
}

static void on_event_after(GdkEvent *event, gpointer data)
{
	gtk_main_do_event(event);
}

static gboolean on_delete(GtkWidget *toplevel, GdkEvent *event, gpointer data)
{
	gtk_main_quit();
	return GDK_EVENT_STOP;
}

static void place_windowed(struct app *app)
{
	GdkRectangle at;
	GdkMonitor *monitor = gdk_display_get_monitor(gdk_display_get_default(), 0);
	gdk_monitor_get_workarea(monitor, &at);
	if (at.width <= 0 || at.height <= 0)
		return; /* a served display has no size before a browser opens it */
	gboolean beside = at.width >= BESIDE_WIDTH;
	int width = MIN(WINDOWED_WIDTH, beside ? at.width / 2 : at.width);
	for (int i = 0; i < SEAT_COUNT; i++) {
		GtkWindow *w = window_toplevel(app->windows[i]);
		gtk_window_resize(w, width, MIN(WINDOWED_HEIGHT, at.height));
		gtk_window_move(w, at.x + (beside ? i * width : 0), at.y);
	}
}

/* A browser that opens a served display brings its size along. */
static void on_size_changed(GdkScreen *screen, gpointer data)
{
	place_windowed(data);
}

static void start_windowed(struct app *app)
{
	place_windowed(app);
	app->resized = g_signal_connect(
		gdk_screen_get_default(), "size-changed", G_CALLBACK(on_size_changed), app);
}

static void place_fullscreen(struct app *app)
{
	GdkScreen *screen = gdk_screen_get_default();
	int n = gdk_display_get_n_monitors(gdk_display_get_default());
	for (int i = 0; i < SEAT_COUNT; i++)
		gtk_window_fullscreen_on_monitor(
			window_toplevel(app->windows[i]), screen, MIN(i, n - 1));
}

struct app *app_new(const char *socket, enum app_place place)
{
	struct app *app = g_new0(struct app, 1);
	g_autoptr(GVariant) offline = offline_view();
	gboolean two = gdk_display_get_n_monitors(gdk_display_get_default()) >= SEAT_COUNT;
	style_init();
	app->client = client_new(socket, on_view, app);
	for (int i = 0; i < SEAT_COUNT; i++) {
		app->windows[i] = window_new(&app_kinds[i], app->client);
		window_set_view(app->windows[i], offline);
		g_signal_connect(window_toplevel(app->windows[i]), "delete-event",
			G_CALLBACK(on_delete), app);
	}
	window_set_heir(app->windows[SEAT_HOLDER], app->windows[SEAT_DESK]);
	/* The desk gets the keyboard, however the windows' appearances overtake each other. */
	gtk_window_set_focus_on_map(window_toplevel(app->windows[SEAT_HOLDER]), FALSE);
	if (place == APP_PLACE_FULLSCREEN || (place == APP_PLACE_AUTO && two))
		place_fullscreen(app);
	else
		start_windowed(app);
	gdk_event_handler_set(on_event, app, NULL);
	for (int i = SEAT_COUNT; i-- > 0;)
		gtk_widget_show(GTK_WIDGET(window_toplevel(app->windows[i])));
	gtk_window_present(window_toplevel(app->windows[SEAT_DESK]));
	return app;
}

struct app *app_free(struct app *app)
{
	if (!app)
		return NULL;
	gdk_event_handler_set(on_event_after, NULL, NULL);
	g_clear_signal_handler(&app->resized, gdk_screen_get_default());
	for (int i = 0; i < SEAT_COUNT; i++)
		app->windows[i] = window_free(app->windows[i]);
	app->client = client_free(app->client);
	g_free(app);
	return NULL;
}
