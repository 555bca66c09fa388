/* SPDX-License-Identifier: MIT
 *
 * test_answer.c - bodies of Graph, the address of a look-up, and how much power is too much.
 */
#include "kiosk/directory/directory.h"
#include "kiosk/directory/graph.h"
#include "kiosk/directory/graph_answer.h"
#include "kiosk/directory/graph_judge.h"
#include "tests/check.h"

#define USER                                                                                       \
	"{\"id\":\"3f2504e0-4f89-11d3-9a0c-0305e82c3301\",\"displayName\":\"見本 花子\","      \
	"\"employeeId\":\"0123456789\",\"accountEnabled\":true,\"department\":\"03\","             \
	"\"employeeType\":\"student\",\"mail\":\"a@example.test\"}"

static const char *why_of(const char *body)
{
	struct graph_answer read = {0};
	const char *why = NULL;
	if (graph_answer_list(body, strlen(body), &read, &why))
		graph_answer_clear(&read);
	return why;
}

static struct graph_answer read_list(const char *body)
{
	struct graph_answer read = {0};
	const char *why = NULL;
	CHECK(graph_answer_list(body, strlen(body), &read, &why));
	return read;
}

static void none_one_and_several_are_told_apart(void)
{
	struct graph_answer read = read_list("{\"value\":[]}");
	CHECK_INT(read.n, 0);
	CHECK(read.entries[0] == NULL);
	read = read_list("{\"@odata.context\":\"x\",\"value\":[" USER "]}");
	CHECK_INT(read.n, 1);
	CHECK_STR(entry_get(read.entries[0], "employeeId", 0), "0123456789");
	CHECK_STR(entry_get(read.entries[0], "accountEnabled", 0), "true");
	CHECK_STR(entry_get(read.entries[0], "displayName", 0), "見本 花子");
	graph_answer_clear(&read);
	read = read_list("{\"value\":[" USER "," USER "],\"@odata.nextLink\":\"x\"}");
	CHECK_INT(read.n, 2);
	graph_answer_clear(&read);
}

static void members_and_elements_become_values(void)
{
	struct graph_answer read = read_list(
		"{\"value\":[{\"onPremisesExtensionAttributes\":{\"extensionAttribute1\":\"12-3\","
		"\"extensionAttribute2\":null},\"otherMails\":[\"a@b\",\"c@d\"],\"mail\":null,"
		"\"employeeOrgData\":{\"division\":\"工\"},\"n\":7,\"r\":1.5,"
		"\"@odata.type\":\"#user\"}]}");
	CHECK_STR(
		entry_get(read.entries[0], "onPremisesExtensionAttributes/extensionAttribute1", 0),
		"12-3");
	CHECK(!entry_get(read.entries[0], "onPremisesExtensionAttributes/extensionAttribute2", 0));
	CHECK_STR(entry_get(read.entries[0], "otherMails", 1), "c@d");
	CHECK(!entry_get(read.entries[0], "mail", 0));
	CHECK_STR(entry_get(read.entries[0], "employeeOrgData/division", 0), "工");
	CHECK_STR(entry_get(read.entries[0], "n", 0), "7");
	CHECK(!entry_get(read.entries[0], "r", 0));
	CHECK(!entry_get(read.entries[0], "@odata.type", 0));
	CHECK(!entry_is_damaged(read.entries[0]));
	graph_answer_clear(&read);
}

static void what_graph_does_not_document_is_refused(void)
{
	static const char *const bad[] = {"", "[]", "null", "{}", "{\"value\":{}}",
		"{\"value\":null}", "{\"value\":[1]}", "{\"value\":[null]}", "{\"value\":[[]]}",
		"{\"value\":[{\"employeeId\":123}]}", "{\"value\":[{\"employeeId\":[\"1\"]}]}",
		"{\"value\":[{\"accountEnabled\":\"true\"}]}",
		"{\"value\":[{\"accountEnabled\":1}]}", "{\"value\":[{\"EMPLOYEEID\":1}]}",
		"{\"value\":[{\"displayName\":{\"ja\":\"x\"}}]}", "{\"value\":[{\"mail\":true}]}",
		"{\"value\":[{\"employeeId\":\"1\",\"employeeid\":\"2\"}]}",
		"{\"value\":[{\"accountEnabled\":false,\"accountEnabled\":true}]}",
		"{\"value\":[],\"value\":[" USER "]}",
		"{\"value\":[{\"onPremisesExtensionAttributes\":{\"extensionAttribute1\":1}}]}",
		"{\"value\":[{\"onPremisesExtensionAttributes\":[]}]}",
		"{\"value\":[" USER ",{\"mail\":1}]}",
		"{\"value\":[" USER "],\"@odata.nextLink\":\"https://graph.microsoft.com/x\"}",
		"{\"value\":[],\"@odata.nextLink\":\"https://graph.microsoft.com/x\"}",
		"<html><body>Sign in to the network</body></html>"};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		if (!why_of(bad[i]))
			fprintf(stderr, "taken: %s\n", bad[i]);
		CHECK(why_of(bad[i]) != NULL);
	}
}

