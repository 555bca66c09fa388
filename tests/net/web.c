/* SPDX-License-Identifier: MIT
 *
 * web.c - see web.h. Blocking; to stop, every socket is shut down, which ends every read and
 * write.
 */
#include "tests/net/web.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX 32768
#define SLOW_US  20000

struct web {
	GMutex lock;
	SSL_CTX *tls;
	int listening;
	guint16 port;
	web_handler handler;
	gpointer data;
	gboolean stopping;
	gint cut_body; /* atomic: bodies still to be cut */
	GThread *thread;
	GPtrArray *talks; /* struct talk: connections, threads not yet joined */
};

/* One connection. */
struct talk {
	struct web *web;
	SSL *ssl;
	int fd;
	guint number;
	GThread *thread;
};

void web_request_free(struct web_request *r)
{
	if (!r)
		return;
	g_free(r->method);
	g_free(r->target);
	g_strfreev(r->headers);
	g_free(r->body);
	g_free(r);
}

const char *web_header(const struct web_request *request, const char *name)
{
	gsize len = strlen(name);
	for (char **h = request->headers; *h; h++)
		if (strncmp(*h, name, len) == 0 && strncmp(*h + len, ": ", 2) == 0)
			return *h + len + 2;
	return NULL;
}

static gboolean read_head(struct talk *t, GString *head)
{
	char c;
	while (head->len < HEAD_MAX && SSL_read(t->ssl, &c, 1) == 1) {
		g_string_append_c(head, c);
		if (g_str_has_suffix(head->str, "\r\n\r\n"))
			return TRUE;
	}
	return FALSE;
}

static struct web_request *parse_head(const char *head, guint connection)
{
	g_auto(GStrv) lines = g_strsplit(head, "\r\n", -1);
	g_auto(GStrv) first = g_strsplit(lines[0], " ", 3);
	struct web_request *r = g_new0(struct web_request, 1);
	r->method = g_strdup(first[0]);
	r->target = g_strdup(first[0] && first[1] ? first[1] : "");
	r->connection = connection;
	r->headers = g_strdupv(lines + 1);
	for (char **h = r->headers; *h; h++)
		for (char *c = *h; *c && *c != ':'; c++)
			*c = g_ascii_tolower(*c);
	return r;
}

static gboolean read_body(struct talk *t, struct web_request *r)
{
	const char *length = web_header(r, "content-length");
	gsize got = 0, n = 0, whole = length ? MIN(strtoul(length, NULL, 10), WEB_BODY_MAX) : 0;
	gboolean cut = whole > 0 && g_atomic_int_compare_and_exchange(&t->web->cut_body, 1, 0);
	r->len = whole;
	r->body = g_malloc0(whole + 1);
	gsize wanted = cut ? whole / 2 : whole;
	while (got < wanted && SSL_read_ex(t->ssl, r->body + got, wanted - got, &n) == 1)
		got += n;
	return got == whole;
}

/* NULL: the other side went, or is no HTTP client. */
static struct web_request *read_request(struct talk *t)
{
	g_autoptr(GString) head = g_string_new(NULL);
	if (!read_head(t, head))
		return NULL;
	struct web_request *r = parse_head(head->str, t->number);
	if (read_body(t, r))
		return r;
	web_request_free(r);
	return NULL;
}

static gboolean put(struct talk *t, const char *bytes, gsize len)
{
	size_t n;
	return len == 0 || SSL_write_ex(t->ssl, bytes, len, &n) == 1;
}

static gboolean put_head(struct talk *t, const struct web_reply *reply, gsize len)
{
	gint64 seconds = reply->date ? reply->date : g_get_real_time() / G_USEC_PER_SEC;
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(seconds);
	g_autofree char *date = g_date_time_format(when, "%a, %d %b %Y %H:%M:%S GMT");
	g_autofree char *length = reply->trick == WEB_ENDLESS
					  ? g_strdup("")
					  : g_strdup_printf("Content-Length: %zu\r\n", len);
	g_autofree char *head =
		g_strdup_printf("HTTP/1.1 %d X\r\nDate: %s\r\nContent-Type: %s\r\n%s"
				"request-id: 8c0b1e2f-0000-4000-8000-00000000000%u\r\n%s\r\n",
			reply->status, date, reply->type ? reply->type : "application/json", length,
			t->number % 10, reply->headers ? reply->headers : "");
	return put(t, head, strlen(head));
}

static gboolean stopping(struct web *web)
{
	g_mutex_lock(&web->lock);
	gboolean is = web->stopping;
	g_mutex_unlock(&web->lock);
	return is;
}

