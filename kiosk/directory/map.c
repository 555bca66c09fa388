/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/map.h"

#include <string.h>

#include "kiosk/directory/directory.h"
#include "kiosk/directory/import.h"
#include "kiosk/directory/map_value.h"

G_DEFINE_QUARK(madoguchi - map - error, map_error)

/* Names of one attribute: a server answers by the first of its schema, whichever was
 * asked for (RFC 4519; GakuNin 1.3.6.1.4.1.32264.1.1.3 to .5). */
static const char *const synonyms[][2] = {
	{"jaou", "jaOrganizationalUnitName"},
	{"jao", "jaOrganizationName"},
	{"ou", "organizationalUnitName"},
	{"uid", "userid"},
	{"cn", "commonName"},
	{"mail", "rfc822Mailbox"},
};

static const char *const fields[] = {
#define X(name, word) word,
	MAP_FIELD_LIST(X)
#undef X
};
_Static_assert(G_N_ELEMENTS(fields) == MAP_FIELD_COUNT, "one word for each field");

#define SYNONYM_SIZE (2 * MAP_ATTRIBUTE_SIZE) /* a name of the table, options of a map */

/* An entry on its way to a person. */
struct reading {
	const struct map *map;
	const struct entry *entry;
	gint32 now_date;
	struct person person;
	GError **error;
};

const char *map_field_word(enum map_field field)
{
	return fields[field];
}

const struct map_kind *map_find_kind(const struct map *map, const char *kind)
{
	for (gsize i = 0; i < map->n_kinds; i++)
		if (strcmp(map->kinds[i].kind, kind) == 0)
			return &map->kinds[i];
	return NULL;
}

gboolean map_set_kind(struct map *map, const struct map_kind *kind)
{
	gsize i = 0;
	while (i < map->n_kinds && strcmp(map->kinds[i].kind, kind->kind) != 0)
		i++;
	if (i == MAP_KINDS_MAX)
		return FALSE;
	if (i == map->n_kinds)
		map->n_kinds++;
	map->kinds[i] = *kind;
	if (strcmp(kind->kind, DIRECTORY_KEY_COMMON_ID) == 0)
		memcpy(map->attributes[MAP_COMMON_ID], kind->attribute, MAP_ATTRIBUTE_SIZE);
	return TRUE;
}

static void add_name(GPtrArray *names, const char *name)
{
	if (*name == '\0')
		return;
	for (guint i = 0; i < names->len; i++)
		if (g_ascii_strcasecmp(names->pdata[i], name) == 0)
			return;
	g_ptr_array_add(names, g_strdup(name));
}

