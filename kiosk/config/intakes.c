/* SPDX-License-Identifier: MIT */
#include "kiosk/config/intakes.h"

#include <string.h>

#include "kiosk/config/needs.h"

#define URL_MAX        512
#define TEXT_MAX       255
#define COLUMN_MAX     64
#define CONNECTION_MAX 2048
#define TOKEN_URL      "https://login.microsoftonline.com/%s/oauth2/v2.0/token"
#define SCOPE          "https://graph.microsoft.com/.default"
#define COLUMN_CHARS   G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_"
#define COLUMN_IS      "the internal name of a column"
#define FIELD_PREFIX   "field."
#define STATUS_PREFIX  "status."
#define SOURCES                                                                                    \
	"'number', 'holder', 'size', 'root', 'filed', 'digest', 'envelope' or 'payload.NAME'"

static const char *const kind_words[] = {[INTAKES_HANDOFF] = "handoff",
	[INTAKES_HTTPS] = "https",
	[INTAKES_SHAREPOINT] = "sharepoint",
	[INTAKES_POSTGRESQL] = "postgresql",
	NULL};
_Static_assert(G_N_ELEMENTS(kind_words) == INTAKES_COUNT + 1, "one word for each kind");

static const char *const progress_words[] = {[INTAKE_WAITING] = "waiting",
	[INTAKE_STARTED] = "started",
	[INTAKE_DONE] = "done",
	[INTAKE_DECLINED] = "declined",
	[INTAKE_CANCELLED] = "cancelled",
	NULL};
_Static_assert(G_N_ELEMENTS(progress_words) == INTAKE_PROGRESS_COUNT + 1, "one word for each");

const char *intakes_word(enum intakes_kind kind)
{
	return kind_words[kind];
}

