/* SPDX-License-Identifier: MIT
 *
 * test_http.c - HTTPS among bad neighbours: every request ends in one answer within the
 * limits, and in none after a cancel.
 */
#include <glib/gstdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kiosk/net/http_answer.h"
#include "tests/check.h"
#include "tests/net/ask.h"
#include "tests/net/site.h"
#include "tests/net/stand.h"

#define TIMEOUT_MS  10000
#define SHORT_MS    300
#define IN_FLIGHT   (8 * 1024 * 1024) /* what sockets and TLS may hold beside the limit */
#define MEMORY_KB   (24 * 1024)
#define BODY_OF(as) (const char *)g_bytes_get_data((as).body, NULL)

/* A site, its client and one answer. */
struct world {
	struct site *site;
	struct http *http;
	struct ask ask;
};

static void world_open(struct world *w)
{
	*w = (struct world){.site = site_start()};
	w->http = site_client(w->site);
	CHECK(w->http != NULL);
}

static void world_close(struct world *w)
{
	ask_clear(&w->ask);
	w->http = http_free(w->http);
	w->site = site_stop(w->site);
}

static void get(struct world *w, const char *path, guint timeout_ms)
{
	g_autofree char *url = site_url(w->site, path);
	guint calls = w->ask.calls;
	CHECK(ask_get(w->http, url, timeout_ms, &w->ask));
	CHECK_INT(w->ask.calls, calls + 1);
}

static void check_fails(struct world *w, const char *path, enum net_error want)
{
	get(w, path, TIMEOUT_MS);
	if (!w->ask.failed || w->ask.error != want)
		fprintf(stderr, "%s: %s\n", path, w->ask.message ? w->ask.message : "no error");
	CHECK(w->ask.failed);
	CHECK_STR(net_error_word(w->ask.error), net_error_word(want));
}

static void an_answer_comes_with_what_the_server_said(void)
{
	struct world w;
	world_open(&w);
	get(&w, "/ok", TIMEOUT_MS);
	CHECK(!w.ask.failed);
	CHECK_INT(w.ask.status, 200);
	CHECK_STR(w.ask.content_type, "application/json");
	CHECK_STR(w.ask.request_id, "7c-1");
	CHECK_INT(w.ask.retry_after_s, -1);
	CHECK_INT(w.ask.date, 0);
	CHECK_INT(g_bytes_get_size(w.ask.body), 2);
	CHECK(memcmp(BODY_OF(w.ask), "ok", 2) == 0);
	get(&w, "/empty", TIMEOUT_MS);
	CHECK_INT(w.ask.status, 204);
	CHECK_INT(g_bytes_get_size(w.ask.body), 0);
	get(&w, "/trailer", TIMEOUT_MS);
	CHECK_INT(w.ask.status, 200);
	CHECK_INT(g_bytes_get_size(w.ask.body), 2);
	get(&w, "/gzip", TIMEOUT_MS);
	CHECK_INT(g_bytes_get_size(w.ask.body), strlen("packed well"));
	get(&w, "/exact", TIMEOUT_MS);
	CHECK_INT(g_bytes_get_size(w.ask.body), HTTP_BODY_MAX);
	world_close(&w);
}

static void a_connection_is_kept(void)
{
	struct world w;
	world_open(&w);
	get(&w, "/ok", TIMEOUT_MS);
	CHECK(!w.ask.reused);
	get(&w, "/ok", TIMEOUT_MS);
	CHECK(w.ask.reused);
	CHECK_INT(site_connections(w.site), 1);
	world_close(&w);
}

static void a_kept_connection_that_was_cut_is_made_again(void)
{
	struct world w;
	world_open(&w);
	get(&w, "/once", TIMEOUT_MS);
	get(&w, "/ok", TIMEOUT_MS);
	CHECK(!w.ask.failed);
	CHECK_INT(w.ask.status, 200);
	CHECK_INT(site_connections(w.site), 2);
	world_close(&w);
}

static void times_are_reckoned_by_the_servers_clock(void)
{
	struct world w;
	world_open(&w);
	get(&w, "/dated", TIMEOUT_MS);
	gint64 then = 1767225600; /* 2026-01-01 00:00:00 UTC */
	CHECK_INT(w.ask.date, then);
	gint64 skew = g_get_real_time() / G_USEC_PER_SEC - then;
	CHECK(w.ask.skew_s <= skew && w.ask.skew_s >= skew - 20);
	get(&w, "/later", TIMEOUT_MS);
	CHECK_INT(w.ask.status, 429);
	CHECK_INT(w.ask.retry_after_s, 120);
	get(&w, "/later-date", TIMEOUT_MS);
	CHECK_INT(w.ask.status, 503);
	CHECK_INT(w.ask.retry_after_s, 90);
	world_close(&w);
}

