/* SPDX-License-Identifier: MIT */
#include "kiosk/config/moments.h"

#include <string.h>

#define TEXT_MAX 47 /* longest form: all seven days by name and two times */

/* One to `max` digits at *p, which moves past them. */
static bool take_number(const char **p, size_t min, size_t max, int32_t *ret)
{
	int32_t value = 0;
	size_t n = 0;

	while (n < max && (*p)[n] >= '0' && (*p)[n] <= '9')
		value = value * 10 + ((*p)[n++] - '0');
	if (n < min)
		return false;
	*p += n;
	*ret = value;
	return true;
}

static bool take_char(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

static bool take_date(const char **p, int32_t *ret)
{
	int32_t year, month, day;

	if (!take_number(p, 4, 4, &year) || !take_char(p, '-') || !take_number(p, 2, 2, &month) ||
		!take_char(p, '-') || !take_number(p, 2, 2, &day))
		return false;
	*ret = year * 10000 + month * 100 + day;
	return civil_valid_date(*ret);
}

static bool take_minute(const char **p, int32_t last, int16_t *ret)
{
	int32_t hour, minute;

	if (!take_number(p, 1, 2, &hour) || !take_char(p, ':') || !take_number(p, 2, 2, &minute))
		return false;
	*ret = (int16_t)(hour * 60 + minute);
	return minute < 60 && *ret <= last;
}

bool moment_date(const char *text, int32_t *ret)
{
	const char *p = text;
	int32_t date;

	if (!take_date(&p, &date) || *p)
		return false;
	*ret = date;
	return true;
}

bool moment_civil(const char *text, struct civil *ret)
{
	const char *p = text;
	struct civil at;

	if (!take_date(&p, &at.date) || !take_char(&p, ' '))
		return false;
	while (*p == ' ')
		p++;
	if (!take_minute(&p, 1439, &at.minute) || *p)
		return false;
	*ret = at;
	return true;
}

static bool take_weekday(const char **p, unsigned *ret)
{
	static const char names[7][4] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

	for (unsigned day = 0; day < 7; day++) {
		if (strncmp(*p, names[day], 3) == 0) {
			*p += 3;
			*ret = day;
			return true;
		}
	}
	return false;
}

/* "fri-mon" goes over the week's end. */
static bool take_weekdays(const char **p, uint8_t *ret)
{
	unsigned first, last;
	uint8_t days = 0;

	do {
		if (!take_weekday(p, &first))
			return false;
		last = first;
		if (take_char(p, '-') && !take_weekday(p, &last))
			return false;
		for (unsigned day = first;; day = (day + 1) % 7) {
			days |= (uint8_t)(1u << day);
			if (day == last)
				break;
		}
	} while (take_char(p, ','));
	*ret = days;
	return true;
}

bool moment_hours(const char *text, struct office_hours *ret)
{
	const char *p = text;
	struct office_hours hours;

	if (strlen(text) > TEXT_MAX || !take_weekdays(&p, &hours.weekdays) || !take_char(&p, ' '))
		return false;
	while (*p == ' ')
		p++;
	if (!take_minute(&p, 1439, &hours.from) || !take_char(&p, '-') ||
		!take_minute(&p, 1440, &hours.to) || *p || hours.from >= hours.to)
		return false;
	*ret = hours;
	return true;
}
