/* SPDX-License-Identifier: MIT */
#include "tests/visits/wait.h"

#include <signal.h>

#define RECHECK_MS 10

static gboolean on_recheck(gpointer data)
{
	return G_SOURCE_CONTINUE;
}

gboolean wait_until(wait_condition holds, gpointer data, guint deadline_ms)
{
	gint64 deadline = g_get_monotonic_time() + (gint64)deadline_ms * 1000;
	guint recheck = g_timeout_add(RECHECK_MS, on_recheck, NULL);
	gboolean ok = holds(data);
	while (!ok && !wait_ended() && g_get_monotonic_time() < deadline) {
		g_main_context_iteration(NULL, TRUE);
		ok = holds(data);
	}
	g_source_remove(recheck);
	return ok;
}

void wait_drain(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static sigset_t ends(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	return set;
}

void wait_end_on_signals(void)
{
	sigset_t set = ends();
	sigprocmask(SIG_BLOCK, &set, NULL);
}

void wait_release_signals(void)
{
	sigset_t set = ends();
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* A held signal stays pending: the kernel keeps the flag. */
gboolean wait_ended(void)
{
	sigset_t pending;
	sigpending(&pending);
	return sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM) ||
	       sigismember(&pending, SIGHUP);
}
