/* SPDX-License-Identifier: MIT
 *
 * graph_judge.c - see graph_judge.h.
 */
#include "kiosk/directory/graph_judge.h"

#include <string.h>

#include "kiosk/directory/graph.h"
#include "kiosk/directory/graph_answer.h"

#define OK            200
#define UNAUTHORIZED  401
#define FORBIDDEN     403
#define NOT_FOUND     404
#define TOO_MANY      429
#define UNAVAILABLE   503
#define LIMIT_REACHED 509

static gboolean refuse(GError **error, const char *why)
{
	g_set_error(error, GRAPH_ERROR, GRAPH_ERROR_ANSWER, "the directory's answer: %s", why);
	return FALSE;
}

/* For a call to Microsoft's support; nothing else may come that way. */
static const char *shown_id(const struct http_answer *answer)
{
	const char *id = answer->request_id;
	return *id && id[strspn(id, "0123456789abcdefABCDEF-")] == '\0' ? id : "none";
}

static gboolean is_throttled(glong status)
{
	return status == TOO_MANY || status == UNAVAILABLE || status == LIMIT_REACHED;
}

gint graph_judge_pause(const struct http_answer *answer)
{
	if (answer->error || !is_throttled(answer->status) || answer->retry_after_s <= 0)
		return 0;
	return MIN(answer->retry_after_s, GRAPH_PAUSE_MAX_S);
}

/* Graph compares without case: so do we. */
static gboolean has_value(const struct entry *entry, const struct graph_query *query)
{
	const char *value;
	for (gsize i = 0; (value = entry_get(entry, query->attribute, i)) != NULL; i++)
		if (g_ascii_strcasecmp(value, query->value) == 0)
			return TRUE;
	return FALSE;
}

static enum directory_answer take_person(const struct graph_question *q,
	const struct graph_answer *read, struct person *ret, char **ret_key, GError **error)
{
	if (read->n != 1)
		return read->n == 0 ? DIRECTORY_NONE : DIRECTORY_SEVERAL;
	if (!has_value(read->entries[0], q->query)) {
		refuse(error, "another person than was asked for");
		return DIRECTORY_DOWN;
	}
	g_autoptr(GError) cause = NULL;
	if (map_person(q->map, read->entries[0], q->today, ret, &cause)) {
		*ret_key = g_strdup(map_person_key(q->map, read->entries[0]));
		return DIRECTORY_ONE;
	}
	refuse(error, cause ? cause->message : "no person");
	return DIRECTORY_DOWN;
}

static gboolean take_linked(const struct graph_question *q, const struct graph_answer *read,
	struct person *person, GError **error)
{
	if (read->more || read->n >= GRAPH_ANSWER_USERS_MAX)
		return refuse(error, "a person key joins more accounts than one human has");
	for (gsize i = 0; i < read->n; i++) {
		if (!has_value(read->entries[i], q->query))
			return refuse(error, "other accounts than were asked for");
		if (!map_link(q->map, read->entries[i], person))
			return refuse(error, "a person key joins more accounts than one human has");
	}
	return TRUE;
}

/* FALSE: DOWN, with `error`. */
static gboolean read_body(const struct http_answer *answer, enum graph_query_kind kind,
	struct graph_answer *ret, GError **error)
{
	const char *why = NULL;
	gsize len = 0;
	const void *body = g_bytes_get_data(answer->body, &len);
	gboolean ok = FALSE;
	if (g_ascii_strncasecmp(answer->content_type, "application/json", 16) != 0)
		why = "not JSON";
	else if (kind == GRAPH_QUERY_USER)
		ok = graph_answer_user(body, len, ret, &why);
	else
		ok = graph_answer_list(body, len, ret, &why);
	return ok || refuse(error, why);
}

static void say_status(const struct http_answer *answer, const char *code, GError **error)
{
	const char *id = shown_id(answer);
	glong status = answer->status;
	if (is_throttled(status))
		g_set_error(error, GRAPH_ERROR, GRAPH_ERROR_BUSY,
			"the directory is busy: status %ld, %s; asked to wait %d s, request-id %s",
			status, code, MAX(answer->retry_after_s, 0), id);
	else if (status == UNAUTHORIZED || status == FORBIDDEN)
		g_set_error(error, NET_ERROR, NET_ERROR_REFUSED,
			"the directory does not let us look up: status %ld, %s, request-id %s",
			status, code, id);
	else
		g_set_error(error, GRAPH_ERROR, GRAPH_ERROR_ANSWER,
			"the directory's answer: status %ld, %s, request-id %s", status, code, id);
}

/* TRUE: there is a body to be read; FALSE with `error`, or with none: no such user. */
static gboolean has_body(
	const struct http_answer *answer, enum graph_query_kind kind, GError **error)
{
	gsize len = 0;
	if (answer->error) {
		g_propagate_error(error, g_error_copy(answer->error));
		return FALSE;
	}
	if (answer->status == OK)
		return TRUE;
	const void *body = g_bytes_get_data(answer->body, &len);
	const char *code = graph_answer_code(body, len);
	/* Another 404 is a wrong address of ours, and says nothing about the person. */
	if (answer->status != NOT_FOUND || kind != GRAPH_QUERY_USER ||
		!graph_answer_code_is_absent(code))
		say_status(answer, code, error);
	return FALSE;
}

enum directory_answer graph_judge(const struct graph_question *question,
	const struct http_answer *answer, struct person *ret, char **ret_key, GError **error)
{
	struct graph_answer read = {0};
	GError *cause = NULL;
	enum directory_answer said = DIRECTORY_DOWN;
	if (!has_body(answer, question->kind, &cause))
		said = cause ? DIRECTORY_DOWN : DIRECTORY_NONE;
	else if (read_body(answer, question->kind, &read, &cause))
		said = take_person(question, &read, ret, ret_key, &cause);
	if (cause)
		g_propagate_error(error, cause);
	graph_answer_clear(&read);
	return said;
}

enum directory_answer graph_judge_linked(const struct graph_question *question,
	const struct http_answer *answer, struct person *person, GError **error)
{
	struct graph_answer read = {0};
	gboolean known = has_body(answer, GRAPH_QUERY_LIST, error) &&
			 read_body(answer, GRAPH_QUERY_LIST, &read, error) &&
			 take_linked(question, &read, person, error);
	graph_answer_clear(&read);
	return known ? DIRECTORY_ONE : DIRECTORY_DOWN;
}
