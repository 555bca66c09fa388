/* SPDX-License-Identifier: MIT */
#include "kiosk/visit/incident.h"

#include <string.h>

#define PHONE_DIGITS_MIN 8
#define PHONE_DIGITS_MAX 15 /* E.164 */
_Static_assert(PHONE_DIGITS_MAX + 2 <= INCIDENT_PHONE_SIZE, "digits, plus sign and NUL fit");

static bool before(struct civil a, struct civil b)
{
	return a.date != b.date ? a.date < b.date : a.minute < b.minute;
}

bool incident_in_force(const struct incident *incident, struct civil now)
{
	if (before(now, incident->from))
		return false;
	return incident->to.date == 0 || before(now, incident->to);
}

static const struct incident_text *find_text(const struct incident *incident, const char *lang)
{
	for (size_t i = 0; i < incident->n_texts; i++)
		if (strcmp(incident->texts[i].lang, lang) == 0)
			return &incident->texts[i];
	return NULL;
}

const struct incident_text *incident_text(const struct incident *incident, const char *lang)
{
	const struct incident_text *text = find_text(incident, lang);
	if (!text)
		text = find_text(incident, "en");
	if (!text && incident->n_texts > 0)
		text = &incident->texts[0];
	return text;
}

static bool is_separator(char c)
{
	return c == ' ' || c == '-';
}

bool incident_phone(const char *typed, char ret[INCIDENT_PHONE_SIZE])
{
	char out[INCIDENT_PHONE_SIZE] = "";
	size_t n = 0, digits = 0;

	for (const char *p = typed; *p; p++) {
		bool plus = *p == '+' && n == 0;
		bool digit = *p >= '0' && *p <= '9';
		if (is_separator(*p))
			continue;
		if (!plus && (!digit || digits == PHONE_DIGITS_MAX))
			goto refuse;
		out[n++] = *p;
		digits += digit;
	}
	if (digits < PHONE_DIGITS_MIN)
		goto refuse;
	memcpy(ret, out, sizeof out);
	explicit_bzero(out, sizeof out);
	return true;
refuse:
	explicit_bzero(out, sizeof out);
	return false;
}
