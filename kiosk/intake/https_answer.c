/* SPDX-License-Identifier: MIT */
#include "kiosk/intake/https_answer.h"

#include <string.h>

#include "kiosk/net/strict_json.h"

#define JSON_TYPE    "application/json"
#define PROBLEM_TYPE "application/problem+json"

/* What a status means where no problem type says more. Before anything was done: LATER and
 * REFUSED. Others with 5 are doubts for what writes. */
struct meaning {
	glong status;
	enum intake_answer answer;
	enum intake_error error;
	const char *why;
};

static const struct meaning meanings[] = {
	{400, INTAKE_REFUSED, INTAKE_ERROR_REFUSED, "it does not take this request"},
	{401, INTAKE_LATER, INTAKE_ERROR_ACCESS, "it does not know this desk"},
	{403, INTAKE_LATER, INTAKE_ERROR_ACCESS, "this desk may not file there"},
	{404, INTAKE_LATER, INTAKE_ERROR_SETUP, "there is no intake at this address"},
	{405, INTAKE_LATER, INTAKE_ERROR_SETUP, "there is no intake at this address"},
	{406, INTAKE_LATER, INTAKE_ERROR_SETUP, "it does not speak this version"},
	{408, INTAKE_LATER, INTAKE_ERROR_BUSY, "it waited too long"},
	{409, INTAKE_LATER, INTAKE_ERROR_BUSY, "the same request is under way"},
	{410, INTAKE_LATER, INTAKE_ERROR_SETUP, "there is no intake at this address any more"},
	{413, INTAKE_REFUSED, INTAKE_ERROR_REFUSED, "the request is too large for it"},
	{415, INTAKE_LATER, INTAKE_ERROR_SETUP, "it does not speak this version"},
	{422, INTAKE_REFUSED, INTAKE_ERROR_REFUSED, "it does not take this request"},
	{423, INTAKE_LATER, INTAKE_ERROR_BUSY, "it is locked"},
	{429, INTAKE_LATER, INTAKE_ERROR_BUSY, "it is asked too often"},
};

/* Words of "state". */
static const char *const states[INTAKE_PROGRESS_COUNT] = {
	[INTAKE_WAITING] = "waiting",
	[INTAKE_STARTED] = "started",
	[INTAKE_DONE] = "done",
	[INTAKE_DECLINED] = "declined",
	[INTAKE_CANCELLED] = "cancelled",
};

static gboolean writes(enum https_question question)
{
	return question == HTTPS_SUBMIT || question == HTTPS_CANCEL;
}

static gboolean is_type(const struct http_answer *answer, const char *type)
{
	gsize len = strlen(type);
	const char *got = answer->content_type;
	return g_ascii_strncasecmp(got, type, len) == 0 &&
	       (got[len] == '\0' || got[len] == ';' || got[len] == ' ');
}

static struct strict_json *read_json(const struct http_answer *answer, const char *type)
{
	const char *why = NULL;
	gsize len = 0;
	if (!is_type(answer, type))
		return NULL;
	const void *body = g_bytes_get_data(answer->body, &len);
	return strict_json_read(body, len, &why);
}

/* Printable ASCII that fits; else "". */
static gboolean take_text(const char *text, char *ret, gsize size)
{
	gsize len = text ? strnlen(text, size) : 0;
	for (gsize i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return FALSE;
	if (len == size)
		return FALSE;
	g_strlcpy(ret, text ? text : "", size);
	return TRUE;
}

static gboolean take_code(const char *text, char *ret, gsize size)
{
	static const char chars[] = G_CSET_a_2_z G_CSET_DIGITS "-";
	return take_text(text, ret, size) && strspn(ret, chars) == strlen(ret);
}

static gboolean take_time(const char *text, gint64 *ret)
{
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) when = text ? g_date_time_new_from_iso8601(text, utc) : NULL;
	*ret = when ? g_date_time_to_unix(when) : 0;
	return !text || (when && *ret > 0);
}

static gboolean take_state(const char *word, enum intake_progress *ret)
{
	for (guint i = 0; word && i < INTAKE_PROGRESS_COUNT; i++)
		if (strcmp(word, states[i]) == 0) {
			*ret = i;
			return TRUE;
		}
	return FALSE;
}

/* A request as the far end describes it. FALSE: it is none. */
static gboolean take_request(const struct json_value *v, const char *key, struct intake_result *ret)
{
	const char *number = json_member_text(v, "number"), *own = json_member_text(v, "key");
	gboolean ok = number && own && take_text(number, ret->number, sizeof ret->number) &&
		      take_text(own, ret->key, sizeof ret->key) &&
		      take_text(json_member_text(v, "id"), ret->id, sizeof ret->id) &&
		      take_code(json_member_text(v, "reason"), ret->reason, sizeof ret->reason) &&
		      take_time(json_member_text(v, "at"), &ret->at) &&
		      take_state(json_member_text(v, "state"), &ret->progress);
	return ok && (!key || g_ascii_strcasecmp(ret->key, key) == 0);
}