char **map_attributes(const struct map *map)
{
	GPtrArray *names = g_ptr_array_new();
	for (gsize i = 0; i < MAP_FIELD_COUNT; i++)
		add_name(names, map->attributes[i]);
	for (gsize i = 0; i < map->n_kinds; i++)
		add_name(names, map->kinds[i].attribute);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

/* The other name of `attribute`, its options kept, in `buf`; NULL: it has one name only. */
static const char *synonym(const char *attribute, char buf[SYNONYM_SIZE])
{
	gsize len = strcspn(attribute, ";");
	for (gsize i = 0; i < G_N_ELEMENTS(synonyms); i++)
		for (gsize j = 0; j < 2; j++)
			if (strlen(synonyms[i][j]) == len &&
				g_ascii_strncasecmp(synonyms[i][j], attribute, len) == 0) {
				g_snprintf(buf, SYNONYM_SIZE, "%s%s", synonyms[i][1 - j],
					attribute + len);
				return buf;
			}
	return NULL;
}

static const char *get(const struct entry *entry, const char *attribute, gsize i)
{
	char buf[SYNONYM_SIZE];
	const char *other = synonym(attribute, buf);
	const char *value = *attribute ? entry_get(entry, attribute, i) : NULL;
	return value || !other || entry_get(entry, attribute, 0) ? value
								 : entry_get(entry, other, i);
}

static gboolean damaged(const struct entry *entry, const char *attribute)
{
	char buf[SYNONYM_SIZE];
	const char *other = synonym(attribute, buf);
	return *attribute && (entry_is_damaged_at(entry, attribute) ||
				     (other && entry_is_damaged_at(entry, other)));
}

/* NULL `why` is no fault. */
static gboolean taken(struct reading *r, const char *attribute, const char *why)
{
	if (why)
		g_set_error(r->error, MAP_ERROR, MAP_ERROR_VALUE, "%s: %s", attribute, why);
	return why == NULL;
}

/* The one value a field may have, in *ret; NULL there: none. */
static gboolean single(struct reading *r, enum map_field field, const char **ret)
{
	const char *attribute = r->map->attributes[field], *value;
	*ret = NULL;
	if (damaged(r->entry, attribute))
		return taken(r, attribute, "expected text, and not more than fits");
	for (gsize i = 0; (value = get(r->entry, attribute, i)) != NULL; i++) {
		if (*ret && strcmp(*ret, value) != 0)
			return taken(r, attribute, "expected one value");
		if (*value)
			*ret = value;
	}
	return TRUE;
}

static gboolean take_common_id(struct reading *r)
{
	const struct map_kind *known = map_find_kind(r->map, DIRECTORY_KEY_COMMON_ID);
	const char *attribute = r->map->attributes[MAP_COMMON_ID], *value;
	char number[PERSON_NUMBER_SIZE] = "";
	struct map_kind plain = {0};

	if (!single(r, MAP_COMMON_ID, &value))
		return FALSE;
	const char *why = value ? map_value_number(known ? known : &plain, value, number)
				: "expected the common id";
	if (!why)
		why = import_take(
			IMPORT_COMMON_ID, number, r->person.common_id, sizeof r->person.common_id);
	return taken(r, *attribute ? attribute : "common-id", why);
}

/* What cannot be shown is not: the name decides nothing. */
static void take_name(struct reading *r, enum map_field field, char *ret, gsize size)
{
	const char *value = get(r->entry, r->map->attributes[field], 0);
	if (value && import_take(IMPORT_TEXT, value, ret, size))
		*ret = '\0';
}

static gboolean take_status(struct reading *r)
{
	const char *enabled, *control, *expires;
	bool on = true, unlocked = true, over = false;
	if (!single(r, MAP_ENABLED, &enabled) || !single(r, MAP_ACCOUNT_CONTROL, &control) ||
		!single(r, MAP_ACCOUNT_EXPIRES, &expires))
		return FALSE;
	if (enabled && !taken(r, r->map->attributes[MAP_ENABLED], map_value_bool(enabled, &on)))
		return FALSE;
	if (control && !taken(r, r->map->attributes[MAP_ACCOUNT_CONTROL],
			       map_value_enabled(control, &unlocked)))
		return FALSE;
	if (expires && !taken(r, r->map->attributes[MAP_ACCOUNT_EXPIRES],
			       map_value_expired(expires, r->now_date, &over)))
		return FALSE;
	r->person.status = on && unlocked && !over ? PERSON_ACTIVE : PERSON_INACTIVE;
	return TRUE;
}

static gboolean own_address(const struct map *map, const char *address)
{
	gsize len = strlen(address);
	for (char *const *own = map->own_addresses; own && *own; own++) {
		gsize end = strlen(*own);
		if (len >= end && g_ascii_strcasecmp(address + len - end, *own) == 0)
			return TRUE;
	}
	return FALSE;
}

static void take_contact(struct reading *r)
{
	const char *attribute = r->map->attributes[MAP_CONTACT], *value;
	for (gsize i = 0; (value = get(r->entry, attribute, i)) != NULL; i++)
		if (value[strspn(value, " ")] && !own_address(r->map, value))
			r->person.contact = true;
}

/* Of a list that is not whole, the missing part may be the one: a second clerk does no harm. */
static gboolean take_privileged(struct reading *r)
{
	const char *attribute = r->map->attributes[MAP_PRIVILEGED], *value;
	const char *wanted = r->map->privileged_value;
	bool any = damaged(r->entry, attribute), yes = false;
	for (gsize i = 0; (value = get(r->entry, attribute, i)) != NULL; i++) {
		if (*wanted)
			yes = g_ascii_strcasecmp(value, wanted) == 0;
		else if (!taken(r, attribute, map_value_bool(value, &yes)))
			return FALSE;
		any = any || yes;
	}
	r->person.privileged = any;
	return TRUE;
}

static gboolean take_date(struct reading *r, enum map_field field, gboolean last, int32_t *ret)
{
	const char *value;
	return single(r, field, &value) &&
	       (!value || taken(r, r->map->attributes[field], map_value_date(value, last, ret)));
}

/* Bits of enum person_role_kind. Words of no role here (alum, member …) are passed over. */
static unsigned role_kinds(struct reading *r)
{
	static const char *const known[] = {
		"student=student", "staff=staff", "faculty=staff", "employee=staff", NULL};
	const char *attribute = r->map->attributes[MAP_ROLE], *value;
	unsigned kinds = 0;
	for (gsize i = 0; (value = get(r->entry, attribute, i)) != NULL; i++) {
		const char *word = map_value_word((const char *const *)r->map->roles, value);
		if (!word)
			word = map_value_word(known, value);
		enum person_role_kind kind = 0;
		if (word && !import_take(IMPORT_ROLE_KIND, word, &kind, sizeof kind))
			kinds |= kind;
	}
	return kinds;
}

/* The next affiliation that is a code, or that the map makes one; FALSE: no more. Text that
 * is in no map leads to no desk. */
static gboolean next_affiliation(const struct reading *r, gsize *i, char ret[PERSON_WORD_SIZE])
{
	const char *value;
	while ((value = get(r->entry, r->map->attributes[MAP_AFFILIATION], (*i)++)) != NULL) {
		const char *code = map_value_word((const char *const *)r->map->affiliations, value);
		code = code ? code : value;
		if (*code && !import_take(IMPORT_WORD, code, ret, PERSON_WORD_SIZE))
			return TRUE;
	}
	return FALSE;
}

static gboolean add_roles(struct reading *r, const struct person_role *like)
{
	struct person_role role = *like;
	const char *why = NULL;
	gsize i = 0, n = 0;
	for (; !why && next_affiliation(r, &i, role.affiliation); n++)
		why = import_add_role(&r->person, &role);
	if (n == 0)
		why = import_add_role(&r->person, like);
	return taken(r, r->map->attributes[MAP_AFFILIATION], why);
}

static gboolean take_roles(struct reading *r)
{
	static const enum person_role_kind kinds[] = {ROLE_STUDENT, ROLE_STAFF};
	const char *const lists[] = {
		r->map->attributes[MAP_ROLE], r->map->attributes[MAP_AFFILIATION]};
	struct person_role role = {0};
	unsigned has;

	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
		if (damaged(r->entry, lists[i]))
			return taken(r, lists[i], "expected text, and not more than fits");
	if (!take_date(r, MAP_FROM, FALSE, &role.from) ||
		!take_date(r, MAP_UNTIL, TRUE, &role.until))
		return FALSE;
	has = role_kinds(r);
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		role.kind = kinds[i];
		if ((has & kinds[i]) != 0 && !add_roles(r, &role))
			return FALSE;
	}
	return TRUE;
}