static void a_retry_after_is_read_with_care(void)
{
	CHECK_INT(http_retry_after(NULL, 0), -1);
	CHECK_INT(http_retry_after("", 0), -1);
	CHECK_INT(http_retry_after("0", 0), 0);
	CHECK_INT(http_retry_after("17", 0), 17);
	CHECK_INT(http_retry_after("-5", 0), -1);
	CHECK_INT(http_retry_after("5s", 0), -1);
	CHECK_INT(http_retry_after("soon", 0), -1);
	CHECK_INT(http_retry_after("99999999999999999999999", 0), HTTP_RETRY_AFTER_MAX_S);
	CHECK_INT(http_retry_after("Thu, 01 Jan 2026 00:01:30 GMT", 1767225600), 90);
	CHECK_INT(http_retry_after("Thu, 01 Jan 2026 00:01:30 GMT", 1767225700), 0);
	CHECK_INT(http_retry_after("Fri, 01 Jan 2100 00:00:00 GMT", 0), HTTP_RETRY_AFTER_MAX_S);
}

static void what_is_more_than_we_take_is_cut_off(void)
{
	static const char *const paths[] = {"/endless", "/headers", "/long-header", "/interim",
		"/trailers", "/bomb", "/double-bomb", "/huge-length"};
	struct world w;
	struct rusage before, after;
	world_open(&w);
	get(&w, "/close", TIMEOUT_MS);
	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
		gint written = site_written(w.site);
		check_fails(&w, paths[i], NET_ERROR_LIMIT);
		CHECK(w.ask.body == NULL);
		CHECK(site_written(w.site) - written < HTTP_BODY_MAX + IN_FLIGHT);
	}
	getrusage(RUSAGE_SELF, &before);
	for (gsize i = 0; i < 5; i++)
		check_fails(&w, "/endless", NET_ERROR_LIMIT);
	getrusage(RUSAGE_SELF, &after);
	CHECK(after.ru_maxrss - before.ru_maxrss < MEMORY_KB);
	world_close(&w);
}

static void half_an_answer_is_no_answer(void)
{
	static const char *const cut[] = {"/nothing", "/truncated", "/half-head", "/half-second",
		"/half-chunk", "/bad-chunk"};
	static const char *const wrong[] = {"/unnotified", "/unending", "/bad-gzip", "/no-http"};
	struct world w;
	world_open(&w);
	for (gsize i = 0; i < G_N_ELEMENTS(cut); i++)
		check_fails(&w, cut[i], NET_ERROR_UNREACHABLE);
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
		check_fails(&w, wrong[i], NET_ERROR_PROTOCOL);
	world_close(&w);
}

static void say_nothing(int fd, gpointer data)
{
	stand_wait_closed(fd);
}

/* Whoever files something must know whether it may have arrived. */
static void what_may_have_left_is_told_from_what_did_not(void)
{
	static const char *const left[] = {"/silence", "/nothing", "/truncated", "/no-http"};
	struct world w;
	world_open(&w);
	for (gsize i = 0; i < G_N_ELEMENTS(left); i++) {
		get(&w, left[i], SHORT_MS);
		CHECK(w.ask.failed && w.ask.sent);
	}
	struct stand *mute = stand_start(say_nothing, NULL);
	g_autofree char *silent = g_strdup_printf("https://127.0.0.1:%u/ok", stand_port(mute));
	CHECK(ask_get(w.http, silent, SHORT_MS, &w.ask));
	CHECK_INT(w.ask.error, NET_ERROR_LATE);
	CHECK(!w.ask.sent);
	stand_stop(mute);
	CHECK(ask_get(w.http, silent, SHORT_MS, &w.ask));
	CHECK(w.ask.failed && !w.ask.sent);
	AUTO(http) stranger = http_new(&(struct tls_rules){0}, "test", NULL);
	g_autofree char *ok = site_url(w.site, "/ok");
	CHECK(ask_get(stranger, ok, TIMEOUT_MS, &w.ask));
	CHECK_INT(w.ask.error, NET_ERROR_ISSUER);
	CHECK(!w.ask.sent);
	world_close(&w);
}

static void a_budget_is_read_where_it_is_said(void)
{
	struct world w;
	world_open(&w);
	get(&w, "/later", TIMEOUT_MS);
	CHECK_INT(w.ask.units_left, 7);
	get(&w, "/ok", TIMEOUT_MS);
	CHECK_INT(w.ask.units_left, -1);
	world_close(&w);
}

static void a_slow_server_is_not_waited_for(void)
{
	static const char *const paths[] = {"/drip", "/silence"};
	struct world w;
	world_open(&w);
	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
		gint64 begin = g_get_monotonic_time();
		get(&w, paths[i], SHORT_MS);
		CHECK(w.ask.failed);
		CHECK_INT(w.ask.error, NET_ERROR_LATE);
		CHECK(g_get_monotonic_time() - begin >= SHORT_MS * 1000);
		CHECK(g_get_monotonic_time() - begin < 10 * SHORT_MS * 1000);
	}
	world_close(&w);
}

