/* SPDX-License-Identifier: MIT
 *
 * folder.h - a folder of its own for one test, and files in it.
 */
#ifndef TESTS_VISIT_FOLDER_H
#define TESTS_VISIT_FOLDER_H

#include <glib.h>
#include <glib/gstdio.h>

#include "tests/check.h"

static inline char *folder_new(void)
{
	char *dir = g_dir_make_tmp("madoguchi-config-XXXXXX", NULL);
	if (!dir)
		abort();
	return dir;
}

static inline char *folder_write(const char *dir, const char *name, const char *text)
{
	char *path = g_build_filename(dir, name, NULL);
	CHECK(g_file_set_contents(path, text, -1, NULL));
	return path;
}

/* Files only; the folder goes with them. */
static inline void folder_free(char *dir)
{
	GDir *list = g_dir_open(dir, 0, NULL);
	const char *name;
	while (list && (name = g_dir_read_name(list)) != NULL) {
		g_autofree char *path = g_build_filename(dir, name, NULL);
		g_remove(path);
	}
	if (list)
		g_dir_close(list);
	g_rmdir(dir);
	g_free(dir);
}

/* The text of a file of the source tree. */
static inline char *source_text(const char *name)
{
	g_autofree char *path = g_build_filename(SOURCE_ROOT, name, NULL);
	char *text = NULL;
	CHECK(g_file_get_contents(path, &text, NULL, NULL));
	return text ? text : g_strdup("");
}

/* `text` with its first `from` replaced, and the line where that is. */
static inline char *replaced(const char *text, const char *from, const char *to, unsigned *ret_line)
{
	const char *at = strstr(text, from);
	GString *out = g_string_new(NULL);

	CHECK(at != NULL);
	if (!at)
		return g_string_free(out, FALSE);
	*ret_line = 1;
	for (const char *p = text; p < at; p++)
		*ret_line += *p == '\n';
	g_string_append_len(out, text, at - text);
	g_string_append(out, to);
	g_string_append(out, at + strlen(from));
	return g_string_free(out, FALSE);
}

#endif
