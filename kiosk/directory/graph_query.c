/* SPDX-License-Identifier: MIT
 *
 * graph_query.c - see graph_query.h.
 */
#include "kiosk/directory/graph_query.h"

#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/directory/directory.h"

/* Numbers of cards are [0-9A-Za-z-]; all that is ever put between the quotes. */
static gboolean is_number(const char *value)
{
	gsize len = strnlen(value, PERSON_NUMBER_SIZE);
	for (gsize i = 0; i < len; i++)
		if (!g_ascii_isalnum(value[i]) && value[i] != '-')
			return FALSE;
	return len > 0 && len < PERSON_NUMBER_SIZE;
}

static char *wipe(char *text)
{
	if (text)
		OPENSSL_cleanse(text, strlen(text));
	g_free(text);
	return NULL;
}

/* OData: a quote within a literal is written twice. Prefixes may hold one. */
static char *double_quotes(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "'", -1);
	char *doubled = g_strjoinv("''", parts);
	for (char **part = parts; *part; part++)
		OPENSSL_cleanse(*part, strlen(*part));
	return doubled;
}

/* Properties of the top level, each once: members of one are not selected apart. */
static char *make_select(const struct map *map)
{
	g_auto(GStrv) names = map_attributes(map);
	g_autoptr(GString) select = g_string_new("id");
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_add(seen, (gpointer) "id");
	for (char **name = names; *name; name++) {
		char *slash = strchr(*name, '/');
		if (slash)
			*slash = '\0';
		if (g_hash_table_add(seen, *name))
			g_string_append_printf(select, ",%s", *name);
	}
	g_autofree char *escaped = g_uri_escape_string(select->str, ",", FALSE);
	return g_strdup(escaped);
}

/* Takes `select`, escaped. */
static char *list_url(const char *base, char *select, const struct graph_query *query, guint top)
{
	g_autofree char *own = select;
	char *literal = double_quotes(query->value);
	char *filter = g_strdup_printf("%s eq '%s'", query->attribute, literal);
	char *escaped = g_uri_escape_string(filter, NULL, FALSE);
	char *url =
		g_strdup_printf("%s/users?$filter=%s&$select=%s&$top=%u", base, escaped, own, top);
	wipe(literal);
	wipe(filter);
	wipe(escaped);
	return url;
}

static char *user_url(
	const char *base, const struct map *map, const char *value, const char *upn_suffix)
{
	char *upn = g_strconcat(value, upn_suffix, NULL);
	char *escaped = g_uri_escape_string(upn, "@", FALSE);
	g_autofree char *select = make_select(map);
	char *url = g_strdup_printf("%s/users/%s?$select=%s", base, escaped, select);
	wipe(upn);
	wipe(escaped);
	return url;
}

enum graph_query_kind graph_query_make(const char *base, const struct map *map,
	const char *upn_suffix, const char *kind, const char *value, struct graph_query *ret)
{
	const struct map_kind *known = map_find_kind(map, kind);
	gboolean common = strcmp(kind, DIRECTORY_KEY_COMMON_ID) == 0;
	const char *attribute = known    ? known->attribute
				: common ? map->attributes[MAP_COMMON_ID]
					 : "";
	if (!*attribute)
		return GRAPH_QUERY_UNMAPPED;
	if (!is_number(value))
		return GRAPH_QUERY_ABSURD;
	*ret = (struct graph_query){
		.attribute = g_strdup(attribute),
		.value = g_strconcat(
			known ? known->prefix : "", value, known ? known->suffix : "", NULL),
	};
	if (common && upn_suffix) {
		ret->url = user_url(base, map, value, upn_suffix);
		return GRAPH_QUERY_USER;
	}
	ret->url = list_url(base, make_select(map), ret, 2);
	return GRAPH_QUERY_LIST;
}

/* The property an attribute stands in. */
static char *top_property(const char *attribute)
{
	return g_strndup(attribute, strcspn(attribute, "/"));
}

gboolean graph_query_linked(
	const char *base, const struct map *map, const char *key, struct graph_query *ret)
{
	const char *attribute = map->attributes[MAP_PERSON_KEY];
	if (!*attribute || !g_utf8_validate(key, -1, NULL))
		return FALSE;
	g_autofree char *id = top_property(map->attributes[MAP_COMMON_ID]);
	g_autofree char *own = top_property(attribute);
	g_autofree char *select = strcmp(id, own) == 0 ? g_strconcat("id,", id, NULL)
						       : g_strconcat("id,", id, ",", own, NULL);
	*ret = (struct graph_query){.attribute = g_strdup(attribute), .value = g_strdup(key)};
	ret->url =
		list_url(base, g_uri_escape_string(select, ",", FALSE), ret, PERSON_LINKED_MAX + 2);
	return TRUE;
}

void graph_query_clear(struct graph_query *query)
{
	query->url = wipe(query->url);
	query->attribute = wipe(query->attribute);
	query->value = wipe(query->value);
}
