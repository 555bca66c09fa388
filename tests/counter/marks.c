/* SPDX-License-Identifier: MIT */
#include "tests/counter/marks.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (4u << 20)

/* A mark may lie across the end of a chunk: chunks overlap by the longest there is. */
#define MARK_MAX 128

#define MAPPINGS_MIN 10 /* fewer: this is no process of ours */

static const struct row {
	enum marks_kind kind;
	const char *what, *text;
} rows[] = {
	{MARKS_STUDENT, "common id", "3141592653"},
	{MARKS_STUDENT, "common id in groups", "314 159 2653"},
	{MARKS_STUDENT, "common id in groups", "314-159-2653"},
	{MARKS_STUDENT, "number on the face", "900123453141592653"},
	{MARKS_STUDENT, "student number", "37-246801"},
	{MARKS_STUDENT, "name", "東都 花子"},
	{MARKS_STUDENT, "family name", "東都"},
	{MARKS_STUDENT, "given name", "花子"},
	{MARKS_STUDENT, "name in English", "Hanako"},
	{MARKS_STUDENT, "name on the card", "ﾄｳﾄ ﾊﾅｺ"},
	{MARKS_STUDENT, "name on the card, composed", "トウト ハナコ"},
	{MARKS_PIN, "PIN", "246810"},
};

/* UTF-8 is what the text is written in; UTF-32 Pango and GTK, UTF-16 input methods keep; the
 * card has CP932. Shorter ones are met by chance: Pango keeps a set of all characters it ever
 * drew, in no order, and two of them side by side are no name. */
static const struct encoding {
	const char *name;
	gsize min;
} encodings[] = {{"UTF-8", 1}, {"UTF-32LE", 16}, {"UTF-16LE", 8}, {"CP932", 6}};

struct mark {
	const char *what, *encoding;
	char *bytes;
	gsize len;
};

struct marks {
	GArray *all; /* struct mark */
};

static void mark_clear(gpointer data)
{
	g_free(((struct mark *)data)->bytes);
}

static gboolean is_ascii_twin(const struct mark *m, const struct row *row)
{
	return m->encoding != encodings[0].name && m->len == strlen(row->text) &&
	       memcmp(m->bytes, row->text, m->len) == 0;
}

static void add(struct marks *marks, const struct row *row, const struct encoding *encoding)
{
	struct mark m = {row->what, encoding->name, NULL, 0};
	m.bytes = g_convert(row->text, -1, encoding->name, "UTF-8", NULL, &m.len, NULL);
	if (!m.bytes || m.len < encoding->min || m.len > MARK_MAX || is_ascii_twin(&m, row))
		mark_clear(&m);
	else
		g_array_append_val(marks->all, m);
}

struct marks *marks_new(guint kinds)
{
	struct marks *marks = g_new(struct marks, 1);
	marks->all = g_array_new(FALSE, FALSE, sizeof(struct mark));
	g_array_set_clear_func(marks->all, mark_clear);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		for (gsize e = 0; (rows[i].kind & kinds) && e < G_N_ELEMENTS(encodings); e++)
			add(marks, &rows[i], &encodings[e]);
	return marks;
}

struct marks *marks_free(struct marks *marks)
{
	if (!marks)
		return NULL;
	g_array_unref(marks->all);
	g_free(marks);
	return NULL;
}

guint marks_in(const struct marks *marks, const char *where, const char *data, gsize len)
{
	guint found = 0;
	for (guint i = 0; i < marks->all->len; i++) {
		const struct mark *m = &g_array_index(marks->all, struct mark, i);
		const char *at = memmem(data, len, m->bytes, m->len);
		if (!at)
			continue;
		fprintf(stderr, "%s (%s) in %s at +%zx\n", m->what, m->encoding, where,
			(gsize)(at - data));
		found++;
	}
	return found;
}

static guint in_mapping(const struct marks *marks, int mem, const char *line, guint *looked)
{
	unsigned long from, to, inode;
	char mode[5];
	guint found = 0;
	if (sscanf(line, "%lx-%lx %4s %*s %*s %lu", &from, &to, mode, &inode) != 4 ||
		mode[0] != 'r')
		return 0;
	if (inode != 0 && mode[1] != 'w')
		return 0;
	g_autofree char *chunk = g_malloc(CHUNK + MARK_MAX);
	for (unsigned long at = from; at < to; at += CHUNK) {
		ssize_t got = pread(mem, chunk, MIN(CHUNK + MARK_MAX, to - at), (off_t)at);
		g_autofree char *where = g_strdup_printf("%lx of %s", at, line);
		*looked += got > 0;
		if (got > 0)
			found += marks_in(marks, where, chunk, (gsize)got);
	}
	return found;
}

guint marks_in_memory(const struct marks *marks, GPid pid)
{
	g_autofree char *maps_path = g_strdup_printf("/proc/%d/maps", pid);
	g_autofree char *mem_path = g_strdup_printf("/proc/%d/mem", pid);
	g_autofree char *maps = NULL;
	guint found = 0, looked = 0;
	int mem = open(mem_path, O_RDONLY | O_CLOEXEC);
	if (mem >= 0 && g_file_get_contents(maps_path, &maps, NULL, NULL)) {
		g_auto(GStrv) lines = g_strsplit(maps, "\n", -1);
		for (char **line = lines; *line; line++)
			found += in_mapping(marks, mem, *line, &looked);
	}
	if (mem >= 0)
		close(mem);
	return looked >= MAPPINGS_MIN ? found : G_MAXUINT;
}

guint marks_in_folder(const struct marks *marks, const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;
	guint found = 0;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autofree char *data = NULL;
		gsize len;
		if (g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
			g_file_get_contents(path, &data, &len, NULL))
			found += marks_in(marks, path, data, len);
	}
	return dir ? found : G_MAXUINT;
}
