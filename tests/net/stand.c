/* SPDX-License-Identifier: MIT */
#include "tests/net/stand.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_S 10

struct stand {
	int listener;
	guint16 port;
	GThread *thread;
	GMutex lock; /* of the two below */
	gboolean stopped;
	int current;
	gint connections;
	stand_serve serve;
	gpointer data;
};

/* -1: stopped. */
static int take(struct stand *stand)
{
	int fd = accept4(stand->listener, NULL, NULL, SOCK_CLOEXEC);
	struct timeval patience = {.tv_sec = PATIENCE_S};
	int on = 1;
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	g_mutex_lock(&stand->lock);
	gboolean stopped = stand->stopped;
	stand->current = fd;
	g_mutex_unlock(&stand->lock);
	if (!stopped)
		return fd;
	close(fd);
	return -1;
}

static void let_go(struct stand *stand, int fd)
{
	g_mutex_lock(&stand->lock);
	stand->current = -1;
	close(fd);
	g_mutex_unlock(&stand->lock);
}

/* A write to a closed socket ends the write, not the test; the test's own threads keep
 * the signal as it is. */
static gpointer run(gpointer data)
{
	struct stand *stand = data;
	sigset_t pipe_only;
	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_only, NULL);
	for (int fd; (fd = take(stand)) >= 0;) {
		g_atomic_int_inc(&stand->connections);
		stand->serve(fd, stand->data);
		let_go(stand, fd);
	}
	return NULL;
}

struct stand *stand_start(stand_serve serve, gpointer data)
{
	struct stand *stand = g_new0(struct stand, 1);
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	*stand = (struct stand){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
		.current = -1,
		.serve = serve,
		.data = data};
	g_mutex_init(&stand->lock);
	if (bind(stand->listener, (struct sockaddr *)&address, len) != 0 ||
		listen(stand->listener, 16) != 0 ||
		getsockname(stand->listener, (struct sockaddr *)&address, &len) != 0)
		g_error("stand: no listener on the loopback");
	stand->port = ntohs(address.sin_port);
	stand->thread = g_thread_new("stand", run, stand);
	return stand;
}

guint16 stand_port(const struct stand *stand)
{
	return stand->port;
}

gint stand_connections(struct stand *stand)
{
	return g_atomic_int_get(&stand->connections);
}

void stand_wait_closed(int fd)
{
	char skipped[512];
	while (read(fd, skipped, sizeof(skipped)) > 0)
		;
}

struct stand *stand_stop(struct stand *stand)
{
	if (!stand)
		return NULL;
	g_mutex_lock(&stand->lock);
	stand->stopped = TRUE;
	if (stand->current >= 0)
		shutdown(stand->current, SHUT_RDWR);
	g_mutex_unlock(&stand->lock);
	shutdown(stand->listener, SHUT_RDWR); /* ends accept() */
	g_thread_join(stand->thread);
	close(stand->listener);
	g_mutex_clear(&stand->lock);
	g_free(stand);
	return NULL;
}
