/* SPDX-License-Identifier: MIT
 *
 * card-tray - sample cards on the screen, laid on a virtual reader by mouse or key.
 *
 *   card-tray --socket PATH [--kind KIND] [--cards DIR]
 *   card-tray [--cards DIR] READERS     (the file that pcscd-private writes)
 */
#include <glib-unix.h>
#include <gtk/gtk.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/virtual/tray.h"
#include "tests/virtual/vcard.h"

struct options {
	char *socket, *kind, *cards;
	char **readers_file;
};

static bool parse(int *argc, char ***argv, struct options *o)
{
	const GOptionEntry entries[] = {
		{"socket", 0, 0, G_OPTION_ARG_FILENAME, &o->socket, "Socket of the reader", "PATH"},
		{"kind", 0, 0, G_OPTION_ARG_STRING, &o->kind, "session, direct, acr122 …", "KIND"},
		{"cards", 0, 0, G_OPTION_ARG_FILENAME, &o->cards, "Folder of cards", "DIR"},
		{G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->readers_file, NULL,
			"READERS"},
		{NULL},
	};
	g_autoptr(GError) error = NULL;
	if (!gtk_init_with_args(
		    argc, argv, "- lay sample cards on a virtual reader", entries, NULL, &error)) {
		fprintf(stderr, "card-tray: %s\n", error ? error->message : "no display");
		return false;
	}
	return true;
}

/* One line: kind, tab, socket, tab, name. */
static bool take_line(const char *line, struct tray_reader *ret)
{
	g_auto(GStrv) part = g_strsplit(line, "\t", 3);
	if (g_strv_length(part) != 3 || !reader_kind_parse(part[0], &ret->kind))
		return false;
	ret->socket = g_strdup(part[1]);
	ret->name = g_strdup(part[2]);
	return true;
}

static size_t take_file(const char *path, struct tray_reader *ret)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	size_t n = 0;
	if (!g_file_get_contents(path, &text, NULL, &error)) {
		fprintf(stderr, "card-tray: %s\n", error->message);
		return 0;
	}
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (size_t i = 0; lines[i] && n < TRAY_READERS_MAX; i++)
		n += take_line(lines[i], &ret[n]);
	return n;
}

static size_t take_readers(const struct options *o, struct tray_reader *ret)
{
	if (o->readers_file && o->readers_file[0])
		return take_file(o->readers_file[0], ret);
	if (!o->socket || (o->kind && !reader_kind_parse(o->kind, &ret[0].kind)))
		return 0;
	ret[0].socket = g_strdup(o->socket);
	ret[0].name = g_strdup(o->socket);
	return 1;
}

static gboolean on_signal(gpointer data)
{
	gtk_main_quit();
	return G_SOURCE_REMOVE;
}

static int show(const struct tray_reader *readers, size_t n, const char *dir)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) cards = vcard_load_all(dir, &error);
	struct tray *tray = cards ? tray_new(readers, n, cards) : NULL;
	if (!tray) {
		fprintf(stderr, "card-tray: %s\n", error ? error->message : "no reader");
		return 1;
	}
	g_signal_connect(tray_window(tray), "destroy", G_CALLBACK(gtk_main_quit), NULL);
	g_unix_signal_add(SIGTERM, on_signal, NULL);
	g_unix_signal_add(SIGINT, on_signal, NULL);
	gtk_widget_show_all(GTK_WIDGET(tray_window(tray)));
	gtk_main();
	tray_free(tray);
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = {0};
	struct tray_reader readers[TRAY_READERS_MAX] = {0};
	int code = 2;
	if (parse(&argc, &argv, &o)) {
		size_t n = take_readers(&o, readers);
		if (n > 0)
			code = show(readers, n, o.cards ? o.cards : VCARD_DIR);
		else
			fprintf(stderr, "usage: card-tray --socket PATH | READERS\n");
	}
	for (size_t i = 0; i < TRAY_READERS_MAX; i++) {
		g_free(readers[i].socket);
		g_free(readers[i].name);
	}
	g_free(o.socket);
	g_free(o.kind);
	g_free(o.cards);
	g_strfreev(o.readers_file);
	return code;
}
