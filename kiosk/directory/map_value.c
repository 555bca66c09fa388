/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/map_value.h"

#include <openssl/crypto.h>
#include <string.h>

#include "kiosk/directory/import.h"
#include "kiosk/visit/civil.h"

#define FILETIME_NEVER  G_MAXINT64
#define FILETIME_1970   G_GINT64_CONSTANT(116444736000000000)
#define FILETIME_SECOND 10000000
#define DATE_EXPECTED   "expected a date YYYYMMDD, YYYY-MM-DD or YYYYMMDDhhmmssZ"
#define UAC_DISABLED    0x2 /* ACCOUNTDISABLE, [MS-ADTS] section 2.2.16 */

const char *map_value_bool(const char *text, bool *ret)
{
	gboolean yes = g_ascii_strcasecmp(text, "true") == 0;
	if (!yes && g_ascii_strcasecmp(text, "false") != 0)
		return "expected true or false";
	*ret = yes;
	return NULL;
}

const char *map_value_enabled(const char *text, bool *ret)
{
	gint64 flags;
	if (!g_ascii_string_to_signed(text, 10, G_MININT32, G_MAXUINT32, &flags, NULL))
		return "expected a number of 32 bits";
	*ret = (flags & UAC_DISABLED) == 0;
	return NULL;
}

/* Seconds since 1970 at which `date` begins on this machine's clock. */
static gint64 beginning_of(gint32 date)
{
	g_autoptr(GDateTime) day =
		g_date_time_new_local(date / 10000, date / 100 % 100, date % 100, 0, 0, 0.0);
	return day ? g_date_time_to_unix(day) : 0;
}

const char *map_value_expired(const char *text, gint32 now_date, bool *ret)
{
	guint64 moment;
	if (!g_ascii_string_to_unsigned(text, 10, 0, FILETIME_NEVER, &moment, NULL))
		return "expected a number of 100 ns since 1601";
	gint64 unix_time = ((gint64)moment - FILETIME_1970) / FILETIME_SECOND;
	*ret = moment != 0 && moment != FILETIME_NEVER && unix_time <= beginning_of(now_date);
	return NULL;
}

/* `n` digits at *at. FALSE: there are not as many. */
static gboolean digits(const char **at, gsize n, gint *ret)
{
	gint value = 0;
	for (gsize i = 0; i < n; i++) {
		if (!g_ascii_isdigit((*at)[i]))
			return FALSE;
		value = value * 10 + ((*at)[i] - '0');
	}
	*at += n;
	*ret = value;
	return TRUE;
}

static gboolean pass(const char **at, char c)
{
	if (**at != c)
		return FALSE;
	(*at)++;
	return TRUE;
}

/* A moment as it is written, field by field. */
struct moment {
	int32_t date;
	gint hour, minute, second;
	gboolean zoned;
	gint offset_s; /* east of UTC */
};

/* hh[[:]mm[[:]ss[.f…]]]; generalizedTime may stop after the hour, ISO 8601 after the minute. */
static gboolean take_time(const char **at, gboolean colons, struct moment *m)
{
	if (!digits(at, 2, &m->hour))
		return FALSE;
	if (colons ? !pass(at, ':') : !g_ascii_isdigit(**at))
		return !colons;
	if (!digits(at, 2, &m->minute))
		return FALSE;
	if (colons ? !pass(at, ':') : !g_ascii_isdigit(**at))
		return TRUE;
	return digits(at, 2, &m->second);
}

static void pass_fraction(const char **at)
{
	if ((**at == '.' || **at == ',') && g_ascii_isdigit((*at)[1]))
		for ((*at)++; g_ascii_isdigit(**at); (*at)++)
			;
}

static gboolean take_zone(const char **at, struct moment *m)
{
	gint sign = **at == '-' ? -1 : 1, hours, minutes = 0;

	m->zoned = **at != '\0';
	if (!m->zoned || pass(at, 'Z'))
		return TRUE;
	if (!pass(at, '+') && !pass(at, '-'))
		return FALSE;
	if (!digits(at, 2, &hours))
		return FALSE;
	pass(at, ':');
	if (**at != '\0' && !digits(at, 2, &minutes))
		return FALSE;
	m->offset_s = sign * (hours * 3600 + minutes * 60);
	return hours <= 14 && minutes < 60;
}

