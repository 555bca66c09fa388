/* SPDX-License-Identifier: MIT
 *
 * test_crash.c - a request whose number was seen is in the record, once, however the
 * service dies; and it was on disk before the number was sent.
 *
 * CRASH_KILLS (default 12) sets how many random moments are tried, CRASH_SEED the seed,
 * CRASH_CALLS (default 6) how many calls of each kind after the consent tap.
 */
#include <signal.h>
#include <stdlib.h>

#include "tests/counter/rig_check.h"
#include "tests/visits/proc.h"
#include "tests/visits/wait.h"

#define STUDENT  "3141592653"
#define KILL_MS  25 /* the window after the consent tap in which the plug is pulled */
#define TRACE_MS 10000

static guint number_from_environment(const char *name, guint otherwise)
{
	const char *text = g_getenv(name);
	return text ? (guint)strtoul(text, NULL, 10) : otherwise;
}

static gboolean arm(struct rig *rig)
{
	return rig_until_consent(rig, "student", STUDENT) && rig_show(rig) &&
	       rig_wait_holder(rig, "armed", TRUE);
}

/* After the death: start again, compare what was seen with what is there, end the
 * requests so that the same holder can come again. Returns how many were there. */
static guint take_stock(struct rig *rig, const char *seen)
{
	const char *number, *state, *outside;
	gint64 filed_at;
	guint queued = 0, found = 0;
	rig_take(rig);
	CHECK(rig_start_service(rig));
	g_autoptr(GVariant) answer = rig_call(rig, "madoguchi.Admin1", "Queue", NULL);
	CHECK(answer != NULL);
	g_autoptr(GVariantIter) rows = NULL;
	if (answer)
		g_variant_get(answer, "(a(sxss))", &rows);
	while (rows &&
		g_variant_iter_next(rows, "(&sx&s&s)", &number, &filed_at, &state, &outside)) {
		if (!g_str_equal(state, "queued"))
			continue;
		queued++;
		found += g_str_equal(number, seen);
		g_autoptr(GVariant) done = rig_call(rig, "madoguchi.Admin1", "QueueCancel",
			g_variant_new("(ss)", number, "test"));
		CHECK(done != NULL);
	}
	CHECK(queued <= 1);
	if (*seen)
		CHECK_INT(found, 1);
	CHECK(rig_wait(rig, "state", "off-duty"));
	CHECK(rig_sign_in(rig, "clerk-a", "246810"));
	return queued;
}

/* Look for the number until `until`; what the window would have shown. */
static char *watch_for_number(struct rig *rig, gint64 until)
{
	char *seen = g_strdup("");
	while (g_get_monotonic_time() < until) {
		g_autofree char *now = rig_desk_str(rig, "request");
		if (*now) {
			g_free(seen);
			seen = g_steal_pointer(&now);
		}
	}
	return seen;
}

static void a_number_that_was_seen_survives_kill_9_at_any_moment(void)
{
	struct rig *rig = rig_need("crash", NULL);
	guint kills = number_from_environment("CRASH_KILLS", 12);
	guint seed = number_from_environment("CRASH_SEED", g_random_int());
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	guint seen_count = 0, kept = 0;
	for (guint i = 0; i < kills; i++) {
		CHECK(arm(rig));
		rig_lay(rig, "student");
		g_autofree char *seen = watch_for_number(
			rig, g_get_monotonic_time() + g_rand_int_range(random, 0, KILL_MS * 1000));
		rig_kill_service(rig);
		seen_count += *seen != '\0';
		kept += take_stock(rig, seen);
	}
	printf("seed %u: %u kills, number seen %u times, request kept %u times\n", seed, kills,
		seen_count, kept);
	CHECK(kept >= seen_count);
	rig_free(rig);
}

static gboolean traces(gpointer data)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", *(GPid *)data);
	g_autofree char *text = NULL;
	return g_file_get_contents(path, &text, NULL, NULL) && !strstr(text, "TracerPid:\t0\n");
}

