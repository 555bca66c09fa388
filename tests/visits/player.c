/* SPDX-License-Identifier: MIT
 *
 * player.c - visit-player: play one scripted visit through the real windows.
 *
 *	visit-player --source DIR --build DIR --out DIR NAME | --list
 *
 * Prints one JSON object as its last line. Exit code 0: the visit ended as its script says
 * and nothing was left running; 1: it did not; 2: wrong usage or script.
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/visits/acts.h"
#include "tests/visits/play.h"
#include "tests/visits/screens.h"
#include "tests/visits/wait.h"

#define EXIT_WRONG 2

struct options {
	char *source, *build, *out;
	gboolean list;
	char **names;
};

static gboolean parse(struct options *o, int *argc, char ***argv, GError **error)
{
	const GOptionEntry entries[] = {
		{"source", 0, 0, G_OPTION_ARG_FILENAME, &o->source, "The source folder", "DIR"},
		{"build", 0, 0, G_OPTION_ARG_FILENAME, &o->build, "The build folder", "DIR"},
		{"out", 0, 0, G_OPTION_ARG_FILENAME, &o->out, "Folder of the visits' files", "DIR"},
		{"list", 0, 0, G_OPTION_ARG_NONE, &o->list, "List the visits", NULL},
		{G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->names, "", NULL}, {NULL}};
	g_autoptr(GOptionContext) context = g_option_context_new("NAME - play a scripted visit");
	g_option_context_add_main_entries(context, entries, NULL);
	return g_option_context_parse(context, argc, argv, error);
}

static char *script_path(const struct options *o, const char *name)
{
	g_autofree char *file = g_strconcat(name, ".visit", NULL);
	return g_build_filename(o->source, "tests", "visits", "scripts", file, NULL);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *script_names(const struct options *o)
{
	g_autofree char *folder = g_build_filename(o->source, "tests", "visits", "scripts", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	for (const char *file; dir && (file = g_dir_read_name(dir));)
		if (g_str_has_suffix(file, ".visit"))
			g_ptr_array_add(names, g_strndup(file, strlen(file) - strlen(".visit")));
	g_ptr_array_sort(names, compare_names);
	return names;
}

/* Every script is read: a broken one is found here, not at its turn. */
static int list(const struct options *o)
{
	g_autoptr(GPtrArray) names = script_names(o);
	int status = names->len > 0 ? EXIT_SUCCESS : EXIT_WRONG;
	for (guint i = 0; i < names->len; i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *path = script_path(o, names->pdata[i]);
		struct script *script = script_load(path, acts_words(), &error);
		if (script) {
			printf("%-22s %s\n", (char *)names->pdata[i],
				script->about ? script->about : "");
		} else {
			fprintf(stderr, "%s\n", error->message);
			status = EXIT_WRONG;
		}
		script_free(script);
	}
	return status;
}

static gboolean perform(struct play *p, const struct script *script, GError **error)
{
	for (guint i = 0; i < script->lines->len; i++) {
		const struct script_line *line = script->lines->pdata[i];
		if (acts_play(p, line, error))
			continue;
		g_prefix_error(error, "%s:%u: %s: ", script->path, line->number, line->word->word);
		return FALSE;
	}
	return TRUE;
}

static gboolean play_through(struct play *p, const struct script *script, GError **error)
{
	if (!play_open(p, script, error) || !play_configure(p, script, error) ||
		!play_prepare(p, error) || !play_start_service(p, error) ||
		!play_start_screens(p, error))
		return FALSE;
	p->report->began_us = g_get_monotonic_time();
	return perform(p, script, error);
}

static void explain_end(struct proc *proc)
{
	if (!*proc->name || proc_running(proc))
		return;
	if (WIFSIGNALED(proc->status))
		fprintf(stderr, "%s was ended by signal %d\n", proc->name, WTERMSIG(proc->status));
	else
		fprintf(stderr, "%s ended with %d\n", proc->name, WEXITSTATUS(proc->status));
}

/* What the windows looked like when it went wrong, as picture and as text. */
static void explain(struct play *p)
{
	explain_end(&p->service);
	explain_end(&p->screens);
	if (!p->screens_found || !p->display)
		return;
	g_autofree char *tree = screens_tree();
	g_autofree char *text = g_build_filename(p->dir, "failed.txt", NULL);
	g_autofree char *stem = g_build_filename(p->dir, "failed", NULL);
	g_file_set_contents(text, tree, -1, NULL);
	picture_take(p->display, stem, NULL);
	fprintf(stderr, "see %s and %s-*.png\n", text, stem);
}

static int play(const struct options *o, const char *name, struct script *script)
{
	g_autoptr(GError) error = NULL;
	struct play p = {.source = o->source, .build = o->build};
	p.dir = g_build_filename(o->out, name, NULL);
	p.report = report_new(name);
	gboolean ok = play_through(&p, script, &error);
	if (!ok) {
		fprintf(stderr, "%s\n", error->message);
		explain(&p);
	}
	g_autofree char *json = report_json(p.report);
	g_autofree char *left = play_close(&p);
	if (left)
		fprintf(stderr, "left running: %s\n", left);
	report_free(p.report);
	g_free(p.dir);
	printf("%s\n", json);
	return ok && !left ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int play_named(const struct options *o, const char *name)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = script_path(o, name);
	struct script *script = script_load(path, acts_words(), &error);
	if (!script) {
		fprintf(stderr, "%s\n", error->message);
		return EXIT_WRONG;
	}
	proc_own_orphans();
	wait_end_on_signals();
	int status = play(o, name, script);
	script_free(script);
	return status;
}

static void options_clear(struct options *o)
{
	g_free(o->source);
	g_free(o->build);
	g_free(o->out);
	g_strfreev(o->names);
}

int main(int argc, char **argv)
{
	struct options o = {NULL};
	g_autoptr(GError) error = NULL;
	int status = EXIT_WRONG;
	if (!parse(&o, &argc, &argv, &error))
		fprintf(stderr, "visit-player: %s\n", error->message);
	else if (!o.source || (!o.list && (!o.build || !o.out || g_strv_length(o.names) != 1)))
		fprintf(stderr, "visit-player: --source, --build, --out and one NAME, or --list\n");
	else
		status = o.list ? list(&o) : play_named(&o, o.names[0]);
	options_clear(&o);
	return status;
}
