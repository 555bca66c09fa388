/* SPDX-License-Identifier: MIT */
#include "tests/directory/desk.h"

#include <glib/gstdio.h>
#include <stdarg.h>
#include <stdlib.h>

#include "tests/check.h"

#define WAIT_US   (10 * G_TIME_SPAN_SECOND)
#define WORDS_MAX 32

void desk_make(struct desk *d)
{
	g_autoptr(GError) error = NULL;
	*d = (struct desk){0};
	d->path = g_dir_make_tmp("madoguchi-desk-XXXXXX", &error);
	g_assert_no_error(error);
}

void desk_furnish(struct desk *d)
{
	desk_make(d);
	CHECK_INT(desk_ctl(d, NULL, "key", "create", NULL), 0);
	CHECK_INT(desk_ctl(d, NULL, "directory", "import", SAMPLE_CSV, NULL), 0);
}

static void stop(struct desk *d)
{
	if (!d->service)
		return;
	g_subprocess_send_signal(d->service, SIGTERM);
	g_subprocess_wait(d->service, NULL, NULL);
	g_clear_object(&d->service);
}

static void remove_below(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *below = g_build_filename(path, name, NULL);
		if (g_file_test(below, G_FILE_TEST_IS_DIR))
			remove_below(below);
		g_unlink(below);
	}
	g_rmdir(path);
}

void desk_remove(struct desk *d)
{
	stop(d);
	remove_below(d->path);
	g_free(d->path);
	g_free(d->out);
	g_free(d->err);
}

char *desk_file(const struct desk *d, const char *name)
{
	return g_build_filename(d->path, name, NULL);
}

/* Away from a pcscd of this machine, unless the test brought its own. */
static GSubprocessLauncher *launcher(GSubprocessFlags flags)
{
	GSubprocessLauncher *launcher = g_subprocess_launcher_new(flags);
	g_subprocess_launcher_setenv(launcher, "PCSCLITE_CSOCK_NAME", "/nonexistent",
		g_getenv("PCSCLITE_CSOCK_NAME") == NULL);
	g_subprocess_launcher_setenv(launcher, "LC_ALL", "C.UTF-8", TRUE);
	g_subprocess_launcher_setenv(launcher, "TZ", "Asia/Tokyo", TRUE);
	return launcher;
}

int desk_spawn(struct desk *d, const char *input, const char *const *argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GSubprocessLauncher) l =
		launcher(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
			 G_SUBPROCESS_FLAGS_STDERR_PIPE);
	g_clear_pointer(&d->out, g_free);
	g_clear_pointer(&d->err, g_free);
	g_autoptr(GSubprocess) child = g_subprocess_launcher_spawnv(l, argv, &error);
	g_assert_no_error(error);
	/* A program that ends before it read its input is none of our business. */
	g_subprocess_communicate_utf8(child, input ? input : "", NULL, &d->out, &d->err, NULL);
	g_subprocess_wait(child, NULL, NULL);
	d->status = g_subprocess_get_if_exited(child) ? g_subprocess_get_exit_status(child) : -1;
	d->out = d->out ? d->out : g_strdup("");
	d->err = d->err ? d->err : g_strdup("");
	return d->status;
}

static int run_words(struct desk *d, const char *input, gboolean data, va_list words)
{
	const char *argv[WORDS_MAX] = {g_getenv("MADOGUCHICTL")};
	gsize n = 1;
	if (data) {
		argv[n++] = "--data";
		argv[n++] = d->path;
	}
	while ((argv[n] = va_arg(words, const char *)))
		g_assert(++n < WORDS_MAX);
	return desk_spawn(d, input, argv);
}

int desk_run(struct desk *d, const char *input, ...)
{
	va_list words;
	va_start(words, input);
	int status = run_words(d, input, FALSE, words);
	va_end(words);
	return status;
}

int desk_ctl(struct desk *d, const char *input, ...)
{
	va_list words;
	va_start(words, input);
	int status = run_words(d, input, TRUE, words);
	va_end(words);
	return status;
}

int desk_add_clerk(struct desk *d, const char *pin)
{
	g_autofree char *line = g_strconcat(pin, "\n", NULL);
	return desk_ctl(d, line, "clerk", "add", "--id", "5772156649", "--label", "窓口 A",
		"--unit", "eng", "--card", "staff-number:0090001", NULL);
}

void desk_start(struct desk *d)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GSubprocessLauncher) l = launcher(G_SUBPROCESS_FLAGS_STDERR_SILENCE);
	d->service = g_subprocess_launcher_spawn(
		l, &error, g_getenv("MADOGUCHID"), "--data", d->path, NULL);
	g_assert_no_error(error);
	gint64 end = g_get_monotonic_time() + WAIT_US;
	while (desk_ctl(d, NULL, "status", NULL) != 0 && g_get_monotonic_time() < end)
		;
	CHECK_INT(d->status, 0);
}
