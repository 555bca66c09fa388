/* SPDX-License-Identifier: MIT
 *
 * marks.h - what the sample student and the sample clerks are known by, and the search for
 * it in files and in the memory of a process.
 *
 * Each mark is looked for in every encoding a program of ours may keep it in. What is found
 * is said on stderr, with its place.
 */
#ifndef TESTS_COUNTER_MARKS_H
#define TESTS_COUNTER_MARKS_H

#include <glib.h>

enum marks_kind {
	MARKS_STUDENT = 1 << 0, /* id, number, names as directory, card and screens write them */
	MARKS_PIN = 1 << 1,     /* of clerk A */
};

struct marks;

/* `kinds`: of enum marks_kind. */
struct marks *marks_new(guint kinds);

/* Accepts NULL; always returns NULL. */
struct marks *marks_free(struct marks *marks);

/* How many different marks stand in `data`. `where`: for the message. */
guint marks_in(const struct marks *marks, const char *where, const char *data, gsize len);

/* In every mapping of the process that can be read, but for a file's own bytes (code, fonts),
 * which nobody can write to: what a core dump would hold. Needs the right to trace it. G_MAXUINT: its memory could not be read. */
guint marks_in_memory(const struct marks *marks, GPid pid);

/* In the regular files of the folder, not of those below. */
guint marks_in_folder(const struct marks *marks, const char *folder);

#endif
