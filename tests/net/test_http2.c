/* SPDX-License-Identifier: MIT
 *
 * test_http2.c - HTTP/2 through nghttpx: one connection for all, and the same manners.
 */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/net/ask.h"
#include "tests/net/pki.h"
#include "tests/net/stand.h"

#define TIMEOUT_MS 10000
#define AT_ONCE    20
#define LOOK_MS    10

/* The proxy in front of a plain server of ours, and a client. */
struct world {
	char *folder, *ca, *cert, *key, *url;
	struct stand *stand;
	GSubprocess *proxy;
	struct http *http;
};

static void say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		g_debug("the proxy has gone");
}

static void say_endless(int fd)
{
	static const char block[16384];
	say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
	while (write(fd, block, sizeof(block)) > 0)
		;
}

/* One request a connection; the path decides. */
static void serve(int fd, gpointer data)
{
	char one[1];
	g_autoptr(GString) head = g_string_new(NULL);
	while (!g_str_has_suffix(head->str, "\r\n\r\n")) {
		if (read(fd, one, 1) != 1)
			return;
		g_string_append_len(head, one, 1);
	}
	if (g_str_has_prefix(head->str, "GET /endless "))
		say_endless(fd);
	else if (g_str_has_prefix(head->str, "GET /silence "))
		stand_wait_closed(fd);
	else
		say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
}

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

static gboolean wait_open(guint16 port)
{
	gint64 deadline = g_get_monotonic_time() + TIMEOUT_MS * 1000;
	guint look = g_timeout_add(LOOK_MS, on_look, NULL);
	while (!is_open(port) && g_get_monotonic_time() < deadline)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(look);
	return is_open(port);
}

/* The request has come to the server behind the proxy. */
static gboolean wait_arrived(struct world *w, gint connections)
{
	gint64 deadline = g_get_monotonic_time() + TIMEOUT_MS * 1000;
	guint look = g_timeout_add(LOOK_MS, on_look, NULL);
	while (stand_connections(w->stand) < connections && g_get_monotonic_time() < deadline)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(look);
	return stand_connections(w->stand) >= connections;
}

static void make_pki(struct world *w)
{
	w->folder = pki_folder();
	struct pki_cert *ca = pki_issue(NULL, &(struct pki_spec){.cn = "CA", .ca = TRUE});
	struct pki_cert *server =
		pki_issue(ca, &(struct pki_spec){.san = "IP:127.0.0.1", .eku = "serverAuth"});
	w->ca = pki_write_chain(w->folder, "ca.pem", ca, NULL);
	w->cert = pki_write_chain(w->folder, "server.pem", server, NULL);
	w->key = pki_write_key(w->folder, "server.key", server);
	pki_free(server);
	pki_free(ca);
}

static void world_open(struct world *w)
{
	*w = (struct world){0};
	guint16 port = find_port();
	make_pki(w);
	w->stand = stand_start(serve, NULL);
	g_autofree char *front = g_strdup_printf("--frontend=127.0.0.1,%u", port);
	g_autofree char *back = g_strdup_printf("--backend=127.0.0.1,%u", stand_port(w->stand));
	w->proxy = g_subprocess_new(G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL, "nghttpx",
		"--conf=/dev/null", "--single-process", "--workers=1", "--no-ocsp",
		"--backend-connections-per-frontend=1", front, back, w->key, w->cert, NULL);
	CHECK(w->proxy != NULL && wait_open(port));
	w->url = g_strdup_printf("https://127.0.0.1:%u", port);
	w->http = http_new(&(struct tls_rules){.ca_file = w->ca}, "test", NULL);
	CHECK(w->http != NULL);
}

static void end_proxy(struct world *w)
{
	g_subprocess_force_exit(w->proxy);
	g_subprocess_wait(w->proxy, NULL, NULL);
}

static void world_close(struct world *w)
{
	w->http = http_free(w->http);
	end_proxy(w);
	g_object_unref(w->proxy);
	stand_stop(w->stand);
	pki_folder_remove(w->folder);
	g_free(w->folder);
	g_free(w->ca);
	g_free(w->cert);
	g_free(w->key);
	g_free(w->url);
}

