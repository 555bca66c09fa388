/* SPDX-License-Identifier: MIT
 *
 * test_graph.c - look-ups through the whole way: token, TLS, HTTP, answer, person.
 */
#include "tests/check.h"
#include "tests/graph/openapi.h"
#include "tests/graph/world.h"

static void open_world(struct world *w)
{
	world_begin(w);
	CHECK(world_open(w));
	if (w->error)
		fprintf(stderr, "%s\n", w->error->message);
}

static void a_holder_is_found_by_common_id_and_by_card_number(void)
{
	struct world w;
	struct person p;
	open_world(&w);
	CHECK_INT(world_ask(&w, DIRECTORY_KEY_COMMON_ID, WORLD_ID, &p), DIRECTORY_ONE);
	CHECK_STR(p.common_id, WORLD_ID);
	CHECK_STR(p.name_ja, "見本 花子");
	CHECK_INT(p.status, PERSON_ACTIVE);
	CHECK(p.contact);
	CHECK_INT(world_ask(&w, "student-number", "99-123456", &p), DIRECTORY_ONE);
	CHECK_STR(p.common_id, WORLD_ID);
	CHECK(world_fault(&w) == NULL);
	CHECK_INT(stand_in_count(w.s, STAND_IN_TOKEN), 1);
	world_end(&w);
}

static void none_several_and_a_closed_account_are_told(void)
{
	struct world w;
	struct person p;
	open_world(&w);
	CHECK_INT(world_ask(&w, DIRECTORY_KEY_COMMON_ID, "9999999999", NULL), DIRECTORY_NONE);
	CHECK_INT(world_ask(&w, DIRECTORY_KEY_COMMON_ID, "2222222222", NULL), DIRECTORY_SEVERAL);
	CHECK_INT(world_ask(&w, DIRECTORY_KEY_COMMON_ID, "1111111111", &p), DIRECTORY_ONE);
	CHECK(p.status != PERSON_ACTIVE);
	CHECK_INT(world_ask(&w, "staff-number", "9999999", NULL), DIRECTORY_UNMAPPED);
	world_end(&w);
}

static void a_holder_is_found_by_principal_name(void)
{
	struct world w;
	world_begin(&w);
	w.settings.upn_suffix = g_strdup("@utac.example.test");
	CHECK(world_open(&w));
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	CHECK_INT(world_ask(&w, DIRECTORY_KEY_COMMON_ID, "9999999999", NULL), DIRECTORY_NONE);
	/* That principal name belongs to another common id. */
	CHECK_INT(world_ask(&w, DIRECTORY_KEY_COMMON_ID, "2222222223", NULL), DIRECTORY_DOWN);
	world_end(&w);
}

#define KEY_AT "onPremisesExtensionAttributes/extensionAttribute7"

/* `n` accounts of one human, told by a key with a quote in it. */
static void open_linked(struct world *w, struct stand_in_user *users, gsize n)
{
	static const char *const ids[] = {"1000000001", "1000000002", "1000000003", "1000000004",
		"1000000005", "1000000006", "1000000007"};
	world_begin(w);
	g_strlcpy(w->settings.map.attributes[MAP_PERSON_KEY], KEY_AT, MAP_ATTRIBUTE_SIZE);
	for (gsize i = 0; i < n; i++) {
		users[i] = (struct stand_in_user){.id = ids[i],
			.employee_id = ids[i],
			.upn = ids[i],
			.enabled = TRUE,
			.extension7 = "O'Hara 1"};
		stand_in_add_user(w->s, &users[i]);
	}
	CHECK(world_open(w));
}

static void other_accounts_of_the_same_human_are_found_with_it(void)
{
	struct world w;
	struct stand_in_user users[2];
	struct person person = {{0}};
	open_linked(&w, users, 2);
	CHECK_INT(world_ask(&w, "common-id", "1000000002", &person), DIRECTORY_ONE);
	CHECK_INT(person.n_linked, 1);
	CHECK_STR(person.linked[0], "1000000001");
	users[0].extension7 = "o'hara 10";
	CHECK_INT(world_ask(&w, "common-id", "1000000002", &person), DIRECTORY_ONE);
	CHECK_INT(person.n_linked, 0);
	users[1].extension7 = NULL;
	guint before = stand_in_count(w.s, STAND_IN_USERS);
	CHECK_INT(world_ask(&w, "common-id", "1000000002", &person), DIRECTORY_ONE);
	CHECK_INT(stand_in_count(w.s, STAND_IN_USERS), before + 1);
	world_end(&w);
}

