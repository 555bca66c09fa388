/* SPDX-License-Identifier: MIT */
#include "tests/screens/front.h"

#include <atspi/atspi.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "tests/visits/pages.h"
#include "tests/visits/screens.h"
#include "tests/visits/wait.h"

#define END_MS  5000
#define GONE_MS 5000

static gboolean complain(const GError *error)
{
	fprintf(stderr, "front: %s\n", error->message);
	return FALSE;
}

gboolean front_open(struct front *f)
{
	g_autoptr(GError) error = NULL;
	const char *logs = g_getenv("MADOGUCHI_LOGS");
	*f = (struct front){0};
	proc_own_orphans();
	g_mkdir_with_parents(logs, 0700);
	f->log = g_build_filename(logs, "madoguchi.log", NULL);
	g_unlink(f->log);
	return stage_open(&f->stage, logs, g_getenv("MADOGUCHI_WM"), &error) || complain(error);
}

gboolean front_start(struct front *f, const char *socket)
{
	g_autoptr(GError) error = NULL;
	const char *argv[] = {
		g_getenv("MADOGUCHI_SCREENS"), "--socket", socket, "--windowed", NULL};
	g_auto(GStrv) env = g_environ_setenv(g_get_environ(), "G_DEBUG", "fatal-warnings", TRUE);
	if (!proc_start(&f->screens, argv, (const char *const *)env, f->log, &error))
		return complain(error);
	/* The first window brings the accessibility bus. */
	if (!f->connected && !screens_connect(&error))
		return complain(error);
	f->connected = TRUE;
	return TRUE;
}

/* The bus may still name a program that was killed: whose windows are there? */
static gboolean is_on_bus(GPid pid)
{
	AtspiAccessible *desktop = atspi_get_desktop(0);
	int n = atspi_accessible_get_child_count(desktop, NULL);
	gboolean found = FALSE, other = FALSE;
	for (int i = 0; i < n; i++) {
		AtspiAccessible *app = atspi_accessible_get_child_at_index(desktop, i, NULL);
		GPid whose = app ? (GPid)atspi_accessible_get_process_id(app, NULL) : 0;
		found = found || whose == pid;
		other = other || whose != pid;
		g_clear_object(&app);
	}
	g_object_unref(desktop);
	return found && !other;
}

struct wanted {
	struct front *front;
	const char *state;
};

static gboolean is_shown(gpointer data)
{
	const struct wanted *w = data;
	return is_on_bus(w->front->screens.pid) && screens_ready() && pages_shown(w->state);
}

gboolean front_shows(struct front *f, const char *state, guint deadline_ms)
{
	struct wanted w = {f, state};
	if (wait_until(is_shown, &w, deadline_ms))
		return TRUE;
	g_autofree char *tree = screens_tree();
	fprintf(stderr, "front: the windows do not show %s, but:\n%s", state, tree);
	return FALSE;
}

gboolean front_kill(struct front *f)
{
	return proc_running(&f->screens) && proc_end(&f->screens, SIGKILL, END_MS);
}

static gboolean is_silent(const struct front *f)
{
	g_autofree char *text = NULL;
	if (!g_file_get_contents(f->log, &text, NULL, NULL) || !*text)
		return TRUE;
	fprintf(stderr, "front: the screens printed:\n%s", text);
	return FALSE;
}

gboolean front_stop(struct front *f)
{
	gboolean lived = proc_running(&f->screens);
	gboolean ended = proc_end(&f->screens, SIGTERM, END_MS);
	gboolean well = WIFEXITED(f->screens.status) && WEXITSTATUS(f->screens.status) == 0;
	if (!lived || !ended || !well)
		fprintf(stderr, "front: the screens %s, status %x\n",
			lived ? "did not end well" : "were gone", (unsigned)f->screens.status);
	return is_silent(f) && lived && ended && well;
}

gboolean front_close(struct front *f)
{
	proc_end(&f->screens, SIGKILL, END_MS);
	if (f->connected)
		screens_disconnect();
	stage_close(&f->stage);
	g_autofree char *left = proc_leftovers(GONE_MS);
	if (left)
		fprintf(stderr, "front: left running: %s\n", left);
	g_free(f->log);
	return left == NULL;
}
