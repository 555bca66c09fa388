/* SPDX-License-Identifier: MIT
 *
 * graph_judge.h - what one HTTP answer of Graph says about one look-up.
 *
 * Pure. Private to kiosk/directory. Statuses and codes decide, never messages.
 */
#ifndef KIOSK_DIRECTORY_GRAPH_JUDGE_H
#define KIOSK_DIRECTORY_GRAPH_JUDGE_H

#include "kiosk/directory/directory.h"
#include "kiosk/directory/graph_query.h"
#include "kiosk/net/http.h"

#define GRAPH_PAUSE_MAX_S 600 /* however long a server asks us to wait */

struct graph_question {
	const struct map *map;
	const struct graph_query *query;
	enum graph_query_kind kind;
	gint32 today; /* YYYYMMDD */
};

/* Fills `ret`; never UNMAPPED. With DIRECTORY_ONE *ret_key is what joins the account to others
 * of the same human, NULL: not known; the caller wipes and frees it. With DIRECTORY_DOWN
 * `error` says why: for people, and without a word of what the answer said about anybody. */
enum directory_answer graph_judge(const struct graph_question *question,
	const struct http_answer *answer, struct person *ret, char **ret_key, GError **error);

/* The same of the answer to graph_query_linked(): the accounts are added to `person`. ONE, or
 * DOWN with `error`. */
enum directory_answer graph_judge_linked(const struct graph_question *question,
	const struct http_answer *answer, struct person *person, GError **error);

/* Seconds not to ask in; 0: none. */
gint graph_judge_pause(const struct http_answer *answer);

#endif