/* strace attached to the service from the consent on. */
static gboolean attach(
	struct rig *rig, struct proc *tracer, const char *expression, const char *out)
{
	g_autofree char *pid = g_strdup_printf("%d", rig_pid(rig));
	const char *argv[] = {
		"strace", "-f", "-y", "-s", "65536", "-e", expression, "-o", out, "-p", pid, NULL};
	GPid service = rig_pid(rig);
	return proc_start(tracer, argv, NULL, "/dev/null", NULL) &&
	       wait_until(traces, &service, TRACE_MS);
}

/* TRUE if the service died of it. */
static gboolean kill_at_call(struct rig *rig, const char *call, guint nth, guint *ret_kept)
{
	struct proc tracer = {0};
	g_autofree char *expression = g_strdup_printf("inject=%s:signal=KILL:when=%u", call, nth);
	CHECK(arm(rig));
	CHECK(attach(rig, &tracer, expression, "/dev/null"));
	rig_lay(rig, "student");
	g_autofree char *seen = g_strdup("");
	gint64 until = g_get_monotonic_time() + 2 * G_TIME_SPAN_SECOND;
	GPid pid = rig_pid(rig);
	while (kill(pid, 0) == 0 && !*seen && g_get_monotonic_time() < until) {
		g_free(seen);
		seen = rig_desk_str(rig, "request");
		if (!rig_desk_answers(rig))
			break;
	}
	gboolean died = !rig_desk_answers(rig);
	rig_kill_service(rig);
	proc_end(&tracer, SIGTERM, TRACE_MS);
	*ret_kept += take_stock(rig, seen);
	return died;
}

static void a_number_that_was_seen_survives_death_at_each_system_call(void)
{
	static const char *const calls[] = {
		"pwrite64", "fdatasync", "fsync", "ftruncate", "sendmsg", "openat"};
	struct rig *rig = rig_need("crash", NULL);
	guint calls_max = number_from_environment("CRASH_CALLS", 6);
	guint states = 0, kept = 0;
	for (gsize c = 0; c < G_N_ELEMENTS(calls); c++) {
		guint nth = 1;
		while (nth <= calls_max && kill_at_call(rig, calls[c], nth, &kept))
			nth++;
		states += nth - 1;
		printf("%s: died at %u calls\n", calls[c], nth - 1);
	}
	printf("%u distinct states (system call, count), request kept in %u\n", states, kept);
	CHECK(states >= 8);
	rig_free(rig);
}

/* Line number of the first line from `from` on that holds all of `a` and `b`; -1 none. */
static int find_line(char **lines, int from, const char *a, const char *b)
{
	for (int i = from; lines[i]; i++)
		if (strstr(lines[i], a) && strstr(lines[i], b))
			return i;
	return -1;
}

static void the_disk_has_it_before_the_number_is_sent(void)
{
	struct rig *rig = rig_need("crash", NULL);
	struct proc tracer = {0};
	g_autofree char *out = g_build_filename(rig_folder(rig), "trace", NULL);
	CHECK(arm(rig));
	CHECK(attach(rig, &tracer, "trace=pwrite64,fdatasync,sendmsg,sendto,write", out));
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "receipt"));
	g_autofree char *number = rig_desk_str(rig, "request");
	CHECK(proc_end(&tracer, SIGTERM, TRACE_MS));
	g_autofree char *text = NULL;
	CHECK(g_file_get_contents(out, &text, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
	int written = find_line(lines, 0, "pwrite64(", "counter.db-wal");
	int synced = written < 0 ? -1 : find_line(lines, written, "fdatasync(", "counter.db-wal");
	int sent = find_line(lines, 0, "sendmsg(", number);
	printf("wal written at line %d, synced at %d, number sent at %d\n", written, synced, sent);
	CHECK(written >= 0);
	CHECK(synced > written);
	CHECK(synced >= 0 && strstr(lines[synced], "= 0") != NULL);
	CHECK(sent > synced);
	rig_free(rig);
}

int main(void)
{
#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}
	static const struct check_case cases[] = {
		CASE(the_disk_has_it_before_the_number_is_sent),
		CASE(a_number_that_was_seen_survives_kill_9_at_any_moment),
		CASE(a_number_that_was_seen_survives_death_at_each_system_call),
	};
	return rig_main("crash", cases, G_N_ELEMENTS(cases), "strace");
}
