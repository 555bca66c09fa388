/* SPDX-License-Identifier: MIT
 *
 * graph_query.h - the address of a look-up.
 *
 * Pure. Private to kiosk/directory. Only eq is asked: it needs no ConsistencyLevel, and
 * its answer does not lag behind (facts 3).
 */
#ifndef KIOSK_DIRECTORY_GRAPH_QUERY_H
#define KIOSK_DIRECTORY_GRAPH_QUERY_H

#include <gio/gio.h>

#include "kiosk/directory/map.h"

enum graph_query_kind {
	GRAPH_QUERY_LIST,     /* {base}/users?$filter=… */
	GRAPH_QUERY_USER,     /* {base}/users/{upn}?$select=… */
	GRAPH_QUERY_UNMAPPED, /* no attribute holds this key kind */
	GRAPH_QUERY_ABSURD,   /* no account can have such a value: not asked */
};

struct graph_query {
	char *url;
	char *attribute; /* that must have `value` in the answer */
	char *value;
};

/* What the answer must be checked against comes with the address. `upn_suffix` may be NULL.
 * `ret` is written only with the first two; graph_query_clear() wipes it. */
enum graph_query_kind graph_query_make(const char *base, const struct map *map,
	const char *upn_suffix, const char *kind, const char *value, struct graph_query *ret);

/* All accounts with this person key (R17): their common ids and the key, PERSON_LINKED_MAX + 2 at
 * most. The caller clears `ret`. FALSE: it cannot be asked for. */
gboolean graph_query_linked(
	const char *base, const struct map *map, const char *key, struct graph_query *ret);

void graph_query_clear(struct graph_query *query);

#endif