static void send_to(struct world *w, const char *path, GCancellable *c, struct ask *ask)
{
	g_autofree char *url = g_strconcat(w->url, path, NULL);
	struct http_request request = {.method = "GET", .url = url, .timeout_ms = TIMEOUT_MS};
	http_send(w->http, &request, c, ask_done, ask);
}

static void many_at_once_share_one_connection(void)
{
	struct world w;
	struct ask asks[AT_ONCE] = {0};
	guint reused = 0;
	world_open(&w);
	for (guint i = 0; i < AT_ONCE; i++)
		send_to(&w, "/ok", NULL, &asks[i]);
	for (guint i = 0; i < AT_ONCE; i++) {
		CHECK(ask_wait(&asks[i], 1));
		CHECK_INT(asks[i].calls, 1);
		CHECK_INT(asks[i].status, 200);
		reused += asks[i].reused;
		ask_clear(&asks[i]);
	}
	CHECK_INT(reused, AT_ONCE - 1);
	world_close(&w);
}

static void a_fresh_connection_is_had_for_the_asking(void)
{
	struct world w;
	struct ask ask = {0};
	world_open(&w);
	send_to(&w, "/ok", NULL, &ask);
	CHECK(ask_wait(&ask, 1));
	send_to(&w, "/ok", NULL, &ask);
	CHECK(ask_wait(&ask, 2));
	CHECK(ask.reused);
	g_autofree char *url = g_strconcat(w.url, "/ok", NULL);
	struct http_request fresh = {
		.method = "GET", .url = url, .timeout_ms = TIMEOUT_MS, .fresh = TRUE};
	http_send(w.http, &fresh, NULL, ask_done, &ask);
	CHECK(ask_wait(&ask, 3));
	CHECK_INT(ask.status, 200);
	CHECK(!ask.reused);
	ask_clear(&ask);
	world_close(&w);
}

static void one_bad_answer_does_not_cost_the_connection(void)
{
	struct world w;
	struct ask ask = {0}, silent = {0};
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	world_open(&w);
	send_to(&w, "/ok", NULL, &ask);
	CHECK(ask_wait(&ask, 1));
	send_to(&w, "/endless", NULL, &ask);
	CHECK(ask_wait(&ask, 2));
	CHECK_STR(ask.failed ? net_error_word(ask.error) : "none", "limit");
	gint before = stand_connections(w.stand);
	send_to(&w, "/silence", cancellable, &silent);
	CHECK(wait_arrived(&w, before + 1));
	g_cancellable_cancel(cancellable);
	send_to(&w, "/ok", NULL, &ask);
	CHECK(ask_wait(&ask, 3));
	CHECK_INT(ask.status, 200);
	CHECK(ask.reused);
	CHECK_INT(silent.calls, 0);
	ask_clear(&ask);
	world_close(&w);
}

static void a_server_that_goes_is_unreachable(void)
{
	struct world w;
	struct ask ask = {0};
	world_open(&w);
	gint before = stand_connections(w.stand);
	send_to(&w, "/silence", NULL, &ask);
	CHECK(wait_arrived(&w, before + 1));
	end_proxy(&w);
	CHECK(ask_wait(&ask, 1));
	CHECK_STR(ask.failed ? net_error_word(ask.error) : "none", "unreachable");
	send_to(&w, "/ok", NULL, &ask);
	CHECK(ask_wait(&ask, 2));
	CHECK_STR(ask.failed ? net_error_word(ask.error) : "none", "unreachable");
	ask_clear(&ask);
	world_close(&w);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"many at once share one connection", many_at_once_share_one_connection},
		{"a fresh connection is had for the asking",
			a_fresh_connection_is_had_for_the_asking},
		{"one bad answer does not cost the connection",
			one_bad_answer_does_not_cost_the_connection},
		{"a server that goes is unreachable", a_server_that_goes_is_unreachable},
	};
	g_autofree char *proxy = g_find_program_in_path("nghttpx");
	if (!proxy) {
		puts("nghttpx is not installed (Debian: nghttp2-proxy)");
		return 77;
	}
	return CHECK_MAIN("HTTP/2", cases);
}
