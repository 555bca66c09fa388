/* SPDX-License-Identifier: MIT
 *
 * test_size.c - a whole university: time, memory and size of an import of
 * 100,000 accounts, and the time of a look-up in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/directory/world.h"

#define ACCOUNTS   100000
#define LOOKUPS    1000
#define MEMORY_KIB (256 * 1024)
/* Well above what it takes: this is a bound, the numbers printed are the measure. */
#define IMPORT_MS 20000
#define LOOKUP_US 5000

/* The sanitizers have their own idea of time and memory. */
#if defined(__SANITIZE_ADDRESS__)
#define SLACK 10
#else
#define SLACK 1
#endif

static char *write_rows(const struct world *w)
{
	char *path = g_build_filename(w->path, "many.csv", NULL);
	FILE *out = fopen(path, "we");
	fputs(HEADER, out);
	for (int i = 0; i < ACCOUNTS; i++)
		fprintf(out,
			"%010d,東都 花子%d,Hanako Toto %d,active,yes,no,,student-number,37-%06d,0,"
			"20990331,valid,student,37,20240401,20280331\n",
			i, i, i, i);
	fclose(out);
	return path;
}

/* In a process of its own, so that its memory can be measured. */
static int import(const struct world *w, const char *path)
{
	struct rusage usage;
	int status = 1;
	pid_t pid = fork();
	if (pid == 0)
		_exit(snapshot_import(path, w->snapshot, w->keys, AS_OF, NULL, NULL) ? 0 : 1);
	wait4(pid, &status, 0, &usage);
	printf(" %ld KiB", usage.ru_maxrss);
	CHECK(usage.ru_maxrss < (long)MEMORY_KIB * SLACK);
	return status;
}

static void a_hundred_thousand_accounts_are_imported_and_found(void)
{
	struct world w;
	struct snapshot_info info;
	struct stat st;
	world_make(&w);
	g_autofree char *path = write_rows(&w);
	gint64 start = g_get_monotonic_time();
	CHECK_INT(import(&w, path), 0);
	gint64 took_ms = (g_get_monotonic_time() - start) / 1000;
	CHECK(took_ms < IMPORT_MS * SLACK);
	CHECK(snapshot_info(w.snapshot, w.keys, &info, NULL));
	CHECK_INT(info.persons, ACCOUNTS);
	CHECK_INT(stat(w.snapshot, &st), 0);
	struct directory *dir = snapshot_open(w.snapshot, w.keys);
	start = g_get_monotonic_time();
	for (int i = 0; i < LOOKUPS; i++) {
		char number[16];
		g_snprintf(number, sizeof number, "37-%06d", i * (ACCOUNTS / LOOKUPS));
		CHECK_INT(world_ask(dir, "student-number", number, NULL), DIRECTORY_ONE);
	}
	gint64 each_us = (g_get_monotonic_time() - start) / LOOKUPS;
	CHECK(each_us < (gint64)LOOKUP_US * SLACK);
	printf(", %d accounts in %" G_GINT64_FORMAT " ms, %" G_GINT64_FORMAT
	       " KiB, look-up %" G_GINT64_FORMAT " us ",
		ACCOUNTS, took_ms, (gint64)st.st_size / 1024, each_us);
	directory_free(dir);
	world_remove(&w);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a hundred thousand accounts are imported and found",
			a_hundred_thousand_accounts_are_imported_and_found},
	};
	return CHECK_MAIN("size", cases);
}