static const char *code_of(const char *body)
{
	return graph_answer_code(body, strlen(body));
}

static void the_most_detailed_known_code_wins(void)
{
	CHECK_STR(code_of("{\"error\":{\"code\":\"BadRequest\",\"message\":\"x\"}}"), "BadRequest");
	CHECK_STR(code_of("{\"error\":{\"code\":\"activityLimitReached\",\"innerError\":{\"code\":"
			  "\"throttledRequest\",\"innerError\":{\"code\":\"quota 0123456789\"}}}}"),
		"throttledRequest");
	CHECK_STR(code_of("{\"error\":{\"code\":\"A. Person\"}}"), "unknown");
	CHECK_STR(code_of("{\"error\":{\"message\":\"Request_ResourceNotFound\"}}"), "unknown");
	CHECK_STR(code_of("{\"error\":\"Request_ResourceNotFound\"}"), "unknown");
	CHECK_STR(code_of("<html>"), "unknown");
	CHECK(graph_answer_code_is_absent("Request_ResourceNotFound"));
	CHECK(!graph_answer_code_is_absent("itemNotFound"));
}

/* Answers as http.h gives them. */
struct said {
	struct http_answer answer;
	struct person person;
	GError *error;
	enum directory_answer verdict;
};

static struct said judge(glong status, const char *body, enum graph_query_kind kind)
{
	struct said s = {.answer = {.status = status, .retry_after_s = -1}};
	struct map map = {0};
	struct graph_query query;
	map_preset(&map, "graph");
	graph_query_make("https://g.test/v1.0", &map, kind == GRAPH_QUERY_USER ? "@x.test" : NULL,
		DIRECTORY_KEY_COMMON_ID, "0123456789", &query);
	const struct graph_question question = {&map, &query, kind, 20261122};
	g_strlcpy(s.answer.content_type, "application/json;odata.metadata=minimal", 64);
	g_strlcpy(s.answer.request_id, "0f0e-12", sizeof s.answer.request_id);
	s.answer.body = g_bytes_new(body, strlen(body));
	char *key = NULL;
	s.verdict = graph_judge(&question, &s.answer, &s.person, &key, &s.error);
	CHECK(key == NULL);
	g_bytes_unref(s.answer.body);
	graph_query_clear(&query);
	return s;
}

static void check_verdict(
	glong status, const char *body, enum graph_query_kind kind, enum directory_answer want)
{
	struct said s = judge(status, body, kind);
	if (s.verdict != want)
		fprintf(stderr, "%ld %s\n", status, body);
	CHECK_INT(s.verdict, want);
	CHECK((s.error != NULL) == (want == DIRECTORY_DOWN));
	g_clear_error(&s.error);
	person_wipe(&s.person);
}

#define ERROR(code) "{\"error\":{\"code\":\"" code "\",\"message\":\"Resource 0123456789\"}}"

