/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/ldap_reader.h"

#include <openssl/crypto.h>
#include <string.h>

#include "kiosk/directory/ldap_search.h"

#define COOKIE_MAX      4096 /* bytes of what the server remembers its place by */
#define EMPTY_PAGES_MAX 64   /* in a row: Active Directory sends some */
#define OTHERS_MAX      4096 /* messages that are no entries, of the whole list */

struct ldap_reader {
	struct import_reader reader;
	const struct map *map;
	struct ldap_plan *plan;
	struct ldap_wire *wire;
	char *filter;
	gint32 now_date;
	struct berval *cookie; /* NULL: the first page */
	int id;                /* of the search under way; -1: none */
	gint64 deadline_us;    /* of its page */
	gboolean ended;
	guint n_entries, n_of_page, n_empty, n_others;
	guint left_out;
	char *left_why;
	GError *error; /* why the list ends here */
};

static struct ldap_reader *of(const struct import_reader *reader)
{
	return (struct ldap_reader *)reader;
}

static gboolean fail(struct ldap_reader *r, enum net_error code, const char *what)
{
	g_set_error_literal(&r->error, NET_ERROR, (gint)code, what);
	return FALSE;
}

static gboolean begin_page(struct ldap_reader *r)
{
	LDAP *ld = ldap_wire_handle(r->wire);
	LDAPControl *paged = NULL;
	struct timeval limit = {.tv_sec = LDAP_READER_PAGE_S};
	int rc = ldap_create_page_control(ld, LDAP_READER_PAGE, r->cookie, 1, &paged);
	if (rc == LDAP_SUCCESS) {
		LDAPControl *controls[] = {paged, NULL};
		ldap_wire_begin(r->wire);
		rc = ldap_search_ext(ld, r->plan->base, LDAP_SCOPE_SUBTREE, r->filter,
			r->plan->attributes, 0, controls, NULL, &limit, LDAP_NO_LIMIT, &r->id);
		ldap_control_free(paged);
	}
	r->n_of_page = 0;
	r->deadline_us = g_get_monotonic_time() + LDAP_READER_PAGE_S * G_TIME_SPAN_SECOND;
	return rc == LDAP_SUCCESS || ldap_wire_fail(r->wire, rc, &r->error);
}

/* Where the next page begins; an empty cookie: that was all. */
static gboolean take_cookie(struct ldap_reader *r, LDAPControl **controls)
{
	ber_int_t estimate = 0;
	struct berval cookie = {0};
	LDAPControl *paged = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
	if (!paged || ldap_parse_pageresponse_control(
			      ldap_wire_handle(r->wire), paged, &estimate, &cookie) != LDAP_SUCCESS)
		return fail(r, NET_ERROR_PROTOCOL, "the server does not list page by page");
	gboolean fits = cookie.bv_len <= COOKIE_MAX;
	ber_bvfree(r->cookie);
	r->cookie = fits && cookie.bv_len > 0 ? ber_bvdup(&cookie) : NULL;
	r->ended = r->cookie == NULL;
	ber_memfree(cookie.bv_val);
	return fits || fail(r, NET_ERROR_LIMIT, "the server's place in the list is too long");
}

static gboolean end_page(struct ldap_reader *r, LDAPMessage *message)
{
	int code = LDAP_DECODING_ERROR;
	LDAPControl **controls = NULL;
	int rc = ldap_parse_result(
		ldap_wire_handle(r->wire), message, &code, NULL, NULL, NULL, &controls, 0);
	gboolean ok;
	r->id = -1;
	if (rc == LDAP_SUCCESS && code == LDAP_SIZELIMIT_EXCEEDED)
		ok = fail(r, NET_ERROR_LIMIT,
			"the server lists no more to this account: its size limit is too low");
	else if (rc != LDAP_SUCCESS || code != LDAP_SUCCESS)
		ok = ldap_wire_fail(r->wire, rc != LDAP_SUCCESS ? rc : code, &r->error);
	else
		ok = take_cookie(r, controls);
	ldap_controls_free(controls);
	r->n_empty = r->n_of_page == 0 ? r->n_empty + 1 : 0;
	if (ok && r->n_empty > EMPTY_PAGES_MAX)
		ok = fail(r, NET_ERROR_PROTOCOL, "the server's list does not go on");
	return ok;
}

/* FALSE: r->error. *ret stays NULL where the message was no entry. */
static gboolean take_message(struct ldap_reader *r, LDAPMessage *message, struct entry **ret)
{
	switch (ldap_msgtype(message)) {
	case LDAP_RES_SEARCH_ENTRY:
		r->n_of_page++;
		if (++r->n_entries > IMPORT_ROWS_MAX)
			return fail(r, NET_ERROR_LIMIT, "more entries than are taken");
		*ret = ldap_search_entry(ldap_wire_handle(r->wire), message);
		return *ret || fail(r, NET_ERROR_PROTOCOL, "an entry cannot be read");
	case LDAP_RES_SEARCH_RESULT:
		return end_page(r, message);
	default:
		return ++r->n_others <= OTHERS_MAX ||
		       fail(r, NET_ERROR_PROTOCOL, "the server's list is none");
	}
}

