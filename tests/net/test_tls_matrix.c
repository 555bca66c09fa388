/* SPDX-License-Identifier: MIT
 *
 * test_tls_matrix.c - HTTPS to every server of the matrix: none wrongly believed, none
 * wrongly refused, and the word a person acts on is the right one.
 */
#include "tests/check.h"
#include "tests/net/ask.h"
#include "tests/net/matrix.h"

#define TIMEOUT_MS 10000
#define SILENCE_MS 200 /* where the server is silent: the deadline must come */

static void serve_ok(SSL *ssl, gpointer data)
{
	static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	char request[2048];
	if (SSL_read(ssl, request, sizeof(request)) > 0)
		SSL_write(ssl, ok, (int)strlen(ok));
}

static const char *word_of(const struct ask *ask)
{
	return ask->failed ? net_error_word(ask->error) : "none";
}

static void check_row(struct matrix *matrix, const struct matrix_row *row)
{
	struct matrix_talk talk = {.serve = serve_ok};
	struct matrix_server *server = matrix_play(matrix, row, &talk);
	g_autofree char *url =
		g_strdup_printf("https://%s:%u/", matrix_host(row), matrix_port(server));
	struct ask ask = {0};
	AUTO(http) http = http_new(matrix_rules(server), "test", NULL);
	gboolean silent = !row->good && row->want == NET_ERROR_LATE;
	CHECK(ask_get(http, url, silent ? SILENCE_MS : TIMEOUT_MS, &ask));
	const char *want = row->good ? "none" : net_error_word(row->want);
	if (strcmp(word_of(&ask), want) != 0)
		fprintf(stderr, "%s: (%s)\n", row->what, ask.message ? ask.message : "");
	CHECK_STR(word_of(&ask), want);
	CHECK_INT(ask.status, row->good ? 200 : 0);
	CHECK_INT(ask.calls, 1);
	ask_clear(&ask);
	http = http_free(http);
	CHECK_INT(matrix_stop(server), 0);
}

static void check_rows(gboolean good)
{
	const struct matrix_row *rows = NULL;
	gsize n = matrix_rows(&rows);
	struct matrix *matrix = matrix_new();
	for (gsize i = 0; i < n; i++)
		if (rows[i].good == good)
			check_row(matrix, &rows[i]);
	matrix_free(matrix);
}

static void no_bad_server_is_believed_and_each_is_told_by_its_word(void)
{
	check_rows(FALSE);
}

static void no_good_server_is_refused(void)
{
	check_rows(TRUE);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"no bad server is believed, and each is told by its word",
			no_bad_server_is_believed_and_each_is_told_by_its_word},
		{"no good server is refused", no_good_server_is_refused},
	};
	return CHECK_MAIN("TLS to servers good and bad", cases);
}
