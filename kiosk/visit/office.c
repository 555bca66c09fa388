/* SPDX-License-Identifier: MIT */
#include "kiosk/visit/office.h"

#include <string.h>

const struct office *office_find(const struct office_table *table, const char *code)
{
	for (size_t i = 0; i < table->n; i++)
		if (strcmp(table->offices[i].code, code) == 0)
			return &table->offices[i];
	return NULL;
}

bool office_serves(const struct office *office, unsigned role, const char *affiliation)
{
	if (!(office->roles & role))
		return false;
	for (size_t i = 0; i < office->n_faculties; i++)
		if (strcmp(office->faculties[i], affiliation) == 0)
			return true;
	return false;
}

const struct office *office_serving(
	const struct office_table *table, unsigned role, const char *affiliation)
{
	for (size_t i = 0; i < table->n; i++)
		if (office_serves(&table->offices[i], role, affiliation))
			return &table->offices[i];
	return NULL;
}

static bool closed_on(const struct office *office, int32_t date)
{
	for (size_t i = 0; i < office->n_closed; i++)
		if (office->closed[i] == date)
			return true;
	return false;
}

enum office_open office_open_at(const struct office *office, struct civil now)
{
	unsigned today = 1u << civil_weekday(now.date);
	bool opened = false, opens = false; /* a span of today is over, or still to come */

	if (closed_on(office, now.date))
		return OFFICE_CLOSED_DAY;
	for (size_t i = 0; i < office->n_hours; i++) {
		const struct office_hours *span = &office->hours[i];
		if (!(span->weekdays & today))
			continue;
		if (now.minute >= span->from && now.minute < span->to)
			return OFFICE_OPEN;
		opened |= now.minute >= span->to;
		opens |= now.minute < span->from;
	}
	if (opened)
		return opens ? OFFICE_LUNCH : OFFICE_AFTER;
	return opens ? OFFICE_BEFORE : OFFICE_CLOSED_DAY;
}
