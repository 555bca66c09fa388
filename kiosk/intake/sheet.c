/* SPDX-License-Identifier: MIT
 *
 * sheet.c - see sheet.h.
 */
#include "kiosk/intake/sheet.h"

#include <string.h>

#include <json-glib/json-glib.h>

#define JSON_MAX (128 * 1024)

static void wipe_text(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	g_free(text);
}

static void free_field(gpointer data)
{
	struct sheet_field *field = data;
	g_free(field->code);
	wipe_text(field->value);
	g_free(field);
}

/* json-glib's own copies of the values, as far as they can be reached. */
static void wipe_node(JsonNode *node)
{
	if (JSON_NODE_HOLDS_OBJECT(node)) {
		g_autoptr(GList) members = json_object_get_values(json_node_get_object(node));
		for (GList *at = members; at; at = at->next)
			wipe_node(at->data);
	} else if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING) {
		char *text = (char *)json_node_get_string(node);
		explicit_bzero(text, strlen(text));
	}
}

static void free_parser(JsonParser *parser)
{
	JsonNode *root = json_parser_get_root(parser);
	if (root)
		wipe_node(root);
	g_object_unref(parser);
}

/* The object a text holds; free with free_parser(). NULL: not an object. */
static JsonParser *parse(const char *text, gssize len)
{
	JsonParser *parser = json_parser_new();
	if (len <= JSON_MAX && json_parser_load_from_data(parser, text, len, NULL) &&
		JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)))
		return parser;
	free_parser(parser);
	return NULL;
}

static void add_field(GPtrArray *fields, const char *code, JsonNode *node)
{
	if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING ||
		fields->len >= SHEET_FIELDS_MAX)
		return;
	const char *value = json_node_get_string(node);
	if (!*value)
		return;
	struct sheet_field *field = g_new(struct sheet_field, 1);
	field->code = g_strdup(code);
	field->value = g_strdup(value);
	g_ptr_array_add(fields, field);
}

/* A member, or the members of a member: "incident" gives "incident.id" and so on. */
static void add_member(GPtrArray *fields, JsonObject *object, const char *name)
{
	JsonNode *node = json_object_get_member(object, name);
	if (!node || !JSON_NODE_HOLDS_OBJECT(node)) {
		if (node)
			add_field(fields, name, node);
		return;
	}
	JsonObject *inner = json_node_get_object(node);
	g_autoptr(GList) names = json_object_get_members(inner);
	for (GList *at = names; at; at = at->next) {
		g_autofree char *code = g_strconcat(name, ".", (const char *)at->data, NULL);
		add_field(fields, code, json_object_get_member(inner, at->data));
	}
}

/* The order of the menu's form; what it does not name comes after, as it was filed. */
static const char *const form[] = {
	"common_id", "name_ja", "name_en", "role", "affiliation", "reason",
	"incident", /* and incident_… */
};

/* Place on the sheet, G_N_ELEMENTS(form) for the rest. */
static gsize place_of(const char *name)
{
	gsize i = 0;
	while (i < G_N_ELEMENTS(form) && strcmp(form[i], name) != 0)
		i++;
	return g_str_has_prefix(name, "incident_") ? G_N_ELEMENTS(form) - 1 : i;
}

static GPtrArray *fields_of(JsonObject *payload)
{
	GPtrArray *fields = g_ptr_array_new_with_free_func(free_field);
	g_autoptr(GList) names = json_object_get_members(payload);
	for (gsize place = 0; place <= G_N_ELEMENTS(form); place++)
		for (GList *at = names; at; at = at->next)
			/* The version of the format is nothing to type. */
			if (place_of(at->data) == place && strcmp(at->data, "v") != 0)
				add_member(fields, payload, at->data);
	return fields;
}

GPtrArray *sheet_read(GBytes *envelope)
{
	gsize len = 0;
	const char *text = g_bytes_get_data(envelope, &len);
	JsonParser *outer = parse(text, (gssize)len);
	if (!outer)
		return NULL;
	JsonObject *object = json_node_get_object(json_parser_get_root(outer));
	const char *payload = json_object_get_string_member_with_default(object, "payload", "");
	JsonParser *inner = parse(payload, -1);
	GPtrArray *fields = NULL;
	if (inner) {
		fields = fields_of(json_node_get_object(json_parser_get_root(inner)));
		free_parser(inner);
	}
	free_parser(outer);
	return fields;
}
