/* SPDX-License-Identifier: MIT
 *
 * openapi.c - see openapi.h.
 */
#include "tests/graph/openapi.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define BASE "/v1.0"

struct openapi {
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

static gboolean is_parameter(const char *segment)
{
	return segment[0] == '{' && g_str_has_suffix(segment, "}");
}

static gboolean fits_path(const char *pattern, const char *path)
{
	g_auto(GStrv) want = g_strsplit(pattern, "/", -1);
	g_auto(GStrv) got = g_strsplit(path, "/", -1);
	if (g_strv_length(want) != g_strv_length(got))
		return FALSE;
	for (guint i = 0; want[i]; i++)
		if (is_parameter(want[i]) ? !*got[i] : strcmp(want[i], got[i]) != 0)
			return FALSE;
	return TRUE;
}

static JsonObject *find_path(JsonObject *root, const char *path)
{
	JsonObject *paths = member(root, "paths"), *found = NULL;
	g_autoptr(GList) names = json_object_get_members(paths);
	for (GList *i = names; i && !found; i = i->next)
		if (fits_path(i->data, path))
			found = member(paths, i->data);
	return found;
}

/* "#/components/parameters/name", or the parameter itself. */
static JsonObject *resolve(JsonObject *root, JsonObject *parameter)
{
	const char *ref = text(parameter, "$ref"), *slash = strrchr(ref, '/');
	return slash ? member(member(member(root, "components"), "parameters"), slash + 1)
		     : parameter;
}

static JsonObject *find_query(JsonObject *root, JsonObject *operation, const char *name)
{
	JsonArray *all = json_object_get_array_member(operation, "parameters");
	for (guint i = 0; all && i < json_array_get_length(all); i++) {
		JsonObject *p = resolve(root, json_array_get_object_element(all, i));
		if (p && strcmp(text(p, "in"), "query") == 0 && strcmp(text(p, "name"), name) == 0)
			return p;
	}
	return NULL;
}

static gboolean in_enum(JsonObject *items, const char *word)
{
	JsonArray *words = json_object_get_array_member(items, "enum");
	for (guint i = 0; words && i < json_array_get_length(words); i++)
		if (strcmp(json_array_get_string_element(words, i), word) == 0)
			return TRUE;
	return words == NULL;
}

static gboolean fits_list(JsonObject *schema, const char *value)
{
	g_auto(GStrv) words = g_strsplit(value, ",", -1);
	for (char **word = words; *word; word++) {
		if (!in_enum(member(schema, "items"), *word))
			return FALSE;
		for (char **other = words; other < word; other++)
			if (strcmp(*other, *word) == 0)
				return FALSE;
	}
	return TRUE;
}

static gboolean fits_schema(JsonObject *schema, const char *value)
{
	const char *type = text(schema, "type");
	gint64 least = json_object_get_int_member_with_default(schema, "minimum", G_MININT64);
	gint64 number;
	if (strcmp(type, "array") == 0)
		return fits_list(schema, value);
	if (strcmp(type, "integer") == 0)
		return g_ascii_string_to_signed(value, 10, least, G_MAXINT64, &number, NULL);
	if (strcmp(type, "boolean") == 0)
		return strcmp(value, "true") == 0 || strcmp(value, "false") == 0;
	return strcmp(type, "string") == 0;
}

/* An option's name, where it is one: what stands in its place may be a piece of a value. */
static const char *shown_name(const char *name)
{
	return name[0] == '$' && name[1 + strspn(name + 1, "abcdefghijklmnopqrstuvwxyz")] == '\0'
		       ? name
		       : "…";
}

static char *check_query(const struct openapi *api, JsonObject *operation, const char *query)
{
	GUriParamsIter iter;
	g_autoptr(GError) error = NULL;
	char *name, *value, *why = NULL;
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_uri_params_iter_init(&iter, query, -1, "&", 0);
	while (!why && g_uri_params_iter_next(&iter, &name, &value, &error)) {
		JsonObject *p = find_query(api->root, operation, name);
		if (!p)
			why = g_strdup_printf("no such option: %s", shown_name(name));
		else if (!fits_schema(member(p, "schema"), value))
			why = g_strdup_printf("%s has no value it may have", name);
		else if (g_hash_table_contains(seen, name))
			why = g_strdup_printf("%s twice", name);
		g_hash_table_add(seen, name);
		g_free(value);
	}
	return error ? g_strdup("options that cannot be read") : why;
}

struct openapi *openapi_open(const char *file)
{
	g_autoptr(GError) error = NULL;
	struct openapi *api = g_new0(struct openapi, 1);
	api->parser = json_parser_new();
	if (!json_parser_load_from_file(api->parser, file, &error))
		g_error("%s", error->message);
	api->root = json_node_get_object(json_parser_get_root(api->parser));
	return api;
}

struct openapi *openapi_close(struct openapi *api)
{
	if (api)
		g_object_unref(api->parser);
	g_free(api);
	return NULL;
}

char *openapi_check(const struct openapi *api, const char *method, const char *target)
{
	g_auto(GStrv) parts = g_strsplit(target, "?", 2);
	if (!g_str_has_prefix(target, BASE "/") || strpbrk(target, " #\"<>"))
		return g_strdup("not an address of version 1.0");
	g_autofree char *lower = g_ascii_strdown(method, -1);
	JsonObject *operation = member(find_path(api->root, parts[0] + strlen(BASE)), lower);
	if (!operation)
		return g_strdup("no such path or method");
	return check_query(api, operation, parts[1] ? parts[1] : "");
}

/* "/v1.0/users/…": no segment but the first two. */
static void add_path(GString *line, const char *path)
{
	g_auto(GStrv) segments = g_strsplit(path, "/", -1);
	for (guint i = 1; segments[0] && segments[i]; i++)
		g_string_append_printf(line, "/%s", i < 3 ? segments[i] : "…");
}

char *openapi_line(const char *method, const char *target)
{
	GString *line = g_string_new(method);
	g_auto(GStrv) parts = g_strsplit(target, "?", 2);
	g_string_append_c(line, ' ');
	add_path(line, parts[0]);
	g_auto(GStrv) options = g_strsplit(parts[1] ? parts[1] : "", "&", -1);
	for (guint i = 0; options[i]; i++) {
		g_auto(GStrv) option = g_strsplit(options[i], "=", 2);
		g_string_append_printf(
			line, "%c%s=…", i == 0 ? '?' : '&', shown_name(option[0] ? option[0] : ""));
	}
	return g_string_free(line, FALSE);
}
