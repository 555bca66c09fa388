/* SPDX-License-Identifier: MIT */
#include "kiosk/config/incident_file.h"

#include <string.h>

#include "kiosk/config/moments.h"
#include "kiosk/config/rows.h"

#define GROUP       "incident"
#define TEXT_PREFIX "text "
#define WORD_CHARS  G_CSET_a_2_z G_CSET_DIGITS "-"

static const char *parse_moment(char *const *items, gpointer field)
{
	struct civil *at = field;

	*at = (struct civil){0};
	if (!items[0] || moment_civil(items[0], at))
		return NULL;
	return items[0];
}

static gboolean has_control(const char *text)
{
	for (; *text; text++)
		if (g_ascii_iscntrl(*text))
			return TRUE;
	return FALSE;
}

static const char *parse_brands(char *const *items, gpointer base)
{
	struct incident *incident = base;

	for (; *items; items++) {
		if (strlen(*items) >= INCIDENT_BRAND_SIZE || has_control(*items) ||
			incident->n_brands == INCIDENT_BRANDS_MAX)
			return *items;
		g_strlcpy(incident->brands[incident->n_brands++], *items, INCIDENT_BRAND_SIZE);
	}
	return incident->n_brands > 0 ? NULL : "";
}

static const char *parse_link(char *const *items, gpointer field)
{
	const char *link = items[0] ? items[0] : "";

	if (strlen(link) >= INCIDENT_LINK_SIZE || (*link && !g_str_has_prefix(link, "https://")))
		return link;
	for (const char *p = link; *p; p++)
		if (!g_ascii_isgraph(*p))
			return link;
	g_strlcpy(field, link, INCIDENT_LINK_SIZE);
	return NULL;
}

static const char *parse_to(char *const *items, gpointer field)
{
	const char *word = items[0] ? items[0] : "";

	if (strcmp(word, "counter") == 0)
		*(enum incident_to *)field = INCIDENT_TO_COUNTER;
	else if (strcmp(word, "support") == 0)
		*(enum incident_to *)field = INCIDENT_TO_SUPPORT;
	else
		return word;
	return NULL;
}

#define AT(member)   G_STRUCT_OFFSET(struct incident, member)
#define TEXT(member) G_STRUCT_OFFSET(struct incident_text, member)
#define MOMENT       "a moment such as '2022-07-02 09:00'"
#define LINK         "an address that begins with https://, at most 255 characters"

static const struct key_row rows[] = {
	{NULL, "id", ROW_LINE, AT(id), 1, INCIDENT_ID_SIZE - 1, NULL,
		"a word of [a-z0-9-], at most 31", WORD_CHARS},
	{NULL, "from", ROW_ITEM, AT(from), 0, 0, NULL, MOMENT, NULL, parse_moment},
	{NULL, "to", ROW_ITEM, AT(to), 0, 0, "", MOMENT ", or nothing: until further notice", NULL,
		parse_moment},
	{NULL, "carrier", ROW_LINE, AT(carrier), 1, INCIDENT_BRAND_SIZE - 1, NULL},
	{NULL, "brands", ROW_ITEMS, 0, 0, 0, NULL, "1 to 16 names of at most 47 bytes", NULL,
		parse_brands},
	{NULL, "link", ROW_ITEM, AT(link), 0, 0, "", LINK, NULL, parse_link},
	{NULL, "method", ROW_LINE, AT(method), 1, INCIDENT_BRAND_SIZE - 1, "phone",
		"a word of [a-z0-9-], such as 'phone'", WORD_CHARS},
	{NULL, "request-to", ROW_ITEM, AT(to_whom), 0, 0, NULL, "'counter' or 'support'", NULL,
		parse_to},
	{NULL, "support-link", ROW_ITEM, AT(support_link), 0, 0, "", LINK, NULL, parse_link},
	{NULL, "ask-phone", ROW_BOOL, AT(ask_phone), 0, 0, "true"},
};

static const struct key_row text_rows[] = {
	{NULL, "title", ROW_LINE, TEXT(title), 1, INCIDENT_TEXT_SIZE - 1, NULL},
	{NULL, "body", ROW_TEXT, TEXT(body), 1, INCIDENT_TEXT_SIZE - 1, NULL},
	{NULL, "advice", ROW_TEXT, TEXT(advice), 0, INCIDENT_TEXT_SIZE - 1, ""},
};

static gboolean parse_text(
	const struct keyfile *kf, const char *group, struct incident *incident, GError **error)
{
	const char *lang = group + strlen(TEXT_PREFIX);
	struct incident_text *text = &incident->texts[incident->n_texts];

	if (incident->n_texts == INCIDENT_LANGS_MAX || !*lang ||
		strlen(lang) >= sizeof text->lang || strspn(lang, G_CSET_a_2_z "-") != strlen(lang))
		return keyfile_complain(kf, group, NULL,
			"at most 4 groups such as [text ja] and [text en]", group, error);
	g_strlcpy(text->lang, lang, sizeof text->lang);
	if (!rows_check_keys(kf, group, text_rows, G_N_ELEMENTS(text_rows), NULL, error) ||
		!rows_fill(kf, group, text_rows, G_N_ELEMENTS(text_rows), text, error))
		return FALSE;
	incident->n_texts++;
	return TRUE;
}

static gboolean parse_groups(const struct keyfile *kf, struct incident *incident, GError **error)
{
	static const char *const known[] = {GROUP, TEXT_PREFIX "ja", TEXT_PREFIX "en", NULL};

	for (const char *const *group = keyfile_groups(kf); *group; group++) {
		if (g_str_has_prefix(*group, TEXT_PREFIX)) {
			if (!parse_text(kf, *group, incident, error))
				return FALSE;
		} else if (strcmp(*group, GROUP) != 0) {
			return keyfile_complain_word(kf, *group, NULL, known, *group, error);
		}
	}
	return TRUE;
}

/* What only makes sense together. */
static gboolean check(const struct keyfile *kf, const struct incident *i, GError **error)
{
	gboolean ends = i->to.date != 0;
	gboolean backwards =
		ends && (i->to.date < i->from.date ||
				(i->to.date == i->from.date && i->to.minute <= i->from.minute));

	if (i->from.date == 0)
		return keyfile_complain(kf, GROUP, "from", MOMENT, NULL, error);
	if (backwards)
		return keyfile_complain(kf, GROUP, "to", "a moment after 'from'", NULL, error);
	if (i->to_whom == INCIDENT_TO_SUPPORT && !*i->support_link)
		return keyfile_complain(kf, GROUP, "support-link", LINK, NULL, error);
	if (i->n_texts == 0)
		return keyfile_complain(
			kf, NULL, NULL, "a group [text ja] or [text en]", NULL, error);
	return TRUE;
}

gboolean incident_parse(const struct keyfile *kf, struct incident *ret, GError **error)
{
	g_autofree struct incident *incident = g_new0(struct incident, 1);

	if (!keyfile_has_group(kf, GROUP))
		return keyfile_complain(kf, NULL, NULL, "the group [incident]", NULL, error);
	if (!rows_check_keys(kf, GROUP, rows, G_N_ELEMENTS(rows), NULL, error) ||
		!rows_fill(kf, GROUP, rows, G_N_ELEMENTS(rows), incident, error) ||
		!parse_groups(kf, incident, error) || !check(kf, incident, error))
		return FALSE;
	*ret = *incident;
	return TRUE;
}
