/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/entry.h"

#include <openssl/crypto.h>
#include <string.h>

#define DAMAGED_MAX 16 /* names remembered as damaged; beyond that any may be */

struct value {
	char name[ENTRY_NAME_MAX + 1];
	char *text;
};

struct entry {
	struct value values[ENTRY_VALUES_MAX];
	gsize n;
	char damaged[DAMAGED_MAX][ENTRY_NAME_MAX + 1];
	gsize n_damaged;
	gboolean damaged_anywhere;
};

struct entry *entry_new(void)
{
	return g_new0(struct entry, 1);
}

static gboolean turns_writing(gunichar c)
{
	return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2066 && c <= 0x2069);
}

static gboolean is_text(const char *text, gsize len)
{
	if (!g_utf8_validate_len(text, len, NULL))
		return FALSE;
	for (const char *p = text; p < text + len; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029 || turns_writing(c))
			return FALSE;
	}
	return TRUE;
}

/* FALSE: no name an attribute can have. *ret_range: only a part of its values is here. */
static gboolean take_name(const char *name, char ret[ENTRY_NAME_MAX + 1], gboolean *ret_range)
{
	gsize len = strnlen(name, ENTRY_NAME_MAX + 1);
	if (len == 0 || len > ENTRY_NAME_MAX)
		return FALSE;
	for (gsize i = 0; i < len; i++)
		if (!g_ascii_isgraph(name[i]))
			return FALSE;
	memcpy(ret, name, len + 1);
	*ret_range = FALSE;
	for (char *option = strchr(ret, ';'); option && !*ret_range;
		option = strchr(option + 1, ';')) {
		*ret_range = g_ascii_strncasecmp(option, ";range=", strlen(";range=")) == 0;
		if (*ret_range)
			*option = '\0';
	}
	return *ret != '\0';
}

static gsize count_of(const struct entry *entry, const char *name)
{
	gsize n = 0;
	for (gsize i = 0; i < entry->n; i++)
		n += g_ascii_strcasecmp(entry->values[i].name, name) == 0;
	return n;
}

static gboolean known_damaged(const struct entry *entry, const char *name)
{
	for (gsize i = 0; i < entry->n_damaged; i++)
		if (g_ascii_strcasecmp(entry->damaged[i], name) == 0)
			return TRUE;
	return FALSE;
}

static void mark(struct entry *entry, const char *name)
{
	if (known_damaged(entry, name))
		return;
	if (entry->n_damaged == DAMAGED_MAX)
		entry->damaged_anywhere = TRUE;
	else
		g_strlcpy(entry->damaged[entry->n_damaged++], name, ENTRY_NAME_MAX + 1);
}

gboolean entry_add(struct entry *entry, const char *name, const void *value, gsize len)
{
	char clean[ENTRY_NAME_MAX + 1];
	gboolean range;

	/* What no attribute can be called is none that is asked for. */
	if (!take_name(name, clean, &range)) {
		mark(entry, "");
		return FALSE;
	}
	if (range)
		mark(entry, clean);
	if (len > ENTRY_VALUE_MAX || entry->n == ENTRY_VALUES_MAX ||
		count_of(entry, clean) == ENTRY_VALUES_OF_ONE_MAX || (len > 0 && !value) ||
		!is_text(value ? value : "", len)) {
		mark(entry, clean);
		return FALSE;
	}
	struct value *to = &entry->values[entry->n++];
	memcpy(to->name, clean, sizeof clean);
	to->text = g_strndup(value ? value : "", len);
	return TRUE;
}

const char *entry_get(const struct entry *entry, const char *name, gsize i)
{
	for (gsize v = 0; v < entry->n; v++)
		if (g_ascii_strcasecmp(entry->values[v].name, name) == 0 && i-- == 0)
			return entry->values[v].text;
	return NULL;
}

gboolean entry_is_damaged(const struct entry *entry)
{
	return entry->n_damaged > 0;
}

gboolean entry_is_damaged_at(const struct entry *entry, const char *name)
{
	return entry->damaged_anywhere || known_damaged(entry, name);
}

struct entry *entry_free(struct entry *entry)
{
	if (!entry)
		return NULL;
	for (gsize i = 0; i < entry->n; i++) {
		OPENSSL_cleanse(entry->values[i].text, strlen(entry->values[i].text));
		g_free(entry->values[i].text);
	}
	OPENSSL_cleanse(entry, sizeof *entry);
	g_free(entry);
	return NULL;
}
