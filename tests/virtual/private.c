/* SPDX-License-Identifier: MIT */
#include "private.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_MS  15000 /* more than the launcher's own deadline */
#define LINE_SIZE 512

struct private_pcscd {
	char *dir, *pid_file;
	GPid launcher;
	size_t n;
	char *specs[PRIVATE_READERS_MAX];
	char *sockets[PRIVATE_READERS_MAX];
	char *names[PRIVATE_READERS_MAX];
};

static void add_reader(struct private_pcscd *p, const struct private_reader *reader)
{
	size_t i = p->n++;
	p->sockets[i] = reader->vpcd_port ? g_strdup_printf("tcp/%u", reader->vpcd_port)
					  : g_strdup_printf("%s/reader%zu", p->dir, i);
	p->specs[i] = g_strdup_printf(
		"%s:%s:%s", reader_kind_name(reader->kind), reader->name, p->sockets[i]);
	/* pcscd counts the readers of one library. */
	p->names[i] = g_strdup_printf("%s %02zX 00", reader->name, reader->vpcd_port ? 0 : i);
}

/* The first line the launcher prints, or nothing before it ended or the time passed. */
static bool read_line(int fd, char *ret, size_t size)
{
	int64_t until = g_get_monotonic_time() / 1000 + START_MS;
	size_t len = 0;
	while (len + 1 < size) {
		int64_t left = until - g_get_monotonic_time() / 1000;
		struct pollfd p = {.fd = fd, .events = POLLIN};
		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			return false;
		ssize_t got = read(fd, ret + len, 1);
		if (got <= 0)
			return false;
		if (ret[len] == '\n')
			break;
		len++;
	}
	ret[len] = '\0';
	return true;
}

static int end_launcher(struct private_pcscd *p, int sig)
{
	int status = 0;
	if (p->launcher <= 0)
		return 0;
	if (sig)
		kill(p->launcher, sig);
	while (waitpid(p->launcher, &status, 0) < 0 && errno == EINTR)
		continue;
	p->launcher = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* In the child: a test program that crashes leaves no daemon behind. */
static void die_with_parent(gpointer data)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
}

static bool launch(struct private_pcscd *p, GError **error)
{
	const char *argv[PRIVATE_READERS_MAX + 4] = {PCSCD_PRIVATE, p->dir, IFD_DRIVER};
	for (size_t i = 0; i < p->n; i++)
		argv[3 + i] = p->specs[i];
	int out;
	char line[LINE_SIZE];
	if (!g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
		    die_with_parent, NULL, &p->launcher, NULL, &out, NULL, error))
		return false;
	bool ready = read_line(out, line, sizeof(line));
	close(out);
	if (ready) {
		g_setenv("PCSCLITE_CSOCK_NAME", line, TRUE);
		return true;
	}
	int code = end_launcher(p, SIGTERM);
	g_set_error(error, g_quark_from_static_string("private-pcscd"),
		code == PRIVATE_SKIP ? PRIVATE_SKIP : 1, "no private pcscd (%d)", code);
	return false;
}

struct private_pcscd *private_pcscd_start(
	const struct private_reader *readers, size_t n, GError **error)
{
	char *dir = g_dir_make_tmp("private-pcscd-XXXXXX", error);
	if (!dir)
		return NULL;
	struct private_pcscd *p = g_new0(struct private_pcscd, 1);
	p->dir = dir;
	p->pid_file = g_build_filename(dir, "pcscd.pid", NULL);
	for (size_t i = 0; i < n && i < PRIVATE_READERS_MAX; i++)
		add_reader(p, &readers[i]);
	if (!launch(p, error))
		return private_pcscd_stop(p);
	return p;
}

/* The launcher leaves its log, and a crash whatever it likes; no folders of depth. */
static void remove_dir(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		if (unlink(file) < 0 && errno == EISDIR)
			remove_dir(file);
	}
	if (dir)
		g_dir_close(dir);
	rmdir(path);
}

struct private_pcscd *private_pcscd_stop(struct private_pcscd *p)
{
	if (!p)
		return NULL;
	end_launcher(p, SIGTERM);
	remove_dir(p->dir);
	for (size_t i = 0; i < p->n; i++) {
		g_free(p->specs[i]);
		g_free(p->sockets[i]);
		g_free(p->names[i]);
	}
	g_free(p->pid_file);
	g_free(p->dir);
	g_free(p);
	return NULL;
}

pid_t private_pcscd_pid(const struct private_pcscd *p)
{
	g_autofree char *text = NULL;
	if (!g_file_get_contents(p->pid_file, &text, NULL, NULL) || atoi(text) <= 1)
		return 0;
	return atoi(text);
}

void private_pcscd_kill(struct private_pcscd *p)
{
	pid_t daemon = private_pcscd_pid(p);
	if (daemon > 0)
		kill(daemon, SIGKILL);
	end_launcher(p, 0);
}

bool private_pcscd_restart(struct private_pcscd *p, GError **error)
{
	return launch(p, error);
}

const char *private_pcscd_socket(const struct private_pcscd *p, size_t i)
{
	return p->sockets[i];
}

const char *private_pcscd_reader(const struct private_pcscd *p, size_t i)
{
	return p->names[i];
}
