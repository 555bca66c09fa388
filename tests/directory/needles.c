/* SPDX-License-Identifier: MIT */
#include "tests/directory/needles.h"

#include <string.h>

#include "kiosk/directory/csv.h"
#include "tests/check.h"

#define NEEDLES_SAMPLE SOURCE_ROOT "/assets/samples/directory.csv"

/* Half-width kana as the sample cards carry them, which the directory does not. */
static const char *const card_names[] = {"ﾄｳﾄ ﾊﾅｺ", "ｶﾜﾍﾞ ｻﾌﾞﾛｳ", "ﾓﾘ ｼｷ", "ｺﾄﾜﾘ ｻﾂｷ", "ｳｴﾉ ﾛｸﾛｳ",
	"ﾘﾖｳｺﾞｸ ﾅﾅﾐ", "ｿﾂﾀﾞ ﾔｴ", "ﾏﾄﾞｸﾞﾁ ｲﾁｴ", "ﾏﾄﾞｸﾞﾁ ﾌﾀﾊﾞ", "ANDERSSON-LINDQV"};

static void add_encoded(struct needles *n, const char *text, const char *encoding)
{
	gsize len = 0;
	char *bytes = g_convert(text, -1, encoding, "UTF-8", NULL, &len, NULL);
	/* Shorter ones turn up in random bytes by chance. */
	if (bytes && len >= 5)
		g_ptr_array_add(n->bytes, g_bytes_new(bytes, len));
	g_free(bytes);
}

static void add_needle(struct needles *n, const char *text)
{
	static const char *const encodings[] = {"UTF-8", "UTF-16LE", "UTF-16BE", "CP932", "EUC-JP"};
	for (gsize i = 0; i < G_N_ELEMENTS(encodings); i++)
		add_encoded(n, text, encodings[i]);
}

/* Names whole and in their parts, common ids, numbers, person keys. */
static void add_row(struct needles *n, const struct csv *csv)
{
	static const int columns[] = {0, 1, 2, 6, 8};
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
		const char *text = csv->fields[columns[i]];
		g_auto(GStrv) parts = g_strsplit(text, " ", -1);
		add_needle(n, text);
		for (gsize j = 0; parts[j] && parts[1]; j++)
			add_needle(n, parts[j]);
	}
}

void needles_make(struct needles *n)
{
	FILE *in = fopen(NEEDLES_SAMPLE, "re");
	struct csv *csv = g_new(struct csv, 1);
	const char *why = NULL;
	n->bytes = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	csv_init(csv, in);
	while (csv_next(csv, &why) == CSV_ROW)
		add_row(n, csv);
	for (gsize i = 0; i < G_N_ELEMENTS(card_names); i++)
		add_needle(n, card_names[i]);
	/* The header's own words stand in no sample person. */
	CHECK(n->bytes->len > 300);
	g_free(csv);
	fclose(in);
}

static guint found_in(const struct needles *n, const char *data, gsize len)
{
	guint found = 0;
	for (guint i = 0; i < n->bytes->len; i++) {
		gsize size;
		gconstpointer bytes = g_bytes_get_data(g_ptr_array_index(n->bytes, i), &size);
		found += memmem(data, len, bytes, size) != NULL;
	}
	return found;
}

guint needles_search(const struct needles *n, const struct world *w, gsize *ret_bytes)
{
	g_autoptr(GDir) dir = g_dir_open(w->path, 0, NULL);
	const char *name;
	guint found = 0;
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(w->path, name, NULL);
		g_autofree char *data = NULL;
		gsize len = 0;
		if (!g_file_get_contents(path, &data, &len, NULL))
			continue;
		guint here = found_in(n, data, len);
		if (here > 0)
			fprintf(stderr, "%s holds %u of the needles\n", name, here);
		found += here;
		*ret_bytes += len;
	}
	return found;
}

void needles_clear(struct needles *n)
{
	g_ptr_array_unref(n->bytes);
}

guint needles_search_open(const struct needles *n, pid_t pid, gsize *ret_bytes)
{
	g_autofree char *folder = g_strdup_printf("/proc/%d/fd", (int)pid);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;
	guint found = 0;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autofree char *target = g_file_read_link(path, NULL);
		g_autofree char *data = NULL;
		gsize len = 0;
		/* What has a name is looked at by its name; pipes would not end. */
		if (!target || *target != '/' || !g_str_has_suffix(target, " (deleted)") ||
			!g_file_get_contents(path, &data, &len, NULL))
			continue;
		found += found_in(n, data, len);
		*ret_bytes += len;
	}
	return found;
}
