/* SPDX-License-Identifier: MIT
 *
 * stand_in.c - see stand_in.h.
 *
 * A thread that accepts and one for each connection; blocking. To stop, every socket is
 * shut down, which ends every read and write.
 */
#include "tests/graph/stand_in.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/graph/stand_in_private.h"

#define HEAD_MAX   32768
#define BODY_MAX   65536
#define SLOW_US    20000
#define TOKEN_PATH "/tenant/oauth2/v2.0/token"

/* One connection. */
struct talk {
	struct stand_in *s;
	SSL *ssl;
	int fd;
	guint number;
	GThread *thread;
};

gint64 stand_in_now(const struct stand_in *s)
{
	return g_get_real_time() / G_USEC_PER_SEC + s->clock_s;
}

static void request_free(gpointer data)
{
	struct stand_in_request *r = data;
	g_free(r->method);
	g_free(r->target);
	g_strfreev(r->headers);
	g_free(r->body);
	g_free(r);
}

const char *stand_in_header(const struct stand_in_request *request, const char *name)
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

static struct stand_in_request *parse_head(const char *head, guint connection)
{
	g_auto(GStrv) lines = g_strsplit(head, "\r\n", -1);
	g_auto(GStrv) first = g_strsplit(lines[0], " ", 3);
	struct stand_in_request *r = g_new0(struct stand_in_request, 1);
	r->method = g_strdup(first[0]);
	r->target = g_strdup(first[0] && first[1] ? first[1] : "");
	r->connection = connection;
	r->headers = g_strdupv(lines + 1);
	for (char **h = r->headers; *h; h++)
		for (char *c = *h; *c && *c != ':'; c++)
			*c = g_ascii_tolower(*c);
	return r;
}

/* NULL: the other side went, or is no HTTP client. */
static struct stand_in_request *read_request(struct talk *t)
{
	g_autoptr(GString) head = g_string_new(NULL);
	if (!read_head(t, head))
		return NULL;
	struct stand_in_request *r = parse_head(head->str, t->number);
	const char *length = stand_in_header(r, "content-length");
	gsize len = length ? MIN(strtoul(length, NULL, 10), BODY_MAX) : 0, got = 0, n = 0;
	r->body = g_malloc0(len + 1);
	while (got < len && SSL_read_ex(t->ssl, r->body + got, len - got, &n) == 1)
		got += n;
	if (got == len)
		return r;
	request_free(r);
	return NULL;
}

static gboolean put(struct talk *t, const char *bytes, gsize len)
{
	size_t n;
	return len == 0 || SSL_write_ex(t->ssl, bytes, len, &n) == 1;
}

static gboolean put_head(struct talk *t, const struct stand_in_step *step, gsize len)
{
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(stand_in_now(t->s));
	g_autofree char *date = g_date_time_format(now, "%a, %d %b %Y %H:%M:%S GMT");
	g_autofree char *length = step->trick == STAND_IN_ENDLESS
					  ? g_strdup("")
					  : g_strdup_printf("Content-Length: %zu\r\n", len);
	g_autofree char *head =
		g_strdup_printf("HTTP/1.1 %d X\r\nDate: %s\r\nContent-Type: %s\r\n%s"
				"request-id: 8c0b1e2f-0000-4000-8000-00000000000%u\r\n%s\r\n",
			step->status, date, step->type ? step->type : "application/json", length,
			t->number % 10, step->headers ? step->headers : "");
	return put(t, head, strlen(head));
}

static gboolean stopping(struct stand_in *s)
{
	g_mutex_lock(&s->lock);
	gboolean is = s->stopping;
	g_mutex_unlock(&s->lock);
	return is;
}

/* Until the other side, or the test, has enough. */
static void put_slowly(struct talk *t, const char *body, gsize len, gboolean endless)
{
	for (gsize i = 0; (endless || i < len) && !stopping(t->s); i++) {
		if (!endless)
			g_usleep(SLOW_US);
		if (!put(t, endless ? body : body + i, endless ? len : 1))
			return;
	}
}

