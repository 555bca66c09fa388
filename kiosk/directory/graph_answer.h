/* SPDX-License-Identifier: MIT
 *
 * graph_answer.h - the body of a Graph answer: entries, or a code that says why not.
 *
 * Pure. Private to kiosk/directory. An answer is taken whole or not at all: a name twice,
 * a property of another type than Graph documents, a list that goes on elsewhere are
 * refused. Members of an object become "object/member"; elements of a list become values.
 */
#ifndef KIOSK_DIRECTORY_GRAPH_ANSWER_H
#define KIOSK_DIRECTORY_GRAPH_ANSWER_H

#include "kiosk/directory/entry.h"
#include "kiosk/directory/person.h"

#define GRAPH_ANSWER_NAME_SIZE                                                                     \
	(ENTRY_NAME_MAX + 1) /* of a property with its way; longer: left out */

/* Users that are looked into: the accounts of one human, and one too many. */
#define GRAPH_ANSWER_USERS_MAX (PERSON_LINKED_MAX + 2)

struct graph_answer {
	struct entry *entries[GRAPH_ANSWER_USERS_MAX]; /* the first users; NULL: no more */
	gsize n;                                       /* users in the answer */
	gboolean more;                                 /* there are others, elsewhere */
};

/* {"value": [user …]}. FALSE with *ret_why, a static text; `ret` is then untouched. */
gboolean graph_answer_list(
	const void *body, gsize len, struct graph_answer *ret, const char **ret_why);

/* One user. */
gboolean graph_answer_user(
	const void *body, gsize len, struct graph_answer *ret, const char **ret_why);

void graph_answer_clear(struct graph_answer *answer);

/* The most detailed code of {"error": …} that is known, as static text; "unknown" where
 * none is. Only codes from here may be shown: others may hold anything. */
const char *graph_answer_code(const void *body, gsize len);

/* Does this code say "no such user"? */
gboolean graph_answer_code_is_absent(const char *code);

#endif
