/* SPDX-License-Identifier: MIT
 *
 * graph_answer.c - see graph_answer.h.
 */
#include "kiosk/directory/graph_answer.h"

#include <string.h>

#include "kiosk/net/strict_json.h"

#define INNER_MAX 6 /* errors within errors */

enum shape { SHAPE_TEXT, SHAPE_BOOLEAN, SHAPE_LIST, SHAPE_OBJECT };

/* Graph v1.0, resource type user. Any of them may be null. */
static const struct {
	const char *name;
	enum shape shape;
} shapes[] = {
	{"id", SHAPE_TEXT},
	{"accountEnabled", SHAPE_BOOLEAN},
	{"businessPhones", SHAPE_LIST},
	{"companyName", SHAPE_TEXT},
	{"department", SHAPE_TEXT},
	{"displayName", SHAPE_TEXT},
	{"employeeHireDate", SHAPE_TEXT},
	{"employeeId", SHAPE_TEXT},
	{"employeeLeaveDateTime", SHAPE_TEXT},
	{"employeeOrgData", SHAPE_OBJECT},
	{"employeeType", SHAPE_TEXT},
	{"givenName", SHAPE_TEXT},
	{"jobTitle", SHAPE_TEXT},
	{"mail", SHAPE_TEXT},
	{"mailNickname", SHAPE_TEXT},
	{"mobilePhone", SHAPE_TEXT},
	{"officeLocation", SHAPE_TEXT},
	{"onPremisesExtensionAttributes", SHAPE_OBJECT},
	{"onPremisesSamAccountName", SHAPE_TEXT},
	{"otherMails", SHAPE_LIST},
	{"preferredLanguage", SHAPE_TEXT},
	{"surname", SHAPE_TEXT},
	{"userPrincipalName", SHAPE_TEXT},
	{"userType", SHAPE_TEXT},
};

static gboolean has_shape(const struct json_value *v, enum shape shape)
{
	if (v->kind == JSON_NULL)
		return TRUE;
	switch (shape) {
	case SHAPE_TEXT:
		return v->kind == JSON_TEXT;
	case SHAPE_BOOLEAN:
		return v->kind == JSON_TRUE || v->kind == JSON_FALSE;
	case SHAPE_LIST:
		return v->kind == JSON_ARRAY;
	case SHAPE_OBJECT:
		return v->kind == JSON_OBJECT;
	}
	return FALSE;
}

/* Names compare without case later (entry.h): here too, or two of them would be one. The
 * first characters tell most names apart, and cheaply. */
static gboolean fits(const struct json_value *member)
{
	char first = g_ascii_tolower(*member->name);
	for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++)
		if (*shapes[i].name == first &&
			g_ascii_strcasecmp(shapes[i].name, member->name) == 0)
			return has_shape(member, shapes[i].shape);
	return TRUE;
}

/* "extensionAttribute1" to "15" differ at their end only. */
static gboolean same_name(const struct json_value *a, const struct json_value *b)
{
	gsize len = a->name_len;
	return b->name_len == len &&
	       (len == 0 ||
		       g_ascii_tolower(a->name[len - 1]) == g_ascii_tolower(b->name[len - 1])) &&
	       g_ascii_strcasecmp(a->name, b->name) == 0;
}

static gboolean is_twice(const struct json_value *object, const struct json_value *member)
{
	for (const struct json_value *v = object->child; v != member; v = v->next)
		if (same_name(v, member))
			return TRUE;
	return FALSE;
}

static void flatten(struct entry *entry, const char *name, const struct json_value *v);

/* NUL-terminated in `ret`; FALSE: too long. An empty `name` is the user itself. */
static gboolean make_path(
	const char *name, const struct json_value *m, char ret[GRAPH_ANSWER_NAME_SIZE])
{
	gsize len = strlen(name), at = len > 0 ? len + 1 : 0;
	if (at + m->name_len >= GRAPH_ANSWER_NAME_SIZE)
		return FALSE;
	memcpy(ret, name, len);
	ret[len] = '/';
	memcpy(ret + at, m->name, m->name_len + 1);
	return TRUE;
}

static void add_members(struct entry *entry, const char *name, const struct json_value *v)
{
	char path[GRAPH_ANSWER_NAME_SIZE];
	for (const struct json_value *m = v->child; m; m = m->next) {
		/* Annotations: "@odata.type", "mail@odata.context". */
		if (m->kind == JSON_NULL || strpbrk(m->name, "@/"))
			continue;
		if (make_path(name, m, path))
			flatten(entry, path, m);
	}
}

static void flatten(struct entry *entry, const char *name, const struct json_value *v)
{
	char digits[24];
	switch (v->kind) {
	case JSON_NULL:
	case JSON_REAL:
		return;
	case JSON_FALSE:
		entry_add(entry, name, "false", strlen("false"));
		return;
	case JSON_TRUE:
		entry_add(entry, name, "true", strlen("true"));
		return;
	case JSON_INTEGER:
		g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, v->integer);
		entry_add(entry, name, digits, strlen(digits));
		return;
	case JSON_TEXT:
		entry_add(entry, name, v->text, strlen(v->text));
		return;
	case JSON_ARRAY:
		for (const struct json_value *e = v->child; e; e = e->next)
			flatten(entry, name, e);
		return;
	case JSON_OBJECT:
		add_members(entry, name, v);
		return;
	}
}

