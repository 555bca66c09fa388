/* SPDX-License-Identifier: MIT */
#include "tests/visits/stage.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "tests/visits/folder.h"
#include "tests/visits/wait.h"

#define START_MS 10000
#define END_MS   3000

/* Xvfb looks for a free display and grumbles about each one that is taken. */
#define GRUMBLE "_XSERV"

/* A program that says where it listens by the first whole line of its output. */
struct saying {
	struct proc *proc;
	const char *log;
	char *line;
};

static gboolean has_spoken(gpointer data)
{
	struct saying *s = data;
	g_autofree char *text = NULL;
	if (!g_file_get_contents(s->log, &text, NULL, NULL))
		return !proc_running(s->proc);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint n = g_strv_length(lines), i = 0;
	while (i + 1 < n && g_str_has_prefix(lines[i], GRUMBLE))
		i++;
	if (i + 1 < n)
		s->line = g_strdup(lines[i]);
	return s->line != NULL || !proc_running(s->proc);
}

static char *start_speaking(
	struct proc *p, const char *const *argv, const char *log, GError **error)
{
	struct saying s = {p, log, NULL};
	g_unlink(log);
	if (!proc_start(p, argv, NULL, log, error))
		return NULL;
	wait_until(has_spoken, &s, START_MS);
	if (!s.line)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s did not start, see %s",
			argv[0], log);
	return s.line;
}

static char *log_of(struct stage *s, const char *name)
{
	return g_build_filename(s->logs, name, NULL);
}

static gboolean start_x(struct stage *s, GError **error)
{
	g_autofree char *screen = g_strdup_printf("%dx%dx24", STAGE_WIDTH, STAGE_HEIGHT);
	const char *argv[] = {"Xvfb", "-displayfd", "1", "-screen", "0", screen, "-dpi", "96",
		"-nolisten", "tcp", "-noreset", NULL};
	g_autofree char *log = log_of(s, "xvfb.log");
	g_autofree char *number = start_speaking(&s->x, argv, log, error);
	if (!number)
		return FALSE;
	g_autofree char *display = g_strdup_printf(":%s", number);
	g_setenv("DISPLAY", display, TRUE);
	return TRUE;
}

static gboolean start_bus(struct stage *s, GError **error)
{
	const char *argv[] = {"dbus-daemon", "--session", "--nofork", "--print-address=1", NULL};
	g_autofree char *log = log_of(s, "bus.log");
	g_autofree char *address = start_speaking(&s->bus, argv, log, error);
	if (!address)
		return FALSE;
	g_setenv("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
	return TRUE;
}

static gboolean start_wm(struct stage *s, const char *config, GError **error)
{
	const char *argv[] = {"openbox", "--sm-disable", "--config-file", config, NULL};
	g_autofree char *log = log_of(s, "wm.log");
	return proc_start(&s->wm, argv, NULL, log, error);
}

/* No theme, no settings, no file of the user who runs this. */
static void set_environment(struct stage *s)
{
	static const char *const gone[] = {"WAYLAND_DISPLAY", "XAUTHORITY", "AT_SPI_BUS_ADDRESS",
		"NO_AT_BRIDGE", "GTK_MODULES", "GTK_THEME", "GDK_BACKEND", "GDK_SCALE",
		"GDK_DPI_SCALE", "LANGUAGE", "XDG_SESSION_ID", "DBUS_STARTER_ADDRESS"};
	for (gsize i = 0; i < G_N_ELEMENTS(gone); i++)
		g_unsetenv(gone[i]);
	g_setenv("XDG_RUNTIME_DIR", s->dir, TRUE);
	g_setenv("HOME", s->dir, TRUE);
	g_setenv("XDG_CONFIG_HOME", s->dir, TRUE);
	g_setenv("XDG_CACHE_HOME", s->dir, TRUE);
	g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
	g_setenv("GTK_IM_MODULE", "gtk-im-context-simple", TRUE);
	g_setenv("LC_ALL", "C.UTF-8", TRUE);
}

gboolean stage_open(struct stage *s, const char *logs, const char *wm_config, GError **error)
{
	memset(s, 0, sizeof *s);
	s->logs = g_strdup(logs);
	s->dir = g_dir_make_tmp("visit-XXXXXX", error);
	if (!s->dir)
		return FALSE;
	set_environment(s);
	return start_x(s, error) && start_bus(s, error) && start_wm(s, wm_config, error);
}

void stage_close(struct stage *s)
{
	proc_end(&s->wm, SIGTERM, END_MS);
	proc_end(&s->bus, SIGTERM, END_MS);
	proc_end(&s->x, SIGTERM, END_MS);
	if (s->dir)
		folder_remove(s->dir);
	g_clear_pointer(&s->dir, g_free);
	g_clear_pointer(&s->logs, g_free);
}
