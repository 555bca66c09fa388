/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/ldap_search.h"

#include <openssl/crypto.h>
#include <string.h>

/* Messages of one search that are no entries: references of Active Directory's root. */
#define OTHERS_MAX 64

gboolean ldap_search_is_attribute(const char *name)
{
	if (!g_ascii_isalnum(*name))
		return FALSE;
	for (; *name; name++)
		if (!g_ascii_isalnum(*name) && !strchr("-.;_", *name))
			return FALSE;
	return TRUE;
}

static gboolean is_number(const char *value)
{
	gsize len = strnlen(value, PERSON_NUMBER_SIZE);
	if (len == 0 || len == PERSON_NUMBER_SIZE)
		return FALSE;
	for (gsize i = 0; i < len; i++)
		if (!g_ascii_isalnum(value[i]) && value[i] != '-')
			return FALSE;
	return TRUE;
}

/* RFC 4515 section 3; *ret is libldap's to free. */
static gboolean escape(char *text, struct berval *ret)
{
	struct berval plain = {strlen(text), text};
	return ldap_bv2escaped_filter_value(&plain, ret) == 0;
}

char *ldap_search_filter(const struct map_kind *kind, const char *value, const char *extra)
{
	char whole[PERSON_NUMBER_SIZE + 2 * MAP_ATTRIBUTE_SIZE];
	struct berval safe = {0};
	char *filter = NULL;
	if (!is_number(value) || !ldap_search_is_attribute(kind->attribute))
		return NULL;
	g_snprintf(whole, sizeof whole, "%s%s%s", kind->prefix, value, kind->suffix);
	if (escape(whole, &safe)) {
		filter =
			extra ? g_strdup_printf("(&(%s=%s)%s)", kind->attribute, safe.bv_val, extra)
			      : g_strdup_printf("(%s=%s)", kind->attribute, safe.bv_val);
		OPENSSL_cleanse(safe.bv_val, safe.bv_len);
		ber_memfree(safe.bv_val);
	}
	OPENSSL_cleanse(whole, sizeof whole);
	return filter;
}

void ldap_search_filter_free(char *filter)
{
	if (filter)
		OPENSSL_cleanse(filter, strlen(filter));
	g_free(filter);
}

static void add_values(struct entry *entry, LDAP *ld, LDAPMessage *message, const char *name)
{
	struct berval **values = ldap_get_values_len(ld, message, name);
	for (gsize i = 0; values && values[i]; i++) {
		entry_add(entry, name, values[i]->bv_val, values[i]->bv_len);
		if (values[i]->bv_val)
			OPENSSL_cleanse(values[i]->bv_val, values[i]->bv_len);
	}
	ldap_value_free_len(values);
}

/* NULL: what came cannot be read as an entry. */
static struct entry *take_entry(LDAP *ld, LDAPMessage *message)
{
	struct entry *entry = entry_new();
	BerElement *at = NULL;
	int code = LDAP_SUCCESS;
	ldap_set_option(ld, LDAP_OPT_RESULT_CODE, &code);
	for (char *name = ldap_first_attribute(ld, message, &at); name;
		name = ldap_next_attribute(ld, message, at)) {
		add_values(entry, ld, message, name);
		ldap_memfree(name);
	}
	ber_free(at, 0);
	ldap_get_option(ld, LDAP_OPT_RESULT_CODE, &code);
	return code == LDAP_SUCCESS ? entry : entry_free(entry);
}

/* A search under way. */
struct search {
	struct ldap_wire *wire;
	struct entry *entry; /* the first */
	guint n_entries, n_others;
	gboolean ended;
	int code; /* of the end */
};

static gboolean fail_protocol(GError **error)
{
	g_set_error_literal(error, NET_ERROR, NET_ERROR_PROTOCOL,
		"the server's answer is not what a directory says");
	return FALSE;
}