/* NULL: the end, or r->error. */
static struct entry *next_entry(struct ldap_reader *r)
{
	struct entry *entry = NULL;
	while (!entry && !r->ended && !r->error) {
		if (r->id < 0 && !begin_page(r))
			break;
		const struct ldap_limit limit = {.deadline_us = r->deadline_us};
		LDAPMessage *message = ldap_wire_next(r->wire, r->id, &limit, &r->error);
		if (message)
			take_message(r, message, &entry);
		ldap_msgfree(message);
	}
	return entry;
}

static gboolean says(const struct map *map, enum map_field field)
{
	return *map->attributes[field] != '\0';
}

static gboolean read_person(
	struct ldap_reader *r, const struct entry *entry, struct import_record *ret)
{
	g_autoptr(GError) why = NULL;
	const char *link = map_person_key(r->map, entry);
	if (!map_person(r->map, entry, r->now_date, &ret->person, &why)) {
		g_free(r->left_why);
		r->left_why = g_strdup(why->message);
		r->left_out++;
		return FALSE;
	}
	ret->has_status = says(r->map, MAP_ENABLED) || says(r->map, MAP_ACCOUNT_CONTROL) ||
			  says(r->map, MAP_ACCOUNT_EXPIRES);
	ret->has_contact = says(r->map, MAP_CONTACT);
	ret->has_privileged = says(r->map, MAP_PRIVILEGED);
	/* One that is cut off would join people who are not the same. */
	if (link && strlen(link) < sizeof ret->link)
		g_strlcpy(ret->link, link, sizeof ret->link);
	return TRUE;
}

static enum import_got ldap_reader_next(struct import_reader *reader, struct import_record *ret,
	guint *ret_line, struct import_fault *fault)
{
	struct ldap_reader *r = of(reader);
	for (;;) {
		struct import_record record = {0};
		AUTO(entry) entry = next_entry(r);
		if (!entry)
			break;
		gboolean taken = read_person(r, entry, &record);
		if (taken) {
			*ret = record;
			*ret_line = r->n_entries;
		}
		import_record_wipe(&record);
		if (taken)
			return IMPORT_RECORD;
	}
	if (!r->error)
		return IMPORT_END;
	*fault = (struct import_fault){.line = r->n_entries, .why = r->error->message};
	return IMPORT_BAD;
}

static struct import_reader *ldap_reader_free(struct import_reader *reader)
{
	struct ldap_reader *r = of(reader);
	ldap_wire_close(r->wire);
	ldap_plan_free(r->plan);
	ber_bvfree(r->cookie);
	g_clear_error(&r->error);
	g_free(r->filter);
	g_free(r->left_why);
	g_free(r);
	return NULL;
}

static const struct import_reader_ops ldap_reader_ops = {ldap_reader_next, ldap_reader_free};

/* Everybody who has a common id. */
static char *filter_of(const struct ldap_source_settings *settings)
{
	const char *id = settings->map.attributes[MAP_COMMON_ID];
	if (!ldap_search_is_attribute(id))
		return NULL;
	return settings->filter ? g_strdup_printf("(&(%s=*)%s)", id, settings->filter)
				: g_strdup_printf("(%s=*)", id);
}

struct import_reader *ldap_reader_open(
	const struct ldap_source_settings *settings, gint32 now_date, GError **error)
{
	const struct ldap_limit limit = {
		.deadline_us = g_get_monotonic_time() + LDAP_READER_PAGE_S * G_TIME_SPAN_SECOND};
	struct ldap_reader *r = g_new0(struct ldap_reader, 1);
	r->reader.ops = &ldap_reader_ops;
	r->map = &settings->map;
	r->now_date = now_date;
	r->id = -1;
	r->filter = filter_of(settings);
	if (!r->filter)
		g_set_error_literal(error, NET_ERROR, NET_ERROR_PROTOCOL,
			"common-id: expected the name of an attribute");
	else
		r->plan = ldap_plan_new(settings, error);
	if (r->plan)
		r->wire = ldap_wire_open(r->plan, &limit, NULL, error);
	return r->wire ? &r->reader : ldap_reader_free(&r->reader);
}

guint ldap_reader_left_out(const struct import_reader *reader, const char **ret_why)
{
	*ret_why = of(reader)->left_why;
	return of(reader)->left_out;
}
