/* SPDX-License-Identifier: MIT
 *
 * What net/http costs beside the wire: GETs on a kept connection, ours on the main loop
 * against a bare blocking curl_easy handle, in turn, at the same server. Prints medians,
 * 10th percentiles and their ratios. Judges nothing.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/net/http.h"
#include "tests/net/matrix.h"

#define ROUNDS     2000
#define WARM_UP    50
#define TIMEOUT_MS 10000
#define BODY       700 /* bytes: one user of Graph */

struct times {
	gint64 ours[ROUNDS], bare[ROUNDS]; /* us */
};

static void serve(SSL *ssl, gpointer data)
{
	const char *answer = data;
	char request[4096];
	gsize have = 0;
	for (int n; (n = SSL_read(ssl, request + have, (int)(sizeof(request) - have - 1))) > 0;) {
		have += (gsize)n;
		request[have] = '\0';
		if (!strstr(request, "\r\n\r\n"))
			continue;
		have = 0;
		SSL_write(ssl, answer, (int)strlen(answer));
	}
}

static void on_done(const struct http_answer *answer, gpointer data)
{
	if (answer->error || answer->status != 200)
		g_error("%s", answer->error ? answer->error->message : "another status");
	*(gboolean *)data = TRUE;
}

static gint64 time_ours(struct http *http, const char *url)
{
	gboolean done = FALSE;
	struct http_request request = {.method = "GET", .url = url, .timeout_ms = TIMEOUT_MS};
	gint64 begin = g_get_monotonic_time();
	http_send(http, &request, NULL, on_done, &done);
	while (!done)
		g_main_context_iteration(NULL, TRUE);
	return g_get_monotonic_time() - begin;
}

static size_t on_bytes(char *bytes, size_t one, size_t n, void *data)
{
	return one * n;
}

static gint64 time_bare(CURL *easy)
{
	gint64 begin = g_get_monotonic_time();
	CURLcode code = curl_easy_perform(easy);
	if (code != CURLE_OK)
		g_error("curl: %s", curl_easy_strerror(code));
	return g_get_monotonic_time() - begin;
}

static CURL *bare_new(const char *url, const char *ca_file)
{
	CURL *easy = curl_easy_init();
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	return easy;
}

static int by_time(const void *a, const void *b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
	return x < y ? -1 : x > y;
}

static void print_times(struct times *t)
{
	static const struct {
		const char *name;
		gsize at;
	} rows[] = {{"10th percentile", ROUNDS / 10}, {"median", ROUNDS / 2}};
	qsort(t->ours, ROUNDS, sizeof(t->ours[0]), by_time);
	qsort(t->bare, ROUNDS, sizeof(t->bare[0]), by_time);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gint64 ours = t->ours[rows[i].at], bare = t->bare[rows[i].at];
		printf("%-16s ours %6" G_GINT64_FORMAT " us  bare libcurl %6" G_GINT64_FORMAT
		       " us  ratio %.2f\n",
			rows[i].name, ours, bare, (double)ours / (double)bare);
	}
}

/* Each at a server of its own: a stand serves one connection at a time. */
static void run(struct times *ret)
{
	static const struct matrix_row good = {
		.what = "good", .good = TRUE, .leaf = {.san = "IP:127.0.0.1", .eku = "serverAuth"}};
	g_autofree char *body = g_strnfill(BODY, 'x');
	g_autofree char *answer =
		g_strdup_printf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", BODY, body);
	struct matrix_talk talk = {.serve = serve, .data = answer};
	struct matrix *matrix[] = {matrix_new(), matrix_new()};
	struct matrix_server *a = matrix_play(matrix[0], &good, &talk);
	struct matrix_server *b = matrix_play(matrix[1], &good, &talk);
	g_autofree char *url_a = g_strdup_printf("https://127.0.0.1:%u/", matrix_port(a));
	g_autofree char *url_b = g_strdup_printf("https://127.0.0.1:%u/", matrix_port(b));
	struct http *http = http_new(matrix_rules(a), "bench", NULL);
	CURL *bare = bare_new(url_b, matrix_rules(b)->ca_file);
	for (int i = -WARM_UP; i < ROUNDS; i++) {
		gint64 ours = time_ours(http, url_a), theirs = time_bare(bare);
		if (i < 0)
			continue;
		ret->ours[i] = ours;
		ret->bare[i] = theirs;
	}
	curl_easy_cleanup(bare);
	http_free(http);
	matrix_stop(a);
	matrix_stop(b);
	matrix_free(matrix[0]);
	matrix_free(matrix[1]);
}

int main(void)
{
	struct times *times = g_new0(struct times, 1);
	printf("%d GETs of %d bytes on a kept TLS connection over the loopback\n", ROUNDS, BODY);
	run(times);
	print_times(times);
	g_free(times);
	return 0;
}
