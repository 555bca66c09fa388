/* SPDX-License-Identifier: MIT
 *
 * madoguchi - the screens of the counter: the clerk's window and the holder's.
 */
#include <glib-unix.h>
#include <gtk/gtk.h>
#include <stdio.h>

#include "kiosk/zero_free.h"
#include "ui/app.h"
#include "ui/lang.h"

#define DEFAULT_SOCKET "/run/madoguchi/counter.sock"

struct options {
	char *socket;
	gboolean windowed, fullscreen;
};

static gboolean parse(struct options *o, int *argc, char ***argv, GError **error)
{
	const GOptionEntry entries[] = {
		{"socket", 0, 0, G_OPTION_ARG_FILENAME, &o->socket, "The counter's socket", "PATH"},
		{"windowed", 0, 0, G_OPTION_ARG_NONE, &o->windowed, "Two ordinary windows", NULL},
		{"fullscreen", 0, 0, G_OPTION_ARG_NONE, &o->fullscreen,
			"Fill the monitors, even a single one", NULL},
		{NULL}};
	g_autoptr(GOptionContext) context = g_option_context_new("- screens of the counter");
	g_option_context_add_main_entries(context, entries, NULL);
	return g_option_context_parse(context, argc, argv, error);
}

static gboolean on_stop(gpointer data)
{
	gtk_main_quit();
	return G_SOURCE_REMOVE;
}

int main(int argc, char **argv)
{
	struct options o = {NULL};
	g_autoptr(GError) error = NULL;
	zero_free_begin(argv);
	lang_init();
	gtk_disable_setlocale();
	if (!parse(&o, &argc, &argv, &error)) {
		fprintf(stderr, "madoguchi: %s\n", error->message);
		return 2;
	}
	if (!gtk_init_check(&argc, &argv)) {
		fprintf(stderr, "madoguchi: no display (DISPLAY or WAYLAND_DISPLAY is not set, or "
				"refuses)\n");
		return 1;
	}
	g_unix_signal_add(SIGTERM, on_stop, NULL);
	g_unix_signal_add(SIGINT, on_stop, NULL);
	struct app *app =
		app_new(o.socket ? o.socket : DEFAULT_SOCKET, o.windowed     ? APP_PLACE_WINDOWED
							      : o.fullscreen ? APP_PLACE_FULLSCREEN
									     : APP_PLACE_AUTO);
	gtk_main();
	app_free(app);
	g_free(o.socket);
	return 0;
}
