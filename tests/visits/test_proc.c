/* SPDX-License-Identifier: MIT */
#include "tests/visits/proc.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/check.h"
#include "tests/visits/wait.h"

#define WAIT_MS  5000
#define SHORT_MS 200

static void start(struct proc *p, const char *command)
{
	g_autoptr(GError) error = NULL;
	const char *argv[] = {"sh", "-c", command, NULL};
	memset(p, 0, sizeof *p);
	gboolean ok = proc_start(p, argv, NULL, "/dev/null", &error);
	if (!ok)
		fprintf(stderr, "%s\n", error->message);
	CHECK(ok);
}

static gboolean is_gone(gpointer data)
{
	return !proc_running(data);
}

static void what_outlives_its_starter_is_found_and_killed(void)
{
	struct proc p;
	start(&p, "setsid sleep 1000 & exit 0");
	CHECK(wait_until(is_gone, &p, WAIT_MS));
	g_autofree char *left = proc_leftovers(SHORT_MS);
	CHECK_STR(left ? left : "nobody", "sleep");
	g_autofree char *again = proc_leftovers(SHORT_MS);
	CHECK(again == NULL);
}

static void a_whole_group_is_ended(void)
{
	struct proc p;
	start(&p, "sleep 1000 & sleep 1000");
	CHECK(proc_end(&p, SIGTERM, WAIT_MS));
	g_autofree char *left = proc_leftovers(WAIT_MS);
	CHECK(left == NULL);
}

static gboolean is_deaf(gpointer data)
{
	return g_file_test(data, G_FILE_TEST_EXISTS);
}

static void what_does_not_listen_is_killed_and_said_so(void)
{
	struct proc p;
	g_autofree char *dir = g_dir_make_tmp("proc-XXXXXX", NULL);
	g_autofree char *sign = g_build_filename(dir, "deaf", NULL);
	g_autofree char *command =
		g_strdup_printf("trap '' TERM; : >'%s'; while :; do sleep 1; done", sign);
	start(&p, command);
	CHECK(wait_until(is_deaf, sign, WAIT_MS));
	CHECK(!proc_end(&p, SIGTERM, SHORT_MS));
	CHECK(!proc_running(&p));
	remove(sign);
	remove(dir);
}

static void how_a_program_ended_is_kept(void)
{
	struct proc p;
	start(&p, "kill -9 $$");
	CHECK(wait_until(is_gone, &p, WAIT_MS));
	CHECK(WIFSIGNALED(p.status));
	CHECK_INT(WTERMSIG(p.status), SIGKILL);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"what outlives its starter is found and killed",
			what_outlives_its_starter_is_found_and_killed},
		{"a whole group is ended", a_whole_group_is_ended},
		{"what does not listen is killed and said so",
			what_does_not_listen_is_killed_and_said_so},
		{"how a program ended is kept", how_a_program_ended_is_kept},
	};
	proc_own_orphans();
	return CHECK_MAIN("proc", cases);
}
