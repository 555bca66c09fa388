/* SPDX-License-Identifier: MIT
 *
 * diagram.c - the visit as a Mermaid diagram, printed from the table itself.
 *
 *	diagram                  print it
 *	diagram --check README   0: its fenced diagram is the same; 1: it is not;
 *	                         77: there is none
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/visit/visit.h"

#define DIAGRAM_MAX (64 * 1024)
#define README_MAX  (1024 * 1024)
#define FENCE       "```mermaid\nstateDiagram-v2\n"
#define FENCE_END   "```"

/* Mermaid takes no hyphen in the id of a state. */
static void put_id(FILE *out, unsigned state)
{
	for (const char *p = visit_state_word(state); *p; p++)
		fputc(*p == '-' ? '_' : *p, out);
}

static void put_names(FILE *out)
{
	for (unsigned s = VISIT_CLOSED; s < VISIT_STATE_COUNT; s++) {
		if (!strchr(visit_state_word(s), '-'))
			continue;
		fprintf(out, "    state \"%s\" as ", visit_state_word(s));
		put_id(out, s);
		fputc('\n', out);
	}
}

static void put_head(FILE *out, unsigned from, unsigned to)
{
	fputs("    ", out);
	put_id(out, from);
	fputs(" --> ", out);
	put_id(out, to);
	fputs(" : ", out);
}

/* One arrow for all events that lead from `from` to `to` and do, or do not, forget the
 * person on the way. */
static void put_arrow(FILE *out, unsigned from, unsigned to, bool wipe)
{
	unsigned n = 0;

	for (unsigned e = 0; e < VISIT_EVENT_COUNT; e++) {
		const struct visit_cell *cell = visit_cell(from, e);
		bool wipes = cell->actions & VISIT_DO_WIPE;
		if (cell->next != to || wipes != wipe)
			continue;
		if (n++ == 0)
			put_head(out, from, to);
		else
			fputs(", ", out);
		fputs(visit_event_word(e), out);
	}
	if (n > 0)
		fputs(wipe ? " (wipe)\n" : "\n", out);
}

static void put_diagram(FILE *out)
{
	fputs("stateDiagram-v2\n", out);
	put_names(out);
	fputs("    [*] --> ", out);
	put_id(out, VISIT_CLOSED);
	fputc('\n', out);
	for (unsigned from = VISIT_CLOSED; from < VISIT_STATE_COUNT; from++)
		for (unsigned to = VISIT_CLOSED; to < VISIT_STATE_COUNT; to++)
			for (unsigned wipe = 0; from != to && wipe < 2; wipe++)
				put_arrow(out, from, to, wipe);
}

static char *print_diagram(void)
{
	char *text = calloc(1, DIAGRAM_MAX);
	FILE *out = text ? fmemopen(text, DIAGRAM_MAX, "w") : NULL;
	if (!out)
		abort();
	put_diagram(out);
	fclose(out);
	return text;
}

static char *read_file(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = in ? calloc(1, README_MAX) : NULL;
	if (text && fread(text, 1, README_MAX - 1, in) == 0)
		*text = '\0';
	if (in)
		fclose(in);
	return text;
}

/* 0 if the diagram in `readme` is `want`. */
static int compare(char *readme, const char *want)
{
	char *begin = readme ? strstr(readme, FENCE) : NULL;
	char *end = begin ? strstr(begin + strlen(FENCE), FENCE_END) : NULL;

	if (!end) {
		puts("skipped: the README holds no visit diagram");
		return 77;
	}
	*end = '\0';
	begin = strchr(begin, '\n') + 1;
	if (strcmp(begin, want) == 0)
		return 0;
	printf("the README's diagram is not the table's, which is:\n%s", want);
	return 1;
}

int main(int argc, char **argv)
{
	char *want = print_diagram(), *readme = NULL;
	int code = 0;

	if (argc == 3 && strcmp(argv[1], "--check") == 0) {
		readme = read_file(argv[2]);
		code = compare(readme, want);
	} else if (argc == 1) {
		fputs(want, stdout);
	} else {
		fputs("usage: diagram [--check README]\n", stderr);
		code = 2;
	}
	free(readme);
	free(want);
	return code;
}