/* The first of {"requests": [...]}, which are all live. FALSE: it is no such list. */
static gboolean take_list(const struct json_value *v, struct intake_result *ret)
{
	const struct json_value *list = json_member(v, "requests");
	if (!list || list->kind != JSON_ARRAY)
		return FALSE;
	ret->answer = list->child ? INTAKE_ACCEPTED : INTAKE_ABSENT;
	return !list->child || take_request(list->child, NULL, ret);
}

static gboolean take_service(const struct json_value *v)
{
	const struct json_value *api = json_member(v, "api");
	return api && api->kind == JSON_INTEGER && api->integer == 1;
}

static gboolean take_document(enum https_question question, const char *key,
	const struct json_value *v, struct intake_result *ret)
{
	ret->answer = INTAKE_ACCEPTED;
	switch (question) {
	case HTTPS_CHECK:
		return take_service(v);
	case HTTPS_LIVE_OF:
		return take_list(v, ret);
	case HTTPS_CANCEL:
		return take_request(v, key, ret) && ret->progress == INTAKE_CANCELLED;
	case HTTPS_SUBMIT:
	case HTTPS_LOOK_UP:
		return take_request(v, key, ret);
	case HTTPS_QUESTION_COUNT:
		break;
	}
	return FALSE;
}

static struct intake_result blank(const struct http_answer *answer, enum intake_answer what)
{
	struct intake_result result = intake_result_of(what);
	result.retry_after_s = answer->retry_after_s;
	result.units_left = answer->units_left;
	result.fresh = answer->status == 503;
	return result;
}

static void judge_good(enum https_question question, const char *key,
	const struct http_answer *answer, struct intake_result *ret, GError **ret_error)
{
	AUTO(strict_json) json = read_json(answer, JSON_TYPE);
	if (json && take_document(question, key, strict_json_root(json), ret))
		return;
	*ret = blank(answer, INTAKE_UNKNOWN);
	g_set_error(ret_error, INTAKE_ERROR,
		question == HTTPS_CHECK ? INTAKE_ERROR_SETUP : INTAKE_ERROR_ANSWER,
		"the answer is not what the interface describes (status %ld)", answer->status);
}

/* Problems that mean more than their status. FALSE: none of them. */
static gboolean judge_problem(
	enum https_question question, const struct http_answer *answer, struct intake_result *ret)
{
	AUTO(strict_json) json = read_json(answer, PROBLEM_TYPE);
	const struct json_value *v = json ? strict_json_root(json) : NULL;
	const char *type = json_member_text(v, "type");
	if (!type)
		return FALSE;
	if (question == HTTPS_LOOK_UP && answer->status == 404 &&
		strcmp(type, HTTPS_PROBLEM("no-such-request")) == 0)
		ret->answer = INTAKE_ABSENT;
	else if (question == HTTPS_CANCEL && answer->status == 404 &&
		 strcmp(type, HTTPS_PROBLEM("no-such-request")) == 0)
		ret->answer = INTAKE_ABSENT;
	else if (question == HTTPS_SUBMIT && answer->status == 409 &&
		 strcmp(type, HTTPS_PROBLEM("holder-has-request")) == 0 &&
		 take_text(json_member_text(v, "number"), ret->number, sizeof ret->number))
		ret->answer = INTAKE_HOLDER;
	else if (question == HTTPS_CANCEL && answer->status == 409 &&
		 strcmp(type, HTTPS_PROBLEM("taken-up")) == 0)
		ret->answer = INTAKE_TAKEN_UP;
	else
		return FALSE;
	return TRUE;
}

static void judge_status(enum https_question question, const struct http_answer *answer,
	struct intake_result *ret, GError **ret_error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
		const struct meaning *m = &meanings[i];
		if (m->status != answer->status)
			continue;
		/* A question that was not understood says nothing about the request. */
		ret->answer = m->answer == INTAKE_REFUSED && question != HTTPS_SUBMIT ? INTAKE_LATER
										      : m->answer;
		g_set_error(ret_error, INTAKE_ERROR, (gint)m->error, "%s (status %ld)", m->why,
			m->status);
		return;
	}
	gboolean busy = answer->status >= 500;
	ret->answer = busy && !writes(question) ? INTAKE_LATER : INTAKE_UNKNOWN;
	g_set_error(ret_error, INTAKE_ERROR, busy ? INTAKE_ERROR_BUSY : INTAKE_ERROR_ANSWER,
		"%s (status %ld)",
		busy ? "it is out of order" : "the answer is not what the interface describes",
		answer->status);
}

void https_answer_judge(enum https_question question, const char *key,
	const struct http_answer *answer, struct intake_result *ret, GError **ret_error)
{
	*ret = blank(answer, INTAKE_UNKNOWN);
	if (answer->error) {
		/* Who does not take our certificate has read nothing. */
		gboolean none = !answer->sent ||
				g_error_matches(answer->error, NET_ERROR, NET_ERROR_REFUSED);
		ret->answer = none ? INTAKE_NOT_SENT : INTAKE_UNKNOWN;
		g_propagate_error(ret_error, g_error_copy(answer->error));
	} else if (answer->status == 200 || (answer->status == 201 && question == HTTPS_SUBMIT)) {
		judge_good(question, key, answer, ret, ret_error);
	} else if (!judge_problem(question, answer, ret)) {
		judge_status(question, answer, ret, ret_error);
	}
}
