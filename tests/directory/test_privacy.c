/* SPDX-License-Identifier: MIT
 *
 * test_privacy.c - no byte of the data folder tells who is in the directory.
 *
 * Every value of the sample file is looked for in every file of the folder, in
 * the encodings in which cards, logs and databases write it: UTF-8, UTF-16,
 * CP932, half-width kana; while the import runs as well as after it.
 */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/directory/needles.h"

#define SAMPLE    SOURCE_ROOT "/assets/samples/directory.csv"
#define LONG_FILE 400 /* times the sample, so that there is a file to look at while it grows */

static void the_search_finds_what_is_there(void)
{
	struct needles n;
	struct world w;
	gsize bytes = 0;
	needles_make(&n);
	world_make(&w);
	g_autofree char *name = world_file(&w, "clear", "xxHanako Totoxx");
	CHECK(needles_search(&n, &w, &bytes) > 0);
	g_autofree char *number = world_file(&w, "clear", "37-246801");
	CHECK(needles_search(&n, &w, &bytes) > 0);
	world_remove(&w);
	needles_clear(&n);
}

static void nothing_is_told_after_an_import(void)
{
	struct needles n;
	struct world w;
	gsize bytes = 0;
	needles_make(&n);
	world_make(&w);
	g_autofree char *why = world_import_file(&w, SAMPLE);
	CHECK(why == NULL);
	CHECK_INT(needles_search(&n, &w, &bytes), 0);
	CHECK_INT(world_ask_fresh(&w, "student-number", "37-246801", NULL), DIRECTORY_ONE);
	CHECK_INT(needles_search(&n, &w, &bytes), 0);
	CHECK(bytes > 10000);
	world_remove(&w);
	needles_clear(&n);
}

/* The sample many times over, under other common ids: long enough to be looked at. */
static char *long_file(const char *folder)
{
	g_autofree char *text = NULL;
	g_autofree char *path = g_strconcat(folder, ".csv", NULL);
	GString *out = g_string_new(NULL);
	CHECK(g_file_get_contents(SAMPLE, &text, NULL, NULL));
	const char *rows = strchr(text, '\n') + 1;
	g_string_append_len(out, text, rows - text);
	g_auto(GStrv) lines = g_strsplit(rows, "\r\n", -1);
	g_string_append(out, rows);
	for (int copy = 1; copy < LONG_FILE; copy++)
		for (int i = 0; lines[i] && lines[i][0]; i++)
			if (!strstr(lines[i], "P-0042"))
				g_string_append_printf(
					out, "%04d%s\r\n", copy, lines[i] + strlen("0000"));
	CHECK(g_file_set_contents(path, out->str, (gssize)out->len, NULL));
	g_string_free(out, TRUE);
	return g_steal_pointer(&path);
}

static void nothing_is_told_while_an_import_runs(void)
{
	struct needles n;
	struct world w;
	guint found = 0, looks = 0;
	gsize bytes = 0;
	int status = 0;
	needles_make(&n);
	world_make(&w);
	g_autofree char *source = long_file(w.path);
	pid_t pid = fork();
	if (pid == 0) {
		GError *error = NULL;
		if (snapshot_import(source, w.snapshot, w.keys, AS_OF, NULL, &error))
			_exit(0);
		fprintf(stderr, "%s\n", error->message);
		_exit(1);
	}
	while (waitpid(pid, &status, WNOHANG) == 0) {
		found += needles_search(&n, &w, &bytes);
		looks++;
	}
	CHECK_INT(status, 0);
	CHECK_INT(found, 0);
	CHECK_INT(needles_search(&n, &w, &bytes), 0);
	CHECK(looks > 0);
	printf(" %u looks, %" G_GSIZE_FORMAT " bytes ", looks, bytes);
	unlink(source);
	world_remove(&w);
	needles_clear(&n);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"the search finds what is there", the_search_finds_what_is_there},
		{"nothing is told after an import", nothing_is_told_after_an_import},
		{"nothing is told while an import runs", nothing_is_told_while_an_import_runs},
	};
	return CHECK_MAIN("privacy", cases);
}
