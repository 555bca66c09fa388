/* SPDX-License-Identifier: MIT
 *
 * test_matrix.c - every server of the matrix over ldaps and StartTLS: none wrongly
 * believed, none wrongly refused, and the word a person acts on is the right one.
 */
#include <glib/gstdio.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/ldap/ask.h"
#include "tests/ldap/slapd.h"
#include "tests/ldap/talk.h"
#include "tests/net/matrix.h"

#define TIMEOUT_MS 10000
#define SILENCE_MS 200 /* where the server is silent: the deadline must come */

static char *password_file;

static void serve_ldap(SSL *ssl, gpointer data)
{
	struct talk talk = {.ssl = ssl};
	struct talk_request request;
	while (talk_read(&talk, &request)) {
		g_autoptr(GBytes) entry = request.scope == LDAP_SCOPE_BASE
						  ? talk_entry(request.id, NULL, 0)
						  : talk_hanako(request.id);
		if (request.op == LDAP_REQ_BIND)
			talk_result(&talk, request.id, LDAP_RES_BIND, LDAP_SUCCESS);
		if (request.op != LDAP_REQ_SEARCH)
			continue;
		talk_write_bytes(&talk, entry);
		talk_result(&talk, request.id, LDAP_RES_SEARCH_RESULT, LDAP_SUCCESS);
	}
}

static gboolean agree_to_tls(int fd, gpointer data)
{
	struct talk talk = {.fd = fd};
	struct talk_request request;
	return talk_read(&talk, &request) && request.op == LDAP_REQ_EXTENDED &&
	       talk_result(&talk, request.id, LDAP_RES_EXTENDED, LDAP_SUCCESS);
}

static void ask_row(struct matrix *matrix, const struct matrix_row *row, enum ldap_source_tls tls)
{
	struct matrix_talk talk = {
		.before = tls == LDAP_SOURCE_STARTTLS ? agree_to_tls : NULL, .serve = serve_ldap};
	struct matrix_server *server = matrix_play(matrix, row, &talk);
	gboolean silent = !row->good && row->want == NET_ERROR_LATE;
	const char *word = NULL, *want = row->good ? "" : net_error_word(row->want);
	struct ldap_source_settings settings = {
		.host = (char *)matrix_host(row),
		.port = matrix_port(server),
		.tls = tls,
		.bind_dn = (char *)"cn=kiosk",
		.password_file = password_file,
		.base = (char *)"ou=people",
		.rules = *matrix_rules(server),
		.timeout_ms = silent ? SILENCE_MS : TIMEOUT_MS,
	};
	slapd_map(&settings.map);
	struct asked asked = ask_fresh(&settings, "student-number", SLAPD_HANAKO, &word);
	if (strcmp(word, want) != 0)
		fprintf(stderr, "%s (%s):\n", row->what, talk.before ? "StartTLS" : "ldaps");
	CHECK_STR(word, want);
	CHECK_INT(asked.answer, row->good ? DIRECTORY_ONE : DIRECTORY_DOWN);
	CHECK_INT(matrix_stop(server), 0);
}

static void ask_rows(gboolean good)
{
	const struct matrix_row *rows = NULL;
	gsize n = matrix_rows(&rows);
	struct matrix *matrix = matrix_new();
	for (gsize i = 0; i < n; i++) {
		if (rows[i].good != good)
			continue;
		ask_row(matrix, &rows[i], LDAP_SOURCE_LDAPS);
		ask_row(matrix, &rows[i], LDAP_SOURCE_STARTTLS);
	}
	matrix_free(matrix);
}

static void no_bad_server_is_believed_and_each_is_told_by_its_word(void)
{
	ask_rows(FALSE);
}

static void no_good_server_is_refused(void)
{
	ask_rows(TRUE);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"no bad server is believed, and each is told by its word",
			no_bad_server_is_believed_and_each_is_told_by_its_word},
		{"no good server is refused", no_good_server_is_refused},
	};
	g_setenv("LDAPNOINIT", "1", TRUE);
	int fd = g_file_open_tmp("madoguchi-ldap-XXXXXX", &password_file, NULL);
	if (write(fd, "secret", 6) != 6)
		g_error("no password");
	close(fd);
	int failed = CHECK_MAIN("TLS of LDAP servers good and bad", cases);
	g_unlink(password_file);
	g_free(password_file);
	return failed;
}
