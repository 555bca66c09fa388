/* SPDX-License-Identifier: MIT
 *
 * test_house.c - the plan of the house, kept: who may include what, headers that
 * compile alone, sizes, and the names in the root.
 */
#include <gio/gio.h>

#include "tests/check.h"

#define FUNCTION_LINES_MAX 60
#define FILE_LINES_MAX     600

static const char *root(void)
{
	return g_getenv("SOURCE_ROOT");
}

/* Run a line of shell; the caller frees what it printed. */
static char *run_shell(const char *command, int *ret_status)
{
	const char *shell[] = {"sh", "-c", command, NULL};
	char *out = NULL;
	g_spawn_sync(NULL, (char **)shell, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL,
		ret_status, NULL);
	return out;
}

/* Files that git knows or would take. */
static char **list_files(const char *patterns)
{
	int status = -1;
	g_autofree char *command =
		g_strdup_printf("git -C '%s' ls-files --cached --others --exclude-standard -- %s",
			root(), patterns);
	g_autofree char *out = run_shell(command, &status);
	CHECK_INT(status, 0);
	return g_strsplit(g_strchomp(out), "\n", -1);
}

static char *read_file(const char *path)
{
	g_autofree char *full = g_build_filename(root(), path, NULL);
	char *text = NULL;
	g_file_get_contents(full, &text, NULL, NULL);
	return text;
}

/* No line of the files matches `forbidden`. `except` is the one file that may. */
static void check_includes(const char *patterns, const char *forbidden, const char *except)
{
	g_autoptr(GRegex) regex = g_regex_new(forbidden, G_REGEX_MULTILINE, 0, NULL);
	g_auto(GStrv) files = list_files(patterns);
	CHECK(files[0] != NULL);
	for (char **file = files; *file; file++) {
		g_autoptr(GMatchInfo) match = NULL;
		g_autofree char *text = read_file(*file);
		if (!text || g_strcmp0(*file, except) == 0)
			continue;
		if (g_regex_match(regex, text, 0, &match)) {
			g_autofree char *line = g_match_info_fetch(match, 0);
			fprintf(stderr, "%s: %s\n", *file, line);
			CHECK(!"an include in the wrong room");
		}
	}
}

static void pcsc_sees_no_glib_and_only_one_file_sees_winscard(void)
{
	check_includes("'pcsc/*.[ch]'",
		"^#include "
		"[<\"](glib|gio|gtk|curl|sqlite|ldap|pthread|threads|syslog|kiosk/|ui/).*$",
		NULL);
	check_includes("'pcsc/*.[ch]' 'kiosk/*.[ch]' 'ui/*.[ch]'",
		"^#include [<\"](PCSC/)?(winscard|wintypes|pcsclite)\\.h.*$",
		"pcsc/transport_pcsc.c");
}

static void one_file_of_pcsc_sees_cryptography(void)
{
	check_includes("'pcsc/*.[ch]'", "^#include [<\"]openssl/.*$", "pcsc/mac.c");
}

static void kiosk_knows_no_screen(void)
{
	check_includes("'kiosk/*.[ch]'", "^#include [<\"](gtk|gdk|cairo|pango|atk|ui/).*$", NULL);
}

static void ui_knows_no_reader_no_network_no_keys_no_database(void)
{
	check_includes("'ui/*.[ch]'",
		"^#include "
		"[<\"](PCSC|winscard|curl|openssl|sqlite3|ldap|pcsc/|kiosk/(?!zero_free)).*$",
		NULL);
}

static void the_rules_of_a_visit_see_nothing_but_c(void)
{
	check_includes("'kiosk/visit/*.[ch]'",
		"^#include <(glib|gio|stdio|time|unistd|fcntl|sys/|openssl|sqlite).*$", NULL);
}

static void the_root_holds_seven_names_and_dot_files(void)
{
	static const char *const names[] = {
		"kiosk", "pcsc", "ui", "assets", "tests", "meson.build", "README.md", NULL};
	g_auto(GStrv) files = list_files("'*' '.*'");
	for (char **file = files; *file; file++) {
		g_auto(GStrv) parts = g_strsplit(*file, "/", 2);
		if (parts[0] && parts[0][0] != '.' && !g_strv_contains(names, parts[0])) {
			fprintf(stderr, "%s\n", *file);
			CHECK(!"a name that does not belong in the root");
		}
	}
}