static int word_of(const char *const *words, const char *text)
{
	for (int i = 0; text && words[i]; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	return -1;
}

static const char *take_kind(char *const *items, gpointer field)
{
	int found = word_of(kind_words, items[0]);
	if (found < 0)
		return items[0] ? items[0] : "";
	*(enum intakes_kind *)field = (enum intakes_kind)found;
	return NULL;
}

#define AT(member) G_STRUCT_OFFSET(struct intakes, member)
#define NUMBER(group, word, member, min, max, otherwise)                                           \
	{                                                                                          \
		group, word, ROW_INT, AT(member), min, max, otherwise                              \
	}
#define PATH(group, word, member)                                                                  \
	{                                                                                          \
		group, word, ROW_PATH, AT(member), 0, 0, ""                                        \
	}
#define TEXT(group, word, member, max, otherwise)                                                  \
	{                                                                                          \
		group, word, ROW_STRING, AT(member), 0, max, otherwise                             \
	}
#define COLUMN(word, member, otherwise)                                                            \
	{                                                                                          \
		"sharepoint", word, ROW_STRING, AT(sharepoint.member), 0, COLUMN_MAX, otherwise,   \
			COLUMN_IS, COLUMN_CHARS                                                    \
	}

static const struct key_row rows[] = {
	{"intake", "kind", ROW_ITEM, AT(kind), 0, 0, "handoff",
		"'handoff', 'https', 'sharepoint' or 'postgresql'", NULL, take_kind},
	NUMBER("intake", "units-per-minute", units_per_minute, 0, 100000, "300"),
	NUMBER("intake", "follow-s", follow_s, 10, 86400, "300"),
	NUMBER("intake", "gap-ms", gap_ms, 0, 60000, "200"),
	TEXT("https", "base", https.base, URL_MAX, ""),
	PATH("https", "ca-file", https.ca_file),
	PATH("https", "cert-file", https.cert_file),
	TEXT("https", "key", https.key, URL_MAX, ""),
	NUMBER("https", "deadline-ms", https.timeout_ms, 500, 60000, "10000"),
	TEXT("sharepoint", "tenant", tenant, TEXT_MAX, ""),
	TEXT("sharepoint", "token-url", sharepoint.token_url, URL_MAX, ""),
	TEXT("sharepoint", "client-id", sharepoint.client_id, 128, ""),
	TEXT("sharepoint", "scope", sharepoint.scope, URL_MAX, SCOPE),
	TEXT("sharepoint", "base", sharepoint.base, URL_MAX, "https://graph.microsoft.com/v1.0"),
	PATH("sharepoint", "cert-file", sharepoint.cert_file),
	TEXT("sharepoint", "key", sharepoint.key, URL_MAX, ""),
	PATH("sharepoint", "ca-file", sharepoint.ca_file),
	TEXT("sharepoint", "user-agent", sharepoint.user_agent, TEXT_MAX,
		"NONISV|University|madoguchi/" MADOGUCHI_VERSION),
	TEXT("sharepoint", "site", sharepoint.site, TEXT_MAX, ""),
	TEXT("sharepoint", "list", sharepoint.list, TEXT_MAX, ""),
	COLUMN("key-column", key_column, "RequestKey"),
	COLUMN("holder-column", holder_column, "Holder"),
	COLUMN("number-column", number_column, "Title"),
	COLUMN("status-column", status_column, "Status"),
	COLUMN("reason-column", reason_column, ""),
	COLUMN("at-column", at_column, ""),
	TEXT("sharepoint", "first-word", sharepoint.first_word, TEXT_MAX, ""),
	TEXT("sharepoint", "cancelled-word", sharepoint.cancelled_word, TEXT_MAX, ""),
	TEXT("sharepoint", "known-item", sharepoint.known_item, 32, ""),
	NUMBER("sharepoint", "deadline-ms", sharepoint.timeout_ms, 500, 60000, "10000"),
	TEXT("postgresql", "connection", postgresql.connection, CONNECTION_MAX, ""),
	NUMBER("postgresql", "deadline-ms", postgresql.timeout_ms, 500, 60000, "10000"),
};

static const char *const groups[] = {"intake", "https", "sharepoint", "postgresql"};

/* Columns and words have keys of their own choice. */
static gboolean check_keys(const struct keyfile *kf, const char *group, GError **error)
{
	g_autoptr(GArray) known = g_array_new(FALSE, FALSE, sizeof(struct key_row));
	g_auto(GStrv) keys = keyfile_keys(kf, group);
	g_array_append_vals(known, rows, G_N_ELEMENTS(rows));
	for (char **key = keys; *key; key++) {
		const struct key_row row = {.group = "sharepoint", .key = *key};
		if (g_str_has_prefix(*key, FIELD_PREFIX) || g_str_has_prefix(*key, STATUS_PREFIX))
			g_array_append_val(known, row);
	}
	return rows_check_keys(kf, group, (const struct key_row *)(gconstpointer)known->data,
		known->len, NULL, error);
}

static gboolean is_column(const char *text)
{
	gsize len = strlen(text);
	return len > 0 && len <= COLUMN_MAX && strspn(text, COLUMN_CHARS) == len;
}

static gboolean is_source(const char *text)
{
	static const char *const words[] = {
		"number", "holder", "size", "root", "filed", "digest", "envelope", NULL};
	const char *const member = "payload.";
	if (!g_str_has_prefix(text, member))
		return word_of(words, text) >= 0;
	const char *name = text + strlen(member);
	return *name && strspn(name, G_CSET_a_2_z G_CSET_DIGITS "_.") == strlen(name);
}

static gboolean fill_field(
	const struct keyfile *kf, const char *key, struct sharepoint_settings *s, GError **error)
{
	const char *column = key + strlen(FIELD_PREFIX);
	g_autofree char *source = keyfile_text(kf, "sharepoint", key, "", error);
	if (!source)
		return FALSE;
	if (!is_column(column))
		return keyfile_complain(
			kf, "sharepoint", key, "'field.' and " COLUMN_IS, key, error);
	if (!is_source(source))
		return keyfile_complain(
			kf, "sharepoint", key, SOURCES, *source ? source : NULL, error);
	s->fields = g_renew(struct sharepoint_field, s->fields, s->n_fields + 1);
	s->fields[s->n_fields++] = (struct sharepoint_field){
		.column = g_strdup(column),
		.source = g_steal_pointer(&source),
	};
	return TRUE;
}

static gboolean fill_status(
	const struct keyfile *kf, const char *key, struct sharepoint_settings *s, GError **error)
{
	const char *word = key + strlen(STATUS_PREFIX);
	g_autofree char *text = keyfile_text(kf, "sharepoint", key, "", error);
	if (!text)
		return FALSE;
	int progress = word_of(progress_words, text);
	if (progress < 0)
		return keyfile_complain_word(kf, "sharepoint", key, progress_words, text, error);
	s->words = g_renew(struct sharepoint_word, s->words, s->n_words + 1);
	s->words[s->n_words++] = (struct sharepoint_word){
		.word = g_strdup(word),
		.progress = (enum intake_progress)progress,
	};
	return TRUE;
}

static gboolean fill_families(
	const struct keyfile *kf, struct sharepoint_settings *s, GError **error)
{
	g_auto(GStrv) keys = keyfile_keys(kf, "sharepoint");
	for (char **key = keys; *key; key++) {
		if (g_str_has_prefix(*key, FIELD_PREFIX) && !fill_field(kf, *key, s, error))
			return FALSE;
		if (g_str_has_prefix(*key, STATUS_PREFIX) && !fill_status(kf, *key, s, error))
			return FALSE;
	}
	return TRUE;
}

static void finish(const struct keyfile *kf, const char *desk, struct intakes *in)
{
	in->https.key = needs_key_place(kf, in->https.key);
	in->sharepoint.key = needs_key_place(kf, in->sharepoint.key);
	needs_drop_empty(&in->sharepoint.token_url);
	if (!in->sharepoint.token_url && *in->tenant)
		in->sharepoint.token_url = g_strdup_printf(TOKEN_URL, in->tenant);
	in->postgresql.desk = g_strdup(desk);
}

gboolean intakes_parse(
	const struct keyfile *kf, const char *desk, struct intakes *in, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
		if (keyfile_has_group(kf, groups[i]) && !check_keys(kf, groups[i], error))
			return FALSE;
		if (!rows_fill(kf, groups[i], rows, G_N_ELEMENTS(rows), in, error))
			return FALSE;
	}
	if (keyfile_has_group(kf, "sharepoint") && !fill_families(kf, &in->sharepoint, error))
		return FALSE;
	finish(kf, desk, in);
	return TRUE;
}