/* FALSE: the connection ends. */
static gboolean play(struct talk *t, const struct stand_in_step *step)
{
	const char *body = step->body ? step->body : "";
	gsize len = step->len > 0 ? (gsize)step->len : strlen(body);
	char c;
	if (step->trick == STAND_IN_DROP)
		return FALSE;
	if (step->trick == STAND_IN_SILENT) {
		SSL_read(t->ssl, &c, 1);
		return FALSE;
	}
	if (!put_head(t, step, len))
		return FALSE;
	switch (step->trick) {
	case STAND_IN_SAY:
		return put(t, body, len);
	case STAND_IN_CUT:
		put(t, body, len / 2);
		return FALSE;
	case STAND_IN_ENDLESS:
	case STAND_IN_SLOW:
		put_slowly(t, body, len, step->trick == STAND_IN_ENDLESS);
		return FALSE;
	case STAND_IN_DROP:
	case STAND_IN_SILENT:
		break;
	}
	return FALSE;
}

static enum stand_in_door door_of(const struct stand_in_request *r)
{
	return g_str_has_prefix(r->target, "/v1.0/") ? STAND_IN_USERS : STAND_IN_TOKEN;
}

/* Owns the request from here. */
static gboolean answer(struct talk *t, struct stand_in_request *r)
{
	struct stand_in *s = t->s;
	struct stand_in_reply reply = {0};
	enum stand_in_door door = door_of(r);
	g_mutex_lock(&s->lock);
	g_autofree struct stand_in_step *scripted = g_queue_pop_head(&s->steps[door]);
	if (!scripted && door == STAND_IN_TOKEN)
		reply = strcmp(r->target, TOKEN_PATH) == 0
				? stand_in_login(s, r)
				: (struct stand_in_reply){404, g_strdup("{}")};
	else if (!scripted)
		reply = stand_in_users(s, r);
	r->status = scripted ? scripted->status : reply.status;
	g_ptr_array_add(s->requests, r);
	g_mutex_unlock(&s->lock);
	g_autofree char *body = reply.body;
	const struct stand_in_step step = {.status = reply.status, .body = body};
	return play(t, scripted ? scripted : &step);
}

static gpointer run_talk(gpointer data)
{
	struct talk *t = data;
	gboolean on = SSL_accept(t->ssl) == 1;
	while (on) {
		struct stand_in_request *r = read_request(t);
		on = r && answer(t, r);
	}
	shutdown(t->fd, SHUT_RDWR);
	return NULL;
}

static void add_talk(struct stand_in *s, int fd)
{
	const int on = 1;
	struct talk *t = g_new0(struct talk, 1);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	t->s = s;
	t->fd = fd;
	t->ssl = SSL_new(s->tls);
	SSL_set_fd(t->ssl, fd);
	g_mutex_lock(&s->lock);
	g_ptr_array_add(s->talks, t);
	t->number = s->talks->len;
	t->thread = g_thread_new("talk", run_talk, t);
	if (s->stopping)
		shutdown(fd, SHUT_RDWR);
	g_mutex_unlock(&s->lock);
}

