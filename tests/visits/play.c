/* SPDX-License-Identifier: MIT */
#include "tests/visits/play.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "tests/visits/folder.h"
#include "tests/visits/pages.h"
#include "tests/visits/screens.h"
#include "tests/visits/setting.h"
#include "tests/visits/wait.h"

#define START_MS 15000
#define END_MS   5000
#define GONE_MS  5000

static char *program(const struct play *p, const char *path)
{
	return g_build_filename(p->build, path, NULL);
}

static char *in_dir(const struct play *p, const char *name)
{
	return g_build_filename(p->dir, name, NULL);
}

static void on_state(const char *state, gpointer data)
{
	struct play *p = data;
	report_look(p->report, p->view);
}

static gboolean start_stage(struct play *p, GError **error)
{
	g_autofree char *wm = g_build_filename(p->source, "tests", "visits", "openbox.xml", NULL);
	return stage_open(&p->stage, p->dir, wm, error);
}

static gboolean start_readers(struct play *p, const struct script *script, GError **error)
{
	g_auto(GStrv) kinds = setting_readers(script);
	g_autofree char *log = in_dir(p, "pcscd.log");
	const struct cards_at at = {
		p->source, p->build, p->stage.dir, log, (const char *const *)kinds};
	p->cards = cards_open(&at, error);
	return p->cards != NULL;
}

gboolean play_open(struct play *p, const struct script *script, GError **error)
{
	if (!folder_make_anew(p->dir, error) || !start_stage(p, error))
		return FALSE;
	p->data = in_dir(p, "data");
	p->incidents = in_dir(p, "data/incidents");
	p->config = in_dir(p, "madoguchi.conf");
	p->socket = g_build_filename(p->stage.dir, "counter.sock", NULL);
	if (!folder_make(p->data, error) || !folder_make(p->incidents, error))
		return FALSE;
	p->view = view_new(p->socket, on_state, p);
	p->display = picture_open(error);
	return p->display && start_readers(p, script, error);
}

gboolean play_configure(struct play *p, const struct script *script, GError **error)
{
	const struct setting_at at = {p->source, p->dir, p->data, p->socket, p->config};
	return setting_write(script, &at, error);
}

gboolean play_prepare(struct play *p, GError **error)
{
	g_autofree char *script = g_build_filename(p->source, "kiosk", "prepare", NULL);
	const char *argv[] = {"bash", script, p->build, p->data, p->config, NULL};
	return proc_run(argv, NULL, NULL, error);
}

static gboolean answers(gpointer data)
{
	struct play *p = data;
	return view_refresh(p->view) || !proc_running(&p->service);
}

gboolean play_start_service(struct play *p, GError **error)
{
	g_autofree char *exe = program(p, "kiosk/madoguchid");
	g_autofree char *log = in_dir(p, "madoguchid.log");
	const char *argv[] = {exe, "--config", p->config, "--data", p->data, NULL};
	if (!proc_start(&p->service, argv, NULL, log, error))
		return FALSE;
	wait_until(answers, p, START_MS);
	if (view_refresh(p->view))
		return TRUE;
	g_set_error(
		error, G_IO_ERROR, G_IO_ERROR_FAILED, "the service does not answer, see %s", log);
	return FALSE;
}

static gboolean has_windows(gpointer data)
{
	struct play *p = data;
	return screens_ready() || !proc_running(&p->screens);
}

gboolean play_start_screens(struct play *p, GError **error)
{
	g_autofree char *exe = program(p, "ui/madoguchi");
	g_autofree char *log = in_dir(p, "madoguchi.log");
	const char *argv[] = {exe, "--socket", p->socket, "--windowed", NULL};
	if (!proc_start(&p->screens, argv, NULL, log, error))
		return FALSE;
	if (!p->screens_found && !(p->screens_found = screens_connect(error)))
		return FALSE;
	wait_until(has_windows, p, START_MS);
	if (screens_ready())
		return TRUE;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no two windows, see %s", log);
	return FALSE;
}

/* The state may go on while the windows follow it. */
static gboolean shows_state(gpointer data)
{
	struct play *p = data;
	return view_refresh(p->view) && pages_shown(p->report->state);
}

gboolean play_picture(struct play *p, GError **error)
{
	if (!p->report->state || g_strcmp0(p->pictured, p->report->state) == 0)
		return TRUE;
	if (!wait_until(shows_state, p, PLAY_WAIT_MS)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
			"the windows do not show the state %s", p->report->state);
		return FALSE;
	}
	report_shown(p->report);
	g_free(p->pictured);
	p->pictured = g_strdup(p->report->state);
	return play_look(p, p->pictured, error);
}

gboolean play_look(struct play *p, const char *what, GError **error)
{
	g_autofree char *name = g_strdup_printf("%02u-%s", ++p->pictures, what);
	g_autofree char *stem = in_dir(p, name);
	return picture_take(p->display, stem, error);
}

static void note_late(GString *late, struct proc *proc)
{
	if (!proc_end(proc, SIGTERM, END_MS))
		g_string_append_printf(late, "%s%s", late->len ? ", " : "", proc->name);
}

char *play_close(struct play *p)
{
	GString *late = g_string_new(NULL);
	note_late(late, &p->screens);
	note_late(late, &p->service);
	p->view = view_free(p->view);
	p->cards = cards_close(p->cards);
	p->display = picture_close(p->display);
	if (p->screens_found)
		screens_disconnect();
	stage_close(&p->stage);
	g_autofree char *left = proc_leftovers(GONE_MS);
	if (left)
		g_string_append_printf(late, "%s%s", late->len ? ", " : "", left);
	g_free(p->pictured);
	g_free(p->data);
	g_free(p->socket);
	g_free(p->incidents);
	g_free(p->config);
	return g_string_free(late, late->len == 0);
}
