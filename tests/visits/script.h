/* SPDX-License-Identifier: MIT
 *
 * script.h - a visit as lines of text: one act or expectation each.
 *
 * `word argument argument …`, `#` begins a comment line, "…" keeps spaces. Every
 * line is checked against the list of words before anything is started.
 */
#ifndef TESTS_VISITS_SCRIPT_H
#define TESTS_VISITS_SCRIPT_H

#include <glib.h>

struct script_word {
	const char *word;
	guint min, max;   /* arguments */
	const char *help; /* for the list in an error */
};

struct script_line {
	guint number;     /* 1-based, of the file */
	const struct script_word *word;
	char **args; /* without the word; NULL-terminated */
	guint n_args;
};

struct script {
	char *path;
	char *about;    /* first comment line */
	GPtrArray *lines; /* struct script_line */
};

/* NULL and an error that names file and line: unreadable, unknown word, wrong number of
 * arguments, or anything after (or no) `end`. `words` ends with a NULL word and is borrowed. */
struct script *script_load(const char *path, const struct script_word *words, GError **error);

struct script *script_free(struct script *script);

#endif
