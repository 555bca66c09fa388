/* SPDX-License-Identifier: MIT */
#include "kiosk/config/directories.h"

#include <string.h>

#include "kiosk/config/map_keys.h"
#include "kiosk/config/needs.h"

#define HOST_CHARS    G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS ".:-"
#define HOST_EXPECTED "a host name or address"
#define URL_MAX       512
#define DN_MAX        512
#define TOKEN_URL     "https://login.microsoftonline.com/%s/oauth2/v2.0/token"
#define SCOPE         "https://graph.microsoft.com/.default"
#define LDAP_PRESET   "none"
#define GRAPH_PRESET  "graph"

static const char *const source_words[] = {[DIRECTORIES_SNAPSHOT] = "snapshot",
	[DIRECTORIES_LDAP] = "ldap",
	[DIRECTORIES_GRAPH] = "graph",
	NULL};
_Static_assert(G_N_ELEMENTS(source_words) == DIRECTORIES_COUNT + 1, "one word for each source");

const char *directories_word(enum directories_source source)
{
	return source_words[source];
}

/* Index of the one word of `items` in `words`; -1: none of them. */
static int word_of(const char *const *words, char *const *items)
{
	for (int i = 0; items[0] && words[i]; i++)
		if (strcmp(words[i], items[0]) == 0)
			return i;
	return -1;
}

static const char *blame(char *const *items)
{
	return items[0] ? items[0] : "";
}

const char *directories_take_sources(char *const *items, gpointer directories)
{
	struct directories *d = directories;
	gboolean seen[DIRECTORIES_COUNT] = {FALSE};

	d->n = 0;
	if (!items[0])
		return "";
	for (; *items; items++) {
		int source = word_of(source_words, items);
		if (source < 0 || seen[source])
			return *items;
		seen[source] = TRUE;
		d->order[d->n++] = (enum directories_source)source;
	}
	return NULL;
}

const char *directories_take_decides(char *const *items, gpointer duty)
{
	static const char *const words[] = {
		[DUTY_NONE] = "alone", [DUTY_REASON] = "reason", [DUTY_SECOND] = "second", NULL};
	int found = word_of(words, items);
	if (found < 0)
		return blame(items);
	*(enum source_duty *)duty = (enum source_duty)found;
	return NULL;
}

const char *directories_take_flag(char *const *items, gpointer flag)
{
	static const char *const words[] = {"false", "true", NULL};
	int found = word_of(words, items);
	if (found < 0)
		return blame(items);
	*(gboolean *)flag = found;
	return NULL;
}

static const char *take_port(char *const *items, gpointer field)
{
	guint64 port = 0;
	if (items[0] && !g_ascii_string_to_unsigned(items[0], 10, 1, G_MAXUINT16, &port, NULL))
		return items[0];
	*(guint16 *)field = (guint16)port;
	return NULL;
}

static const char *take_tls(char *const *items, gpointer field)
{
	static const char *const words[] = {
		[LDAP_SOURCE_LDAPS] = "ldaps", [LDAP_SOURCE_STARTTLS] = "starttls", NULL};
	int found = word_of(words, items);
	if (found < 0)
		return blame(items);
	*(enum ldap_source_tls *)field = (enum ldap_source_tls)found;
	return NULL;
}

static const char *take_bind(char *const *items, gpointer field)
{
	static const char *const words[] = {
		[LDAP_SOURCE_SIMPLE] = "simple", [LDAP_SOURCE_EXTERNAL] = "external", NULL};
	int found = word_of(words, items);
	if (found < 0)
		return blame(items);
	*(enum ldap_source_bind *)field = (enum ldap_source_bind)found;
	return NULL;
}

#define AT(member) G_STRUCT_OFFSET(struct directories, member)
#define PATH(group, word, member)                                                                  \
	{                                                                                          \
		group, word, ROW_PATH, AT(member), 0, 0, ""                                        \
	}
#define TEXT(group, word, member, max, otherwise)                                                  \
	{                                                                                          \
		group, word, ROW_STRING, AT(member), 0, max, otherwise                             \
	}