static gpointer run_accept(gpointer data)
{
	struct stand_in *s = data;
	int fd;
	while ((fd = accept4(s->listening, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		add_talk(s, fd);
	return NULL;
}

static guint16 listen_anywhere(int *ret_fd)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t len = sizeof at;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*ret_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*ret_fd < 0 || bind(*ret_fd, (struct sockaddr *)&at, len) != 0 ||
		listen(*ret_fd, 16) != 0 || getsockname(*ret_fd, (struct sockaddr *)&at, &len) != 0)
		g_error("stand-in: cannot listen on the loopback");
	return ntohs(at.sin_port);
}

/* RSA keys are slow to make: two serve all stand-ins of a program. */
static const struct pki_cert *rsa_identity(gboolean known)
{
	static gsize made[2];
	gsize *to = &made[known ? 1 : 0];
	if (g_once_init_enter(to)) {
		const struct pki_spec spec = {.cn = "desk", .key = PKI_RSA_2048};
		g_once_init_leave(to, (gsize)pki_issue(NULL, &spec));
	}
	return (const struct pki_cert *)*to;
}

static void make_certificates(struct stand_in *s)
{
	struct pki_cert *ca = pki_issue(NULL, &(struct pki_spec){.cn = "CA", .ca = TRUE});
	struct pki_cert *server = pki_issue(
		ca, &(struct pki_spec){.cn = "graph", .san = "IP:127.0.0.1", .eku = "serverAuth"});
	const struct pki_cert *other = rsa_identity(FALSE);
	s->client = rsa_identity(TRUE);
	s->folder = pki_folder();
	s->ca_path = pki_write_chain(s->folder, "ca.pem", ca, NULL);
	g_free(pki_write_chain(s->folder, "server.pem", server, NULL));
	g_free(pki_write_key(s->folder, "server.key", server));
	s->cert_path = pki_write_chain(s->folder, "desk.pem", s->client, NULL);
	s->key_path = pki_write_key(s->folder, "desk.key", s->client);
	s->other_cert_path = pki_write_chain(s->folder, "other.pem", other, NULL);
	s->other_key_path = pki_write_key(s->folder, "other.key", other);
	s->tls = SSL_CTX_new(TLS_server_method());
	if (SSL_CTX_use_certificate(s->tls, server->x509) != 1 ||
		SSL_CTX_use_PrivateKey(s->tls, server->key) != 1)
		g_error("stand-in: no certificate");
	pki_free(server);
	pki_free(ca);
}

void stand_in_listens_at(struct stand_in *s, guint16 port)
{
	g_free(s->base);
	g_free(s->token_url);
	s->base = g_strdup_printf("https://127.0.0.1:%u/v1.0", port);
	s->token_url = g_strdup_printf("https://127.0.0.1:%u" TOKEN_PATH, port);
}

struct stand_in *stand_in_start(void)
{
	struct stand_in *s = g_new0(struct stand_in, 1);
	signal(SIGPIPE, SIG_IGN);
	g_mutex_init(&s->lock);
	s->roles = "[\"User.Read.All\"]";
	s->token_life_s = 3599;
	s->talks = g_ptr_array_new();
	s->requests = g_ptr_array_new_with_free_func(request_free);
	s->users = g_ptr_array_new();
	s->seen_jti = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->tokens = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	make_certificates(s);
	s->port = listen_anywhere(&s->listening);
	stand_in_listens_at(s, s->port);
	s->thread = g_thread_new("stand-in", run_accept, s);
	return s;
}

static void end_talks(struct stand_in *s)
{
	g_mutex_lock(&s->lock);
	s->stopping = TRUE;
	for (guint i = 0; i < s->talks->len; i++)
		shutdown(((struct talk *)s->talks->pdata[i])->fd, SHUT_RDWR);
	g_mutex_unlock(&s->lock);
	shutdown(s->listening, SHUT_RDWR);
	g_thread_join(s->thread);
	for (guint i = 0; i < s->talks->len; i++) {
		struct talk *t = s->talks->pdata[i];
		g_thread_join(t->thread);
		SSL_free(t->ssl);
		close(t->fd);
		g_free(t);
	}
	close(s->listening);
}

static void free_paths(struct stand_in *s)
{
	char *paths[] = {s->folder, s->base, s->token_url, s->ca_path, s->cert_path, s->key_path,
		s->other_cert_path, s->other_key_path};
	pki_folder_remove(s->folder);
	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
		g_free(paths[i]);
}

struct stand_in *stand_in_stop(struct stand_in *s)
{
	if (!s)
		return NULL;
	stand_in_front_end(s);
	end_talks(s);
	g_autofree char *refused = stand_in_refusals(s);
	if (refused) {
		fprintf(stderr, "stand-in: not described by Microsoft:\n%s", refused);
		CHECK(refused == NULL);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(s->steps); i++)
		g_queue_clear_full(&s->steps[i], g_free);
	g_ptr_array_unref(s->talks);
	g_ptr_array_unref(s->requests);
	g_ptr_array_unref(s->users);
	g_hash_table_unref(s->seen_jti);
	g_hash_table_unref(s->tokens);
	SSL_CTX_free(s->tls);
	free_paths(s);
	g_mutex_clear(&s->lock);
	g_free(s);
	return NULL;
}
