/* SPDX-License-Identifier: MIT */
#include "tests/intake/schema.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define FILE_AT SOURCE_ROOT "/assets/api/intake-v1.openapi.json"
#define BASE    "/v1"

struct schema {
	JsonParser *parser;
	JsonObject *root; /* of `parser` */
};

static JsonObject *member(JsonObject *object, const char *name)
{
	JsonNode *node = object ? json_object_get_member(object, name) : NULL;
	return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static const char *text(JsonObject *object, const char *name)
{
	return json_object_get_string_member_with_default(object, name, "");
}

/* "#/components/schemas/Name", or the thing itself. */
static JsonObject *resolve(const struct schema *schema, JsonObject *object)
{
	const char *ref = object ? text(object, "$ref") : "";
	if (!g_str_has_prefix(ref, "#/"))
		return object;
	g_auto(GStrv) steps = g_strsplit(ref + 2, "/", -1);
	JsonObject *at = schema->root;
	for (char **step = steps; *step; step++)
		at = member(at, *step);
	return at;
}

static char *fits(const struct schema *schema, JsonObject *want, JsonNode *node);

static char *fits_text(JsonObject *want, const char *value)
{
	const char *pattern = text(want, "pattern");
	JsonArray *words = json_object_has_member(want, "enum")
				   ? json_object_get_array_member(want, "enum")
				   : NULL;
	gint64 longest = json_object_get_int_member_with_default(want, "maxLength", G_MAXINT64);
	gboolean known = words == NULL;
	for (guint i = 0; words && i < json_array_get_length(words); i++)
		known |= strcmp(json_array_get_string_element(words, i), value) == 0;
	if (!known)
		return g_strdup("not one of its words");
	if ((gint64)g_utf8_strlen(value, -1) > longest)
		return g_strdup("too long");
	if (*pattern && !g_regex_match_simple(pattern, value, G_REGEX_DOLLAR_ENDONLY, 0))
		return g_strdup("not of its pattern");
	if (strcmp(text(want, "format"), "uuid") == 0 && !g_uuid_string_is_valid(value))
		return g_strdup("no UUID");
	if (strcmp(text(want, "format"), "date-time") == 0) {
		g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(value, NULL);
		return when ? NULL : g_strdup("no date-time");
	}
	return NULL;
}

static char *fits_integer(JsonObject *want, gint64 value)
{
	gint64 least = json_object_get_int_member_with_default(want, "minimum", G_MININT64);
	gint64 most = json_object_get_int_member_with_default(want, "maximum", G_MAXINT64);
	return value >= least && value <= most ? NULL : g_strdup("out of its range");
}

static char *fits_object(const struct schema *schema, JsonObject *want, JsonObject *value)
{
	JsonObject *properties = member(want, "properties");
	JsonArray *required = json_object_has_member(want, "required")
				      ? json_object_get_array_member(want, "required")
				      : NULL;
	for (guint i = 0; required && i < json_array_get_length(required); i++)
		if (!json_object_has_member(value, json_array_get_string_element(required, i)))
			return g_strdup_printf(
				"without %s", json_array_get_string_element(required, i));
	gboolean closed = json_object_has_member(want, "additionalProperties");
	g_autoptr(GList) names = json_object_get_members(value);
	for (GList *i = names; i; i = i->next) {
		JsonObject *one = member(properties, i->data);
		if (!one && closed)
			return g_strdup_printf("an unknown member %s", (char *)i->data);
		g_autofree char *why =
			one ? fits(schema, one, json_object_get_member(value, i->data)) : NULL;
		if (why)
			return g_strdup_printf("%s: %s", (char *)i->data, why);
	}
	return NULL;
}

static char *fits_array(const struct schema *schema, JsonObject *want, JsonArray *value)
{
	for (guint i = 0; i < json_array_get_length(value); i++) {
		char *why = fits(schema, member(want, "items"), json_array_get_element(value, i));
		if (why)
			return why;
	}
	return NULL;
}

static char *fits(const struct schema *schema, JsonObject *want, JsonNode *node)
{
	JsonObject *rule = resolve(schema, want);
	const char *type = rule ? text(rule, "type") : "";
	GType got = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : 0;
	if (strcmp(type, "object") == 0 && JSON_NODE_HOLDS_OBJECT(node))
		return fits_object(schema, rule, json_node_get_object(node));
	if (strcmp(type, "array") == 0 && JSON_NODE_HOLDS_ARRAY(node))
		return fits_array(schema, rule, json_node_get_array(node));
	if (strcmp(type, "string") == 0 && got == G_TYPE_STRING)
		return fits_text(rule, json_node_get_string(node));
	if (strcmp(type, "integer") == 0 && got == G_TYPE_INT64)
		return fits_integer(rule, json_node_get_int(node));
	return g_strdup_printf("not of type %s", type);
}

static gboolean fits_path(const char *pattern, const char *path)
{
	g_auto(GStrv) want = g_strsplit(pattern, "/", -1);
	g_auto(GStrv) got = g_strsplit(path, "/", -1);
	if (g_strv_length(want) != g_strv_length(got))
		return FALSE;
	for (guint i = 0; want[i]; i++)
		if (want[i][0] == '{' ? !g_uuid_string_is_valid(got[i])
				      : strcmp(want[i], got[i]) != 0)
			return FALSE;
	return TRUE;
}

static JsonObject *find_operation(
	const struct schema *schema, const char *method, const char *target)
{
	g_auto(GStrv) parts = g_strsplit(target, "?", 2);
	g_autofree char *verb = g_ascii_strdown(method, -1);
	JsonObject *paths = member(schema->root, "paths"), *found = NULL;
	g_autoptr(GList) names = json_object_get_members(paths);
	if (!g_str_has_prefix(parts[0], BASE "/"))
		return NULL;
	for (GList *i = names; i && !found; i = i->next)
		if (fits_path(i->data, parts[0] + strlen(BASE)))
			found = member(member(paths, i->data), verb);
	return found;
}

static char *check_body(
	const struct schema *schema, JsonObject *content, const char *type, const char *body)
{
	g_autofree char *plain = g_strndup(type, strcspn(type, ";"));
	JsonObject *want = member(member(content, plain), "schema");
	g_autoptr(JsonParser) parser = json_parser_new();
	if (!want)
		return g_strdup_printf("a body of type %s", plain);
	if (!json_parser_load_from_data(parser, body, -1, NULL))
		return g_strdup("a body that is no JSON");
	return fits(schema, want, json_parser_get_root(parser));
}

/* Parameters in the query and in headers: all that are required, and no others. */
static char *check_parameters(const struct schema *schema, JsonObject *operation, GHashTable *query,
	const char *idempotency)
{
	guint known = 0;
	JsonArray *all = json_object_has_member(operation, "parameters")
				 ? json_object_get_array_member(operation, "parameters")
				 : NULL;
	for (guint i = 0; all && i < json_array_get_length(all); i++) {
		JsonObject *p = resolve(schema, json_array_get_object_element(all, i));
		gboolean header = strcmp(text(p, "in"), "header") == 0;
		const char *value =
			header ? idempotency : g_hash_table_lookup(query, text(p, "name"));
		known += !header && value;
		if (!value)
			return g_strdup_printf("without %s", text(p, "name"));
		g_autofree char *why = fits_text(member(p, "schema"), value);
		if (why)
			return g_strdup_printf("%s: %s", text(p, "name"), why);
	}
	return known == g_hash_table_size(query) ? NULL : g_strdup("an option it does not have");
}

char *schema_check_request(const struct schema *schema, const char *method, const char *target,
	const char *idempotency, const char *body)
{
	JsonObject *operation = find_operation(schema, method, target);
	const char *options = strchr(target, '?');
	g_autoptr(GHashTable) query =
		g_uri_parse_params(options ? options + 1 : "", -1, "&", 0, NULL);
	if (!operation)
		return g_strdup("no such operation");
	char *why = check_parameters(schema, operation, query, idempotency);
	JsonObject *wanted = member(operation, "requestBody");
	if (!why && !wanted && *body)
		why = g_strdup("a body where there is none");
	if (!why && wanted)
		why = check_body(schema, member(wanted, "content"), "application/json", body);
	return why;
}

char *schema_check_answer(const struct schema *schema, const char *method, const char *target,
	int status, const char *type, const char *body)
{
	JsonObject *operation = find_operation(schema, method, target);
	g_autofree char *code = g_strdup_printf("%d", status);
	JsonObject *answer = resolve(schema, member(member(operation, "responses"), code));
	if (!answer)
		return g_strdup_printf("status %d", status);
	return check_body(schema, member(answer, "content"), type, body);
}

struct schema *schema_open(void)
{
	g_autoptr(GError) error = NULL;
	struct schema *schema = g_new0(struct schema, 1);
	schema->parser = json_parser_new();
	if (!json_parser_load_from_file(schema->parser, FILE_AT, &error))
		g_error("%s", error->message);
	schema->root = json_node_get_object(json_parser_get_root(schema->parser));
	return schema;
}

struct schema *schema_close(struct schema *schema)
{
	if (schema)
		g_object_unref(schema->parser);
	g_free(schema);
	return NULL;
}
