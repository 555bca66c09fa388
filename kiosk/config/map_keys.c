/* SPDX-License-Identifier: MIT */
#include "kiosk/config/map_keys.h"

#include <string.h>

#include "kiosk/directory/directory.h"

#define KIND_CHARS         G_CSET_a_2_z G_CSET_DIGITS "-"
#define CODE_CHARS         G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._-"
#define ATTRIBUTE_CHARS    G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._/;-"
#define ATTRIBUTE_EXPECTED "an attribute name of at most 63 characters, or nothing"
#define KIND_EXPECTED      "'ATTRIBUTE', 'ATTRIBUTE PREFIX' or 'ATTRIBUTE PREFIX SUFFIX'"
#define NO_PREFIX          "-"
#define ADDRESSES_MAX      16

/* A family of keys: "role.WORD" = one of `words`, or a code where there are none. */
struct family {
	const char *prefix;
	gsize offset; /* of its list in struct map */
	const char *const *words;
	const char *expected;
};

static const char *const role_words[] = {"student", "staff", "none", NULL};
static const char *const status_words[] = {"valid", "lost", "replaced", NULL};

static const struct family families[] = {
	{"role.", G_STRUCT_OFFSET(struct map, roles), role_words, "'student', 'staff' or 'none'"},
	{"affiliation.", G_STRUCT_OFFSET(struct map, affiliations), NULL,
		"an affiliation code of [A-Za-z0-9._-], at most 23"},
	{"card-status.", G_STRUCT_OFFSET(struct map, card_statuses), status_words,
		"'valid', 'lost' or 'replaced'"},
};

static const char *take_addresses(char *const *items, gpointer field)
{
	char ***to = field;
	if (g_strv_length((char **)items) > ADDRESSES_MAX)
		return items[ADDRESSES_MAX];
	g_strfreev(*to);
	*to = g_strdupv((char **)items);
	return NULL;
}

static const struct key_row more_rows[] = {
	{NULL, "privileged-value", ROW_LINE, G_STRUCT_OFFSET(struct map, privileged_value), 0,
		MAP_ATTRIBUTE_SIZE - 1, ""},
	{NULL, "own-addresses", ROW_ITEMS, G_STRUCT_OFFSET(struct map, own_addresses), 0, 0, "",
		"at most 16 endings of addresses, such as '@example.ac.jp'", NULL, take_addresses},
};

static const struct family *family_of(const char *key)
{
	for (gsize i = 0; i < G_N_ELEMENTS(families); i++)
		if (g_str_has_prefix(key, families[i].prefix) && key[strlen(families[i].prefix)])
			return &families[i];
	return NULL;
}

static const char *kind_of(const char *key)
{
	return g_str_has_prefix(key, "kind.") ? key + strlen("kind.") : NULL;
}

static struct key_row field_row(const struct map *map, enum map_field field)
{
	return (struct key_row){
		.key = map_field_word(field),
		.type = ROW_LINE,
		.offset = G_STRUCT_OFFSET(struct map, attributes) + field * MAP_ATTRIBUTE_SIZE,
		.max = MAP_ATTRIBUTE_SIZE - 1,
		.fallback = map ? map->attributes[field] : "",
		.expected = ATTRIBUTE_EXPECTED,
		.chars = ATTRIBUTE_CHARS,
	};
}

gboolean map_keys_check(const struct keyfile *kf, const char *group, const struct key_row *rows,
	gsize n, GError **error)
{
	const struct key_row preset = {.key = "preset"};
	g_autoptr(GArray) known = g_array_new(FALSE, FALSE, sizeof(struct key_row));
	g_auto(GStrv) keys = keyfile_keys(kf, group);

	g_array_append_vals(known, rows, (guint)n);
	g_array_append_val(known, preset);
	for (guint i = 0; i < MAP_FIELD_COUNT; i++) {
		const struct key_row row = field_row(NULL, i);
		g_array_append_val(known, row);
	}
	g_array_append_vals(known, more_rows, G_N_ELEMENTS(more_rows));
	for (char **key = keys; *key; key++) {
		const struct key_row row = {.key = *key};
		if (family_of(*key) || kind_of(*key))
			g_array_append_val(known, row);
	}
	return rows_check_keys(kf, group, (const struct key_row *)(gconstpointer)known->data,
		known->len, NULL, error);
}

static gboolean begin(const struct keyfile *kf, const char *group, const char *preset,
	struct map *map, GError **error)
{
	g_autofree char *name = keyfile_text(kf, group, "preset", preset, error);
	if (!name)
		return FALSE;
	return map_preset(map, name) ||
	       keyfile_complain_word(kf, group, "preset", map_presets(), name, error);
}

