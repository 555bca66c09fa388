/* SPDX-License-Identifier: MIT
 *
 * test_privacy.c - after a visit, nothing that was written and nothing that is in the
 * service's memory holds the person.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/counter/rig.h"

#define CHUNK (4u << 20)

/* What the sample student is known by: number and id, names as the directory and the
 * card write them (UTF-8; half-width kana of the card in CP932). */
static const struct mark {
	const char *what, *bytes;
} marks[] = {
	{"common id", "3141592653"},
	{"student number", "37-246801"},
	{"name in Japanese", "\xe6\x9d\xb1\xe9\x83\xbd \xe8\x8a\xb1\xe5\xad\x90"},
	{"name in English", "Hanako"},
	{"name on the card", "\xc4\xb3\xc4 \xca\xc5\xba"},
	{"name on the card, composed",
		"\xe3\x83\x88\xe3\x82\xa6\xe3\x83\x88 \xe3\x83\x8f\xe3\x83\x8a\xe3\x82\xb3"},
};

static struct rig *setup(void)
{
	struct rig *rig = rig_new("privacy", NULL);
	CHECK(rig != NULL);
	if (!rig)
		exit(1);
	return rig;
}

static guint find_marks(const char *where, const char *data, gsize len)
{
	guint found = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
		const char *at = memmem(data, len, marks[i].bytes, strlen(marks[i].bytes));
		if (!at)
			continue;
		fprintf(stderr, "%s in %s at +%zx\n", marks[i].what, where, (gsize)(at - data));
		found++;
	}
	return found;
}

/* Every readable private mapping of the process: what a core dump would hold. */
static guint search_memory(GPid pid)
{
	g_autofree char *maps_path = g_strdup_printf("/proc/%d/maps", pid);
	g_autofree char *mem_path = g_strdup_printf("/proc/%d/mem", pid);
	g_autofree char *maps = NULL;
	g_autofree char *chunk = g_malloc(CHUNK);
	guint found = 0, looked = 0;
	CHECK(g_file_get_contents(maps_path, &maps, NULL, NULL));
	int mem = open(mem_path, O_RDONLY | O_CLOEXEC);
	CHECK(mem >= 0);
	g_auto(GStrv) lines = g_strsplit(maps ? maps : "", "\n", -1);
	for (char **line = lines; mem >= 0 && *line; line++) {
		unsigned long from, to;
		char mode[5];
		if (sscanf(*line, "%lx-%lx %4s", &from, &to, mode) != 3 || mode[0] != 'r')
			continue;
		for (unsigned long at = from; at < to; at += CHUNK) {
			ssize_t got = pread(mem, chunk, MIN(CHUNK, to - at), (off_t)at);
			looked += got > 0;
			if (got > 0)
				found += find_marks(*line, chunk, (gsize)got);
		}
	}
	if (mem >= 0)
		close(mem);
	CHECK(looked > 10);
	return found;
}

static guint search_files(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;
	guint found = 0;
	CHECK(dir != NULL);
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autofree char *data = NULL;
		gsize len;
		if (g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
			g_file_get_contents(path, &data, &len, NULL))
			found += find_marks(path, data, len);
	}
	return found;
}

static void memory_holds_a_person_while_the_visit_needs_it(void)
{
	struct rig *rig = setup();
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	/* Else the searches below would find nothing in anything. */
	CHECK(search_memory(rig_pid(rig)) > 0);
	rig_free(rig);
}

static void a_finished_visit_leaves_no_person_in_memory(void)
{
	struct rig *rig = setup();
	g_autofree char *number = rig_visit(rig, "student", "3141592653");
	CHECK(number != NULL);
	CHECK_INT(search_memory(rig_pid(rig)), 0);
	rig_free(rig);
}

static void a_cancelled_visit_leaves_no_person_in_memory(void)
{
	struct rig *rig = setup();
	CHECK(rig_until_consent(rig, "student", "3141592653"));
	CHECK(rig_intent(rig, "Cancel", NULL, NULL));
	CHECK(rig_wait(rig, "state", "welcome"));
	CHECK_INT(search_memory(rig_pid(rig)), 0);
	rig_free(rig);
}

static void nothing_written_holds_a_person(void)
{
	struct rig *rig = setup();
	g_autofree char *number = rig_visit(rig, "student", "3141592653");
	CHECK(number != NULL);
	CHECK_INT(search_files(rig_folder(rig)), 0);
	CHECK_INT(rig_stop_service(rig), 0);
	CHECK_INT(search_files(rig_folder(rig)), 0);
	rig_free(rig);
}

int main(void)
{
#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}
	static const struct check_case cases[] = {
		CASE(memory_holds_a_person_while_the_visit_needs_it),
		CASE(a_finished_visit_leaves_no_person_in_memory),
		CASE(a_cancelled_visit_leaves_no_person_in_memory),
		CASE(nothing_written_holds_a_person),
	};
	const char *why = rig_impossible();
	if (why) {
		printf("skipped: %s\n", why);
		return 77;
	}
	return CHECK_MAIN("privacy", cases);
}
