/* SPDX-License-Identifier: MIT
 *
 * test_cycles.c - cards and readers come and go, pcscd dies: nothing gets stuck, and the
 * service holds no more threads, files or memory than before.
 *
 * CYCLES (default 1000) taps, CYCLE_PLUGS (default 30) readers pulled out and put back, and
 * CYCLE_KILLS (default 20) deaths of pcscd. A reader takes 1.8 s: pcscd looks for it every
 * 0.4 s and tells nobody that it lost it.
 */
#include <dirent.h>
#include <stdlib.h>

#include "tests/counter/rig_check.h"

#define WARM_UP     50 /* taps after which caches are filled */
#define WARM_PLUGS  3
#define GROWTH_KIB  512     /* of anonymous memory: what an allocator may move about */
#define RECOVERY_US 3000000 /* after the cause has gone away */

struct held {
	long threads, files, kib;
};

static unsigned wanted(const char *name, unsigned otherwise)
{
	const char *text = g_getenv(name);
	return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static long entries(const char *path)
{
	DIR *dir = opendir(path);
	long n = 0;
	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n - 2; /* . and .. */
}

static long anonymous_kib(GPid pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", pid);
	g_autofree char *text = NULL;
	const char *line;
	if (!g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	line = strstr(text, "RssAnon:");
	return line ? strtol(line + strlen("RssAnon:"), NULL, 10) : 0;
}

static struct held count(struct rig *rig)
{
	g_autofree char *tasks = g_strdup_printf("/proc/%d/task", rig_pid(rig));
	g_autofree char *files = g_strdup_printf("/proc/%d/fd", rig_pid(rig));
	return (struct held){entries(tasks), entries(files), anonymous_kib(rig_pid(rig))};
}

static void check_flat(const char *what, const struct held *before, const struct held *after)
{
	printf("%s: %ld threads, %ld files, %ld KiB before; %ld, %ld, %ld after\n", what,
		before->threads, before->files, before->kib, after->threads, after->files,
		after->kib);
	/* Less is no fault: an idle worker of GLib's retires. */
	CHECK(after->threads <= before->threads);
	CHECK(after->files <= before->files);
	CHECK(after->kib <= before->kib + GROWTH_KIB);
}

/* A visit that is given up as soon as the person is known. */
static gboolean lap_of_card(struct rig *rig)
{
	rig_lay(rig, "student");
	if (!rig_wait(rig, "state", "check"))
		return FALSE;
	rig_take(rig);
	return rig_intent(rig, "Cancel", NULL, NULL) && rig_wait(rig, "state", "welcome");
}

static gboolean lap_of_reader(struct rig *rig)
{
	return rig_unplug(rig) && rig_wait(rig, "state", "closed") && rig_plug(rig) &&
	       rig_wait(rig, "state", "welcome");
}

static gboolean laps(struct rig *rig, gboolean (*lap)(struct rig *rig), unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (lap(rig))
			continue;
		fprintf(stderr, "stuck in lap %u of %u\n", i, n);
		return FALSE;
	}
	return TRUE;
}

static void go_round(
	const char *what, gboolean (*lap)(struct rig *rig), unsigned warm_up, unsigned n)
{
	/* A clerk whose hands rest for so long would be signed out. */
	static const struct rig_options options = {
		.config = "[visit]\nclerk-idle=3600\nclerk-gone=7200\n"};
	struct rig *rig = rig_need("cycles", &options);
	gint64 from = g_get_monotonic_time();
	CHECK(laps(rig, lap, warm_up));
	struct held before = count(rig);
	CHECK(laps(rig, lap, n));
	struct held after = count(rig);
	check_flat(what, &before, &after);
	printf("%u laps in %.1f s\n", n + warm_up,
		(double)(g_get_monotonic_time() - from) / G_USEC_PER_SEC);
	/* And it still does its work. */
	g_autofree char *number = rig_visit(rig, "student", "3141592653");
	CHECK(number != NULL);
	rig_free(rig);
}

static void taps_leave_nothing_behind(void)
{
	go_round("cards", lap_of_card, WARM_UP, wanted("CYCLES", 1000));
}

static void a_reader_unplugged_and_put_back_leaves_nothing_behind(void)
{
	go_round("readers", lap_of_reader, WARM_PLUGS, wanted("CYCLE_PLUGS", 30));
}

static void pcscd_that_dies_is_waited_for_and_used_again(void)
{
	struct rig *rig = rig_need("cycles", NULL);
	unsigned n = wanted("CYCLE_KILLS", 20);
	gint64 worst = 0;
	CHECK(lap_of_card(rig));
	struct held before = count(rig);
	for (unsigned i = 0; i < n; i++) {
		rig_crash_pcscd(rig);
		CHECK(rig_wait(rig, "state", "closed"));
		CHECK(rig_start_pcscd(rig));
		gint64 from = g_get_monotonic_time();
		CHECK(rig_wait(rig, "state", "welcome"));
		worst = MAX(worst, g_get_monotonic_time() - from);
		CHECK(lap_of_card(rig));
	}
	struct held after = count(rig);
	check_flat("pcscd", &before, &after);
	printf("%u deaths, back after at most %.2f s\n", n, (double)worst / G_USEC_PER_SEC);
	CHECK(worst <= RECOVERY_US);
	rig_free(rig);
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(taps_leave_nothing_behind),
		CASE(a_reader_unplugged_and_put_back_leaves_nothing_behind),
		CASE(pcscd_that_dies_is_waited_for_and_used_again),
	};
	return rig_main("cycles", cases, G_N_ELEMENTS(cases), NULL);
}
