/* SPDX-License-Identifier: MIT */
#include "tests/visits/setting.h"

#include <gio/gio.h>
#include <string.h>

#include "pcsc/mac.h"
#include "tests/visits/folder.h"
#include "tests/virtual/keyed.h"

#define READERS "readers"
#define LAYOUTS "layouts"

/* The next line of that word from `*i` on; NULL: none. */
static const struct script_line *next(const struct script *script, const char *word, guint *i)
{
	while (*i < script->lines->len) {
		const struct script_line *line = script->lines->pdata[(*i)++];
		if (g_str_equal(line->word->word, word))
			return line;
	}
	return NULL;
}

char **setting_readers(const struct script *script)
{
	guint i = 0;
	const struct script_line *line = next(script, READERS, &i);
	static const char *const otherwise[] = {"session", NULL};
	return g_strdupv(line ? line->args : (char **)otherwise);
}

/* Files of the folder assets, one after the other. */
static gboolean write_layouts(const struct script_line *line, const struct setting_at *at,
	const char *path, GError **error)
{
	g_autoptr(GString) all = g_string_new(NULL);
	for (guint i = 0; i < line->n_args; i++) {
		g_autofree char *from = g_build_filename(at->source, "assets", line->args[i], NULL);
		g_autofree char *text = NULL;
		if (!g_file_get_contents(from, &text, NULL, error))
			return FALSE;
		g_string_append(all, text);
	}
	return g_file_set_contents(path, all->str, (gssize)all->len, error);
}

static gboolean write_key(
	const struct script_line *line, const struct setting_at *at, GError **error)
{
	g_autofree char *folder = g_build_filename(at->data, "keys", NULL);
	g_autofree char *file = g_strconcat(line->args[0], ".key", NULL);
	g_autofree char *path = g_build_filename(folder, file, NULL);
	uint8_t key[MAC_MASTER_SIZE];
	size_t len = 0;
	if (!keyed_unhex(line->args[1], key, sizeof key, &len) || len != sizeof key) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no key of %zu bytes: %s",
			sizeof key, line->args[1]);
		return FALSE;
	}
	return (g_file_test(folder, G_FILE_TEST_IS_DIR) || folder_make(folder, error)) &&
	       g_file_set_contents_full(
		       path, (const char *)key, (gssize)len, G_FILE_SET_CONTENTS_NONE, 0600, error);
}

gboolean setting_write(const struct script *script, const struct setting_at *at, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *layouts = g_build_filename(at->dir, "layouts.conf", NULL);
	const struct script_line *line;
	g_key_file_set_string(file, "counter", "socket", at->socket);
	for (guint i = 0; (line = next(script, "config", &i));)
		g_key_file_set_string(file, line->args[0], line->args[1], line->args[2]);
	for (guint i = 0; (line = next(script, LAYOUTS, &i));) {
		if (!write_layouts(line, at, layouts, error))
			return FALSE;
		g_key_file_set_string(file, "files", "layouts", layouts);
	}
	for (guint i = 0; (line = next(script, "card-key", &i));)
		if (!write_key(line, at, error))
			return FALSE;
	return g_key_file_save_to_file(file, at->config, error);
}