static const struct key_row ldap_rows[] = {
	DIRECTORIES_POLICY_ROWS("ldap", AT(policies[DIRECTORIES_LDAP]), "1500"),
	{"ldap", "host", ROW_STRING, AT(ldap.host), 0, 253, "", HOST_EXPECTED, HOST_CHARS},
	{"ldap", "port", ROW_ITEM, AT(ldap.port), 0, 0, "", "a port from 1 to 65535", NULL,
		take_port},
	{"ldap", "tls", ROW_ITEM, AT(ldap.tls), 0, 0, "ldaps", "'ldaps' or 'starttls'", NULL,
		take_tls},
	{"ldap", "bind", ROW_ITEM, AT(ldap.bind), 0, 0, "simple", "'simple' or 'external'", NULL,
		take_bind},
	TEXT("ldap", "bind-dn", ldap.bind_dn, DN_MAX, ""),
	PATH("ldap", "password-file", ldap.password_file),
	TEXT("ldap", "base", ldap.base, DN_MAX, ""),
	TEXT("ldap", "filter", ldap.filter, DN_MAX, ""),
	PATH("ldap", "ca-file", ldap.rules.ca_file),
	PATH("ldap", "crl-file", ldap.rules.crl_file),
	PATH("ldap", "cert-file", ldap.rules.cert_file),
	TEXT("ldap", "key", ldap.rules.key, URL_MAX, ""),
};

static const struct key_row graph_rows[] = {
	DIRECTORIES_POLICY_ROWS("graph", AT(policies[DIRECTORIES_GRAPH]), "1500"),
	{"graph", "tenant", ROW_STRING, AT(tenant), 0, 253, "", "the tenant's name or id",
		HOST_CHARS},
	TEXT("graph", "token-url", graph.token_url, URL_MAX, ""),
	TEXT("graph", "base", graph.base, URL_MAX, "https://graph.microsoft.com/v1.0"),
	TEXT("graph", "client-id", graph.client_id, 128, ""),
	TEXT("graph", "scope", graph.scope, URL_MAX, SCOPE),
	PATH("graph", "cert-file", graph.cert_file),
	TEXT("graph", "key", graph.key, URL_MAX, ""),
	PATH("graph", "ca-file", graph.ca_file),
	TEXT("graph", "upn-suffix", graph.upn_suffix, 128, ""),
};

static gboolean fill_group(const struct keyfile *kf, const char *group, const struct key_row *rows,
	gsize n, struct directories *d, GError **error)
{
	return (!keyfile_has_group(kf, group) || map_keys_check(kf, group, rows, n, error)) &&
	       rows_fill(kf, group, rows, n, d, error);
}

static void finish(const struct keyfile *kf, struct directories *d)
{
	d->ldap.rules.key = needs_key_place(kf, (char *)d->ldap.rules.key);
	d->graph.key = needs_key_place(kf, d->graph.key);
	needs_drop_empty(&d->ldap.bind_dn);
	needs_drop_empty(&d->ldap.filter);
	needs_drop_empty(&d->graph.upn_suffix);
	needs_drop_empty(&d->graph.token_url);
	if (!d->graph.token_url && *d->tenant)
		d->graph.token_url = g_strdup_printf(TOKEN_URL, d->tenant);
	d->ldap.timeout_ms = d->policies[DIRECTORIES_LDAP].deadline_ms;
	d->graph.timeout_ms = d->policies[DIRECTORIES_GRAPH].deadline_ms;
	d->policies[DIRECTORIES_LDAP].max_age_hours = -1;
	d->policies[DIRECTORIES_GRAPH].max_age_hours = -1;
}

