/* SPDX-License-Identifier: MIT
 *
 * map.h - which attribute of a server says what about a person.
 *
 * Pure; filled from the configuration, with presets. A field without attribute is not
 * known; what is there and cannot be read as what it should be is a fault of the
 * directory, never a guess.
 */
#ifndef KIOSK_DIRECTORY_MAP_H
#define KIOSK_DIRECTORY_MAP_H

#include <gio/gio.h>

#include "kiosk/directory/entry.h"
#include "kiosk/directory/person.h"

#define MAP_ATTRIBUTE_SIZE 64
#define MAP_KINDS_MAX      8

/* clang-format off */
/* field, key in the configuration */
#define MAP_FIELD_LIST(X)                                                                          \
	X(COMMON_ID, "common-id")                                                                  \
	X(NAME_JA, "name-ja")                                                                      \
	X(NAME_EN, "name-en")                                                                      \
	X(ENABLED, "enabled")                 /* true/false; Graph accountEnabled */               \
	X(ACCOUNT_CONTROL, "account-control") /* AD userAccountControl: bit 2 disabled */          \
	X(ACCOUNT_EXPIRES, "account-expires") /* AD FILETIME; 0 and 2^63-1: never */               \
	X(ROLE, "role")               /* student | staff | faculty | employee … by role map */     \
	X(AFFILIATION, "affiliation") /* code, or text by affiliation map */                       \
	X(FROM, "from")                                                                            \
	X(UNTIL, "until")             /* YYYYMMDD, YYYY-MM-DD, generalizedTime */                  \
	X(CONTACT, "contact")         /* an address on file; not one of `own_addresses` */         \
	X(PRIVILEGED, "privileged")   /* true, or member of `privileged_value` */                  \
	X(REISSUE, "reissue")         /* of every card of the entry, as the next two */            \
	X(CARD_EXPIRES, "card-expires")                                                            \
	X(CARD_STATUS, "card-status") /* valid | lost | replaced, by card status map */            \
	X(PERSON_KEY, "person-key")   /* joins two accounts of one human (R17) */
/* clang-format on */

enum map_field {
#define X(name, word) MAP_##name,
	MAP_FIELD_LIST(X)
#undef X
		MAP_FIELD_COUNT
};

/* A key kind of layouts, and where its value stands. */
struct map_kind {
	char kind[PERSON_WORD_SIZE];        /* "student-number" */
	char attribute[MAP_ATTRIBUTE_SIZE]; /* "employeeID", "gakuninScopedPersonalUniqueCode" */
	char prefix[MAP_ATTRIBUTE_SIZE];    /* "student:" is cut off; empty: none */
	char suffix[MAP_ATTRIBUTE_SIZE];    /* "@example.ac.jp" likewise */
};

/* Lists are "FROM=TO", NULL-terminated, owned by the configuration; NULL: none. They go
 * before what is built in. */
struct map {
	char attributes[MAP_FIELD_COUNT][MAP_ATTRIBUTE_SIZE]; /* empty: not known here */
	char privileged_value[MAP_ATTRIBUTE_SIZE];            /* empty: any "true" */
	char **roles;         /* "faculty=staff" …; to student, staff or none */
	char **affiliations;  /* "工学部=03" …; to codes of the office file */
	char **card_statuses; /* "L=lost" …; to valid, lost or replaced */
	char **own_addresses; /* "@example.ac.jp" …: endings of addresses behind the sign-in */
	struct map_kind kinds[MAP_KINDS_MAX]; /* "common-id" among them where it is known */
	gsize n_kinds;
};

#define MAP_ERROR (map_error_quark())
GQuark map_error_quark(void);
enum map_error {
	MAP_ERROR_VALUE, /* "attribute: expected …": never a value */
};

/* "common-id", "name-ja" … */
const char *map_field_word(enum map_field field);

/* Start from a preset: "gakunin", "active-directory", "graph", "none". FALSE: no such
 * preset. What the university decides (which attribute is the common id in GakuNin, which
 * numbers a card bears) is in none of them. */
gboolean map_preset(struct map *map, const char *name);

/* NULL-terminated names of all presets. */
const char *const *map_presets(void);

/* FALSE: there is no room. A kind that is there already is replaced; "common-id" also sets
 * the attribute of that field. */
gboolean map_set_kind(struct map *map, const struct map_kind *kind);

const struct map_kind *map_find_kind(const struct map *map, const char *kind);

/* All attributes to ask for, each once; NULL-terminated, to be freed with g_strfreev(). */
char **map_attributes(const struct map *map);

/* What joins this account to others of the same human; NULL: not known. Borrowed. */
const char *map_person_key(const struct map *map, const struct entry *entry);

/* Add the account of `entry` to what `person` is linked with, unless it is the person's own or
 * has no common id. FALSE: more than PERSON_LINKED_MAX. */
gboolean map_link(const struct map *map, const struct entry *entry, struct person *person);

/* FALSE with `error` naming the attribute (never its value) if the entry is no person: no
 * common id of ten digits, a date that is none … `now_date` (YYYYMMDD) judges expiry.
 * A name that cannot be shown is left out. Local time turns moments into dates. */
gboolean map_person(const struct map *map, const struct entry *entry, gint32 now_date,
	struct person *ret, GError **error);

#endif
