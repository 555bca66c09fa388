/* SPDX-License-Identifier: MIT
 *
 * test_soak.c - visit after visit, the service holds no more memory: valgrind counts
 * its blocks half-way and at the end, and finds nothing lost.
 *
 * SOAK_VISITS (default 30) is rounded down to an even number.
 */
#include <stdlib.h>

#include "tests/counter/rig_check.h"

#define STUDENT "3141592653"
/* valgrind is some fifty times slower. */
#define SOAK_WAIT_MS 120000
#define LOOKS        4

/* What a leak search says of one kind: bytes and blocks. */
struct heap {
	long definite, indirect, reachable_blocks;
};

/* "1,234" -> 1234 */
static long plain_number(GMatchInfo *match, int group)
{
	g_autofree char *text = g_match_info_fetch(match, group);
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	g_autofree char *plain = g_strjoinv("", parts);
	return strtol(plain, NULL, 10);
}

/* "still reachable: 1,234 bytes in 56 (+0) blocks" -> bytes and blocks. */
static gboolean read_count(const char *report, const char *kind, long *ret_bytes, long *ret_blocks)
{
	g_autofree char *pattern =
		g_strdup_printf("%s: ([0-9,]+) (?:\\([^)]*\\) )?bytes in ([0-9,]+)", kind);
	g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	if (!g_regex_match(regex, report, 0, &match))
		return FALSE;
	*ret_bytes = plain_number(match, 1);
	*ret_blocks = plain_number(match, 2);
	return TRUE;
}

/* Ask valgrind inside the running service. */
static gboolean search_leaks(struct rig *rig, struct heap *ret)
{
	g_autofree char *command =
		g_strdup_printf("vgdb --pid=%d leak_check summary any 2>&1", rig_pid(rig));
	g_autofree char *report = NULL;
	long bytes, blocks;
	const char *argv[] = {"sh", "-c", command, NULL};
	if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &report, NULL,
		    NULL, NULL) ||
		!read_count(report, "definitely lost", &ret->definite, &blocks) ||
		!read_count(report, "indirectly lost", &ret->indirect, &blocks) ||
		!read_count(report, "still reachable", &bytes, &ret->reachable_blocks)) {
		fprintf(stderr, "vgdb said: %s\n", report ? report : "(nothing)");
		return FALSE;
	}
	printf("definite %ld, indirect %ld, reachable %ld bytes in %ld blocks\n", ret->definite,
		ret->indirect, bytes, ret->reachable_blocks);
	return TRUE;
}

static void visit(struct rig *rig)
{
	g_autofree char *number = rig_visit(rig, "student", STUDENT);
	CHECK(number != NULL);
	if (!number)
		return;
	g_autoptr(GVariant) done = rig_call(
		rig, "madoguchi.Admin1", "QueueCancel", g_variant_new("(ss)", number, "test"));
	CHECK(done != NULL);
}

/* What is held at rest: a timer or a message on its way may be caught in one look, so the
 * least of some looks counts. What grows with each visit is in all of them. */
static gboolean look_at_rest(struct rig *rig, struct heap *ret)
{
	for (guint i = 0; i < LOOKS; i++) {
		struct heap now = {0};
		if (!search_leaks(rig, &now))
			return FALSE;
		if (i == 0 || now.reachable_blocks < ret->reachable_blocks)
			*ret = now;
	}
	return TRUE;
}

static void visits_leave_nothing_behind(void)
{
	static const char *const wrapper[] = {"env", "G_SLICE=always-malloc", "valgrind",
		"--vgdb=yes", "--leak-check=full", "--soname-synonyms=somalloc=NONE", NULL};
	const struct rig_options options = {.wrapper = wrapper, .wait_ms = SOAK_WAIT_MS};
	const char *wanted = g_getenv("SOAK_VISITS");
	guint half = wanted ? (guint)strtoul(wanted, NULL, 10) / 2 : 15;
	struct rig *rig = rig_new("soak", &options);
	struct heap middle = {0}, end = {0};
	CHECK(rig != NULL);
	if (!rig)
		return;
	for (guint i = 0; i < half; i++)
		visit(rig);
	CHECK(look_at_rest(rig, &middle));
	for (guint i = 0; i < half; i++)
		visit(rig);
	CHECK(look_at_rest(rig, &end));
	printf("%u visits: %ld blocks half-way, %ld at the end\n", 2 * half,
		middle.reachable_blocks, end.reachable_blocks);
	CHECK_INT(end.definite, 0);
	CHECK_INT(end.indirect, 0);
	/* Less is no fault: GLib's idle worker of the sign-in retires after some seconds. */
	CHECK(end.reachable_blocks <= middle.reachable_blocks);
	rig_free(rig);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"visits leave nothing behind", visits_leave_nothing_behind},
	};
	return rig_main("soak", cases, G_N_ELEMENTS(cases), "vgdb");
}