/* What a header of this folder may find: its room's dependencies and nothing else. */
static const char *packages_of(const char *path)
{
	static const struct {
		const char *prefix, *packages;
	} rows[] = {
		{"pcsc/", ""},
		{"kiosk/visit/", ""},
		{"kiosk/", "gio-unix-2.0"},
		{"ui/", "gtk+-3.0"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_str_has_prefix(path, rows[i].prefix))
			return rows[i].packages;
	return "gtk+-3.0";
}

static void every_header_compiles_alone(void)
{
	g_auto(GStrv) files = list_files("'pcsc/*.h' 'kiosk/*.h' 'ui/*.h'");
	for (char **file = files; *file; file++) {
		const char *packages = packages_of(*file);
		g_autofree char *flags =
			*packages ? g_strdup_printf("$(pkg-config --cflags %s)", packages)
				  : g_strdup("");
		g_autofree char *command = g_strdup_printf(
			"cd '%s' && ${CC:-cc} -std=gnu11 -fsyntax-only -Wall -Werror "
			"-I. -I'%s' %s -x c '%s'",
			root(), g_getenv("DOOR_INCLUDE"), flags, *file);
		int status = -1;
		g_autofree char *out = run_shell(command, &status);
		if (status != 0)
			fprintf(stderr, "%s\n", *file);
		CHECK_INT(status, 0);
	}
}

static guint count_lines(const char *text)
{
	guint n = 0;
	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void no_file_is_longer_than_its_limit(void)
{
	g_auto(GStrv) files = list_files("'*.c' '*.h'");
	for (char **file = files; *file; file++) {
		g_autofree char *text = read_file(*file);
		if (!text || count_lines(text) <= FILE_LINES_MAX)
			continue;
		fprintf(stderr, "%s has %u lines\n", *file, count_lines(text));
		CHECK(!"a file too long");
	}
}

/* The formatter decides the form: a function begins at a line that starts with neither
 * blank nor brace and ends with '{' alone, and ends with '}' alone. */
static void check_functions(const char *path, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint begin = 0;
	for (guint i = 0; lines[i]; i++) {
		if (g_str_equal(lines[i], "{"))
			begin = i;
		if (!g_str_equal(lines[i], "}") || begin == 0)
			continue;
		if (i - begin + 1 > FUNCTION_LINES_MAX) {
			fprintf(stderr, "%s:%u: %u lines\n", path, begin, i - begin + 1);
			CHECK(!"a function too long");
		}
		begin = 0;
	}
}

static void no_function_is_longer_than_its_limit(void)
{
	g_auto(GStrv) files = list_files("'*.c'");
	for (char **file = files; *file; file++) {
		g_autofree char *text = read_file(*file);
		if (text)
			check_functions(*file, text);
	}
}

static void every_problem_has_its_remedy_in_readme(void)
{
	g_autoptr(GRegex) regex = g_regex_new("\"(P-[0-9]+)\"", 0, 0, NULL);
	g_autofree char *list = read_file("kiosk/visit/problem.h");
	g_autofree char *readme = read_file("README.md");
	g_autoptr(GMatchInfo) match = NULL;
	guint found = 0;
	CHECK(list != NULL && readme != NULL);
	for (g_regex_match(regex, list, 0, &match); g_match_info_matches(match);
		g_match_info_next(match, NULL)) {
		g_autofree char *id = g_match_info_fetch(match, 1);
		g_autofree char *row = g_strdup_printf("\n| %s | ", id);
		if (!strstr(readme, row))
			fprintf(stderr, "%s has no row\n", id);
		CHECK(strstr(readme, row) != NULL);
		found++;
	}
	CHECK(found > 30);
}

static void japanese_text_stands_in_catalogues_and_data_only(void)
{
	check_includes("'pcsc/*.c' 'kiosk/*.c' 'ui/*.c'",
		"^.*\"[^\"\n]*[\\x{3040}-\\x{30ff}\\x{4e00}-\\x{9fff}][^\"\n]*\".*$", NULL);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"pcsc sees no GLib, and one file alone sees winscard",
			pcsc_sees_no_glib_and_only_one_file_sees_winscard},
		{"one file of pcsc sees cryptography", one_file_of_pcsc_sees_cryptography},
		{"kiosk knows no screen", kiosk_knows_no_screen},
		{"ui knows no reader, network, key or database",
			ui_knows_no_reader_no_network_no_keys_no_database},
		{"the rules of a visit see nothing but C", the_rules_of_a_visit_see_nothing_but_c},
		{"the root holds seven names and dot-files",
			the_root_holds_seven_names_and_dot_files},
		{"every header compiles alone", every_header_compiles_alone},
		{"no file is longer than its limit", no_file_is_longer_than_its_limit},
		{"no function is longer than its limit", no_function_is_longer_than_its_limit},
		{"every problem has its remedy in README", every_problem_has_its_remedy_in_readme},
		{"Japanese text stands in catalogues and data only",
			japanese_text_stands_in_catalogues_and_data_only},
	};
	return CHECK_MAIN("house", cases);
}