static gboolean take_moment(const char *text, struct moment *m)
{
	const char *at = text;
	gint year, month, day;
	if (!digits(&at, 4, &year))
		return FALSE;
	gboolean dashes = pass(&at, '-');
	if (!digits(&at, 2, &month) || (dashes && !pass(&at, '-')) || !digits(&at, 2, &day))
		return FALSE;
	m->date = year * 10000 + month * 100 + day;
	if (*at == '\0')
		return TRUE;
	if (dashes && !pass(&at, 'T') && !pass(&at, ' '))
		return FALSE;
	if (!take_time(&at, dashes, m))
		return FALSE;
	pass_fraction(&at);
	return take_zone(&at, m) && *at == '\0';
}

static int32_t date_of(GDateTime *when)
{
	return g_date_time_get_year(when) * 10000 + g_date_time_get_month(when) * 100 +
	       g_date_time_get_day_of_month(when);
}

/* The day here; 0: out of the calendar's range. */
static int32_t local_date(const struct moment *m, gboolean last)
{
	g_autoptr(GDateTime) utc = g_date_time_new_utc(m->date / 10000, m->date / 100 % 100,
		m->date % 100, m->hour, m->minute, MIN(m->second, 59));
	if (!utc)
		return 0;
	g_autoptr(GDateTime) then = g_date_time_add_seconds(utc, -m->offset_s - (last ? 1 : 0));
	g_autoptr(GDateTime) here = then ? g_date_time_to_local(then) : NULL;
	return here ? date_of(here) : 0;
}

const char *map_value_date(const char *text, gboolean last, int32_t *ret)
{
	struct moment m = {0};
	if (!take_moment(text, &m) || m.hour > 23 || m.minute > 59 || m.second > 60)
		return DATE_EXPECTED;
	if (!civil_valid_date(m.date))
		return "expected a date of the calendar";
	gboolean midnight = m.hour == 0 && m.minute == 0 && m.second == 0 && m.offset_s == 0;
	int32_t date = m.zoned && !midnight ? local_date(&m, last) : m.date;
	if (!civil_valid_date(date))
		return "expected a date of the calendar";
	*ret = date;
	return NULL;
}

/* Directories hold names in both widths and any case. */
static char *folded(const char *text, gssize len)
{
	g_autofree char *normal = g_utf8_normalize(text, len, G_NORMALIZE_NFKC);
	g_autofree char *plain = g_strstrip(g_strdup(normal ? normal : ""));
	return g_utf8_casefold(plain, -1);
}

const char *map_value_word(const char *const *list, const char *text)
{
	g_autofree char *wanted = folded(text, -1);
	for (; list && *list; list++) {
		const char *sign = strrchr(*list, '=');
		g_autofree char *from = sign ? folded(*list, sign - *list) : NULL;
		if (from && strcmp(from, wanted) == 0)
			return sign + 1;
	}
	return NULL;
}

/* A backslash makes the next character an ordinary one. FALSE: too long. */
static gboolean unescape(const char *value, char *ret, gsize size)
{
	gsize n = 0;
	for (; *value; value++) {
		if (*value == '\\' && value[1])
			value++;
		if (n + 1 >= size)
			return FALSE;
		ret[n++] = *value;
	}
	ret[n] = '\0';
	return TRUE;
}

/* Where the number begins in `plain`, its end cut off; NULL: another kind's. */
static const char *cut(const struct map_kind *kind, char *plain)
{
	gsize len = strlen(plain), before = strlen(kind->prefix), after = strlen(kind->suffix);
	if (len < before + after || g_ascii_strncasecmp(plain, kind->prefix, before) != 0 ||
		g_ascii_strcasecmp(plain + len - after, kind->suffix) != 0)
		return NULL;
	plain[len - after] = '\0';
	return plain + before;
}

const char *map_value_number(
	const struct map_kind *kind, const char *value, char ret[PERSON_NUMBER_SIZE])
{
	char plain[ENTRY_VALUE_MAX + 1], number[PERSON_NUMBER_SIZE] = "";
	const char *why = NULL;
	if (!unescape(value, plain, sizeof plain))
		return "too long";
	const char *from = cut(kind, plain);
	if (from && !*from && *plain)
		why = "expected a number";
	else if (from)
		why = import_take(IMPORT_WORD, from, number, sizeof number);
	if (!why)
		memcpy(ret, number, sizeof number);
	OPENSSL_cleanse(plain, sizeof plain);
	OPENSSL_cleanse(number, sizeof number);
	return why;
}
