/* SPDX-License-Identifier: MIT */
#include "tests/visits/acts.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/check.h"

/* The error's text for a script of this text; NULL: it was read. */
static char *complaint(const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("XXXXXX.visit", &path, NULL);
	close(fd);
	g_file_set_contents(path, text, -1, NULL);
	struct script *script = script_load(path, acts_words(), &error);
	g_unlink(path);
	char *said = script ? NULL : g_strdup(strrchr(error->message, '/') + 1);
	script_free(script);
	return said;
}

/* Is it refused, with `what` and the line in the message? */
static void check_refused(const char *text, const char *line, const char *what)
{
	g_autofree char *said = complaint(text);
	CHECK(said != NULL);
	if (said && !(strstr(said, line) && strstr(said, what)))
		fprintf(stderr, "%s\n", said);
	CHECK(said && strstr(said, line) && strstr(said, what));
}

static void a_whole_script_is_read(void)
{
	g_autofree char *said = complaint("# About.\n\nsign-in clerk-a\ntype desk-pin \"1 2\"\n"
					  "answer usable no desk\nend receipt\n");
	CHECK(said == NULL);
}

static void an_unknown_word_is_named_with_its_line(void)
{
	check_refused("remove\ntpa student\nend check\n", ":2:", "\"tpa\"");
}

static void a_wrong_number_of_arguments_is_named(void)
{
	check_refused("tap\nend check\n", ":1:", "tap CARD");
	check_refused("tap student twice\nend check\n", ":1:", "tap CARD");
	check_refused("end\n", ":1:", "end STATE");
}

static void no_line_is_left_unread(void)
{
	check_refused("end check\nremove\n", ":2:", "after the end");
}

static void a_script_without_end_is_refused(void)
{
	check_refused("tap student\n", "", "no end");
	check_refused("", "", "no end");
}

static void open_quotes_are_named(void)
{
	check_refused("type desk-pin \"12\nend check\n", ":1:", "quotes");
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a whole script is read", a_whole_script_is_read},
		{"an unknown word is named with its line", an_unknown_word_is_named_with_its_line},
		{"a wrong number of arguments is named", a_wrong_number_of_arguments_is_named},
		{"no line is left unread", no_line_is_left_unread},
		{"a script without end is refused", a_script_without_end_is_refused},
		{"open quotes are named", open_quotes_are_named},
	};
	return CHECK_MAIN("script", cases);
}
