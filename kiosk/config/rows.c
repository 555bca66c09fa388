/* SPDX-License-Identifier: MIT */
#include "kiosk/config/rows.h"

#include <stdbool.h>
#include <string.h>

static char *expected_of(const struct key_row *row)
{
	const long long min = row->min, max = row->max;

	if (row->expected)
		return g_strdup(row->expected);
	switch (row->type) {
	case ROW_INT:
		return g_strdup_printf("a whole number from %lld to %lld", min, max);
	case ROW_BOOL:
		return g_strdup("'true' or 'false'");
	case ROW_PATH:
		return g_strdup("a path");
	case ROW_STRING:
	case ROW_LINE:
		return g_strdup_printf("one line of %lld to %lld bytes", min, max);
	case ROW_TEXT:
		return g_strdup_printf("text of %lld to %lld bytes", min, max);
	case ROW_ITEM:
	case ROW_ITEMS:
		break;
	}
	return g_strdup("a value");
}

static gboolean has_control(const char *text, gboolean breaks)
{
	for (; *text; text++)
		if (g_ascii_iscntrl(*text) && !(breaks && *text == '\n'))
			return TRUE;
	return FALSE;
}

static gboolean bounded(const struct key_row *row, const char *text)
{
	gint64 len = (gint64)strlen(text);
	return len >= row->min && len <= row->max && !has_control(text, row->type == ROW_TEXT) &&
	       (!row->chars || strspn(text, row->chars) == (gsize)len);
}

static void replace(gpointer field, char *text)
{
	char **to = field;
	g_free(*to);
	*to = text;
}

static gboolean store_int(const struct key_row *row, const char *text, gpointer field)
{
	gint64 value;
	if (!g_ascii_string_to_signed(text, 10, row->min, row->max, &value, NULL))
		return FALSE;
	*(gint *)field = (gint)value;
	return TRUE;
}

static gboolean store_bool(const char *text, gpointer field)
{
	gboolean yes = strcmp(text, "true") == 0;
	if (!yes && strcmp(text, "false") != 0)
		return FALSE;
	*(bool *)field = yes;
	return TRUE;
}

static gboolean store_path(
	const struct keyfile *kf, const struct key_row *row, const char *text, gpointer field)
{
	if (has_control(text, FALSE) || strlen(text) >= 4096)
		return FALSE;
	replace(field, *text ? keyfile_resolve(kf, text) : NULL);
	return TRUE;
}

static gboolean store_text(const struct key_row *row, const char *text, gpointer field)
{
	if (!bounded(row, text))
		return FALSE;
	if (row->type == ROW_STRING)
		replace(field, g_strdup(text));
	else
		g_strlcpy(field, text, (gsize)row->max + 1);
	return TRUE;
}

/* NULL, or what is to blame. */
static const char *store(
	const struct keyfile *kf, const struct key_row *row, char *text, gpointer field)
{
	char *items[] = {*text ? text : NULL, NULL};

	switch (row->type) {
	case ROW_INT:
		return store_int(row, text, field) ? NULL : text;
	case ROW_BOOL:
		return store_bool(text, field) ? NULL : text;
	case ROW_PATH:
		return store_path(kf, row, text, field) ? NULL : text;
	case ROW_STRING:
	case ROW_LINE:
	case ROW_TEXT:
		return store_text(row, text, field) ? NULL : text;
	case ROW_ITEM:
		return row->parse(items, field);
	case ROW_ITEMS:
		break;
	}
	return text;
}

static gboolean complain(const struct keyfile *kf, const char *group, const struct key_row *row,
	const char *got, GError **error)
{
	g_autofree char *expected = expected_of(row);
	return keyfile_complain(kf, group, row->key, expected, got, error);
}

static gboolean fill_items(const struct keyfile *kf, const char *group, const struct key_row *row,
	gpointer field, GError **error)
{
	g_auto(GStrv) items = keyfile_items(kf, group, row->key, row->fallback, error);
	if (!items)
		return FALSE;
	const char *blame = row->parse(items, field);
	return !blame || complain(kf, group, row, *blame ? blame : NULL, error);
}

static gboolean fill_one(const struct keyfile *kf, const char *group, const struct key_row *row,
	gpointer base, GError **error)
{
	gpointer field = (char *)base + row->offset;

	if (!row->fallback && !keyfile_has(kf, group, row->key))
		return complain(kf, group, row, NULL, error);
	if (row->type == ROW_ITEMS)
		return fill_items(kf, group, row, field, error);
	g_autofree char *text = keyfile_text(kf, group, row->key, row->fallback, error);
	if (!text)
		return FALSE;
	const char *blame = store(kf, row, text, field);
	return !blame || complain(kf, group, row, *blame ? blame : NULL, error);
}

static gboolean row_of(const struct key_row *row, const char *group)
{
	return !row->group || strcmp(row->group, group) == 0;
}

gboolean rows_fill(const struct keyfile *kf, const char *group, const struct key_row *rows, gsize n,
	gpointer base, GError **error)
{
	for (gsize i = 0; i < n; i++)
		if (row_of(&rows[i], group) && !fill_one(kf, group, &rows[i], base, error))
			return FALSE;
	return TRUE;
}

gboolean rows_check_keys(const struct keyfile *kf, const char *group, const struct key_row *rows,
	gsize n, const char *prefix, GError **error)
{
	g_auto(GStrv) keys = keyfile_keys(kf, group);
	g_autoptr(GPtrArray) known = g_ptr_array_new();

	for (gsize i = 0; i < n; i++)
		if (row_of(&rows[i], group))
			g_ptr_array_add(known, (gpointer)rows[i].key);
	g_ptr_array_add(known, NULL);
	for (char **key = keys; *key; key++) {
		if (prefix && g_str_has_prefix(*key, prefix))
			continue;
		if (!g_strv_contains((const char *const *)known->pdata, *key))
			return keyfile_complain_word(
				kf, group, *key, (const char *const *)known->pdata, *key, error);
	}
	return TRUE;
}

gboolean rows_check_groups(const struct keyfile *kf, const char *const *known, GError **error)
{
	for (const char *const *group = keyfile_groups(kf); *group; group++)
		if (!g_strv_contains(known, *group))
			return keyfile_complain_word(kf, *group, NULL, known, *group, error);
	return TRUE;
}
