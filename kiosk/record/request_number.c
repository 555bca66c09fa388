/* SPDX-License-Identifier: MIT
 *
 * request_number.c - see request_number.h.
 */
#include "kiosk/record/request_number.h"

#include <string.h>

#define DESK_MAX      12
#define DATE_DIGITS   8
#define SEQUENCE_MIN  4
#define SEQUENCE_LONG 7

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static int value_of(char c)
{
	const char *at = c ? strchr(alphabet, c) : NULL;
	return at ? (int)(at - alphabet) : -1;
}

/* ISO 7064 pure system, modulus 37, radix 2; `sum` goes on from character to character. */
static int take(int sum, char c)
{
	return c == '-' ? sum : (sum + value_of(c)) * 2 % 37;
}

/* Value of the check character for the first `len` characters: sum + check = 1 (mod 37). */
static int check_value(const char *text, gsize len)
{
	int sum = 0;
	for (gsize i = 0; i < len; i++)
		sum = take(sum, text[i]);
	return (38 - sum) % 37;
}

static gsize span(const char *text, const char *set)
{
	return strspn(text, set);
}

gboolean request_desk_valid(const char *desk)
{
	gsize n = desk ? span(desk, alphabet) : 0;
	return n >= 1 && n <= DESK_MAX && desk[n] == '\0';
}

gboolean request_number_make(
	const char *desk, gint32 date, gint64 sequence, char ret[REQUEST_NUMBER_SIZE])
{
	if (!request_desk_valid(desk) || date < 10000101 || date > 99991231 || sequence < 1 ||
		sequence > REQUEST_SEQUENCE_MAX)
		return FALSE;
	char text[REQUEST_NUMBER_SIZE];
	int n = g_snprintf(
		text, sizeof text, "%s-%d-%0*" G_GINT64_FORMAT, desk, date, SEQUENCE_MIN, sequence);
	int check = check_value(text, (gsize)n);
	if (check >= (int)sizeof alphabet - 1)
		return FALSE;
	text[n] = alphabet[check];
	text[n + 1] = '\0';
	g_strlcpy(ret, text, REQUEST_NUMBER_SIZE);
	return TRUE;
}

/* Length of "<desk>-<yyyymmdd>-<sequence>", or 0 if the text has another form. */
static gsize form(const char *number)
{
	static const char digits[] = "0123456789";
	gsize desk = span(number, alphabet);
	if (desk < 1 || desk > DESK_MAX || number[desk] != '-')
		return 0;
	const char *date = number + desk + 1;
	if (span(date, digits) != DATE_DIGITS || date[DATE_DIGITS] != '-')
		return 0;
	const char *sequence = date + DATE_DIGITS + 1;
	gsize rest = strnlen(sequence, SEQUENCE_LONG + 2);
	if (rest < SEQUENCE_MIN + 1 || rest > SEQUENCE_LONG + 1 ||
		span(sequence, digits) < rest - 1)
		return 0;
	return desk + DATE_DIGITS + 2 + rest - 1;
}

gboolean request_number_valid(const char *number)
{
	gsize n = number ? form(number) : 0;
	return n > 0 && value_of(number[n]) == check_value(number, n);
}
