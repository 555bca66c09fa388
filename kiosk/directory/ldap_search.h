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

/* The filter for an account with `value` in kind->attribute, ANDed with `extra` (NULL:
 * none). NULL if `value` is not [0-9A-Za-z-] of a number's size, whatever could be made of
 * it by escaping. The caller wipes and frees. Pure. */
char *ldap_search_filter(const struct map_kind *kind, const char *value, const char *extra);

/* Overwrites and frees. Accepts NULL. */
void ldap_search_filter_free(char *filter);

/* Is it the name of an attribute, options included (RFC 4512 2.5)? Pure. */
gboolean ldap_search_is_attribute(const char *name);

/* DIRECTORY_ONE, NONE or SEVERAL; with ONE the caller owns *ret. Else DOWN with `error`. */
enum directory_answer ldap_search_account(struct ldap_wire *wire, const struct ldap_plan *plan,
	const char *filter, const struct ldap_limit *limit, struct entry **ret, GError **error);

/* May the base be read, and nothing more? */
gboolean ldap_search_base(struct ldap_wire *wire, const struct ldap_plan *plan,
	const struct ldap_limit *limit, GError **error);

#endif