static void a_redirect_is_an_answer_and_a_login_page_is_told_by_its_type(void)
{
	struct world w;
	world_open(&w);
	get(&w, "/redirect", TIMEOUT_MS);
	CHECK_INT(w.ask.status, 302);
	CHECK_INT(site_requests(w.site), 1);
	get(&w, "/portal", TIMEOUT_MS);
	CHECK_INT(w.ask.status, 200);
	CHECK_STR(w.ask.content_type, "text/html");
	world_close(&w);
}

static void nobody_listening_is_unreachable(void)
{
	struct world w;
	world_open(&w);
	g_autofree char *url = site_url(w.site, "/ok");
	w.site = site_stop(w.site);
	AUTO(http) http = http_new(&(struct tls_rules){0}, "test", NULL);
	CHECK(ask_get(http, url, TIMEOUT_MS, &w.ask));
	CHECK_INT(w.ask.error, NET_ERROR_UNREACHABLE);
	world_close(&w);
}

static void what_is_no_https_request_is_refused_afterwards(void)
{
	static const char *const urls[] = {"http://127.0.0.1/", "file:///etc/passwd", "",
		"https://user:word@127.0.0.1/", "https://", "ldap://127.0.0.1/", "https://a b/"};
	static const char *const headers[] = {"X-One: 1\r\nX-Two: 2", NULL};
	struct world w;
	world_open(&w);
	for (gsize i = 0; i < G_N_ELEMENTS(urls); i++) {
		CHECK(ask_get(w.http, urls[i], TIMEOUT_MS, &w.ask));
		CHECK(w.ask.failed);
		CHECK_INT(w.ask.error, NET_ERROR_PROTOCOL);
	}
	g_autofree char *url = site_url(w.site, "/ok");
	struct http_request request = {.method = "GET", .url = url, .headers = headers};
	http_send(w.http, &request, NULL, ask_done, &w.ask);
	CHECK(ask_wait(&w.ask, G_N_ELEMENTS(urls) + 1));
	CHECK_INT(w.ask.error, NET_ERROR_PROTOCOL);
	CHECK_INT(site_requests(w.site), 0);
	world_close(&w);
}

static void a_body_goes_out_whole_or_fails(void)
{
	struct world w;
	world_open(&w);
	gsize len = 1000 * 1000;
	g_autoptr(GBytes) body = g_bytes_new_take(g_strnfill(len, 'x'), len);
	g_autofree char *ok = site_url(w.site, "/ok");
	g_autofree char *nothing = site_url(w.site, "/nothing");
	struct http_request request = {
		.method = "POST", .url = ok, .body = body, .timeout_ms = TIMEOUT_MS};
	http_send(w.http, &request, NULL, ask_done, &w.ask);
	CHECK(ask_wait(&w.ask, 1));
	CHECK_INT(w.ask.status, 200);
	request.url = nothing;
	http_send(w.http, &request, NULL, ask_done, &w.ask);
	CHECK(ask_wait(&w.ask, 2));
	CHECK_INT(w.ask.error, NET_ERROR_UNREACHABLE);
	world_close(&w);
}

static void nothing_comes_after_a_cancel(void)
{
	struct world w;
	world_open(&w);
	g_autofree char *url = site_url(w.site, "/silence");
	struct http_request request = {.method = "GET", .url = url, .timeout_ms = TIMEOUT_MS};
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	http_send(w.http, &request, cancellable, ask_done, &w.ask);
	CHECK(site_wait(w.site, 1));
	g_cancellable_cancel(cancellable);
	http_send(w.http, &request, cancellable, ask_done, &w.ask);
	ask_settle();
	CHECK_INT(w.ask.calls, 0);
	g_autoptr(GCancellable) early = g_cancellable_new();
	http_send(w.http, &request, early, ask_done, &w.ask);
	request.url = "no URL";
	http_send(w.http, &request, early, ask_done, &w.ask);
	g_cancellable_cancel(early);
	ask_settle();
	CHECK_INT(w.ask.calls, 0);
	get(&w, "/ok", TIMEOUT_MS);
	CHECK_INT(w.ask.status, 200);
	world_close(&w);
}

static void what_is_under_way_is_dropped_when_freed(void)
{
	struct world w;
	world_open(&w);
	g_autofree char *url = site_url(w.site, "/silence");
	struct http_request request = {.method = "GET", .url = url, .timeout_ms = TIMEOUT_MS};
	http_send(w.http, &request, NULL, ask_done, &w.ask);
	CHECK(site_wait(w.site, 1));
	http_send(w.http, &request, NULL, ask_done, &w.ask);
	request.url = "no URL";
	http_send(w.http, &request, NULL, ask_done, &w.ask);
	w.http = http_free(w.http);
	ask_settle();
	CHECK_INT(w.ask.calls, 0);
	world_close(&w);
}

