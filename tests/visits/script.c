/* SPDX-License-Identifier: MIT */
#include "tests/visits/script.h"

#include <gio/gio.h>

static void line_free(gpointer data)
{
	struct script_line *line = data;
	g_strfreev(line->args);
	g_free(line);
}

static const struct script_word *find_word(const struct script_word *words, const char *word)
{
	for (; words->word; words++)
		if (g_str_equal(words->word, word))
			return words;
	return NULL;
}

static gboolean fault(const char *path, guint number, const char *what, GError **error)
{
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s:%u: %s", path, number, what);
	return FALSE;
}

static gboolean add_line(struct script *script, guint number, const char *text,
	const struct script_word *words, GError **error)
{
	int n = 0;
	g_auto(GStrv) parts = NULL;
	if (!g_shell_parse_argv(text, &n, &parts, NULL))
		return fault(script->path, number, "quotes do not match", error);
	const struct script_word *word = find_word(words, parts[0]);
	if (!word) {
		g_autofree char *what = g_strdup_printf("unknown word \"%s\"", parts[0]);
		return fault(script->path, number, what, error);
	}
	guint args = (guint)n - 1;
	if (args < word->min || args > word->max) {
		g_autofree char *what = g_strdup_printf("expected: %s %s", word->word, word->help);
		return fault(script->path, number, what, error);
	}
	struct script_line *line = g_new0(struct script_line, 1);
	line->number = number;
	line->word = word;
	line->args = g_strdupv(parts + 1);
	line->n_args = args;
	g_ptr_array_add(script->lines, line);
	return TRUE;
}

static gboolean is_end(const struct script *script)
{
	if (script->lines->len == 0)
		return FALSE;
	const struct script_line *last = script->lines->pdata[script->lines->len - 1];
	return g_str_equal(last->word->word, "end");
}

static gboolean read_lines(
	struct script *script, char **texts, const struct script_word *words, GError **error)
{
	for (guint i = 0; texts[i]; i++) {
		const char *text = g_strstrip(texts[i]);
		if (*text == '#' && !script->about)
			script->about = g_strdup(g_strstrip(texts[i] + 1));
		if (*text == '#' || *text == '\0')
			continue;
		if (is_end(script))
			return fault(script->path, i + 1, "stands after the end", error);
		if (!add_line(script, i + 1, text, words, error))
			return FALSE;
	}
	return is_end(script) || fault(script->path, g_strv_length(texts), "no end", error);
}

struct script *script_load(const char *path, const struct script_word *words, GError **error)
{
	g_autofree char *text = NULL;
	if (!g_file_get_contents(path, &text, NULL, error))
		return NULL;
	g_auto(GStrv) texts = g_strsplit(text, "\n", -1);
	struct script *script = g_new0(struct script, 1);
	script->path = g_strdup(path);
	script->lines = g_ptr_array_new_with_free_func(line_free);
	if (!read_lines(script, texts, words, error))
		return script_free(script);
	return script;
}

struct script *script_free(struct script *script)
{
	if (!script)
		return NULL;
	g_free(script->path);
	g_free(script->about);
	g_ptr_array_unref(script->lines);
	g_free(script);
	return NULL;
}