gboolean directories_parse(const struct keyfile *kf, struct directories *d, GError **error)
{
	if (!fill_group(kf, "ldap", ldap_rows, G_N_ELEMENTS(ldap_rows), d, error) ||
		!map_keys_parse(kf, "ldap", LDAP_PRESET, &d->ldap.map, error) ||
		!fill_group(kf, "graph", graph_rows, G_N_ELEMENTS(graph_rows), d, error) ||
		!map_keys_parse(kf, "graph", GRAPH_PRESET, &d->graph.map, error))
		return FALSE;
	finish(kf, d);
	return TRUE;
}

static gboolean in_parentheses(const char *filter)
{
	return !filter || (filter[0] == '(' && g_str_has_suffix(filter, ")"));
}

static gboolean check_ldap(const struct keyfile *kf, const struct directories *d, GError **error)
{
	const struct ldap_source_settings *s = &d->ldap;
	const gboolean simple = s->bind == LDAP_SOURCE_SIMPLE;
	const struct need needs[] = {
		{*s->host != '\0', "ldap", "host", HOST_EXPECTED},
		{*s->base != '\0', "ldap", "base", "the entry below which people stand"},
		{!simple || s->bind_dn, "ldap", "bind-dn", "the name to sign in with"},
		{!simple || s->password_file, "ldap", "password-file", "the file of its password"},
		{simple || s->rules.cert_file, "ldap", "cert-file", "the desk's own certificate"},
		{!s->rules.cert_file || s->rules.key, "ldap", "key", "the certificate's key"},
		{in_parentheses(s->filter), "ldap", "filter", "a filter in parentheses"},
		{*s->map.attributes[MAP_COMMON_ID] != '\0', "ldap", "common-id",
			"the attribute that holds the common id"},
	};
	return needs_check(kf, needs, G_N_ELEMENTS(needs), error);
}

static gboolean check_graph(const struct keyfile *kf, const struct directories *d, GError **error)
{
	const struct graph_settings *s = &d->graph;
	const struct need needs[] = {
		{s->token_url != NULL, "graph", "tenant", "the tenant's name or id"},
		{needs_https(s->token_url), "graph", "token-url", "a URL of https"},
		{needs_https(s->base), "graph", "base", "a URL of https"},
		{*s->client_id != '\0', "graph", "client-id", "the application's id"},
		{*s->scope != '\0', "graph", "scope", "a scope"},
		{s->cert_file != NULL, "graph", "cert-file", "the application's certificate"},
		{s->key != NULL, "graph", "key", "the certificate's key"},
		{*s->map.attributes[MAP_COMMON_ID] != '\0', "graph", "common-id",
			"the attribute that holds the common id"},
	};
	return needs_check(kf, needs, G_N_ELEMENTS(needs), error);
}

/* A desk that gives up before its last source was asked has that source for nothing. */
static gboolean check_time(
	const struct keyfile *kf, const struct directories *d, gint lookup_ms, GError **error)
{
	gint sum = 0;
	for (gsize i = 0; i < d->n; i++)
		sum += d->policies[d->order[i]].deadline_ms;
	if (d->n < 2 || sum <= lookup_ms)
		return TRUE;
	g_autofree char *expected =
		g_strdup_printf("at least %d, the deadlines of all sources together", sum);
	g_autofree char *got = g_strdup_printf("%d", lookup_ms);
	return keyfile_complain(kf, "directory", "lookup-ms", expected, got, error);
}

gboolean directories_check(
	const struct keyfile *kf, const struct directories *d, gint lookup_ms, GError **error)
{
	for (gsize i = 0; i < d->n; i++) {
		if (d->order[i] == DIRECTORIES_LDAP && !check_ldap(kf, d, error))
			return FALSE;
		if (d->order[i] == DIRECTORIES_GRAPH && !check_graph(kf, d, error))
			return FALSE;
	}
	return check_time(kf, d, lookup_ms, error);
}

void directories_clear(struct directories *d)
{
	needs_free_texts(d, ldap_rows, G_N_ELEMENTS(ldap_rows));
	needs_free_texts(d, graph_rows, G_N_ELEMENTS(graph_rows));
	map_keys_clear(&d->ldap.map);
	map_keys_clear(&d->graph.map);
	memset(d, 0, sizeof *d);
}