static void on_done_free(const struct http_answer *answer, gpointer data)
{
	struct world *w = data;
	w->ask.calls++;
	w->http = http_free(w->http);
}

static void on_done_again(const struct http_answer *answer, gpointer data)
{
	struct world *w = data;
	g_autofree char *url = site_url(w->site, "/ok");
	struct http_request request = {.method = "GET", .url = url, .timeout_ms = TIMEOUT_MS};
	http_send(w->http, &request, NULL, w->ask.calls++ == 0 ? on_done_again : on_done_free, w);
}

static void a_callback_may_send_again_and_free(void)
{
	struct world w;
	world_open(&w);
	g_autofree char *url = site_url(w.site, "/ok");
	struct http_request request = {.method = "GET", .url = url, .timeout_ms = TIMEOUT_MS};
	http_send(w.http, &request, NULL, on_done_again, &w);
	CHECK(ask_wait(&w.ask, 3));
	CHECK(w.http == NULL);
	world_close(&w);
}

static void the_environment_decides_nothing(void)
{
	CHECK(!g_file_test(g_getenv("SSLKEYLOGFILE"), G_FILE_TEST_EXISTS) ||
		g_unlink(g_getenv("SSLKEYLOGFILE")) == 0);
	struct world w;
	world_open(&w);
	get(&w, "/ok", TIMEOUT_MS);
	CHECK_INT(w.ask.status, 200);
	world_close(&w);
	g_autofree char *keys = NULL;
	gsize len = 0;
	g_file_get_contents(g_getenv("SSLKEYLOGFILE"), &keys, &len, NULL);
	CHECK_INT(len, 0);
	g_unlink(g_getenv("SSLKEYLOGFILE"));
}

static void what_we_cannot_use_of_our_own_is_said_at_once(void)
{
	static const struct tls_rules rows[] = {
		{.ca_file = "/nowhere/ca.pem"},
		{.ca_file = "/dev/null"},
		{.crl_file = "/nowhere/list.pem"},
		{.crl_file = "/dev/null"},
		{.cert_file = "/nowhere/ours.pem"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		AUTO(http) http = http_new(&rows[i], "test", &error);
		CHECK(http == NULL);
		CHECK(g_error_matches(error, NET_ERROR, NET_ERROR_CREDENTIAL));
	}
}

int main(void)
{
	static const struct check_case cases[] = {
		{"the environment decides nothing", the_environment_decides_nothing},
		{"an answer comes with what the server said",
			an_answer_comes_with_what_the_server_said},
		{"a connection is kept", a_connection_is_kept},
		{"a kept connection that was cut is made again",
			a_kept_connection_that_was_cut_is_made_again},
		{"times are reckoned by the server's clock",
			times_are_reckoned_by_the_servers_clock},
		{"a Retry-After is read with care", a_retry_after_is_read_with_care},
		{"what is more than we take is cut off", what_is_more_than_we_take_is_cut_off},
		{"half an answer is no answer", half_an_answer_is_no_answer},
		{"what may have left is told from what did not",
			what_may_have_left_is_told_from_what_did_not},
		{"a budget is read where it is said", a_budget_is_read_where_it_is_said},
		{"a slow server is not waited for", a_slow_server_is_not_waited_for},
		{"a redirect is an answer, a login page is told by its type",
			a_redirect_is_an_answer_and_a_login_page_is_told_by_its_type},
		{"nobody listening is unreachable", nobody_listening_is_unreachable},
		{"what is no HTTPS request is refused, afterwards",
			what_is_no_https_request_is_refused_afterwards},
		{"a body goes out whole or fails", a_body_goes_out_whole_or_fails},
		{"nothing comes after a cancel", nothing_comes_after_a_cancel},
		{"what is under way is dropped when freed",
			what_is_under_way_is_dropped_when_freed},
		{"a callback may send again, and free", a_callback_may_send_again_and_free},
		{"what we cannot use of our own is said at once",
			what_we_cannot_use_of_our_own_is_said_at_once},
	};
	g_autofree char *log =
		g_strdup_printf("%s/madoguchi-keys-%d", g_get_tmp_dir(), (int)getpid());
	g_setenv("SSLKEYLOGFILE", log, TRUE);
	g_setenv("https_proxy", "http://127.0.0.1:1", TRUE);
	g_setenv("ALL_PROXY", "http://127.0.0.1:1", TRUE);
	return CHECK_MAIN("HTTPS among bad neighbours", cases);
}