/* Until the other side, or the test, has enough. */
static void put_slowly(struct talk *t, const char *body, gsize len, gboolean endless)
{
	for (gsize i = 0; (endless || i < len) && !stopping(t->web); i++) {
		if (!endless)
			g_usleep(SLOW_US);
		if (!put(t, endless ? body : body + i, endless ? len : 1))
			return;
	}
}

/* FALSE: the connection ends. */
static gboolean play(struct talk *t, const struct web_reply *reply)
{
	const char *body = reply->body ? reply->body : "";
	gsize len = reply->len > 0 ? (gsize)reply->len : strlen(body);
	char c;
	if (reply->trick == WEB_DROP)
		return FALSE;
	if (reply->trick == WEB_SILENT) {
		SSL_read(t->ssl, &c, 1);
		return FALSE;
	}
	if (!put_head(t, reply, len))
		return FALSE;
	switch (reply->trick) {
	case WEB_SAY:
		return put(t, body, len);
	case WEB_CUT:
		put(t, body, len / 2);
		return FALSE;
	case WEB_ENDLESS:
	case WEB_SLOW:
		put_slowly(t, body, len, reply->trick == WEB_ENDLESS);
		return FALSE;
	case WEB_DROP:
	case WEB_SILENT:
		break;
	}
	return FALSE;
}

static gpointer run_talk(gpointer data)
{
	struct talk *t = data;
	gboolean on = SSL_accept(t->ssl) == 1;
	while (on) {
		struct web_request *r = read_request(t);
		if (!r)
			break;
		struct web_reply reply = t->web->handler(r, t->web->data);
		on = play(t, &reply);
		g_free(reply.headers);
		g_free(reply.type);
		g_free(reply.body);
	}
	shutdown(t->fd, SHUT_RDWR);
	return NULL;
}

static void add_talk(struct web *web, int fd)
{
	const int on = 1;
	struct talk *t = g_new0(struct talk, 1);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	t->web = web;
	t->fd = fd;
	t->ssl = SSL_new(web->tls);
	SSL_set_fd(t->ssl, fd);
	g_mutex_lock(&web->lock);
	g_ptr_array_add(web->talks, t);
	t->number = web->talks->len;
	t->thread = g_thread_new("talk", run_talk, t);
	if (web->stopping)
		shutdown(fd, SHUT_RDWR);
	g_mutex_unlock(&web->lock);
}

static gpointer run_accept(gpointer data)
{
	struct web *web = data;
	int fd;
	while ((fd = accept4(web->listening, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		add_talk(web, fd);
	return NULL;
}

static guint16 listen_at(guint16 port, int *ret_fd)
{
	const int on = 1;
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
	socklen_t len = sizeof at;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*ret_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*ret_fd < 0 || setsockopt(*ret_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
		bind(*ret_fd, (struct sockaddr *)&at, len) != 0 || listen(*ret_fd, 64) != 0 ||
		getsockname(*ret_fd, (struct sockaddr *)&at, &len) != 0)
		g_error("web: cannot listen on the loopback");
	return ntohs(at.sin_port);
}

struct web *web_start(SSL_CTX *tls, guint16 port, web_handler handler, gpointer data)
{
	struct web *web = g_new0(struct web, 1);
	signal(SIGPIPE, SIG_IGN);
	g_mutex_init(&web->lock);
	web->tls = tls;
	web->handler = handler;
	web->data = data;
	web->talks = g_ptr_array_new();
	web->port = listen_at(port, &web->listening);
	web->thread = g_thread_new("web", run_accept, web);
	return web;
}

guint16 web_port(const struct web *web)
{
	return web->port;
}

void web_cut_next_body(struct web *web)
{
	g_atomic_int_set(&web->cut_body, 1);
}

static void end_talks(struct web *web)
{
	g_mutex_lock(&web->lock);
	web->stopping = TRUE;
	for (guint i = 0; i < web->talks->len; i++)
		shutdown(((struct talk *)web->talks->pdata[i])->fd, SHUT_RDWR);
	g_mutex_unlock(&web->lock);
	shutdown(web->listening, SHUT_RDWR);
	g_thread_join(web->thread);
	for (guint i = 0; i < web->talks->len; i++) {
		struct talk *t = web->talks->pdata[i];
		g_thread_join(t->thread);
		SSL_free(t->ssl);
		close(t->fd);
		g_free(t);
	}
	close(web->listening);
}

struct web *web_stop(struct web *web)
{
	if (!web)
		return NULL;
	end_talks(web);
	g_ptr_array_unref(web->talks);
	SSL_CTX_free(web->tls);
	g_mutex_clear(&web->lock);
	g_free(web);
	return NULL;
}