static gboolean check_https(const struct keyfile *kf, const struct intakes *in, GError **error)
{
	const struct https_settings *s = &in->https;
	const struct need needs[] = {
		{needs_https(s->base) && !g_str_has_suffix(s->base, "/"), "https", "base",
			"a URL of https without a slash at its end"},
		{s->cert_file != NULL, "https", "cert-file", "the desk's own certificate"},
		{s->key != NULL, "https", "key", "the certificate's key"},
	};
	return needs_check(kf, needs, G_N_ELEMENTS(needs), error);
}

/* Is a text that we write one of those we know the meaning of? */
static gboolean means(
	const struct sharepoint_settings *s, const char *word, enum intake_progress progress)
{
	for (gsize i = 0; i < s->n_words; i++)
		if (strcmp(s->words[i].word, word) == 0)
			return s->words[i].progress == progress;
	return FALSE;
}

static gboolean check_sharepoint(const struct keyfile *kf, const struct intakes *in, GError **error)
{
	const struct sharepoint_settings *s = &in->sharepoint;
	const char *const group = "sharepoint";
	const struct need needs[] = {
		{s->token_url != NULL, group, "tenant", "the tenant's name or id"},
		{needs_https(s->token_url), group, "token-url", "a URL of https"},
		{needs_https(s->base), group, "base", "a URL of https"},
		{*s->client_id != '\0', group, "client-id", "the application's id"},
		{*s->scope != '\0', group, "scope", "a scope"},
		{s->cert_file != NULL, group, "cert-file", "the application's certificate"},
		{s->key != NULL, group, "key", "the certificate's key"},
		{*s->site != '\0', group, "site", "the site's id"},
		{*s->list != '\0', group, "list", "the list's id"},
		{*s->key_column != '\0', group, "key-column", COLUMN_IS},
		{*s->number_column != '\0', group, "number-column", COLUMN_IS},
		{*s->status_column != '\0', group, "status-column", COLUMN_IS},
		{means(s, s->first_word, INTAKE_WAITING), group, "first-word",
			"a text for which a status key says 'waiting'"},
		{means(s, s->cancelled_word, INTAKE_CANCELLED), group, "cancelled-word",
			"a text for which a status key says 'cancelled'"},
	};
	return needs_check(kf, needs, G_N_ELEMENTS(needs), error);
}

static gboolean check_postgresql(const struct keyfile *kf, const struct intakes *in, GError **error)
{
	const struct need need = {*in->postgresql.connection != '\0', "postgresql", "connection",
		"a connection string of libpq"};
	return needs_check(kf, &need, 1, error);
}

gboolean intakes_check(const struct keyfile *kf, const struct intakes *in, GError **error)
{
	switch (in->kind) {
	case INTAKES_HTTPS:
		return check_https(kf, in, error);
	case INTAKES_SHAREPOINT:
		return check_sharepoint(kf, in, error);
	case INTAKES_POSTGRESQL:
		return check_postgresql(kf, in, error);
	case INTAKES_HANDOFF:
	case INTAKES_COUNT:
		break;
	}
	return TRUE;
}

void intakes_clear(struct intakes *in)
{
	needs_free_texts(in, rows, G_N_ELEMENTS(rows));
	for (gsize i = 0; i < in->sharepoint.n_fields; i++) {
		g_free(in->sharepoint.fields[i].column);
		g_free(in->sharepoint.fields[i].source);
	}
	for (gsize i = 0; i < in->sharepoint.n_words; i++)
		g_free(in->sharepoint.words[i].word);
	g_free(in->sharepoint.fields);
	g_free(in->sharepoint.words);
	g_free(in->postgresql.desk);
	memset(in, 0, sizeof *in);
}
