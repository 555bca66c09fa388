/* SPDX-License-Identifier: MIT
 *
 * ldap_search.h - one question to an LDAP server, and its answer as an entry.
 *
 * Private to kiosk/directory. Filters are personal data: they reach no log.
 */
#ifndef KIOSK_DIRECTORY_LDAP_SEARCH_H
#define KIOSK_DIRECTORY_LDAP_SEARCH_H

#include "kiosk/directory/ldap_wire.h"

#define LDAP_SEARCH_WANTED 2 /* entries: more than one is all that counts */
/* Of the accounts of one human: the account itself, and one too many. */
#define LDAP_SEARCH_LINKED (PERSON_LINKED_MAX + 2)

/* The filter for an account with `value` in kind->attribute, ANDed with `extra` (NULL:
 * none). NULL if `value` is not [0-9A-Za-z-] of a number's size, whatever could be made of
 * it by escaping. The caller wipes and frees. Pure. */
char *ldap_search_filter(const struct map_kind *kind, const char *value, const char *extra);

/* The filter for all accounts with this person key (R17), ANDed with `extra`. NULL: it cannot
 * be asked for. The caller wipes and frees. Pure. */
char *ldap_search_link_filter(const struct map *map, const char *key, const char *extra);

/* Overwrites and frees. Accepts NULL. */
void ldap_search_filter_free(char *filter);

/* Is it the name of an attribute, options included (RFC 4512 2.5)? Pure. */
gboolean ldap_search_is_attribute(const char *name);

/* What an entry's message says; values are wiped out of the message. NULL: it cannot be read.
 * The caller frees. */
struct entry *ldap_search_entry(LDAP *ld, LDAPMessage *message);

/* A search under way. Zero-fill. */
struct ldap_search {
	const char *linked; /* attribute to ask for alone, of all that match; NULL: a look-up */
	int id;
	gboolean begun, ended;
	int code; /* of the end */
	guint n_entries, n_others;
	struct entry *entries[LDAP_SEARCH_LINKED]; /* the first; one of a look-up */
};

/* Send it, without waiting: for `filter`, or with NULL for whether the base may be read.
 * `left_us`: the server need not work on it for longer. */
gboolean ldap_search_begin(struct ldap_search *search, struct ldap_wire *wire,
	const struct ldap_plan *plan, const char *filter, gint64 left_us, GError **error);

/* A message that came for it, which stays the caller's. */
gboolean ldap_search_take(
	struct ldap_search *search, struct ldap_wire *wire, LDAPMessage *message, GError **error);

/* Is enough known to judge? */
gboolean ldap_search_is_over(const struct ldap_search *search);

/* DIRECTORY_ONE, NONE or SEVERAL; with ONE the caller owns *ret. Else DOWN with `error`. */
enum directory_answer ldap_search_judge(
	struct ldap_search *search, struct ldap_wire *wire, struct entry **ret, GError **error);

/* The accounts that were found are added to `person`. FALSE with *ret_many: too many for one
 * human; else with `error`. */
gboolean ldap_search_judge_linked(struct ldap_search *search, struct ldap_wire *wire,
	const struct map *map, struct person *person, gboolean *ret_many, GError **error);

/* Tell the server to stop where it is still at it; wipe. `wire` NULL: it is closed. */
void ldap_search_clear(struct ldap_search *search, struct ldap_wire *wire);

/* All of it, waiting. */
enum directory_answer ldap_search_run(struct ldap_wire *wire, const struct ldap_plan *plan,
	const char *filter, const struct ldap_limit *limit, struct entry **ret, GError **error);

#endif
