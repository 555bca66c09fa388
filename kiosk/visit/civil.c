/* SPDX-License-Identifier: MIT */
#include "kiosk/visit/civil.h"

#define YEAR_FIRST 1900
#define YEAR_LAST  9998 /* so that the month after a valid date is valid */

static bool leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
	static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return month == 2 && leap(year) ? 29 : days[month - 1];
}

bool civil_valid_date(int32_t date)
{
	int year = date / 10000, month = date / 100 % 100, day = date % 100;
	return year >= YEAR_FIRST && year <= YEAR_LAST && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days_in(year, month);
}

/* Sakamoto: the table holds the shift of each month when years begin in March. */
int civil_weekday(int32_t date)
{
	static const int8_t shift[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
	int year = date / 10000, month = date / 100 % 100, day = date % 100;

	if (month < 1 || month > 12)
		return 0;
	if (month < 3)
		year--;
	return (year + year / 4 - year / 100 + year / 400 + shift[month - 1] + day) % 7;
}

int32_t civil_next_month(int32_t date)
{
	int32_t year = date / 10000, month = date / 100 % 100;
	if (month >= 12)
		return (year + 1) * 10000 + 101;
	return year * 10000 + (month + 1) * 100 + 1;
}
