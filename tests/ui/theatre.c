/* SPDX-License-Identifier: MIT */
#include "tests/ui/theatre.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/visits/screens.h"
#include "tests/visits/wait.h"

#define WAIT_MS 8000
#define END_MS  5000

/* --- the counter --- */

static void read_on(struct theatre *t);

static void on_line(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GError) error = NULL;
	char *line = g_data_input_stream_read_line_finish(
		G_DATA_INPUT_STREAM(source), result, NULL, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !line)
		return;
	struct theatre *t = data;
	char name[64];
	if (sscanf(line, "scene %63s %" G_GUINT64_FORMAT " %u", name, &t->visit, &t->step) == 0)
		memset(name, 0, sizeof name);
	g_ptr_array_add(t->lines, line);
	read_on(t);
}

static void read_on(struct theatre *t)
{
	g_data_input_stream_read_line_async(
		t->from_fake, G_PRIORITY_DEFAULT, t->reading, on_line, t);
}

gboolean theatre_start_fake(struct theatre *t, const char *scene)
{
	g_autoptr(GError) error = NULL;
	t->fake = g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
		&error, t->fake_exe, t->socket, scene, NULL);
	if (!t->fake) {
		fprintf(stderr, "%s\n", error->message);
		return FALSE;
	}
	theatre_forget_lines(t);
	t->from_fake = g_data_input_stream_new(g_subprocess_get_stdout_pipe(t->fake));
	t->reading = g_cancellable_new();
	read_on(t);
	return theatre_hears(t, "ready");
}

void theatre_kill_fake(struct theatre *t)
{
	if (!t->fake)
		return;
	g_cancellable_cancel(t->reading);
	wait_drain();
	g_subprocess_force_exit(t->fake);
	g_subprocess_wait(t->fake, NULL, NULL);
	g_clear_object(&t->from_fake);
	g_clear_object(&t->reading);
	g_clear_object(&t->fake);
}

static void tell(struct theatre *t, const char *command, const char *argument)
{
	g_autofree char *line = g_strdup_printf("%s %s\n", command, argument);
	GOutputStream *to = g_subprocess_get_stdin_pipe(t->fake);
	g_output_stream_write_all(to, line, strlen(line), NULL, NULL, NULL);
	g_output_stream_flush(to, NULL, NULL);
}

/* --- waiting --- */

struct expectation {
	struct theatre *t;
	const char *text;
};

guint theatre_count(struct theatre *t, const char *beginning)
{
	guint n = 0;
	for (guint i = 0; i < t->lines->len; i++)
		n += g_str_has_prefix(g_ptr_array_index(t->lines, i), beginning);
	return n;
}

void theatre_forget_lines(struct theatre *t)
{
	g_ptr_array_set_size(t->lines, 0);
}

static gboolean is_heard(gpointer data)
{
	struct expectation *e = data;
	return theatre_count(e->t, e->text) > 0;
}

static void tell_lines(struct theatre *t, const char *missing)
{
	fprintf(stderr, "not heard: %s; but:\n", missing);
	for (guint i = 0; i < t->lines->len; i++)
		fprintf(stderr, "  %s\n", (char *)g_ptr_array_index(t->lines, i));
}

gboolean theatre_hears(struct theatre *t, const char *beginning)
{
	struct expectation e = {t, beginning};
	gboolean heard = wait_until(is_heard, &e, WAIT_MS);
	if (!heard)
		tell_lines(t, beginning);
	return heard;
}

gboolean theatre_intent(struct theatre *t, const char *intent, const char *args)
{
	g_autofree char *line = g_strdup_printf("intent %s (%" G_GUINT64_FORMAT ", %u%s%s)", intent,
		t->visit, t->step, *args ? ", " : "", args);
	return theatre_hears(t, line);
}

static gboolean is_seen(gpointer data)
{
	return screens_shows(((struct expectation *)data)->text);
}

static gboolean is_usable(gpointer data)
{
	return screens_usable(((struct expectation *)data)->text);
}

