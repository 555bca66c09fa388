/* SPDX-License-Identifier: MIT
 *
 * openapi.c - see openapi.h.
 */
#include "tests/graph/openapi.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define BASE "/v1.0"

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

static char *check_query(JsonObject *root, JsonObject *operation, const char *query)
{
	GUriParamsIter iter;
	char *name, *value, *why = NULL;
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_uri_params_iter_init(&iter, query, -1, "&", 0);
	while (!why && g_uri_params_iter_next(&iter, &name, &value, NULL)) {
		JsonObject *p = find_query(root, operation, name);
		if (!p)
			why = g_strdup_printf("no such option: %s", name);
		else if (!fits_schema(member(p, "schema"), value))
			why = g_strdup_printf("%s cannot be %s", name, value);
		else if (g_hash_table_contains(seen, name))
			why = g_strdup_printf("%s twice", name);
		g_hash_table_add(seen, name);
		g_free(value);
	}
	return why;
}

char *openapi_check(const char *file, const char *method, const char *target)
{
	g_autoptr(JsonParser) parser = json_parser_new();
	g_auto(GStrv) parts = g_strsplit(target, "?", 2);
	if (!json_parser_load_from_file(parser, file, NULL))
		return g_strdup_printf("%s cannot be read", file);
	if (!g_str_has_prefix(target, BASE "/") || strpbrk(target, " #\"<>"))
		return g_strdup("not an address of version 1.0");
	JsonObject *root = json_node_get_object(json_parser_get_root(parser));
	g_autofree char *lower = g_ascii_strdown(method, -1);
	JsonObject *operation = member(find_path(root, parts[0] + strlen(BASE)), lower);
	if (!operation)
		return g_strdup_printf("no such path or method: %s %s", method, parts[0]);
	return check_query(root, operation, parts[1] ? parts[1] : "");
}
