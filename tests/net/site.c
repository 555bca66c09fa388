/* SPDX-License-Identifier: MIT */
#include "tests/net/site.h"

#include <poll.h>
#include <string.h>

#include "tests/net/matrix.h"

#define PATIENCE_MS 10000
#define BOMB_SIZE   (64 * 1024 * 1024)
#define DRIP_MS     20

struct site {
	struct matrix *matrix;
	struct matrix_server *server;
	gint connections, requests, written; /* atomic */
};

/* What a path plays. FALSE: hang up. */
typedef gboolean (*play)(struct site *site, SSL *ssl);

static gboolean say_bytes(struct site *site, SSL *ssl, const void *bytes, gsize len)
{
	int n = SSL_write(ssl, bytes, (int)len);
	if (n > 0)
		g_atomic_int_add(&site->written, n);
	return n == (int)len;
}

static gboolean say(struct site *site, SSL *ssl, const char *text)
{
	return say_bytes(site, ssl, text, strlen(text));
}

static gboolean play_endless(struct site *site, SSL *ssl)
{
	static const char block[16384];
	gboolean ok = say(site, ssl, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
	while (ok)
		ok = say_bytes(site, ssl, block, sizeof(block));
	return FALSE;
}

static gboolean play_headers(struct site *site, SSL *ssl)
{
	gboolean ok = say(site, ssl, "HTTP/1.1 200 OK\r\n");
	while (ok)
		ok = say(site, ssl, "X-More: 0123456789012345678901234567890123456789\r\n");
	return FALSE;
}

static gboolean play_long_header(struct site *site, SSL *ssl)
{
	gboolean ok = say(site, ssl, "HTTP/1.1 200 OK\r\nX-Long: ");
	while (ok)
		ok = say(site, ssl, "0123456789012345678901234567890123456789");
	return FALSE;
}

static gboolean play_interim(struct site *site, SSL *ssl)
{
	while (say(site, ssl, "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"))
		;
	return FALSE;
}

static gboolean play_trailers(struct site *site, SSL *ssl)
{
	gboolean ok = say(
		site, ssl, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n");
	while (ok)
		ok = say(site, ssl, "X-More: 0123456789012345678901234567890123456789\r\n");
	return FALSE;
}

/* One byte at a time, always within any patience for a single byte. */
static gboolean play_drip(struct site *site, SSL *ssl)
{
	struct pollfd gone = {.fd = SSL_get_fd(ssl), .events = POLLIN};
	gboolean ok = say(site, ssl, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
	while (ok && poll(&gone, 1, DRIP_MS) == 0)
		ok = say(site, ssl, ".");
	return FALSE;
}

static GBytes *gzip(GBytes *plain)
{
	g_autoptr(GConverter) converter =
		G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
	g_autoptr(GInputStream) in = g_memory_input_stream_new_from_bytes(plain);
	g_autoptr(GInputStream) packed = g_converter_input_stream_new(in, converter);
	g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable();
	g_output_stream_splice(out, packed, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
	return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(out));
}

static gboolean say_gzip(struct site *site, SSL *ssl, GBytes *packed, const char *coding)
{
	gsize len = 0;
	const void *bytes = g_bytes_get_data(packed, &len);
	g_autofree char *head = g_strdup_printf("HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n"
						"Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
		coding, len);
	return say(site, ssl, head) && say_bytes(site, ssl, bytes, len);
}

static gboolean play_gzip(struct site *site, SSL *ssl)
{
	g_autoptr(GBytes) plain = g_bytes_new_static("packed well", strlen("packed well"));
	g_autoptr(GBytes) packed = gzip(plain);
	return say_gzip(site, ssl, packed, "gzip");
}

static gboolean play_bomb(struct site *site, SSL *ssl)
{
	g_autoptr(GBytes) plain = g_bytes_new_take(g_malloc0(BOMB_SIZE), BOMB_SIZE);
	g_autoptr(GBytes) packed = gzip(plain);
	return say_gzip(site, ssl, packed, "gzip");
}

static gboolean play_double_bomb(struct site *site, SSL *ssl)
{
	g_autoptr(GBytes) plain = g_bytes_new_take(g_malloc0(BOMB_SIZE), BOMB_SIZE);
	g_autoptr(GBytes) once = gzip(plain);
	g_autoptr(GBytes) twice = gzip(once);
	return say_gzip(site, ssl, twice, "gzip, gzip");
}

/* Without TLS's close_notify: a cut, not an end. */
static gboolean play_unnotified(struct site *site, SSL *ssl)
{
	say(site, ssl, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"value\":[]}");
	SSL_set_quiet_shutdown(ssl, 1);
	return FALSE;
}

static gboolean play_silence(struct site *site, SSL *ssl)
{
	char more[64];
	while (SSL_read(ssl, more, sizeof(more)) > 0)
		;
	return FALSE;
}

static gboolean play_size(struct site *site, SSL *ssl)
{
	g_autofree char *exact = g_malloc0(HTTP_BODY_MAX);
	g_autofree char *head =
		g_strdup_printf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", HTTP_BODY_MAX);
	return say(site, ssl, head) && say_bytes(site, ssl, exact, HTTP_BODY_MAX);
}

struct page {
	const char *path;
	play play;
	const char *text; /* where there is nothing to play */
	gboolean hang_up; /* after it */
};

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
static const struct page pages[] = {
	{"/ok", .text = OK "Content-Type: application/json\r\nrequest-id: 7c-1\r\n\r\nok"},
	{"/empty", .text = "HTTP/1.1 204 No Content\r\n\r\n"},
	{"/trailer", .text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"
			     "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-End: 1\r\n\r\n"},
	{"/half-second", .text = "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n",
		.hang_up = TRUE},
	{"/once", .text = OK "\r\nok", .hang_up = TRUE},
	{"/close", .text = OK "Connection: close\r\n\r\nok", .hang_up = TRUE},
	{"/dated", .text = OK "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\nok"},
	{"/later", .text = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 120\r\n"
			   "RateLimit-Remaining: 7\r\nContent-Length: 0\r\n\r\n"},
	{"/later-date", .text = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
				"Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
				"Retry-After: Thu, 01 Jan 2026 00:01:30 GMT\r\n\r\n"},
	{"/redirect", .text = "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n"},
	{"/portal", .text = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n"
			    "\r\n<form></form>\r\n"},
	{"/truncated", .text = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"value\"",
		.hang_up = TRUE},
	{"/unending", .text = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", .hang_up = TRUE},
	{"/half-head", .text = "HTTP/1.1 200 OK\r\nContent-Le", .hang_up = TRUE},
	{"/half-chunk", .text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc",
		.hang_up = TRUE},
	{"/huge-length", .text = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx"},
	{"/bad-chunk", .text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc"},
	{"/bad-gzip", .text = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n"
			      "\r\nabcd"},
	{"/no-http", .text = "220 mail.example.test ESMTP\r\n", .hang_up = TRUE},
	{"/nothing", .text = "", .hang_up = TRUE},
	{"/endless", play_endless},
	{"/headers", play_headers},
	{"/long-header", play_long_header},
	{"/interim", play_interim},
	{"/trailers", play_trailers},
	{"/drip", play_drip},
	{"/gzip", play_gzip},
	{"/bomb", play_bomb},
	{"/double-bomb", play_double_bomb},
	{"/unnotified", play_unnotified},
	{"/silence", play_silence},
	{"/exact", play_size},
};
#undef OK

static gboolean play_page(struct site *site, SSL *ssl, const char *path)
{
	for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
		const struct page *page = &pages[i];
		if (!g_str_equal(page->path, path))
			continue;
		if (page->play)
			return page->play(site, ssl);
		return (!*page->text || say(site, ssl, page->text)) && !page->hang_up;
	}
	return FALSE;
}

/* Head and body of one request; the path is the caller's. NULL: the client has gone. */
static char *read_request(SSL *ssl)
{
	char one[1];
	g_autoptr(GString) head = g_string_new(NULL);
	while (!g_str_has_suffix(head->str, "\r\n\r\n")) {
		if (SSL_read(ssl, one, 1) != 1)
			return NULL;
		g_string_append_len(head, one, 1);
	}
	const char *length = strstr(head->str, "Content-Length: ");
	guint64 left = length ? g_ascii_strtoull(length + strlen("Content-Length: "), NULL, 10) : 0;
	if (g_str_has_prefix(head->str, "POST /nothing"))
		left = MIN(left, 1000); /* hung up in the middle */
	for (; left > 0; left--)
		if (SSL_read(ssl, one, 1) != 1)
			return NULL;
	g_auto(GStrv) words = g_strsplit(head->str, " ", 3);
	return g_strdup(words[1] ? words[1] : "");
}

static void serve(SSL *ssl, gpointer data)
{
	struct site *site = data;
	gboolean more = TRUE;
	g_atomic_int_inc(&site->connections);
	while (more) {
		g_autofree char *path = read_request(ssl);
		if (path)
			g_atomic_int_inc(&site->requests);
		more = path && play_page(site, ssl, path);
	}
}

struct site *site_start(void)
{
	static const struct matrix_row good = {.what = "good",
		.good = TRUE,
		.leaf = {.san = "DNS:localhost,IP:127.0.0.1", .eku = "serverAuth"}};
	struct site *site = g_new0(struct site, 1);
	struct matrix_talk talk = {.serve = serve, .data = site};
	site->matrix = matrix_new();
	site->server = matrix_play(site->matrix, &good, &talk);
	return site;
}

struct http *site_client(struct site *site)
{
	return http_new(matrix_rules(site->server), "test", NULL);
}

char *site_url(struct site *site, const char *path)
{
	return g_strdup_printf("https://127.0.0.1:%u%s", site_port(site), path);
}

guint16 site_port(struct site *site)
{
	return matrix_port(site->server);
}

gint site_connections(struct site *site)
{
	return g_atomic_int_get(&site->connections);
}

gint site_requests(struct site *site)
{
	return g_atomic_int_get(&site->requests);
}

gint site_written(struct site *site)
{
	return g_atomic_int_get(&site->written);
}

static gboolean on_look(gpointer data)
{
	return G_SOURCE_CONTINUE;
}

gboolean site_wait(struct site *site, gint requests)
{
	gint64 deadline = g_get_monotonic_time() + PATIENCE_MS * 1000;
	guint look = g_timeout_add(5, on_look, NULL);
	while (site_requests(site) < requests && g_get_monotonic_time() < deadline)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(look);
	return site_requests(site) >= requests;
}

struct site *site_stop(struct site *site)
{
	if (!site)
		return NULL;
	matrix_stop(site->server);
	matrix_free(site->matrix);
	g_free(site);
	return NULL;
}