static const char *check_user(const struct json_value *user)
{
	const struct json_value *extensions = json_member(user, "onPremisesExtensionAttributes");
	if (user->kind != JSON_OBJECT)
		return "a user that is no object";
	for (const struct json_value *m = user->child; m; m = m->next)
		if (!fits(m))
			return "a property of the wrong type";
		else if (is_twice(user, m))
			return "a property twice";
	for (const struct json_value *m = extensions ? extensions->child : NULL; m; m = m->next)
		if (!has_shape(m, SHAPE_TEXT) || is_twice(extensions, m))
			return "an extension attribute of the wrong type, or twice";
	return NULL;
}

static struct entry *make_entry(const struct json_value *user)
{
	struct entry *entry = entry_new();
	add_members(entry, "", user);
	return entry;
}

static const char *read_list(const struct json_value *root, struct graph_answer *ret)
{
	const struct json_value *list = json_member(root, "value");
	gsize n = 0;
	if (!list || list->kind != JSON_ARRAY)
		return "no list of users";
	for (const struct json_value *user = list->child; user; user = user->next, n++) {
		const char *why = check_user(user);
		if (why)
			return why;
	}
	gboolean more = json_member(root, "@odata.nextLink") != NULL;
	if (n < 2 && more)
		return "a list that goes on elsewhere";
	*ret = (struct graph_answer){.n = n, .more = more};
	gsize i = 0;
	for (const struct json_value *user = list->child; user && i < G_N_ELEMENTS(ret->entries);
		user = user->next)
		ret->entries[i++] = make_entry(user);
	return NULL;
}

gboolean graph_answer_list(
	const void *body, gsize len, struct graph_answer *ret, const char **ret_why)
{
	const char *why = NULL;
	AUTO(strict_json) json = strict_json_read(body, len, &why);
	if (json)
		why = read_list(strict_json_root(json), ret);
	if (why)
		*ret_why = why;
	return why == NULL;
}

gboolean graph_answer_user(
	const void *body, gsize len, struct graph_answer *ret, const char **ret_why)
{
	const char *why = NULL;
	AUTO(strict_json) json = strict_json_read(body, len, &why);
	if (json)
		why = check_user(strict_json_root(json));
	if (why) {
		*ret_why = why;
		return FALSE;
	}
	*ret = (struct graph_answer){{make_entry(strict_json_root(json))}, 1, FALSE};
	return TRUE;
}

void graph_answer_clear(struct graph_answer *answer)
{
	for (gsize i = 0; i < G_N_ELEMENTS(answer->entries); i++)
		answer->entries[i] = entry_free(answer->entries[i]);
	answer->n = 0;
}

/* learn.microsoft.com/graph/errors, and what /users is known to say. */
static const char *known_code(const char *code)
{
	static const char *const codes[] = {"accessDenied", "activityLimitReached",
		"Authentication_ExpiredToken", "Authentication_MissingOrMalformed",
		"Authentication_Unauthorized", "Authorization_IdentityNotFound",
		"Authorization_RequestDenied", "BadRequest", "Directory_ExpiredPageToken",
		"Directory_ObjectNotFound", "Directory_ReplicaUnavailable", "generalException",
		"InternalServerError", "InvalidAuthenticationToken", "invalidRequest",
		"itemNotFound", "notAllowed", "notSupported", "quotaLimitReached",
		"Request_BadRequest", "Request_DataContractViolation", "Request_ResourceNotFound",
		"Request_ThrottledTemporarily", "Request_UnsupportedQuery", "ResourceNotFound",
		"resyncRequired", "serviceNotAvailable", "ServiceUnavailable", "throttledRequest",
		"TooManyRequests", "unauthenticated", "UnknownError"};
	for (gsize i = 0; code && i < G_N_ELEMENTS(codes); i++)
		if (g_ascii_strcasecmp(code, codes[i]) == 0)
			return codes[i];
	return NULL;
}

static const struct json_value *inner_error(const struct json_value *error)
{
	const struct json_value *inner = json_member(error, "innerError");
	return inner ? inner : json_member(error, "innererror");
}

const char *graph_answer_code(const void *body, gsize len)
{
	const char *why = NULL, *code = "unknown";
	AUTO(strict_json) json = strict_json_read(body, len, &why);
	const struct json_value *error = json ? json_member(strict_json_root(json), "error") : NULL;
	for (int i = 0; error && i < INNER_MAX; i++, error = inner_error(error)) {
		const char *known = known_code(json_member_text(error, "code"));
		code = known ? known : code;
	}
	return code;
}

gboolean graph_answer_code_is_absent(const char *code)
{
	return strcmp(code, "Request_ResourceNotFound") == 0 ||
	       strcmp(code, "ResourceNotFound") == 0;
}
