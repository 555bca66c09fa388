/* SPDX-License-Identifier: MIT */
#include "ui/text.h"

#include <string.h>

#include "ui/lang.h"

enum meaning { PLAIN, ROLE, REASON, DOCUMENT, YES_NO, TIME, REQUEST, COMMON_ID };

/* TRANSLATORS: names of the fields of a request, as the visitor consents to them and as the
 * clerk types them into the menu of the university. */
static const struct field {
	const char *code, *name;
	enum meaning meaning;
} fields[] = {
	{"number", N_("Request number"), PLAIN},
	{"request", N_("Request"), REQUEST},
	{"common_id", N_("Common ID"), COMMON_ID},
	{"name_ja", N_("Name"), PLAIN},
	{"name_en", N_("Name in English"), PLAIN},
	{"role", N_("Status"), ROLE},
	{"affiliation", N_("Affiliation code"), PLAIN},
	{"reason", N_("Reason"), REASON},
	{"incident", N_("Outage"), PLAIN},
	{"incident_carrier", N_("Carrier of the outage"), PLAIN},
	{"incident_other_method", N_("Does another method work?"), YES_NO},
	{"incident_phone", N_("Registered telephone number"), PLAIN},
	{"incident_internet", N_("Wi-Fi or mobile data usable?"), YES_NO},
	{"incident_spare_number", N_("A number of another carrier?"), YES_NO},
	{"document", N_("Document shown"), DOCUMENT},
	{"desk", N_("Counter"), PLAIN},
	{"office", N_("Office code"), PLAIN},
	{"asked_at", N_("Time of the request"), TIME},
};

static const struct field *find(const char *code)
{
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
		if (g_str_equal(fields[i].code, code))
			return &fields[i];
	return NULL;
}

const char *text_field(const char *code)
{
	const struct field *f = find(code);
	if (g_str_equal(code, "v")) /* version of the format */
		return "";
	return f ? _(f->name) : code;
}

const char *text_document(const char *code)
{
	static const struct {
		const char *code, *name;
	} rows[] = {
		/* TRANSLATORS: documents with a photo, shown instead of a card. */
		{"drivers-license", N_("Driver's license")},
		{"passport", N_("Passport")},
		{"residence-card", N_("Residence card")},
		{"my-number-card", N_("My Number Card (face only)")},
		{"university-card", N_("Student or staff card that cannot be read")},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_str_equal(rows[i].code, code))
			return _(rows[i].name);
	return code;
}

const char *text_no_card_reason(const char *code)
{
	static const struct {
		const char *code, *name;
	} rows[] = {
		/* TRANSLATORS: why the visitor has no card with them. */
		{"lost", N_("The card is lost")},
		{"broken", N_("The card is broken")},
		{"forgotten", N_("The card is not here today")},
		{"none", N_("No card was ever issued")},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_str_equal(rows[i].code, code))
			return _(rows[i].name);
	return code;
}

static const char *yes_no(const char *value)
{
	/* TRANSLATORS: the answer to a question, as a value of the request. */
	return g_str_equal(value, "yes")  ? C_("answer", "Yes")
	       : g_str_equal(value, "no") ? C_("answer", "No")
					  : value;
}

/* "2026-11-22T19:20:11+09:00" to the minute. */
static char *clock_text(const char *value)
{
	char *text = g_strdup(value);
	char *t = strchr(text, 'T');
	if (!t || strlen(t) < 6)
		return text;
	*t = ' ';
	t[6] = '\0';
	return text;
}

char *text_value(const char *code, const char *value)
{
	const struct field *f = find(code);
	switch (f ? f->meaning : PLAIN) {
	case ROLE:
		return g_strdup(text_role(value));
	case REASON:
		return g_strdup(text_reason(value));
	case DOCUMENT:
		return g_strdup(text_document(value));
	case YES_NO:
		return g_strdup(yes_no(value));
	case TIME:
		return clock_text(value);
	case REQUEST:
		/* TRANSLATORS: the official name of the procedure; do not change it. */
		return g_strdup(_("Reregistering Verification Method"));
	case COMMON_ID:
		return text_common_id(value);
	case PLAIN:
		break;
	}
	return g_strdup(value);
}

char *text_common_id(const char *id)
{
	if (strlen(id) != 10)
		return g_strdup(id);
	return g_strdup_printf("%.3s %.3s %s", id, id + 3, id + 6);
}

char *text_date(guint yyyymmdd)
{
	if (yyyymmdd == 0)
		return g_strdup("");
	/* TRANSLATORS: a date: year, month, day. */
	return g_strdup_printf(
		_("%u-%02u-%02u"), yyyymmdd / 10000, yyyymmdd / 100 % 100, yyyymmdd % 100);
}

char *text_time(gint64 seconds)
{
	if (seconds == 0)
		return g_strdup("");
	g_autoptr(GDateTime) at = g_date_time_new_from_unix_local(seconds);
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	gboolean today = g_date_time_get_day_of_year(at) == g_date_time_get_day_of_year(now) &&
			 g_date_time_get_year(at) == g_date_time_get_year(now);
	return g_date_time_format(at, today ? "%H:%M" : "%Y-%m-%d %H:%M");
}