/* What the entry says of its cards, whichever they are. */
static gboolean take_card_facts(struct reading *r, struct person_card *ret)
{
	const struct map *map = r->map;
	const char *reissue, *status;
	if (!single(r, MAP_REISSUE, &reissue) || !single(r, MAP_CARD_STATUS, &status) ||
		!take_date(r, MAP_CARD_EXPIRES, TRUE, &ret->expires))
		return FALSE;
	if (reissue &&
		!taken(r, map->attributes[MAP_REISSUE],
			import_take(IMPORT_REISSUE, reissue, &ret->reissue, sizeof ret->reissue)))
		return FALSE;
	const char *word =
		status ? map_value_word((const char *const *)map->card_statuses, status) : NULL;
	word = word ? word : status;
	return !word ||
	       taken(r, map->attributes[MAP_CARD_STATUS],
		       import_take(IMPORT_CARD_STATUS, word, &ret->status, sizeof ret->status));
}

static gboolean add_cards(
	struct reading *r, const struct map_kind *kind, const struct person_card *like)
{
	const char *value, *why = NULL;
	struct person_card card = *like;
	g_strlcpy(card.kind, kind->kind, sizeof card.kind);
	if (damaged(r->entry, kind->attribute))
		return taken(r, kind->attribute, "expected text, and not more than fits");
	for (gsize i = 0; !why && (value = get(r->entry, kind->attribute, i)) != NULL; i++) {
		why = map_value_number(kind, value, card.number);
		if (!why && *card.number)
			why = import_add_card(&r->person, &card);
	}
	return taken(r, kind->attribute, why);
}

/* A layout may yield the common id itself; that card is on file where anything is said of
 * cards at all. */
static gboolean take_cards(struct reading *r)
{
	struct person_card like = {.reissue = -1};
	if (!take_card_facts(r, &like))
		return FALSE;
	gboolean said = like.reissue >= 0 || like.expires != 0 || like.status != PCARD_VALID;
	for (gsize i = 0; i < r->map->n_kinds; i++) {
		const struct map_kind *kind = &r->map->kinds[i];
		if (strcmp(kind->kind, DIRECTORY_KEY_COMMON_ID) == 0 && !said)
			continue;
		if (!add_cards(r, kind, &like))
			return FALSE;
	}
	return TRUE;
}

const char *map_person_key(const struct map *map, const struct entry *entry)
{
	const char *value = get(entry, map->attributes[MAP_PERSON_KEY], 0);
	return value && *value ? value : NULL;
}

static gboolean is_linked(const struct person *person, const char *common_id)
{
	for (size_t i = 0; i < person->n_linked; i++)
		if (strcmp(person->linked[i], common_id) == 0)
			return TRUE;
	return strcmp(person->common_id, common_id) == 0;
}

gboolean map_link(const struct map *map, const struct entry *entry, struct person *person)
{
	struct reading r = {map, entry, 0, {{0}}, NULL};
	gboolean known = take_common_id(&r) && !is_linked(person, r.person.common_id);
	gboolean room = person->n_linked < PERSON_LINKED_MAX;
	if (known && room)
		memcpy(person->linked[person->n_linked++], r.person.common_id, PERSON_ID_SIZE);
	person_wipe(&r.person);
	return room || !known;
}

gboolean map_person(const struct map *map, const struct entry *entry, gint32 now_date,
	struct person *ret, GError **error)
{
	struct reading r = {map, entry, now_date, {{0}}, error};
	gboolean ok = take_common_id(&r) && take_status(&r) && take_privileged(&r) &&
		      take_roles(&r) && take_cards(&r);
	if (ok) {
		take_name(&r, MAP_NAME_JA, r.person.name_ja, sizeof r.person.name_ja);
		take_name(&r, MAP_NAME_EN, r.person.name_en, sizeof r.person.name_en);
		take_contact(&r);
		*ret = r.person;
	}
	person_wipe(&r.person);
	return ok;
}