static gboolean fill_fields(
	const struct keyfile *kf, const char *group, struct map *map, GError **error)
{
	struct map_kind id = {.kind = DIRECTORY_KEY_COMMON_ID};
	for (guint i = 0; i < MAP_FIELD_COUNT; i++) {
		const struct key_row row = field_row(map, i);
		if (!rows_fill(kf, group, &row, 1, map, error))
			return FALSE;
	}
	map->n_kinds = 0;
	memcpy(id.attribute, map->attributes[MAP_COMMON_ID], sizeof id.attribute);
	if (*id.attribute)
		map_set_kind(map, &id);
	return rows_fill(kf, group, more_rows, G_N_ELEMENTS(more_rows), map, error);
}

static gboolean is_word(const char *text, const char *chars, gsize size)
{
	gsize len = strlen(text);
	return len > 0 && len < size && strspn(text, chars) == len;
}

static gboolean take_affix(const char *text, char ret[MAP_ATTRIBUTE_SIZE])
{
	if (text && strcmp(text, NO_PREFIX) != 0)
		return g_strlcpy(ret, text, MAP_ATTRIBUTE_SIZE) < MAP_ATTRIBUTE_SIZE;
	return TRUE;
}

static gboolean take_kind(const char *name, const char *text, struct map_kind *kind)
{
	g_auto(GStrv) words = g_strsplit(text, " ", 4);
	guint n = g_strv_length(words);
	if (n < 1 || n > 3 || g_strv_contains((const char *const *)words, "") ||
		!is_word(words[0], ATTRIBUTE_CHARS, sizeof kind->attribute))
		return FALSE;
	g_strlcpy(kind->kind, name, sizeof kind->kind);
	g_strlcpy(kind->attribute, words[0], sizeof kind->attribute);
	return take_affix(n > 1 ? words[1] : NULL, kind->prefix) &&
	       take_affix(n > 2 ? words[2] : NULL, kind->suffix);
}

static gboolean fill_kind(const struct keyfile *kf, const char *group, const char *key,
	struct map *map, GError **error)
{
	struct map_kind kind = {0};
	const char *name = kind_of(key);
	g_autofree char *text = keyfile_text(kf, group, key, "", error);
	if (!text)
		return FALSE;
	if (!is_word(name, KIND_CHARS, sizeof kind.kind))
		return keyfile_complain(kf, group, key,
			"'kind.' and a key kind of [a-z0-9-], at most 23", key, error);
	if (!take_kind(name, text, &kind))
		return keyfile_complain(kf, group, key, KIND_EXPECTED, *text ? text : NULL, error);
	return map_set_kind(map, &kind) ||
	       keyfile_complain(
		       kf, group, key, "at most 8 kinds, common-id among them", name, error);
}

static gboolean fits(const struct family *family, const char *text)
{
	return family->words ? g_strv_contains(family->words, text)
			     : is_word(text, CODE_CHARS, PERSON_WORD_SIZE);
}

/* One more "FROM=TO" in a list that ends with NULL. */
static void add_pair(char ***list, const char *from, const char *to)
{
	guint n = *list ? g_strv_length(*list) : 0;
	*list = g_renew(char *, *list, n + 2);
	(*list)[n] = g_strconcat(from, "=", to, NULL);
	(*list)[n + 1] = NULL;
}

static gboolean fill_family(const struct keyfile *kf, const char *group, const char *key,
	struct map *map, GError **error)
{
	const struct family *family = family_of(key);
	g_autofree char *text = keyfile_text(kf, group, key, "", error);
	if (!text)
		return FALSE;
	if (!fits(family, text))
		return keyfile_complain(
			kf, group, key, family->expected, *text ? text : NULL, error);
	add_pair(G_STRUCT_MEMBER_P(map, family->offset), key + strlen(family->prefix), text);
	return TRUE;
}

gboolean map_keys_parse(const struct keyfile *kf, const char *group, const char *preset,
	struct map *map, GError **error)
{
	g_auto(GStrv) keys = keyfile_keys(kf, group);

	if (!begin(kf, group, preset, map, error) || !fill_fields(kf, group, map, error))
		return FALSE;
	for (char **key = keys; *key; key++) {
		if (kind_of(*key) && !fill_kind(kf, group, *key, map, error))
			return FALSE;
		if (family_of(*key) && !fill_family(kf, group, *key, map, error))
			return FALSE;
	}
	return TRUE;
}

void map_keys_clear(struct map *map)
{
	g_clear_pointer(&map->roles, g_strfreev);
	g_clear_pointer(&map->affiliations, g_strfreev);
	g_clear_pointer(&map->card_statuses, g_strfreev);
	g_clear_pointer(&map->own_addresses, g_strfreev);
}
