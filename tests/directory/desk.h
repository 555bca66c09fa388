/* SPDX-License-Identifier: MIT
 *
 * desk.h - a data folder and the real madoguchictl (and madoguchid) on it.
 */
#ifndef TESTS_DIRECTORY_DESK_H
#define TESTS_DIRECTORY_DESK_H

#include <gio/gio.h>

#define SAMPLE_CSV SOURCE_ROOT "/assets/samples/directory.csv"

struct desk {
	char *path; /* the data folder */
	GSubprocess *service;
	/* Of the last call. */
	int status;
	char *out, *err;
};

void desk_make(struct desk *d);        /* an empty folder */
void desk_furnish(struct desk *d);     /* with key and sample directory */
void desk_remove(struct desk *d);      /* ends the service too */
void desk_start(struct desk *d);       /* madoguchid; returns when its socket answers */
char *desk_file(const struct desk *d, const char *name);

/* Run madoguchictl with these words, NULL at the end, `input` (may be NULL) on standard
 * input. Returns the exit status. desk_ctl() adds --data. */
int desk_run(struct desk *d, const char *input, ...) G_GNUC_NULL_TERMINATED;
int desk_ctl(struct desk *d, const char *input, ...) G_GNUC_NULL_TERMINATED;

/* Any program. */
int desk_spawn(struct desk *d, const char *input, const char *const *argv);

/* One clerk of the sample world, by its own PIN. */
int desk_add_clerk(struct desk *d, const char *pin);

#endif
