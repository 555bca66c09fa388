/* SPDX-License-Identifier: MIT
 *
 * proc.h - the programs a visit starts, and that none of them is left behind.
 *
 * Each runs in a process group of its own, with no input and its output in a
 * file, and dies with the player. The player is the reaper of all orphans, so
 * that "nothing is left" can be asked of the kernel.
 */
#ifndef TESTS_VISITS_PROC_H
#define TESTS_VISITS_PROC_H

#include <glib.h>

#define PROC_NAME_SIZE 32

struct proc {
	GPid pid;   /* 0: not running */
	int status; /* as waitpid() gave it, of the last that ended */
	char name[PROC_NAME_SIZE]; /* in messages; empty: never started */
};

/* Become the reaper of everything that descends from us. */
void proc_own_orphans(void);

/* `env`: NULL, or the whole environment. `log`: file appended to. */
gboolean proc_start(struct proc *p, const char *const *argv, const char *const *env,
	const char *log, GError **error);

gboolean proc_running(struct proc *p);

/* Send `signal` to its group, wait for the end (SIGKILL after the deadline). TRUE if it
 * ended within the deadline. Does nothing for one not running. */
gboolean proc_end(struct proc *p, int signal, guint deadline_ms);

/* Run to the end; its standard output in *ret_out (may be NULL). FALSE: exit code not 0. */
gboolean proc_run(const char *const *argv, const char *input, char **ret_out, GError **error);

/* Wait until no descendant lives. Returns NULL, or the names of those left, which are killed. */
char *proc_leftovers(guint deadline_ms);

#endif