static void status_and_code_decide(void)
{
	const enum graph_query_kind list = GRAPH_QUERY_LIST, user = GRAPH_QUERY_USER;
	check_verdict(200, "{\"value\":[" USER "]}", list, DIRECTORY_ONE);
	check_verdict(200, USER, user, DIRECTORY_ONE);
	check_verdict(200, "{\"value\":[]}", list, DIRECTORY_NONE);
	check_verdict(200, "{\"value\":[" USER "," USER "]}", list, DIRECTORY_SEVERAL);
	check_verdict(404, ERROR("Request_ResourceNotFound"), user, DIRECTORY_NONE);
	check_verdict(404, ERROR("Request_ResourceNotFound"), list, DIRECTORY_DOWN);
	check_verdict(404, ERROR("BadRequest"), user, DIRECTORY_DOWN);
	check_verdict(404, "<html>no such page</html>", user, DIRECTORY_DOWN);
	check_verdict(200, "{\"value\":[]}", user, DIRECTORY_DOWN);
	check_verdict(204, "", list, DIRECTORY_DOWN);
	check_verdict(302, "", list, DIRECTORY_DOWN);
	check_verdict(400, ERROR("Request_UnsupportedQuery"), list, DIRECTORY_DOWN);
	check_verdict(401, ERROR("InvalidAuthenticationToken"), list, DIRECTORY_DOWN);
	check_verdict(403, ERROR("Authorization_RequestDenied"), list, DIRECTORY_DOWN);
	check_verdict(429, ERROR("TooManyRequests"), list, DIRECTORY_DOWN);
	check_verdict(500, ERROR("InternalServerError"), list, DIRECTORY_DOWN);
	check_verdict(503, "", list, DIRECTORY_DOWN);
}

static void another_person_than_asked_for_is_refused(void)
{
	static const char other[] = "{\"id\":\"1\",\"employeeId\":\"9999999999\"}";
	g_autofree char *list = g_strdup_printf("{\"value\":[%s]}", other);
	check_verdict(200, list, GRAPH_QUERY_LIST, DIRECTORY_DOWN);
	check_verdict(200, other, GRAPH_QUERY_USER, DIRECTORY_DOWN);
	check_verdict(200, "{\"value\":[{\"id\":\"1\"}]}", GRAPH_QUERY_LIST, DIRECTORY_DOWN);
}

static void no_error_repeats_what_the_answer_said(void)
{
	static const struct {
		glong status;
		const char *body;
	} rows[] = {{400, ERROR("Secret_0123456789")}, {404, ERROR("Secret")},
		{200, "{\"value\":[{\"id\":\"Secret\",\"employeeId\":\"0123456789\","
		      "\"accountEnabled\":null,\"0123456789\":\"Secret\"}],\"x\":}"},
		{200, "{\"value\":[{\"employeeId\":\"9999999999\",\"id\":\"Secret\"}]}"}};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct said s = judge(rows[i].status, rows[i].body, GRAPH_QUERY_LIST);
		CHECK(s.error != NULL);
		CHECK(!strstr(s.error->message, "Secret") &&
			!strstr(s.error->message, "0123456789") &&
			!strstr(s.error->message, "9999999999"));
		g_clear_error(&s.error);
	}
}

static void a_pause_is_believed_up_to_ten_minutes(void)
{
	struct http_answer answer = {.status = 429, .retry_after_s = 12};
	CHECK_INT(graph_judge_pause(&answer), 12);
	answer.retry_after_s = 2000000000;
	CHECK_INT(graph_judge_pause(&answer), 600);
	answer.retry_after_s = -1;
	CHECK_INT(graph_judge_pause(&answer), 0);
	answer.status = 503;
	answer.retry_after_s = 3;
	CHECK_INT(graph_judge_pause(&answer), 3);
	answer.status = 200;
	CHECK_INT(graph_judge_pause(&answer), 0);
}

static void check_url(const struct map *map, const char *upn_suffix, const char *kind,
	const char *value, enum graph_query_kind want, const char *url)
{
	struct graph_query query = {0};
	CHECK_INT(graph_query_make("https://g.test/v1.0", map, upn_suffix, kind, value, &query),
		want);
	if (url)
		CHECK_STR(query.url, url);
	else
		CHECK(query.url == NULL);
	graph_query_clear(&query);
}

#define SELECT "id,employeeId,displayName,accountEnabled,employeeType,department,mail"

static void the_address_is_that_of_the_fact_sheet(void)
{
	struct map map = {0};
	map_preset(&map, "graph");
	check_url(&map, NULL, "common-id", "0123456789", GRAPH_QUERY_LIST,
		"https://g.test/v1.0/users?$filter=employeeId%20eq%20%270123456789%27"
		"&$select=" SELECT "&$top=2");
	check_url(&map, "@utac.example.test", "common-id", "0123456789", GRAPH_QUERY_USER,
		"https://g.test/v1.0/users/0123456789@utac.example.test?$select=" SELECT);
	check_url(&map, NULL, "student-number", "12-345678", GRAPH_QUERY_UNMAPPED, NULL);
}

