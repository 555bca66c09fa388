/* SPDX-License-Identifier: MIT
 *
 * report.h - what a visit was like, as the one JSON object that is printed last.
 */
#ifndef TESTS_VISITS_REPORT_H
#define TESTS_VISITS_REPORT_H

#include <glib.h>

struct view;

struct report {
	char *visit;
	char *state;      /* last seen */
	char *end;        /* last state in which the visit held the person */
	char *request;    /* its number, once seen */
	char *problem;    /* the problem it met; else the last mishap */
	GPtrArray *verdicts; /* words, each once, in the order they came */
	GPtrArray *stages;   /* struct stage_time, in the order they came */
	gint64 began_us, cause_us; /* of the visit; of what was done last */
};

struct report *report_new(const char *visit);
struct report *report_free(struct report *r);

/* Something was done: what follows is measured from here. */
void report_cause(struct report *r);

/* Look at the counter's views: state, problem, verdicts, request. */
void report_look(struct report *r, struct view *view);

/* Both windows show the state seen last: its time ends here. */
void report_shown(struct report *r);

/* One line; without its newline. */
char *report_json(struct report *r);

#endif
