/* SPDX-License-Identifier: MIT
 *
 * test_faults.c - token servers that refuse, clocks that differ, servers that say anything:
 * a decision within the deadline, and a cause a person can act on.
 */
#include "tests/check.h"
#include "tests/graph/world.h"

#define DEADLINE_MS 400
#define GRACE_MS    400 /* for a machine that is busy */

static void open_world(struct world *w, int timeout_ms)
{
	world_begin(w);
	w->settings.timeout_ms = timeout_ms;
	CHECK(world_open(w));
}

static void on_count(const struct directory_result *result, guint64 visit, gpointer data)
{
	guint *left = data;
	CHECK_INT(result->answer, DIRECTORY_ONE);
	(*left)--;
}

static void many_who_wait_share_one_asking_for_a_token(void)
{
	struct world w;
	guint left = 5;
	open_world(&w, 5000);
	for (guint i = left; i > 0; i--)
		directory_lookup(
			w.dir, DIRECTORY_KEY_COMMON_ID, WORLD_ID, 1, NULL, on_count, &left);
	gint64 end = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
	while (left > 0 && g_get_monotonic_time() < end)
		world_run(NULL, 5);
	CHECK_INT(left, 0);
	CHECK_INT(stand_in_count(w.s, STAND_IN_TOKEN), 1);
	world_end(&w);
}

static void a_token_is_renewed_at_four_fifths_of_its_life(void)
{
	struct world w;
	world_begin(&w);
	stand_in_set_token_life(w.s, 2);
	CHECK(world_open(&w));
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	world_run(NULL, 1200);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	CHECK_INT(stand_in_count(w.s, STAND_IN_TOKEN), 1);
	world_run(NULL, 450);
	static const struct stand_in_step slow = {.trick = WEB_DROP};
	stand_in_then(w.s, STAND_IN_TOKEN, &slow);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE); /* with the old one */
	CHECK(world_wait_requests(&w, STAND_IN_TOKEN, 2));
	world_run(NULL, 500);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE); /* which is over by now */
	CHECK_INT(stand_in_count(w.s, STAND_IN_TOKEN), 3);
	world_end(&w);
}

static void a_desk_whose_clock_is_wrong_asks_by_the_servers(void)
{
	static const int clocks[] = {-86400, 7200};
	for (gsize i = 0; i < G_N_ELEMENTS(clocks); i++) {
		struct world w;
		world_begin(&w);
		stand_in_set_clock(w.s, clocks[i]);
		CHECK(world_open(&w));
		CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
		CHECK_INT(stand_in_count(w.s, STAND_IN_TOKEN), 2);
		world_end(&w);
	}
}

static void a_wrong_clock_is_named_apart_from_a_wrong_certificate(void)
{
	struct world w;
	static const struct stand_in_step late = {
		.status = 401, .body = "{\"error\":\"invalid_client\",\"error_codes\":[700024]}"};
	world_begin(&w);
	stand_in_set_clock(w.s, 3600);
	stand_in_then(w.s, STAND_IN_TOKEN, &late);
	stand_in_then(w.s, STAND_IN_TOKEN, &late);
	CHECK(world_open(&w));
	CHECK_INT(world_ask_id(&w), DIRECTORY_DOWN);
	g_autoptr(GError) fault = world_fault(&w);
	CHECK(g_error_matches(fault, NET_ERROR, NET_ERROR_CLOCK));
	CHECK(fault && (strstr(fault->message, "3600 s behind") ||
			       strstr(fault->message, "3599 s behind")));
	world_end(&w);
}

static void a_certificate_the_server_does_not_know_is_named(void)
{
	struct world w;
	world_begin(&w);
	g_free(w.settings.cert_file);
	g_free(w.settings.key);
	w.settings.cert_file = g_strdup(stand_in_other_cert(w.s));
	w.settings.key = g_strdup(stand_in_other_key(w.s));
	CHECK(world_open(&w));
	CHECK_INT(world_ask_id(&w), DIRECTORY_DOWN);
	g_autoptr(GError) fault = world_fault(&w);
	CHECK(g_error_matches(fault, NET_ERROR, NET_ERROR_REFUSED));
	CHECK(fault && strstr(fault->message, "AADSTS700027"));
	CHECK_INT(stand_in_count(w.s, STAND_IN_USERS), 0);
	world_end(&w);
}

static void a_key_that_does_not_fit_is_found_at_the_start(void)
{
	struct world w;
	world_begin(&w);
	g_free(w.settings.key);
	w.settings.key = g_strdup(stand_in_other_key(w.s));
	CHECK(!world_open(&w));
	CHECK(g_error_matches(w.error, NET_ERROR, NET_ERROR_CREDENTIAL));
	g_clear_error(&w.error);
	g_free(w.settings.cert_file);
	w.settings.cert_file = g_strdup("/nonexistent/desk.pem");
	CHECK(!world_open(&w));
	CHECK(g_error_matches(w.error, NET_ERROR, NET_ERROR_CREDENTIAL));
	CHECK_INT(stand_in_count(w.s, -1), 0);
	world_end(&w);
}

static void a_busy_token_server_is_left_alone(void)
{
	struct world w;
	static const struct stand_in_step busy = {.status = 503,
		.headers = "Retry-After: 1\r\n",
		.body = "<html>",
		.type = "text/html"};
	world_begin(&w);
	stand_in_then(w.s, STAND_IN_TOKEN, &busy);
	CHECK(world_open(&w));
	CHECK_INT(world_ask_id(&w), DIRECTORY_DOWN);
	CHECK_INT(world_ask_id(&w), DIRECTORY_DOWN);
	CHECK_INT(stand_in_count(w.s, STAND_IN_TOKEN), 1);
	world_run(NULL, 1050);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	world_end(&w);
}

