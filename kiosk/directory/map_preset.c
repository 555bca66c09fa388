/* SPDX-License-Identifier: MIT
 *
 * map_preset.c - what the standards say about attributes; see map.h.
 */
#include "kiosk/directory/map.h"

#include <string.h>

#include "kiosk/directory/directory.h"

#define PRESET_FIELDS_MAX 8

struct preset {
	const char *name;
	struct {
		enum map_field field;
		const char *attribute;
	} fields[PRESET_FIELDS_MAX];
	gsize n;
};

static const struct preset presets[] = {
	/* eduPerson 1.3.6.1.4.1.5923.1.1.1, GakuNin 1.3.6.1.4.1.32264.1.1; which attribute
	 * holds the common id is not theirs to say. */
	{"gakunin",
		{{MAP_NAME_JA, "displayName;lang-ja"}, {MAP_NAME_EN, "displayName"},
			{MAP_ROLE, "eduPersonAffiliation"}, {MAP_AFFILIATION, "jaou"},
			{MAP_CONTACT, "mail"}},
		5},
	/* [MS-ADA1], [MS-ADA3] */
	{"active-directory",
		{{MAP_COMMON_ID, "employeeID"}, {MAP_NAME_JA, "displayName"},
			{MAP_ACCOUNT_CONTROL, "userAccountControl"},
			{MAP_ACCOUNT_EXPIRES, "accountExpires"}, {MAP_AFFILIATION, "department"},
			{MAP_CONTACT, "mail"}},
		6},
	/* Graph v1.0, resource type user */
	{"graph",
		{{MAP_COMMON_ID, "employeeId"}, {MAP_NAME_JA, "displayName"},
			{MAP_ENABLED, "accountEnabled"}, {MAP_ROLE, "employeeType"},
			{MAP_AFFILIATION, "department"}, {MAP_CONTACT, "mail"}},
		6},
	{"none", {{0}}, 0},
};

static void set_common_id(struct map *map, const char *attribute)
{
	struct map_kind kind = {.kind = DIRECTORY_KEY_COMMON_ID};
	g_strlcpy(kind.attribute, attribute, sizeof kind.attribute);
	map_set_kind(map, &kind);
}

gboolean map_preset(struct map *map, const char *name)
{
	const struct preset *preset = NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(presets); i++)
		if (strcmp(presets[i].name, name) == 0)
			preset = &presets[i];
	if (!preset)
		return FALSE;
	memset(map, 0, sizeof *map);
	for (gsize i = 0; i < preset->n; i++) {
		enum map_field field = preset->fields[i].field;
		g_strlcpy(map->attributes[field], preset->fields[i].attribute, MAP_ATTRIBUTE_SIZE);
		if (field == MAP_COMMON_ID)
			set_common_id(map, preset->fields[i].attribute);
	}
	return TRUE;
}

const char *const *map_presets(void)
{
	static const char *const names[] = {"gakunin", "active-directory", "graph", "none", NULL};
	return names;
}
