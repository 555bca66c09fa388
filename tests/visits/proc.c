/* SPDX-License-Identifier: MIT */
#include "tests/visits/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/visits/wait.h"

void proc_own_orphans(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static void in_child(gpointer data)
{
	int log = GPOINTER_TO_INT(data);
	setpgid(0, 0);
	wait_release_signals();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
}

gboolean proc_start(struct proc *p, const char *const *argv, const char *const *env,
	const char *log, GError **error)
{
	int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0) {
		g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s", log,
			g_strerror(errno));
		return FALSE;
	}
	GPid pid;
	gboolean ok = g_spawn_async(NULL, (char **)argv, (char **)env,
		G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, in_child, GINT_TO_POINTER(fd),
		&pid, error);
	close(fd);
	if (!ok)
		return FALSE;
	setpgid(pid, pid); /* both sides: whoever comes first */
	p->pid = pid;
	g_autofree char *name = g_path_get_basename(argv[0]);
	g_strlcpy(p->name, name, sizeof p->name);
	return TRUE;
}

gboolean proc_running(struct proc *p)
{
	if (p->pid != 0 && waitpid(p->pid, &p->status, WNOHANG) != 0)
		p->pid = 0;
	return p->pid != 0;
}

gboolean proc_end(struct proc *p, int signal, guint deadline_ms)
{
	if (!proc_running(p))
		return TRUE;
	kill(-p->pid, signal);
	gint64 deadline = g_get_monotonic_time() + (gint64)deadline_ms * 1000;
	/* Not wait_until(): this must also work once a signal asked for the end. */
	while (proc_running(p) && g_get_monotonic_time() < deadline)
		g_usleep(2000);
	if (!proc_running(p))
		return TRUE;
	kill(-p->pid, SIGKILL);
	waitpid(p->pid, &p->status, 0);
	p->pid = 0;
	return FALSE;
}

gboolean proc_run(const char *const *argv, const char *input, char **ret_out, GError **error)
{
	g_autoptr(GSubprocess) process = g_subprocess_newv(argv,
		G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
			G_SUBPROCESS_FLAGS_STDERR_MERGE,
		error);
	if (!process)
		return FALSE;
	g_autofree char *out = NULL;
	if (!g_subprocess_communicate_utf8(process, input ? input : "", NULL, &out, NULL, error))
		return FALSE;
	if (!g_subprocess_get_successful(process)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s %s: %s", argv[0],
			argv[1] ? argv[1] : "", out ? out : "");
		return FALSE;
	}
	if (ret_out)
		*ret_out = g_steal_pointer(&out);
	return TRUE;
}

static char *name_of(pid_t pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/comm", (int)pid);
	char *name = NULL;
	if (!g_file_get_contents(path, &name, NULL, NULL))
		return g_strdup_printf("pid %d", (int)pid);
	return g_strchomp(name);
}

/* Children of all our threads: pids, space separated; empty: none. */
static char *children(void)
{
	g_autoptr(GDir) tasks = g_dir_open("/proc/self/task", 0, NULL);
	GString *all = g_string_new(NULL);
	for (const char *task; tasks && (task = g_dir_read_name(tasks));) {
		g_autofree char *path = g_strdup_printf("/proc/self/task/%s/children", task);
		g_autofree char *list = NULL;
		if (g_file_get_contents(path, &list, NULL, NULL))
			g_string_append(all, list);
	}
	return g_string_free(all, FALSE);
}

static gboolean none_left(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	g_autofree char *list = children();
	return *g_strstrip(list) == '\0';
}

/* Killing one may hand us its children: until nobody is left, or it makes no sense. */
static char *kill_children(void)
{
	GString *names = g_string_new(NULL);
	for (int round = 0; round < 10 && !none_left(); round++) {
		g_autofree char *list = children();
		g_auto(GStrv) pids = g_strsplit(g_strstrip(list), " ", -1);
		for (char **pid = pids; *pid; pid++) {
			g_autofree char *name = name_of(atoi(*pid));
			g_string_append_printf(names, "%s%s", names->len ? ", " : "", name);
			kill(atoi(*pid), SIGKILL);
			waitpid(atoi(*pid), NULL, 0);
		}
	}
	return g_string_free(names, FALSE);
}

char *proc_leftovers(guint deadline_ms)
{
	gint64 deadline = g_get_monotonic_time() + (gint64)deadline_ms * 1000;
	while (!none_left()) {
		if (g_get_monotonic_time() >= deadline)
			return kill_children();
		g_usleep(2000);
	}
	return NULL;
}
