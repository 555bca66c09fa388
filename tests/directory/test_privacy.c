/* SPDX-License-Identifier: MIT
 *
 * test_privacy.c - no byte of the data folder tells who is in the directory.
 *
 * Every value of the sample file is looked for in every file of the folder, in
 * the encodings in which cards, logs and databases write it: UTF-8, UTF-16,
 * CP932, half-width kana; while the import runs as well as after it.
 */
#include <fcntl.h>
#include <iconv.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/directory/csv.h"
#include "tests/check.h"
#include "tests/directory/world.h"

#define SAMPLE    SOURCE_ROOT "/assets/samples/directory.csv"
#define NEEDLE    64
#define LONG_FILE 400 /* times the sample, so that there is a file to look at while it grows */

struct needles {
	GPtrArray *bytes; /* of GBytes */
};

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

static void needles_make(struct needles *n)
{
	FILE *in = fopen(SAMPLE, "re");
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

/* How many needles stand in the files of the folder. */
static guint search(const struct needles *n, const struct world *w, gsize *ret_bytes)
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

static void the_search_finds_what_is_there(void)
{
	struct needles n;
	struct world w;
	gsize bytes = 0;
	needles_make(&n);
	world_make(&w);
	g_autofree char *name = world_file(&w, "clear", "xxHanako Totoxx");
	CHECK(search(&n, &w, &bytes) > 0);
	g_autofree char *number = world_file(&w, "clear", "37-246801");
	CHECK(search(&n, &w, &bytes) > 0);
	world_remove(&w);
	g_ptr_array_unref(n.bytes);
}

static void nothing_is_told_after_an_import(void)
{
	struct needles n;
	struct world w;
	gsize bytes = 0;
	needles_make(&n);
	world_make(&w);
	g_autofree char *why = world_import_file(&w, SAMPLE);
	CHECK(why == NULL);
	CHECK_INT(search(&n, &w, &bytes), 0);
	CHECK_INT(world_ask_fresh(&w, "student-number", "37-246801", NULL), DIRECTORY_ONE);
	CHECK_INT(search(&n, &w, &bytes), 0);
	CHECK(bytes > 10000);
	world_remove(&w);
	g_ptr_array_unref(n.bytes);
}

/* The sample many times over, under other common ids: long enough to be looked at. */
static char *long_file(const char *folder)
{
	g_autofree char *text = NULL;
	g_autofree char *path = g_strconcat(folder, ".csv", NULL);
	GString *out = g_string_new(NULL);
	CHECK(g_file_get_contents(SAMPLE, &text, NULL, NULL));
	const char *rows = strchr(text, '\n') + 1;
	g_string_append_len(out, text, rows - text);
	g_auto(GStrv) lines = g_strsplit(rows, "\r\n", -1);
	g_string_append(out, rows);
	for (int copy = 1; copy < LONG_FILE; copy++)
		for (int i = 0; lines[i] && lines[i][0]; i++)
			if (!strstr(lines[i], "P-0042"))
				g_string_append_printf(
					out, "%04d%s\r\n", copy, lines[i] + strlen("0000"));
	CHECK(g_file_set_contents(path, out->str, (gssize)out->len, NULL));
	g_string_free(out, TRUE);
	return g_steal_pointer(&path);
}

static void nothing_is_told_while_an_import_runs(void)
{
	struct needles n;
	struct world w;
	guint found = 0, looks = 0;
	gsize bytes = 0;
	int status = 0;
	needles_make(&n);
	world_make(&w);
	g_autofree char *source = long_file(w.path);
	pid_t pid = fork();
	if (pid == 0) {
		GError *error = NULL;
		if (snapshot_import(source, w.snapshot, w.keys, AS_OF, NULL, &error))
			_exit(0);
		fprintf(stderr, "%s\n", error->message);
		_exit(1);
	}
	while (waitpid(pid, &status, WNOHANG) == 0) {
		found += search(&n, &w, &bytes);
		looks++;
	}
	CHECK_INT(status, 0);
	CHECK_INT(found, 0);
	CHECK_INT(search(&n, &w, &bytes), 0);
	CHECK(looks > 0);
	printf(" %u looks, %" G_GSIZE_FORMAT " bytes ", looks, bytes);
	unlink(source);
	world_remove(&w);
	g_ptr_array_unref(n.bytes);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"the search finds what is there", the_search_finds_what_is_there},
		{"nothing is told after an import", nothing_is_told_after_an_import},
		{"nothing is told while an import runs", nothing_is_told_while_an_import_runs},
	};
	return CHECK_MAIN("privacy", cases);
}