static void a_key_of_a_crowd_is_a_fault_of_the_directory(void)
{
	struct world w;
	struct stand_in_user users[7];
	struct person person = {{0}};
	open_linked(&w, users, 5);
	CHECK_INT(world_ask(&w, "common-id", "1000000003", &person), DIRECTORY_ONE);
	CHECK_INT(person.n_linked, 4);
	world_end(&w);
	open_linked(&w, users, 6);
	CHECK_INT(world_ask(&w, "common-id", "1000000003", &person), DIRECTORY_DOWN);
	g_autoptr(GError) fault = world_fault(&w);
	CHECK(fault && strstr(fault->message, "joins more accounts"));
	CHECK(!fault || !strstr(fault->message, "Hara"));
	world_end(&w);
}

/* The person alone would look as if there were no other account. */
static void an_answer_about_others_that_fails_is_no_answer(void)
{
	static const struct stand_in_step steps[] = {
		{WEB_SAY, 200, NULL, NULL, "{\"value\":[{\"id\":\"x\"}]}"},
		{WEB_SAY, 200, NULL, NULL,
			"{\"value\":[],\"@odata.nextLink\":\"https://graph/x\"}"},
		{WEB_CUT, 200, NULL, NULL, "{\"value\":[]}"},
		{WEB_SAY, 403, NULL, NULL, "{}"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct world w;
		struct stand_in_user users[2];
		struct person person = {{0}};
		static const struct stand_in_step right = {WEB_SAY, 200, NULL, NULL,
			"{\"value\":[{\"id\":\"1\",\"employeeId\":\"1000000001\","
			"\"accountEnabled\":true,\"onPremisesExtensionAttributes\":"
			"{\"extensionAttribute7\":\"k\"}}]}"};
		open_linked(&w, users, 2);
		world_settle(&w);
		stand_in_then(w.s, STAND_IN_USERS, &right);
		stand_in_then(w.s, STAND_IN_USERS, &steps[i]);
		CHECK_INT(world_ask(&w, "common-id", "1000000001", &person), DIRECTORY_DOWN);
		world_end(&w);
	}
}

static void what_no_card_can_bear_is_never_sent(void)
{
	struct world w;
	open_world(&w);
	CHECK_INT(world_ask(&w, DIRECTORY_KEY_COMMON_ID, "' or true or '", NULL), DIRECTORY_NONE);
	CHECK_INT(stand_in_count(w.s, STAND_IN_USERS), 0);
	world_end(&w);
}

static void check_request(const struct web_request *r)
{
	const char *authorization = web_header(r, "authorization");
	const char *id = web_header(r, "client-request-id");
	CHECK(authorization && g_str_has_prefix(authorization, "Bearer "));
	CHECK(id && g_uuid_string_is_valid(id));
	CHECK(!web_header(r, "consistencylevel"));
	CHECK(!web_header(r, "cookie"));
}

static void every_request_bears_what_graph_wants_and_no_more(void)
{
	struct world w;
	guint checked = 0;
	for (int by_name = 0; by_name < 2; by_name++) {
		world_begin(&w);
		w.settings.upn_suffix = by_name ? g_strdup("@utac.example.test") : NULL;
		CHECK(world_open(&w));
		world_ask_id(&w);
		world_ask(&w, "student-number", "99-123456", NULL);
		world_ask(&w, DIRECTORY_KEY_COMMON_ID, "9999999999", NULL);
		const struct web_request *r;
		for (guint i = 0; (r = stand_in_request(w.s, i)) != NULL; i++) {
			if (!g_str_has_prefix(r->target, "/v1.0/"))
				continue;
			check_request(r);
			checked++;
		}
		world_end(&w);
	}
	CHECK_INT(checked, 6);
}

static void on_sent(const struct http_answer *answer, gpointer data)
{
	*(gboolean *)data = TRUE;
}

/* As a source would that had it wrong. */
static void send_wrong(struct world *w, const char *rest)
{
	gboolean done = FALSE;
	g_autofree char *url = g_strconcat(w->settings.base, rest, NULL);
	const struct http_request request = {.method = "GET", .url = url, .timeout_ms = 5000};
	const struct tls_rules rules = {.ca_file = w->settings.ca_file};
	AUTO(http) http = http_new(&rules, "test", NULL);
	http_send(http, &request, NULL, on_sent, &done);
	world_run(&done, 5000);
	CHECK(done);
}

static void a_request_that_is_not_described_is_named_without_its_values(void)
{
	struct world w;
	world_begin(&w);
	send_wrong(&w, "/users/secret@example.test/photo");
	send_wrong(&w, "/users?$filter=employeeId%20eq%20'1'&secret=1");
	g_autofree char *refused = stand_in_refusals(w.s);
	CHECK_STR(refused, "GET /v1.0/users/…/…: no such path or method\n"
			   "GET /v1.0/users?$filter=…&…=…: no such option: …\n");
	send_wrong(&w, "/users?$filter=name%20eq%20'Secret&Co'");
	g_autofree char *other = stand_in_refusals(w.s);
	CHECK_STR(other, "GET /v1.0/users?$filter=…&…=…: options that cannot be read\n");
	world_end(&w);
}

static void the_descriptions_refuse_what_graph_would(void)
{
	static const char file[] = SOURCE_ROOT "/tests/graph/openapi/users.csdl.openapi.json";
	static const char *const bad[][2] = {{"PUT", "/v1.0/users"}, {"GET", "/v1.0/user"},
		{"GET", "/beta/users"}, {"GET", "/v1.0/users?$top=two"},
		{"GET", "/v1.0/users?$top=-1"}, {"GET", "/v1.0/users?$select=id,idd"},
		{"GET", "/v1.0/users?$select=id,id"}, {"GET", "/v1.0/users?$top=1&$top=2"},
		{"GET", "/v1.0/users?top=1"}, {"GET", "/v1.0/users/"},
		{"GET", "/v1.0/users/a?$filter=x"}, {"GET", "/v1.0/users?$filter=a b"}};
	AUTO(openapi) api = openapi_open(file);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *why = openapi_check(api, bad[i][0], bad[i][1]);
		CHECK(why != NULL);
	}
}