static gboolean take_message(struct search *s, LDAPMessage *message, GError **error)
{
	LDAP *ld = ldap_wire_handle(s->wire);
	switch (ldap_msgtype(message)) {
	case LDAP_RES_SEARCH_ENTRY:
		if (s->n_entries++ == 0)
			s->entry = take_entry(ld, message);
		return s->entry != NULL || fail_protocol(error);
	case LDAP_RES_SEARCH_RESULT: {
		int code = LDAP_DECODING_ERROR;
		int rc = ldap_parse_result(ld, message, &code, NULL, NULL, NULL, NULL, 0);
		s->code = rc == LDAP_SUCCESS ? code : rc;
		s->ended = TRUE;
		return TRUE;
	}
	case LDAP_RES_SEARCH_REFERENCE:
	case LDAP_RES_INTERMEDIATE:
		return ++s->n_others <= OTHERS_MAX || fail_protocol(error);
	}
	return fail_protocol(error);
}

/* Until the end, or until there are too many to matter what more there is. */
static gboolean take_all(struct search *s, int id, const struct ldap_limit *limit, GError **error)
{
	while (!s->ended && s->n_entries < LDAP_SEARCH_WANTED) {
		LDAPMessage *message = ldap_wire_next(s->wire, id, limit, error);
		if (!message)
			return FALSE;
		gboolean ok = take_message(s, message, error);
		ldap_msgfree(message);
		if (!ok) {
			ldap_abandon_ext(ldap_wire_handle(s->wire), id, NULL, NULL);
			return FALSE;
		}
	}
	if (!s->ended)
		ldap_abandon_ext(ldap_wire_handle(s->wire), id, NULL, NULL);
	return TRUE;
}

static gboolean send_search(struct ldap_wire *wire, const char *base, int scope, const char *filter,
	char **attributes, const struct ldap_limit *limit, int *ret_id, GError **error)
{
	/* The server's own limit is in seconds: ours ends first, its keeps it from working on. */
	gint64 left_us = MAX(limit->deadline_us - g_get_monotonic_time(), 0);
	struct timeval time_limit = {.tv_sec = left_us / G_USEC_PER_SEC + 1};
	ldap_wire_begin(wire);
	int rc = ldap_search_ext(ldap_wire_handle(wire), base, scope, filter, attributes, 0, NULL,
		NULL, &time_limit, LDAP_SEARCH_WANTED, ret_id);
	return rc == LDAP_SUCCESS || ldap_wire_fail(wire, rc, error);
}

static enum directory_answer judge(struct search *s, struct entry **ret, GError **error)
{
	if (s->n_entries > 1 || s->code == LDAP_SIZELIMIT_EXCEEDED)
		return DIRECTORY_SEVERAL;
	if (s->code != LDAP_SUCCESS) {
		ldap_wire_fail(s->wire, s->code, error);
		return DIRECTORY_DOWN;
	}
	if (s->n_entries == 0)
		return DIRECTORY_NONE;
	*ret = g_steal_pointer(&s->entry);
	return DIRECTORY_ONE;
}

enum directory_answer ldap_search_account(struct ldap_wire *wire, const struct ldap_plan *plan,
	const char *filter, const struct ldap_limit *limit, struct entry **ret, GError **error)
{
	struct search s = {.wire = wire};
	enum directory_answer answer = DIRECTORY_DOWN;
	int id = -1;
	if (send_search(wire, plan->base, LDAP_SCOPE_SUBTREE, filter, plan->attributes, limit, &id,
		    error) &&
		take_all(&s, id, limit, error))
		answer = judge(&s, ret, error);
	entry_free(s.entry);
	return answer;
}

gboolean ldap_search_base(struct ldap_wire *wire, const struct ldap_plan *plan,
	const struct ldap_limit *limit, GError **error)
{
	char nothing[] = LDAP_NO_ATTRS, *attributes[] = {nothing, NULL};
	struct search s = {.wire = wire};
	struct entry *entry = NULL;
	enum directory_answer answer = DIRECTORY_DOWN;
	int id = -1;
	if (send_search(wire, plan->base, LDAP_SCOPE_BASE, "(objectClass=*)", attributes, limit,
		    &id, error) &&
		take_all(&s, id, limit, error))
		answer = judge(&s, &entry, error);
	entry_free(entry);
	entry_free(s.entry);
	if (answer == DIRECTORY_NONE)
		ldap_wire_fail(wire, LDAP_NO_SUCH_OBJECT, error);
	return answer == DIRECTORY_ONE;
}