/* Ask; the decision must be "down" and in time. */
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
		{.trick = WEB_DROP},
		{.trick = WEB_CUT, .status = 200, .body = user},
		{.trick = WEB_SLOW, .status = 200, .body = user},
		{.trick = WEB_ENDLESS, .status = 200, .body = user},
		{.status = 200, .body = ""},
		{.status = 204, .body = ""},
		{.status = 200, .type = "text/html", .body = user},
		{.status = 200, .body = "<html>Sign in, Secret</html>"},
		{.status = 302, .headers = "Location: https://127.0.0.1:1/\r\n", .body = ""},
		{.status = 200, .body = "{\"value\":[{\"employeeId\":\"\xff\"}]}"},
		{.status = 200, .body = "{\"value\":[{\"employeeId\":123456789}]}"},
		{.status = 200, .body = "{\"value\":[],\"value\":[]}"},
		{.status = 200,
			.body = "{\"value\":[{\"employeeId\":\"0123456789\","
				"\"employeeId\":\"0123456789\"}]}"},
		{.status = 200, .body = "{\"value\":[{\"x\":[[[[[[[[1]]]]]]]]}]}"},
		{.status = 200,
			.body = "{\"value\":[{\"x\":1e999999999999999999999999999999999}]}"},
		{.status = 200, .body = "{\"value\":[{\"employeeId\":\"9999999999\"}]}"},
		{.status = 200, .body = "{\"value\":[]", .len = 0},
		{.status = 200, .body = "{\"error\":{\"code\":\"x\"}}"},
		{.status = 404, .body = "{\"error\":{\"code\":\"Request_ResourceNotFound\"}}"},
		{.status = 500, .body = "{\"error\":{\"code\":\"Secret\",\"message\":\"Secret\"}}"},
		{.status = 403, .body = "{\"error\":{\"code\":\"Authorization_RequestDenied\"}}"},
	};
	struct world w;
	open_world(&w, DEADLINE_MS);
	world_settle(&w);
	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
		stand_in_then(w.s, STAND_IN_USERS, &steps[i]);
		check_down(&w, steps[i].body ? steps[i].body : "no body");
	}
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	CHECK(world_fault(&w) == NULL);
	world_end(&w);
}

static void a_black_hole_for_tokens_is_down_within_the_deadline(void)
{
	static const struct stand_in_step steps[] = {{.trick = WEB_SILENT}, {.trick = WEB_DROP},
		{.status = 200, .body = "{\"access_token\":\"Secret\"}"},
		{.status = 200, .type = "text/html", .body = "<html>Secret</html>"},
		{.status = 302, .headers = "Location: https://127.0.0.1:1/\r\n", .body = ""}};
	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct world w;
		world_begin(&w);
		w.settings.timeout_ms = DEADLINE_MS;
		stand_in_then(w.s, STAND_IN_TOKEN, &steps[i]);
		CHECK(world_open(&w));
		check_down(&w, "token");
		world_end(&w);
	}
}

/* What a name may do is the map's to say; here only that it arrives as data, or not at all. */
static void a_name_that_is_no_text_does_not_hide_the_account(void)
{
	struct world w;
	struct person p;
	g_autofree char *fill = g_strnfill(65536, 'a');
	const char *const names[] = {"\\u0007bell", "\\u202Egnp.exe", fill, "<b>&amp;</b>"};
	open_world(&w, 2000);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *body =
			g_strdup_printf("{\"value\":[{\"id\":\"1\",\"employeeId\":\"" WORLD_ID
					"\",\"accountEnabled\":true,\"displayName\":\"%s\"}]}",
				names[i]);
		const struct stand_in_step step = {.status = 200, .body = body};
		stand_in_then(w.s, STAND_IN_USERS, &step);
		CHECK_INT(world_ask(&w, DIRECTORY_KEY_COMMON_ID, WORLD_ID, &p), DIRECTORY_ONE);
		CHECK_STR(p.name_ja, i == 3 ? "<b>&amp;</b>" : "");
	}
	world_end(&w);
}

static void nobody_there_is_named_as_such(void)
{
	struct world w;
	world_begin(&w);
	w.settings.timeout_ms = DEADLINE_MS;
	g_free(w.settings.token_url);
	w.settings.token_url = g_strdup("https://127.0.0.1:1/tenant/oauth2/v2.0/token");
	CHECK(world_open(&w));
	check_down(&w, "nobody");
	g_autoptr(GError) fault = world_fault(&w);
	CHECK(g_error_matches(fault, NET_ERROR, NET_ERROR_UNREACHABLE));
	world_end(&w);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"many who wait share one asking for a token",
			many_who_wait_share_one_asking_for_a_token},
		{"a token is renewed at four fifths of its life",
			a_token_is_renewed_at_four_fifths_of_its_life},
		{"a desk whose clock is wrong asks by the server's",
			a_desk_whose_clock_is_wrong_asks_by_the_servers},
		{"a wrong clock is named apart from a wrong certificate",
			a_wrong_clock_is_named_apart_from_a_wrong_certificate},
		{"a certificate the server does not know is named",
			a_certificate_the_server_does_not_know_is_named},
		{"a key that does not fit is found at the start",
			a_key_that_does_not_fit_is_found_at_the_start},
		{"a busy token server is left alone", a_busy_token_server_is_left_alone},
		{"every bad neighbour is down within the deadline",
			every_bad_neighbour_is_down_within_the_deadline},
		{"a black hole for tokens is down within the deadline",
			a_black_hole_for_tokens_is_down_within_the_deadline},
		{"a name that is no text does not hide the account",
			a_name_that_is_no_text_does_not_hide_the_account},
		{"nobody there is named as such", nobody_there_is_named_as_such},
	};
	return CHECK_MAIN("graph faults", cases);
}