static void one_connection_serves_all(void)
{
	struct world w;
	open_world(&w);
	for (int i = 0; i < 5; i++)
		CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	const struct web_request *r;
	for (guint i = 0; (r = stand_in_request(w.s, i)) != NULL; i++)
		CHECK_INT(r->connection, 1);
	world_end(&w);
}

static void a_token_with_more_power_is_refused_by_name(void)
{
	static const char *const roles[] = {
		"[\"User.Read.All\",\"UserAuthenticationMethod.ReadWrite.All\"]",
		"[\"Directory.ReadWrite.All\"]", "\"User.Read.All\"", "[\"<b>Evil.Write</b>\"]"};
	static const char *const named[] = {"UserAuthenticationMethod.ReadWrite.All",
		"Directory.ReadWrite.All", "cannot be read", "strange name"};
	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
		struct world w;
		world_begin(&w);
		stand_in_set_roles(w.s, roles[i]);
		CHECK(world_open(&w));
		world_settle(&w);
		g_autoptr(GError) fault = world_fault(&w);
		CHECK(g_error_matches(fault, GRAPH_ERROR, GRAPH_ERROR_POWER));
		CHECK(fault && strstr(fault->message, named[i]));
		CHECK_INT(world_ask_id(&w), DIRECTORY_DOWN);
		CHECK_INT(stand_in_count(w.s, STAND_IN_USERS), 0);
		world_end(&w);
	}
}

static void a_token_refused_is_renewed_once(void)
{
	struct world w;
	open_world(&w);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	stand_in_revoke(w.s);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	CHECK_INT(stand_in_count(w.s, STAND_IN_TOKEN), 2);
	CHECK_INT(stand_in_count(w.s, STAND_IN_USERS), 3);
	static const struct stand_in_step no = {
		.status = 401, .body = "{\"error\":{\"code\":\"InvalidAuthenticationToken\"}}"};
	stand_in_then(w.s, STAND_IN_USERS, &no);
	stand_in_then(w.s, STAND_IN_USERS, &no);
	CHECK_INT(world_ask_id(&w), DIRECTORY_DOWN);
	CHECK_INT(stand_in_count(w.s, STAND_IN_USERS), 5);
	g_autoptr(GError) fault = world_fault(&w);
	CHECK(g_error_matches(fault, NET_ERROR, NET_ERROR_REFUSED));
	world_end(&w);
}

static void a_throttled_server_is_left_alone(void)
{
	struct world w;
	open_world(&w);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	static const struct stand_in_step busy = {.status = 429,
		.headers = "Retry-After: 1\r\n",
		.body = "{\"error\":{\"code\":\"TooManyRequests\"}}"};
	stand_in_then(w.s, STAND_IN_USERS, &busy);
	CHECK_INT(world_ask_id(&w), DIRECTORY_DOWN);
	guint before = stand_in_count(w.s, -1);
	CHECK_INT(world_ask_id(&w), DIRECTORY_DOWN);
	CHECK_INT(stand_in_count(w.s, -1), before);
	g_autoptr(GError) fault = world_fault(&w);
	CHECK(g_error_matches(fault, GRAPH_ERROR, GRAPH_ERROR_BUSY));
	world_run(NULL, 1050);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	CHECK(world_fault(&w) == NULL);
	world_end(&w);
}

