/* SPDX-License-Identifier: MIT
 *
 * fuzz_entry.c - any bytes as what a server said of one account.
 *
 * The first byte chooses the map. Each line is "name: value"; "@field: attribute" changes the
 * map. What comes out must be a person that can be shown, or a fault that repeats no value.
 */
#include <stdlib.h>
#include <string.h>

#include "kiosk/directory/directory.h"
#include "kiosk/directory/map.h"
#include "tests/visit/fuzz.h"

#define TODAY 20261122

static void require(gboolean ok)
{
	if (!ok)
		abort();
}

static gboolean is_shown(const char *text)
{
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (g_unichar_iscntrl(c) || (c >= 0x202A && c <= 0x202E) ||
			(c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C)
			return FALSE;
	}
	return TRUE;
}

static void check_text(const char *text, gsize size)
{
	require(strnlen(text, size) < size && g_utf8_validate(text, -1, NULL) && is_shown(text));
}

static void check_person(const struct person *p)
{
	require(strspn(p->common_id, "0123456789") == PERSON_ID_SIZE - 1);
	require(p->status == PERSON_ACTIVE || p->status == PERSON_INACTIVE);
	require(p->n_cards <= PERSON_CARDS_MAX && p->n_roles <= PERSON_ROLES_MAX);
	check_text(p->name_ja, sizeof p->name_ja);
	check_text(p->name_en, sizeof p->name_en);
	for (gsize i = 0; i < p->n_cards; i++) {
		check_text(p->cards[i].kind, sizeof p->cards[i].kind);
		check_text(p->cards[i].number, sizeof p->cards[i].number);
		require(p->cards[i].kind[0] && p->cards[i].number[0]);
		require(p->cards[i].reissue >= -1 && p->cards[i].expires >= 0);
	}
	for (gsize i = 0; i < p->n_roles; i++) {
		check_text(p->roles[i].affiliation, sizeof p->roles[i].affiliation);
		require(p->roles[i].kind == ROLE_STUDENT || p->roles[i].kind == ROLE_STAFF);
		require(p->roles[i].from >= 0 && p->roles[i].until >= 0);
	}
}

/* "attribute: what is expected" - and the attribute is one of the map's. */
static void check_fault(const struct map *map, const char *message)
{
	g_auto(GStrv) names = map_attributes(map);
	const char *colon = strstr(message, ": ");
	require(colon != NULL && strlen(colon) < 80);
	g_autofree char *name = g_strndup(message, (gsize)(colon - message));
	gboolean known = strcmp(name, "common-id") == 0;
	for (char **n = names; *n; n++)
		known = known || g_ascii_strcasecmp(*n, name) == 0;
	require(known);
}

static void add_kind(struct map *map, const char *kind, const char *attribute, const char *prefix,
	const char *suffix)
{
	struct map_kind k = {0};
	g_strlcpy(k.kind, kind, sizeof k.kind);
	g_strlcpy(k.attribute, attribute, sizeof k.attribute);
	g_strlcpy(k.prefix, prefix, sizeof k.prefix);
	g_strlcpy(k.suffix, suffix, sizeof k.suffix);
	require(map_set_kind(map, &k));
}

static void choose_map(struct map *map, guint8 choice)
{
	static const char *const roles[] = {"常勤=staff", "alum=none", NULL};
	static const char *const affiliations[] = {"工学部=03", "Engineering=37", NULL};
	static const char *const statuses[] = {"L=lost", NULL};
	require(map_preset(map, map_presets()[choice % 3]));
	if (choice % 3 == 0)
		add_kind(map, DIRECTORY_KEY_COMMON_ID, "uid", "", "");
	add_kind(map, "student-number", "gakuninScopedPersonalUniqueCode",
		"student:", "@example.ac.jp");
	add_kind(map, "staff-number", "employeeNumber", "", "");
	map->roles = (char **)roles;
	map->affiliations = (char **)affiliations;
	map->card_statuses = (char **)statuses;
}

/* The configuration takes no other characters. */
static void set_field(struct map *map, const char *word, const char *attribute)
{
	static const char chars[] = G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._/;-";
	if (strspn(attribute, chars) != strlen(attribute))
		return;
	for (guint f = 0; f < MAP_FIELD_COUNT; f++)
		if (strcmp(map_field_word(f), word) == 0)
			g_strlcpy(map->attributes[f], attribute, MAP_ATTRIBUTE_SIZE);
}

static void take_line(struct map *map, struct entry *entry, const char *line, gsize len)
{
	const char *colon = memmem(line, len, ": ", 2);
	if (!colon)
		return;
	g_autofree char *name = g_strndup(line, (gsize)(colon - line));
	const char *value = colon + 2;
	gsize value_len = len - (gsize)(value - line);
	g_autofree char *text = g_strndup(value, value_len);
	if (*name == '@')
		set_field(map, name + 1, text);
	else if (!entry_add(entry, name, value, value_len))
		require(entry_is_damaged(entry));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	AUTO(entry) entry = entry_new();
	struct map map;
	struct person person;

	if (size < 1)
		return 0;
	choose_map(&map, data[0]);
	for (gsize at = 1, end; at < size; at = end + 1) {
		const guint8 *line_end = memchr(data + at, '\n', size - at);
		end = line_end ? (gsize)(line_end - data) : size;
		take_line(&map, entry, (const char *)data + at, end - at);
	}
	if (map_person(&map, entry, TODAY, &person, &error)) {
		check_person(&person);
		person_wipe(&person);
	} else {
		require(error != NULL);
		check_fault(&map, error->message);
	}
	return 0;
}
