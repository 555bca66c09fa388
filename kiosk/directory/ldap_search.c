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

/* Escapes whatever it is. The caller wipes and frees. */
static char *equals(const char *attribute, char *whole, const char *extra)
{
	struct berval safe = {0};
	char *filter = NULL;
	if (!escape(whole, &safe))
		return NULL;
	filter = extra ? g_strdup_printf("(&(%s=%s)%s)", attribute, safe.bv_val, extra)
		       : g_strdup_printf("(%s=%s)", attribute, safe.bv_val);
	OPENSSL_cleanse(safe.bv_val, safe.bv_len);
	ber_memfree(safe.bv_val);
	return filter;
}

char *ldap_search_filter(const struct map_kind *kind, const char *value, const char *extra)
{
	char whole[PERSON_NUMBER_SIZE + 2 * MAP_ATTRIBUTE_SIZE];
	if (!is_number(value) || !ldap_search_is_attribute(kind->attribute))
		return NULL;
	g_snprintf(whole, sizeof whole, "%s%s%s", kind->prefix, value, kind->suffix);
	char *filter = equals(kind->attribute, whole, extra);
	OPENSSL_cleanse(whole, sizeof whole);
	return filter;
}

char *ldap_search_link_filter(const struct map *map, const char *key, const char *extra)
{
	const char *attribute = map->attributes[MAP_PERSON_KEY];
	char whole[ENTRY_VALUE_MAX + 1];
	if (!ldap_search_is_attribute(attribute) || strlen(key) >= sizeof whole)
		return NULL;
	g_strlcpy(whole, key, sizeof whole);
	char *filter = equals(attribute, whole, extra);
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

struct entry *ldap_search_entry(LDAP *ld, LDAPMessage *message)
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

static gboolean fail_protocol(GError **error)
{
	g_set_error_literal(error, NET_ERROR, NET_ERROR_PROTOCOL,
		"the server's answer is not what a directory says");
	return FALSE;
}

/* Entries that are looked into: one of a look-up, of linked accounts all. */
static guint kept(const struct ldap_search *s)
{
	return s->linked ? LDAP_SEARCH_LINKED : 1;
}

static guint wanted(const struct ldap_search *s)
{
	return s->linked ? LDAP_SEARCH_LINKED : LDAP_SEARCH_WANTED;
}

gboolean ldap_search_take(
	struct ldap_search *s, struct ldap_wire *wire, LDAPMessage *message, GError **error)
{
	LDAP *ld = ldap_wire_handle(wire);
	switch (ldap_msgtype(message)) {
	case LDAP_RES_SEARCH_ENTRY:
		if (s->n_entries >= kept(s)) {
			s->n_entries++;
			return TRUE;
		}
		s->entries[s->n_entries] = ldap_search_entry(ld, message);
		return s->entries[s->n_entries++] || fail_protocol(error);
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

gboolean ldap_search_is_over(const struct ldap_search *s)
{
	return s->ended || s->n_entries >= wanted(s);
}

gboolean ldap_search_begin(struct ldap_search *s, struct ldap_wire *wire,
	const struct ldap_plan *plan, const char *filter, gint64 left_us, GError **error)
{
	/* In seconds, so that ours ends first; the server's keeps it from working on. */
	struct timeval time_limit = {.tv_sec = MAX(left_us, 0) / G_USEC_PER_SEC + 1};
	char nothing[] = LDAP_NO_ATTRS, *few[] = {nothing, NULL};
	if (s->linked)
		few[0] = (char *)s->linked;
	ldap_wire_begin(wire);
	int rc = ldap_search_ext(ldap_wire_handle(wire), plan->base,
		filter ? LDAP_SCOPE_SUBTREE : LDAP_SCOPE_BASE, filter ? filter : "(objectClass=*)",
		filter && !s->linked ? plan->attributes : few, 0, NULL, NULL, &time_limit,
		(int)wanted(s), &s->id);
	s->begun = rc == LDAP_SUCCESS;
	return s->begun || ldap_wire_fail(wire, rc, error);
}

enum directory_answer ldap_search_judge(
	struct ldap_search *s, struct ldap_wire *wire, struct entry **ret, GError **error)
{
	if (s->n_entries > 1 || s->code == LDAP_SIZELIMIT_EXCEEDED)
		return DIRECTORY_SEVERAL;
	if (s->code != LDAP_SUCCESS) {
		ldap_wire_fail(wire, s->code, error);
		return DIRECTORY_DOWN;
	}
	if (s->n_entries == 0)
		return DIRECTORY_NONE;
	*ret = g_steal_pointer(&s->entries[0]);
	return DIRECTORY_ONE;
}

gboolean ldap_search_judge_linked(struct ldap_search *s, struct ldap_wire *wire,
	const struct map *map, struct person *person, gboolean *ret_many, GError **error)
{
	gboolean many = s->n_entries >= LDAP_SEARCH_LINKED || s->code == LDAP_SIZELIMIT_EXCEEDED;
	if (!many && s->code != LDAP_SUCCESS)
		return ldap_wire_fail(wire, s->code, error);
	for (guint i = 0; !many && i < s->n_entries; i++)
		many = !map_link(map, s->entries[i], person);
	*ret_many = many;
	return !many;
}

void ldap_search_clear(struct ldap_search *s, struct ldap_wire *wire)
{
	if (wire && s->begun && !s->ended)
		ldap_abandon_ext(ldap_wire_handle(wire), s->id, NULL, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(s->entries); i++)
		entry_free(s->entries[i]);
	*s = (struct ldap_search){.linked = s->linked};
}

enum directory_answer ldap_search_run(struct ldap_wire *wire, const struct ldap_plan *plan,
	const char *filter, const struct ldap_limit *limit, struct entry **ret, GError **error)
{
	struct ldap_search s = {0};
	enum directory_answer answer = DIRECTORY_DOWN;
	gint64 left_us = limit->deadline_us - g_get_monotonic_time();
	gboolean ok = ldap_search_begin(&s, wire, plan, filter, left_us, error);
	while (ok && !ldap_search_is_over(&s)) {
		LDAPMessage *message = ldap_wire_next(wire, s.id, limit, error);
		ok = message && ldap_search_take(&s, wire, message, error);
		ldap_msgfree(message);
	}
	if (ok)
		answer = ldap_search_judge(&s, wire, ret, error);
	ldap_search_clear(&s, wire);
	return answer;
}