static void after_a_503_a_new_connection_is_made(void)
{
	struct world w;
	open_world(&w);
	static const struct stand_in_step away = {.status = 503, .body = "{}"};
	stand_in_then(w.s, STAND_IN_USERS, &away);
	CHECK_INT(world_ask_id(&w), DIRECTORY_DOWN);
	guint n = stand_in_count(w.s, -1);
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	CHECK(stand_in_request(w.s, n)->connection > stand_in_request(w.s, n - 1)->connection);
	world_end(&w);
}

static void on_never(const struct directory_result *result, guint64 visit, gpointer data)
{
	CHECK(!"called back");
}

static void a_cancelled_look_up_never_calls_back(void)
{
	struct world w;
	static const struct stand_in_step silent = {.trick = WEB_SILENT};
	open_world(&w);
	for (guint moment = 0; moment < 3; moment++) {
		g_autoptr(GCancellable) gone = g_cancellable_new();
		/* One that was cancelled on its way may still come, but before this one. */
		CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
		guint n = stand_in_count(w.s, STAND_IN_USERS);
		if (moment == 2)
			stand_in_then(w.s, STAND_IN_USERS, &silent);
		if (moment == 0)
			g_cancellable_cancel(gone);
		directory_lookup(w.dir, DIRECTORY_KEY_COMMON_ID, WORLD_ID, 1, gone, on_never, NULL);
		if (moment == 2)
			CHECK(world_wait_requests(&w, STAND_IN_USERS, n + 1));
		g_cancellable_cancel(gone);
		world_run(NULL, 50);
	}
	CHECK_INT(world_ask_id(&w), DIRECTORY_ONE);
	directory_lookup(w.dir, DIRECTORY_KEY_COMMON_ID, WORLD_ID, 1, NULL, on_never, NULL);
	directory_lookup(w.dir, "no-such-kind", WORLD_ID, 1, NULL, on_never, NULL);
	w.dir = directory_free(w.dir);
	world_run(NULL, 50);
	world_end(&w);
}

struct last {
	struct directory **dir;
	gboolean done;
};

static void on_last(const struct directory_result *result, guint64 visit, gpointer data)
{
	struct last *last = data;
	*last->dir = directory_free(*last->dir);
	last->done = TRUE;
}

static void the_source_may_end_within_an_answer(void)
{
	struct world w;
	struct last last = {&w.dir, FALSE};
	open_world(&w);
	directory_lookup(w.dir, DIRECTORY_KEY_COMMON_ID, WORLD_ID, 1, NULL, on_last, &last);
	directory_lookup(w.dir, DIRECTORY_KEY_COMMON_ID, WORLD_ID, 1, NULL, on_never, NULL);
	/* Which of the two is first is not said: the other must not be told. */
	world_run(&last.done, 5000);
	CHECK(last.done);
	world_run(NULL, 50);
	world_end(&w);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a holder is found by common id and by card number",
			a_holder_is_found_by_common_id_and_by_card_number},
		{"none, several and a closed account are told",
			none_several_and_a_closed_account_are_told},
		{"a holder is found by principal name", a_holder_is_found_by_principal_name},
		{"other accounts of the same human are found with it",
			other_accounts_of_the_same_human_are_found_with_it},
		{"a key of a crowd is a fault of the directory",
			a_key_of_a_crowd_is_a_fault_of_the_directory},
		{"an answer about others that fails is no answer",
			an_answer_about_others_that_fails_is_no_answer},
		{"what no card can bear is never sent", what_no_card_can_bear_is_never_sent},
		{"every request bears what Graph wants, and no more",
			every_request_bears_what_graph_wants_and_no_more},
		{"a request that Microsoft does not describe is named without its values",
			a_request_that_is_not_described_is_named_without_its_values},
		{"the descriptions refuse what Graph would",
			the_descriptions_refuse_what_graph_would},
		{"one connection serves all", one_connection_serves_all},
		{"a token with more power is refused by name",
			a_token_with_more_power_is_refused_by_name},
		{"a token refused is renewed once", a_token_refused_is_renewed_once},
		{"a throttled server is left alone", a_throttled_server_is_left_alone},
		{"after a 503 a new connection is made", after_a_503_a_new_connection_is_made},
		{"a cancelled look-up never calls back", a_cancelled_look_up_never_calls_back},
		{"the source may end within an answer", the_source_may_end_within_an_answer},
	};
	return CHECK_MAIN("graph", cases);
}
