/* SPDX-License-Identifier: MIT
 *
 * contract.h - what every intake keeps (kiosk/intake/intake.h), as one suite run on each.
 *
 * The far end is a real one, or a stand-in that speaks its protocol. Keys, numbers and holders
 * are new in each test, so that one far end serves all of them.
 */
#ifndef TESTS_INTAKE_CONTRACT_H
#define TESTS_INTAKE_CONTRACT_H

#include "kiosk/intake/intake.h"

/* How a test gets at the far end. What is NULL cannot be brought about there: the promise is
 * then said to be left out. */
struct contract {
	const char *name;
	gpointer rig;
	/* A desk's client of it; each is another connection. */
	struct intake *(*open)(gpointer rig);
	/* How many requests it has under this key, and how many live ones of this holder. */
	guint (*count)(gpointer rig, const char *key);
	guint (*live)(gpointer rig, const char *holder);
	/* Staff at the far end went on to that; `at` seconds since 1970. */
	void (*report)(gpointer rig, const char *key, enum intake_progress progress, gint64 at,
		const char *reason);
	void (*away)(gpointer rig, gboolean away); /* nobody listens any more, or again */
	/* Writes are done, and nothing said, until further notice. */
	void (*lose_answers)(gpointer rig, gboolean on);
	void (*cut_body)(gpointer rig);              /* the next is lost half-way */
	void (*garble)(gpointer rig);                /* the next answer makes no sense */
	void (*put_off)(gpointer rig, gint seconds); /* the next is put off with Retry-After */
	gboolean has_reasons;                        /* `reason` and `at` are reported */
};

/* Runs all of it; the program's exit status. */
int contract_main(const struct contract *contract);

/* --- for the tests of one intake beside the suite --- */

/* A request as a desk sends it. Clear with contract_request_clear(). */
struct contract_request {
	char number[INTAKE_NUMBER_SIZE], key[INTAKE_KEY_SIZE], holder[INTAKE_TAG_SIZE];
	GBytes *envelope;
	struct intake_item item; /* of the above */
};
/* `holder` NULL: a new one. `text` stands in the payload. */
void contract_request_make(struct contract_request *ret, const char *holder, const char *text);
void contract_request_clear(struct contract_request *request);

/* What an intake said, waited for on the main loop; texts copied. */
struct contract_heard {
	guint times;
	struct intake_result result; /* `error` is NULL */
	GQuark domain;               /* of the error; 0: none */
	gint code;
	char message[256];
};
void contract_done(struct intake *intake, const struct intake_result *result, gpointer heard);

struct contract_heard contract_check(struct intake *intake);
struct contract_heard contract_submit(
	struct intake *intake, const struct contract_request *request, guint tries);
struct contract_heard contract_look_up(struct intake *intake, const char *key, const char *id);
struct contract_heard contract_live_of(struct intake *intake, const char *holder);
struct contract_heard contract_cancel(struct intake *intake, const char *key, const char *id);

/* Turn the main loop until `*times` is at least `n`; 20 s at most. */
gboolean contract_wait(const guint *times, guint n);

#endif
