/* SPDX-License-Identifier: MIT
 *
 * stand_in_users.c - GET /users and GET /users/{id} as documented.
 */
#include <json-glib/json-glib.h>
#include <string.h>

#include "tests/graph/stand_in_private.h"

#define EXTENSIONS "onPremisesExtensionAttributes"

static struct stand_in_reply fail(int status, const char *code)
{
	return (struct stand_in_reply){status,
		g_strdup_printf(
			"{\"error\":{\"code\":\"%s\",\"message\":\"Resource '0123456789' "
			"does not exist …\",\"innerError\":{\"date\":\"2026-11-22T00:00:00\","
			"\"request-id\":\"0\",\"client-request-id\":\"0\"}}}",
			code)};
}

static gboolean is_authorized(const struct stand_in *s, const struct web_request *request)
{
	const char *said = web_header(request, "authorization");
	return said && g_str_has_prefix(said, "Bearer ") &&
	       g_hash_table_contains(s->tokens, said + strlen("Bearer "));
}

static const char *value_of(const struct stand_in_user *u, const char *name)
{
	const struct {
		const char *name, *value;
	} rows[] = {{"id", u->id}, {"employeeId", u->employee_id}, {"userPrincipalName", u->upn},
		{"displayName", u->display_name}, {"department", u->department},
		{"employeeType", u->employee_type}, {"mail", u->mail},
		{EXTENSIONS "/extensionAttribute3", u->extension3},
		{EXTENSIONS "/extensionAttribute7", u->extension7}};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].value;
	return NULL;
}

static void put_text(JsonBuilder *b, const char *name, const char *value)
{
	json_builder_set_member_name(b, name);
	if (value)
		json_builder_add_string_value(b, value);
	else
		json_builder_add_null_value(b);
}

static void put_extensions(JsonBuilder *b, const struct stand_in_user *u)
{
	json_builder_set_member_name(b, EXTENSIONS);
	json_builder_begin_object(b);
	for (int i = 1; i <= 15; i++) {
		g_autofree char *name = g_strdup_printf("extensionAttribute%d", i);
		put_text(b, name, i == 3 ? u->extension3 : i == 7 ? u->extension7 : NULL);
	}
	json_builder_end_object(b);
}

static void put_user(JsonBuilder *b, const struct stand_in_user *u, char **select)
{
	json_builder_begin_object(b);
	for (char **name = select; *name; name++) {
		if (strcmp(*name, EXTENSIONS) == 0) {
			put_extensions(b, u);
		} else if (strcmp(*name, "accountEnabled") == 0) {
			json_builder_set_member_name(b, *name);
			json_builder_add_boolean_value(b, u->enabled);
		} else {
			put_text(b, *name, value_of(u, *name));
		}
	}
	json_builder_end_object(b);
}

static char *print(JsonBuilder *b)
{
	g_autoptr(JsonNode) root = json_builder_get_root(b);
	return json_to_string(root, FALSE);
}

static char **selection(GHashTable *query)
{
	const char *select = g_hash_table_lookup(query, "$select");
	return g_strsplit(select ? select : "id,displayName,userPrincipalName", ",", -1);
}

/* "name eq 'literal'"; NULL: anything else. */
static char *read_filter(const char *filter, char **ret_name)
{
	g_autoptr(GRegex) regex = g_regex_new("^([A-Za-z0-9_/]+) eq '((?:[^']|'')*)'$", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	if (!filter || !g_regex_match(regex, filter, 0, &match))
		return NULL;
	g_autofree char *literal = g_match_info_fetch(match, 2);
	g_auto(GStrv) parts = g_strsplit(literal, "''", -1);
	*ret_name = g_match_info_fetch(match, 1);
	return g_strjoinv("'", parts);
}

static struct stand_in_reply list(const struct stand_in *s, GHashTable *query)
{
	g_autofree char *name = NULL;
	g_autofree char *wanted = read_filter(g_hash_table_lookup(query, "$filter"), &name);
	const char *top = g_hash_table_lookup(query, "$top");
	gint64 left = top ? g_ascii_strtoll(top, NULL, 10) : 100;
	if (!wanted || left < 1 || left > 999)
		return fail(400, "Request_UnsupportedQuery");
	g_auto(GStrv) select = selection(query);
	g_autoptr(JsonBuilder) b = json_builder_new();
	json_builder_begin_object(b);
	put_text(b, "@odata.context", "https://graph.microsoft.com/v1.0/$metadata#users");
	json_builder_set_member_name(b, "value");
	json_builder_begin_array(b);
	for (guint i = 0; i < s->users->len; i++) {
		const struct stand_in_user *u = s->users->pdata[i];
		const char *value = value_of(u, name);
		if (value && g_ascii_strcasecmp(value, wanted) == 0 && left-- > 0)
			put_user(b, u, select);
	}
	json_builder_end_array(b);
	json_builder_end_object(b);
	return (struct stand_in_reply){200, print(b)};
}

static struct stand_in_reply get(const struct stand_in *s, const char *id, GHashTable *query)
{
	g_auto(GStrv) select = selection(query);
	for (guint i = 0; i < s->users->len; i++) {
		const struct stand_in_user *u = s->users->pdata[i];
		if (g_ascii_strcasecmp(u->upn, id) != 0 && g_ascii_strcasecmp(u->id, id) != 0)
			continue;
		g_autoptr(JsonBuilder) b = json_builder_new();
		put_user(b, u, select);
		return (struct stand_in_reply){200, print(b)};
	}
	return fail(404, "Request_ResourceNotFound");
}

struct stand_in_reply stand_in_users(struct stand_in *s, const struct web_request *request)
{
	g_auto(GStrv) parts = g_strsplit(request->target, "?", 2);
	g_autoptr(GHashTable) query =
		g_uri_parse_params(parts[1] ? parts[1] : "", -1, "&", 0, NULL);
	if (!is_authorized(s, request))
		return fail(401, "InvalidAuthenticationToken");
	if (strcmp(request->method, "GET") != 0 || !query)
		return fail(400, "BadRequest");
	if (strcmp(parts[0], "/v1.0/users") == 0)
		return list(s, query);
	if (!g_str_has_prefix(parts[0], "/v1.0/users/"))
		return fail(404, "BadRequest");
	g_autofree char *id = g_uri_unescape_string(parts[0] + strlen("/v1.0/users/"), NULL);
	return id ? get(s, id, query) : fail(400, "BadRequest");
}
