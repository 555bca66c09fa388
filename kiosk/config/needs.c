/* SPDX-License-Identifier: MIT */
#include "kiosk/config/needs.h"

#include <string.h>

gboolean needs_check(const struct keyfile *kf, const struct need *needs, gsize n, GError **error)
{
	for (gsize i = 0; i < n; i++) {
		const struct need *need = &needs[i];
		if (need->ok)
			continue;
		g_autofree char *got = keyfile_text(kf, need->group, need->key, "", NULL);
		return keyfile_complain(kf, need->group, need->key, need->expected,
			got && *got ? got : NULL, error);
	}
	return TRUE;
}

gboolean needs_https(const char *url)
{
	return url && g_str_has_prefix(url, "https://") && url[strlen("https://")];
}

char *needs_key_place(const struct keyfile *kf, char *key)
{
	g_autofree char *own = key;
	if (!key || !*key)
		return NULL;
	return strchr(key, ':') ? g_steal_pointer(&own) : keyfile_resolve(kf, key);
}

void needs_drop_empty(char **text)
{
	if (*text && !**text)
		g_clear_pointer(text, g_free);
}

void needs_free_texts(gpointer base, const struct key_row *rows, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if (rows[i].type == ROW_STRING || rows[i].type == ROW_PATH)
			g_free(*(char **)G_STRUCT_MEMBER_P(base, rows[i].offset));
}
