/* SPDX-License-Identifier: MIT
 *
 * test_http2.c - look-ups over HTTP/2, which is what Graph speaks: nghttpx before the stand-in.
 */
#include "tests/check.h"
#include "tests/graph/world.h"

#define AT_ONCE     8
#define DEADLINE_MS 400
#define GRACE_MS    400 /* for a machine that is busy */

static void open_world(struct world *w, int timeout_ms)
{
	world_begin_with(w, stand_in_start_http2());
	w->settings.timeout_ms = timeout_ms;
	CHECK(world_open(w));
}

/* Connections that the requests from the i-th on came on; every one of HTTP/2. */
static guint connections_from(struct world *w, guint i)
{
	const struct web_request *r;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (; (r = stand_in_request(w->s, i)) != NULL; i++) {
		CHECK(stand_in_front_of(r) != NULL);
		if (stand_in_front_of(r))
			g_hash_table_add(seen, (gpointer)stand_in_front_of(r));
	}
	return g_hash_table_size(seen);
}

static void a_holder_is_found_over_HTTP_2_on_one_connection(void)
{
	struct world w;
	struct person p;
	open_world(&w, 2000);
	CHECK_INT(world_ask(&w, DIRECTORY_KEY_COMMON_ID, WORLD_ID, &p), DIRECTORY_ONE);
	CHECK_STR(p.common_id, WORLD_ID);
	CHECK_STR(p.name_ja, "見本 花子");
	CHECK_INT(world_ask(&w, "student-number", "99-123456", &p), DIRECTORY_ONE);
	CHECK_INT(world_ask(&w, DIRECTORY_KEY_COMMON_ID, "9999999999", NULL), DIRECTORY_NONE);
	CHECK_INT(world_ask(&w, DIRECTORY_KEY_COMMON_ID, "2222222222", NULL), DIRECTORY_SEVERAL);
	CHECK_INT(stand_in_count(w.s, STAND_IN_TOKEN), 1);
	CHECK_INT(connections_from(&w, 0), 1);
	world_end(&w);
}

static void on_count(const struct directory_result *result, guint64 visit, gpointer data)
{
	guint *left = data;
	CHECK_INT(result->answer, DIRECTORY_ONE);
	(*left)--;
}

static void many_at_once_share_the_connection(void)
{
	struct world w;
	guint left = AT_ONCE;
	open_world(&w, 5000);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	for (guint i = 0; i < AT_ONCE; i++)
		directory_lookup(
			w.dir, DIRECTORY_KEY_COMMON_ID, WORLD_ID, 1, NULL, on_count, &left);
	gint64 end = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
	while (left > 0 && g_get_monotonic_time() < end)
		world_run(NULL, 5);
	CHECK_INT(left, 0);
	CHECK_INT(connections_from(&w, 0), 1);
	world_end(&w);
}

static void a_token_refused_is_renewed_once(void)
{
	struct world w;
	static const struct stand_in_step no = {
		.status = 401, .body = "{\"error\":{\"code\":\"InvalidAuthenticationToken\"}}"};
	open_world(&w, 2000);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	stand_in_revoke(w.s);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	CHECK_INT(stand_in_count(w.s, STAND_IN_TOKEN), 2);
	CHECK_INT(stand_in_count(w.s, STAND_IN_USERS), 3);
	stand_in_then(w.s, STAND_IN_USERS, &no);
	stand_in_then(w.s, STAND_IN_USERS, &no);
	CHECK_INT(world_ask_id(&w), DIRECTORY_DOWN);
	CHECK_INT(stand_in_count(w.s, STAND_IN_USERS), 5);
	g_autoptr(GError) fault = world_fault(&w);
	CHECK(g_error_matches(fault, NET_ERROR, NET_ERROR_REFUSED));
	CHECK_INT(connections_from(&w, 0), 1);
	world_end(&w);
}

/* `status` with Retry-After: nothing is asked until it is over. */
static void check_left_alone(struct world *w, enum stand_in_door door, int status)
{
	const struct stand_in_step busy = {.status = status,
		.headers = "Retry-After: 1\r\n",
		.body = "{\"error\":{\"code\":\"TooManyRequests\"}}"};
	stand_in_then(w->s, door, &busy);
	CHECK_INT(world_ask_id(w), DIRECTORY_DOWN);
	guint before = stand_in_count(w->s, -1);
	CHECK_INT(world_ask_id(w), DIRECTORY_DOWN);
	CHECK_INT(stand_in_count(w->s, -1), before);
	g_autoptr(GError) fault = world_fault(w);
	CHECK(fault != NULL);
	world_run(NULL, 1050);
	CHECK_INT(world_ask_id(w), DIRECTORY_ONE);
	CHECK(world_fault(w) == NULL);
}

static void a_throttled_server_is_left_alone(void)
{
	struct world w;
	open_world(&w, 2000);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	check_left_alone(&w, STAND_IN_USERS, 429);
	CHECK_INT(connections_from(&w, 0), 1);
	world_end(&w);
	open_world(&w, 2000);
	check_left_alone(&w, STAND_IN_TOKEN, 503);
	world_end(&w);
}

