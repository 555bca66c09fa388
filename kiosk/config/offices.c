/* SPDX-License-Identifier: MIT */
#include "kiosk/config/offices.h"

#include <string.h>

#include "kiosk/config/moments.h"
#include "kiosk/config/rows.h"
#include "kiosk/directory/person.h"

#define CODE_CHARS    G_CSET_a_2_z G_CSET_DIGITS "-"
#define FACULTY_CHARS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-"

static const char *parse_roles(char *const *items, gpointer field)
{
	unsigned roles = 0;

	for (; *items; items++) {
		if (strcmp(*items, "student") == 0)
			roles |= ROLE_STUDENT;
		else if (strcmp(*items, "staff") == 0)
			roles |= ROLE_STAFF;
		else
			return *items;
	}
	*(unsigned *)field = roles;
	return roles ? NULL : "";
}

static const char *parse_faculties(char *const *items, gpointer base)
{
	struct office *office = base;

	for (; *items; items++) {
		if (strlen(*items) >= OFFICE_CODE_SIZE ||
			strspn(*items, FACULTY_CHARS) != strlen(*items) ||
			office->n_faculties == OFFICE_FACULTIES_MAX)
			return *items;
		g_strlcpy(office->faculties[office->n_faculties++], *items, OFFICE_CODE_SIZE);
	}
	return office->n_faculties > 0 ? NULL : "";
}

static const char *parse_hours(char *const *items, gpointer base)
{
	struct office *office = base;

	for (; *items; items++) {
		if (office->n_hours == OFFICE_HOURS_MAX ||
			!moment_hours(*items, &office->hours[office->n_hours]))
			return *items;
		office->n_hours++;
	}
	return office->n_hours > 0 ? NULL : "";
}

static const char *parse_closed(char *const *items, gpointer base)
{
	struct office *office = base;

	for (; *items; items++) {
		if (office->n_closed == OFFICE_CLOSED_MAX ||
			!moment_date(*items, &office->closed[office->n_closed]))
			return *items;
		office->n_closed++;
	}
	return NULL;
}

static const char *parse_documents(char *const *items, gpointer base)
{
	struct office *office = base;

	for (; *items; items++) {
		if (office->n_documents == OFFICE_DOCUMENTS_MAX ||
			strlen(*items) >= OFFICE_CODE_SIZE ||
			strspn(*items, CODE_CHARS) != strlen(*items))
			return *items;
		g_strlcpy(office->documents[office->n_documents++], *items, OFFICE_CODE_SIZE);
	}
	return NULL;
}

#define AT(member) G_STRUCT_OFFSET(struct office, member)
#define LINE(word, member, otherwise)                                                              \
	{                                                                                          \
		NULL, word, ROW_LINE, AT(member), 0, OFFICE_TEXT_SIZE - 1, otherwise               \
	}

static const struct key_row rows[] = {
	{NULL, "name-ja", ROW_LINE, AT(name_ja), 1, OFFICE_TEXT_SIZE - 1, NULL},
	{NULL, "name-en", ROW_LINE, AT(name_en), 1, OFFICE_TEXT_SIZE - 1, NULL},
	LINE("place-ja", place_ja, ""),
	LINE("place-en", place_en, ""),
	{NULL, "roles", ROW_ITEMS, AT(roles), 0, 0, NULL, "'student', 'staff' or both", NULL,
		parse_roles},
	{NULL, "faculties", ROW_ITEMS, 0, 0, 0, NULL,
		"1 to 16 affiliation codes of the directory, such as '03;37'", NULL,
		parse_faculties},
	{NULL, "hours", ROW_ITEMS, 0, 0, 0, NULL,
		"1 to 4 spans such as 'mon-fri 9:00-12:30;mon-fri 13:30-17:00'", NULL, parse_hours},
	{NULL, "closed", ROW_ITEMS, 0, 0, 0, "", "at most 64 dates such as '2026-12-29'", NULL,
		parse_closed},
	{NULL, "documents", ROW_ITEMS, 0, 0, 0, "", "at most 16 document codes of [a-z0-9-]", NULL,
		parse_documents},
};

static gboolean parse_office(
	const struct keyfile *kf, const char *group, struct office *office, GError **error)
{
	if (strlen(group) >= OFFICE_CODE_SIZE || strspn(group, CODE_CHARS) != strlen(group))
		return keyfile_complain(
			kf, group, NULL, "an office code of [a-z0-9-], at most 23", group, error);
	g_strlcpy(office->code, group, sizeof office->code);
	office->own_documents = keyfile_has(kf, group, "documents");
	return rows_check_keys(kf, group, rows, G_N_ELEMENTS(rows), NULL, error) &&
	       rows_fill(kf, group, rows, G_N_ELEMENTS(rows), office, error);
}

gboolean offices_parse(const struct keyfile *kf, struct office_table *ret, GError **error)
{
	const char *const *groups = keyfile_groups(kf);
	gsize n = keyfile_n_groups(kf);

	if (n < 1 || n > OFFICE_MAX)
		return keyfile_complain(kf, NULL, NULL, "1 to 256 offices", NULL, error);
	g_autofree struct office *offices = g_new0(struct office, n);
	for (gsize i = 0; i < n; i++)
		if (!parse_office(kf, groups[i], &offices[i], error))
			return FALSE;
	ret->offices = g_steal_pointer(&offices);
	ret->n = n;
	return TRUE;
}

void offices_clear(struct office_table *table)
{
	g_clear_pointer(&table->offices, g_free);
	table->n = 0;
}