static void quotes_are_doubled_and_members_selected_by_their_object(void)
{
	struct map map = {0};
	static const struct map_kind kind = {"student-number",
		"onPremisesExtensionAttributes/extensionAttribute3", "o'x:", "&y=1#"};
	map_set_kind(&map, &kind);
	check_url(&map, NULL, "student-number", "12-345678", GRAPH_QUERY_LIST,
		"https://g.test/v1.0/users?$filter=onPremisesExtensionAttributes"
		"%2FextensionAttribute3%20eq%20%27o%27%27x%3A12-345678%26y%3D1%23%27"
		"&$select=id,onPremisesExtensionAttributes&$top=2");
}

static void nothing_but_digits_letters_and_hyphens_is_ever_asked(void)
{
	static const char *const bad[] = {"", "' or '1' eq '1", "1'", "1 2", "1%27", "a/b", "a?b",
		"..", "1\n", "\xe6\x9d\xb1", "*", "00000000000000000000000000000000"};
	struct map map = {0};
	map_preset(&map, "graph");
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		check_url(&map, NULL, "common-id", bad[i], GRAPH_QUERY_ABSURD, NULL);
		check_url(&map, "@x", "common-id", bad[i], GRAPH_QUERY_ABSURD, NULL);
	}
}

static void power_beyond_a_look_up_is_named(void)
{
	static const char *const excess[] = {"UserAuthenticationMethod.ReadWrite.All",
		"UserAuthenticationMethod.Read.All", "UserAuthMethod-Phone.Read.All",
		"UserAuthMethod-MicrosoftAuthApp.ReadWrite.All",
		"userauthenticationmethod.read.all", "Directory.ReadWrite.All",
		"User.ReadWrite.All", "RoleManagement.Read.Directory",
		"RoleManagement.ReadWrite.Directory", "User.ManageIdentities.All",
		"User.EnableDisableAccount.All", "User.Invite.All", "Group.ReadWrite.All",
		"Application.ReadWrite.OwnedBy", "AppRoleAssignment.ReadWrite.All",
		"Sites.FullControl.All", "Sites.Manage.All", "Mail.Send",
		"Directory.AccessAsUser.All", "full_access_as_app", "User-Mail.ReadWrite.All",
		"Device.Command", "PrivilegedAccess.Read.AzureAD", "X", "", "ReadWrite",
		"BitlockerKey.Read.All", "Policy.readwrite.X", "Something.ReadAndWrite.All"};
	static const char *const fine[] = {"User.Read.All", "User.ReadBasic.All",
		"Lists.SelectedOperations.Selected", "Sites.Selected", "ProfilePhoto.Read.All",
		"Directory.Read.All", NULL};
	for (gsize i = 0; i < G_N_ELEMENTS(excess); i++) {
		const char *const roles[] = {"User.Read.All", excess[i], "Sites.Selected", NULL};
		CHECK(graph_excess_role(roles) == roles[1]);
	}
	CHECK(graph_excess_role(fine) == NULL);
	CHECK(graph_excess_role(fine + 6) == NULL);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"none, one and several are told apart", none_one_and_several_are_told_apart},
		{"members and elements become values", members_and_elements_become_values},
		{"what Graph does not document is refused",
			what_graph_does_not_document_is_refused},
		{"the most detailed known code wins", the_most_detailed_known_code_wins},
		{"status and code decide", status_and_code_decide},
		{"another person than asked for is refused",
			another_person_than_asked_for_is_refused},
		{"no error repeats what the answer said", no_error_repeats_what_the_answer_said},
		{"a pause is believed up to ten minutes", a_pause_is_believed_up_to_ten_minutes},
		{"the address is that of the fact sheet", the_address_is_that_of_the_fact_sheet},
		{"quotes are doubled and members selected by their object",
			quotes_are_doubled_and_members_selected_by_their_object},
		{"nothing but digits, letters and hyphens is ever asked",
			nothing_but_digits_letters_and_hyphens_is_ever_asked},
		{"power beyond a look-up is named", power_beyond_a_look_up_is_named},
	};
	return CHECK_MAIN("graph answers", cases);
}
