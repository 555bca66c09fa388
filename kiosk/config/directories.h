/* SPDX-License-Identifier: MIT
 *
 * directories.h - [ldap], [graph] and what may decide: the directories of a desk.
 *
 * Form and meaning of every key: assets/defaults/madoguchi.conf.
 */
#ifndef KIOSK_CONFIG_DIRECTORIES_H
#define KIOSK_CONFIG_DIRECTORIES_H

#include "kiosk/config/rows.h"
#include "kiosk/directory/graph.h"
#include "kiosk/directory/ldap_source.h"
#include "kiosk/directory/sources.h"

enum directories_source {
	DIRECTORIES_SNAPSHOT,
	DIRECTORIES_LDAP,
	DIRECTORIES_GRAPH,
	DIRECTORIES_COUNT,
};

struct directories {
	enum directories_source order[DIRECTORIES_COUNT]; /* [directory] sources */
	gsize n;
	struct source_policy policies[DIRECTORIES_COUNT]; /* by enum directories_source */
	struct ldap_source_settings ldap;                 /* whole where it is one of `order` */
	struct graph_settings graph;                      /* likewise */
	char *tenant;                                     /* stands in graph.token_url */
};

/* "snapshot" … as the configuration has it */
const char *directories_word(enum directories_source source);

/* Parsers of rows, as rows.h wants them. */
const char *directories_take_sources(char *const *items, gpointer directories);
const char *directories_take_decides(char *const *items, gpointer duty);
const char *directories_take_flag(char *const *items, gpointer flag); /* gboolean */

#define DIRECTORIES_SOURCES_EXPECTED "'snapshot', 'ldap' or 'graph', in their order, each once"

/* Rows of the policy that stands at offset `at`. */
#define DIRECTORIES_POLICY_ROWS(group, at, deadline)                                               \
	{group, "decides", ROW_ITEM, (at) + G_STRUCT_OFFSET(struct source_policy, duty), 0, 0,     \
		"alone", "'alone', 'reason' or 'second'", NULL, directories_take_decides},         \
		{group, "deadline-ms", ROW_INT,                                                    \
			(at) + G_STRUCT_OFFSET(struct source_policy, deadline_ms), 50, 60000,      \
			deadline},                                                                 \
	{                                                                                          \
		group, "none-asks-next", ROW_ITEM,                                                 \
			(at) + G_STRUCT_OFFSET(struct source_policy, none_asks_next), 0, 0,        \
			"false", "'true' or 'false'", NULL, directories_take_flag                  \
	}

/* Fill `ldap` and `graph` from their groups. What was stored before an error stays stored. */
gboolean directories_parse(const struct keyfile *kf, struct directories *d, GError **error);

/* Does every source that is asked know what it needs, and is there time for all of them? */
gboolean directories_check(
	const struct keyfile *kf, const struct directories *d, gint lookup_ms, GError **error);

/* Free what it holds. */
void directories_clear(struct directories *d);

#endif