static gboolean until(struct theatre *t, wait_condition holds, const char *id)
{
	struct expectation e = {t, id};
	if (wait_until(holds, &e, WAIT_MS))
		return TRUE;
	g_autofree char *tree = screens_tree();
	fprintf(stderr, "not there: %s; but:\n%s", id, tree);
	return FALSE;
}

gboolean theatre_sees(struct theatre *t, const char *id)
{
	return until(t, is_seen, id);
}

gboolean theatre_usable(struct theatre *t, const char *id)
{
	return until(t, is_usable, id);
}

gboolean theatre_scene(struct theatre *t, const char *scene, const char *desk_page)
{
	g_autofree char *said = g_strdup_printf("scene %s ", scene);
	theatre_forget_lines(t);
	tell(t, "scene", scene);
	if (!theatre_hears(t, said))
		return FALSE;
	g_autofree char *desk = g_strdup_printf("served desk %s %u", scene, t->step);
	g_autofree char *holder = g_strdup_printf("served holder %s %u", scene, t->step);
	return theatre_hears(t, desk) && theatre_hears(t, holder) && theatre_sees(t, desk_page);
}

void theatre_keys(struct theatre *t, const char *first, ...)
{
	va_list rest;
	va_start(rest, first);
	for (const char *key = first; key; key = va_arg(rest, const char *))
		if (!screens_key(key))
			fprintf(stderr, "no key %s\n", key);
	va_end(rest);
}

/* --- life --- */

static gboolean both_windows(gpointer data)
{
	return screens_ready();
}

static gboolean start_screens(struct theatre *t, GError **error)
{
	const char *argv[] = {t->screens_exe, "--socket", t->socket, "--windowed", NULL};
	g_setenv("G_DEBUG", "fatal-warnings", TRUE);
	if (!proc_start(&t->screens, argv, NULL, t->log, error) || !screens_connect(error))
		return FALSE;
	if (wait_until(both_windows, NULL, WAIT_MS))
		return TRUE;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no windows, see %s", t->log);
	return FALSE;
}

gboolean theatre_open(struct theatre *t)
{
	g_autoptr(GError) error = NULL;
	const char *logs = getenv("MADOGUCHI_LOGS"), *wm = getenv("MADOGUCHI_WM");
	t->screens_exe = g_strdup(getenv("MADOGUCHI_SCREENS"));
	t->fake_exe = g_strdup(getenv("MADOGUCHI_FAKE"));
	t->lines = g_ptr_array_new_with_free_func(g_free);
	if (!logs || !wm || !t->screens_exe || !t->fake_exe)
		return FALSE;
	g_mkdir_with_parents(logs, 0700);
	t->log = g_build_filename(logs, "screens.log", NULL);
	g_unlink(t->log);
	if (stage_open(&t->stage, logs, wm, &error)) {
		t->socket = g_build_filename(t->stage.dir, "counter.sock", NULL);
		if (theatre_start_fake(t, "welcome") && start_screens(t, &error))
			return TRUE;
	}
	fprintf(stderr, "%s\n", error ? error->message : "the theatre stays closed");
	return FALSE;
}

/* libatspi's children of the accessibility bus speak as well; only ours counts. */
static gboolean is_clean(const char *log)
{
	g_autofree char *text = NULL;
	if (!g_file_get_contents(log, &text, NULL, NULL))
		return TRUE;
	if (!strstr(text, "(madoguchi:"))
		return TRUE;
	fprintf(stderr, "%s\n", text);
	return FALSE;
}

gboolean theatre_close(struct theatre *t)
{
	gboolean lives = proc_running(&t->screens);
	if (!lives)
		fprintf(stderr, "the screens ended by themselves: status %d\n", t->screens.status);
	screens_disconnect();
	proc_end(&t->screens, SIGTERM, END_MS);
	theatre_kill_fake(t);
	stage_close(&t->stage);
	gboolean clean = t->log && is_clean(t->log);
	g_clear_pointer(&t->lines, g_ptr_array_unref);
	g_free(t->socket);
	g_free(t->screens_exe);
	g_free(t->fake_exe);
	g_free(t->log);
	return lives && clean;
}
