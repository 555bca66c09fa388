/* SPDX-License-Identifier: MIT
 *
 * stand_in_front.c - nghttpx before the stand-in: what speaks HTTP/2 to the desk.
 */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/graph/stand_in_private.h"

#define PATIENCE_MS 10000
#define LOOK_MS     10

static struct sockaddr_in loopback(guint16 port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static guint16 find_port(void)
{
	struct sockaddr_in address = loopback(0);
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(fd, (struct sockaddr *)&address, len) != 0 ||
		getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		g_error("no free port");
	close(fd);
	return ntohs(address.sin_port);
}

static gboolean is_open(guint16 port)
{
	struct sockaddr_in address = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	gboolean ok = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	close(fd);
	return ok;
}

static gboolean on_look(gpointer data)
{
	return G_SOURCE_CONTINUE;
}

static void wait_open(guint16 port)
{
	gint64 deadline = g_get_monotonic_time() + PATIENCE_MS * 1000;
	guint look = g_timeout_add(LOOK_MS, on_look, NULL);
	while (!is_open(port) && g_get_monotonic_time() < deadline)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(look);
	if (!is_open(port))
		g_error("stand-in: nghttpx does not listen");
}

/* Behind it stands the stand-in with the same certificate, which the proxy need not check. */
static GSubprocess *run_proxy(const struct stand_in *s)
{
	g_autofree char *front = g_strdup_printf("--frontend=127.0.0.1,%u", s->front_port);
	g_autofree char *back = g_strdup_printf("--backend=127.0.0.1,%u;;tls", s->port);
	g_autofree char *key = g_build_filename(s->folder, "server.key", NULL);
	g_autofree char *cert = g_build_filename(s->folder, "server.pem", NULL);
	GSubprocess *proxy = g_subprocess_new(
		G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL,
		"nghttpx", "--conf=/dev/null", "--single-process", "--workers=1", "--no-ocsp",
		"--insecure", "--add-forwarded=for", front, back, key, cert, NULL);
	if (!proxy)
		g_error("stand-in: nghttpx does not start");
	wait_open(s->front_port);
	return proxy;
}

struct stand_in *stand_in_start_http2(void)
{
	struct stand_in *s = stand_in_start();
	s->front_port = find_port();
	stand_in_listens_at(s, s->front_port);
	s->front = run_proxy(s);
	return s;
}

void stand_in_front_end(struct stand_in *s)
{
	if (!s->front)
		return;
	g_subprocess_force_exit(s->front);
	g_subprocess_wait(s->front, NULL, NULL);
	g_clear_object(&s->front);
}

void stand_in_front_again(struct stand_in *s)
{
	stand_in_front_end(s);
	s->front = run_proxy(s);
}

gboolean stand_in_has_http2(void)
{
	g_autofree char *proxy = g_find_program_in_path("nghttpx");
	return proxy != NULL;
}

const char *stand_in_front_of(const struct web_request *request)
{
	const char *via = web_header(request, "via");
	const char *forwarded = web_header(request, "forwarded");
	return via && strcmp(via, "2 nghttpx") == 0 ? forwarded : NULL;
}