static void after_a_503_a_new_connection_is_made(void)
{
	struct world w;
	static const struct stand_in_step away = {.status = 503, .body = "{}"};
	open_world(&w, 2000);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	check_left_alone(&w, STAND_IN_USERS, 503);
	CHECK_INT(connections_from(&w, 0), 2);
	stand_in_then(w.s, STAND_IN_USERS, &away);
	CHECK_INT(world_ask_id(&w), DIRECTORY_DOWN);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	CHECK_INT(connections_from(&w, 0), 3);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	CHECK_INT(connections_from(&w, 0), 3);
	world_end(&w);
}

static void on_never(const struct directory_result *result, guint64 visit, gpointer data)
{
	CHECK(!"called back");
}

static void a_cancelled_look_up_costs_its_stream_alone(void)
{
	struct world w;
	g_autoptr(GCancellable) gone = g_cancellable_new();
	static const struct stand_in_step silent = {.trick = WEB_SILENT};
	open_world(&w, 2000);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	stand_in_then(w.s, STAND_IN_USERS, &silent);
	directory_lookup(w.dir, DIRECTORY_KEY_COMMON_ID, WORLD_ID, 1, gone, on_never, NULL);
	CHECK(world_wait_requests(&w, STAND_IN_USERS, 2));
	g_cancellable_cancel(gone);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	CHECK_INT(connections_from(&w, 0), 1);
	world_end(&w);
}

static void check_down(struct world *w, const char *what)
{
	gint64 begin = g_get_monotonic_time();
	enum directory_answer answer = world_ask_id(w);
	gint64 took_ms = (g_get_monotonic_time() - begin) / 1000;
	g_autoptr(GError) fault = world_fault(w);
	if (answer != DIRECTORY_DOWN || took_ms > DEADLINE_MS + GRACE_MS || !fault)
		fprintf(stderr, "%.60s: %d after %d ms\n", what, answer, (int)took_ms);
	CHECK_INT(answer, DIRECTORY_DOWN);
	CHECK(took_ms <= DEADLINE_MS + GRACE_MS);
	CHECK(fault && !strstr(fault->message, WORLD_ID) && !strstr(fault->message, "Secret"));
}

static void every_bad_neighbour_is_down_within_the_deadline(void)
{
	static const char user[] = "{\"value\":[{\"id\":\"Secret\",\"employeeId\":\"0123456789\","
				   "\"accountEnabled\":true}]}";
	static const struct stand_in_step steps[] = {
		{.trick = WEB_SILENT},
		{.trick = WEB_CUT, .status = 200, .body = user},
		{.trick = WEB_SLOW, .status = 200, .body = user},
		{.trick = WEB_ENDLESS, .status = 200, .body = user},
		{.status = 200, .body = ""},
		{.status = 200, .type = "text/html", .body = user},
		{.status = 302, .headers = "Location: https://127.0.0.1:1/\r\n", .body = ""},
		{.status = 200, .body = "{\"value\":[],\"value\":[]}"},
		{.status = 500, .body = "{\"error\":{\"code\":\"Secret\",\"message\":\"Secret\"}}"},
	};
	struct world w;
	open_world(&w, DEADLINE_MS);
	world_settle(&w);
	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
		stand_in_then(w.s, STAND_IN_USERS, &steps[i]);
		check_down(&w, steps[i].body ? steps[i].body : "no body");
	}
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	CHECK(connections_from(&w, 0) >= 1);
	world_end(&w);
}

static void a_server_that_came_back_is_asked_again(void)
{
	struct world w;
	open_world(&w, DEADLINE_MS);
	world_settle(&w);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	stand_in_front_end(w.s);
	check_down(&w, "nobody");
	g_autoptr(GError) fault = world_fault(&w);
	CHECK(g_error_matches(fault, NET_ERROR, NET_ERROR_UNREACHABLE));
	stand_in_front_again(w.s);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	CHECK_INT(connections_from(&w, 0), 2);
	world_end(&w);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a holder is found over HTTP/2, on one connection",
			a_holder_is_found_over_HTTP_2_on_one_connection},
		{"many at once share the connection", many_at_once_share_the_connection},
		{"a token refused is renewed once", a_token_refused_is_renewed_once},
		{"a throttled server is left alone", a_throttled_server_is_left_alone},
		{"after a 503 a new connection is made", after_a_503_a_new_connection_is_made},
		{"a cancelled look-up costs its stream alone",
			a_cancelled_look_up_costs_its_stream_alone},
		{"every bad neighbour is down within the deadline",
			every_bad_neighbour_is_down_within_the_deadline},
		{"a server that came back is asked again", a_server_that_came_back_is_asked_again},
	};
	if (!stand_in_has_http2()) {
		puts("nghttpx is not installed (Debian: nghttp2-proxy)");
		return 77;
	}
	return CHECK_MAIN("graph over HTTP/2", cases);
}
