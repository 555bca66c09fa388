/* SPDX-License-Identifier: MIT
 *
 * test_bundle_whole.c - all of a bundle or nothing of it, and no clear name on the way.
 */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/directory/needles.h"
#include "tests/directory/shelf.h"

#define KILLS    12
#define ACCOUNTS 6000
#define WAIT_US  (20 * G_TIME_SPAN_SECOND)

/* A file of many accounts whose names and numbers are the sample's. */
static char *write_sample_often(const struct shelf *s, int times)
{
	g_autofree char *text = NULL;
	GString *out = g_string_new(NULL);
	CHECK(g_file_get_contents(SAMPLE, &text, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
	g_string_append_printf(out, "%s\n", lines[0]);
	for (int copy = 0; copy < times; copy++)
		for (int i = 1; lines[i] && lines[i][0]; i++)
			if (copy == 0 || !strstr(lines[i], "P-0042"))
				g_string_append_printf(out, "%04d%s\n", copy, lines[i] + 4);
	/* Outside of the folder that is searched. */
	char *path = g_strconcat(s->w.path, ".csv", NULL);
	CHECK(g_file_set_contents(path, out->str, (gssize)out->len, NULL));
	g_string_free(out, TRUE);
	return path;
}

/* Until the file `path` has grown to `size`, or the child is at its end. */
static gboolean wait_for_size(const char *path, off_t size, pid_t pid, int *ret_status)
{
	gint64 end = g_get_monotonic_time() + WAIT_US;
	struct stat st;
	while (g_get_monotonic_time() < end) {
		if (stat(path, &st) == 0 && st.st_size >= size)
			return TRUE;
		if (waitpid(pid, ret_status, WNOHANG) == pid)
			return FALSE;
	}
	return FALSE;
}

/* Kill an import when its new snapshot has this many bytes. TRUE: it was in the middle. */
static gboolean kill_at(const struct shelf *s, const char *path, off_t size)
{
	g_autofree char *growing = g_strconcat(s->w.snapshot, ".new", NULL);
	int status = 0;
	pid_t pid = fork();
	if (pid == 0)
		_exit(shelf_take(s, path, FALSE));
	gboolean grown = wait_for_size(growing, size, pid, &status);
	if (grown) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	return grown && WIFSIGNALED(status) && access(growing, F_OK) == 0;
}

static void an_import_killed_half_way_leaves_the_old_snapshot(void)
{
	struct shelf s;
	struct stat st;
	int in_the_middle = 0;
	shelf_make(&s);
	CHECK_INT(shelf_take(&s, s.path, FALSE), 0);
	g_autofree char *many = shelf_many(&s, ACCOUNTS);
	g_autofree char *path = shelf_file(&s, "many.bundle");
	CHECK(shelf_export(s.keys, many, path, 8, AS_OF + 60, NULL));
	for (int i = 0; i < KILLS; i++) {
		struct snapshot_info info = {0};
		in_the_middle += kill_at(&s, path, 1 + i * 64 * 1024);
		CHECK(snapshot_info(s.w.snapshot, s.w.keys, &info, NULL));
		if (info.origin.serial == 8)
			break;
		CHECK_INT(info.persons, 33);
		CHECK_INT(
			world_ask_fresh(&s.w, "student-number", "37-246801", NULL), DIRECTORY_ONE);
	}
	CHECK(in_the_middle > 0);
	printf(" %d in the middle ", in_the_middle);
	/* What was left behind is in nobody's way. */
	CHECK(shelf_export(s.keys, many, path, 9, AS_OF + 120, NULL));
	CHECK_INT(shelf_take(&s, path, FALSE), 0);
	CHECK_INT(world_ask_fresh(&s.w, "student-number", "37-005999", NULL), DIRECTORY_ONE);
	g_autofree char *growing = g_strconcat(s.w.snapshot, ".new", NULL);
	CHECK_INT(stat(growing, &st), -1);
	shelf_remove(&s);
}

static void a_second_import_at_the_same_time_is_refused(void)
{
	struct shelf s;
	int status = 0;
	shelf_make(&s);
	g_autofree char *many = shelf_many(&s, ACCOUNTS);
	g_autofree char *path = shelf_file(&s, "many.bundle");
	g_autofree char *growing = g_strconcat(s.w.snapshot, ".new", NULL);
	CHECK(shelf_export(s.keys, many, path, 8, AS_OF, NULL));
	pid_t pid = fork();
	if (pid == 0)
		_exit(shelf_take(&s, path, FALSE));
	CHECK(wait_for_size(growing, 1, pid, &status));
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	CHECK(WIFSTOPPED(status));
	CHECK_INT(shelf_take(&s, s.path, FALSE), SNAPSHOT_ERROR_FILE + 101);
	kill(pid, SIGCONT);
	waitpid(pid, &status, 0);
	CHECK_INT(status, 0);
	shelf_remove(&s);
}

/* Look at every file, with and without a name, until the child is at its end. */
static guint search_until_end(const struct needles *n, const struct shelf *s, pid_t pid)
{
	gsize bytes = 0;
	guint found = 0, looks = 0;
	int status = 0;
	while (waitpid(pid, &status, WNOHANG) == 0) {
		found += needles_search(n, &s->w, &bytes) + needles_search_open(n, pid, &bytes);
		looks++;
	}
	CHECK_INT(status, 0);
	CHECK(looks > 0);
	printf(" %u looks, %" G_GSIZE_FORMAT " bytes ", looks, bytes);
	return found;
}

static void no_clear_name_lies_on_the_way_to_a_desk(void)
{
	struct shelf s;
	struct needles n;
	gsize bytes = 0;
	needles_make(&n);
	shelf_make(&s);
	g_autofree char *from = write_sample_often(&s, 200);
	g_autofree char *path = shelf_file(&s, "often.bundle");
	pid_t pid = fork();
	if (pid == 0) {
		GError *error = NULL;
		if (shelf_export(s.keys, from, path, 8, AS_OF, &error))
			_exit(0);
		fprintf(stderr, "%s\n", error->message);
		_exit(1);
	}
	CHECK_INT(search_until_end(&n, &s, pid), 0);
	pid = fork();
	if (pid == 0)
		_exit(shelf_take(&s, path, FALSE));
	CHECK_INT(search_until_end(&n, &s, pid), 0);
	CHECK_INT(world_ask_fresh(&s.w, "student-number", "37-246801", NULL), DIRECTORY_SEVERAL);
	CHECK_INT(needles_search(&n, &s.w, &bytes), 0);
	g_unlink(from);
	needles_clear(&n);
	shelf_remove(&s);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"an import killed half-way leaves the old snapshot",
			an_import_killed_half_way_leaves_the_old_snapshot},
		{"a second import at the same time is refused",
			a_second_import_at_the_same_time_is_refused},
		{"no clear name lies on the way to a desk",
			no_clear_name_lies_on_the_way_to_a_desk},
	};
	return CHECK_MAIN("bundle whole", cases);
}
