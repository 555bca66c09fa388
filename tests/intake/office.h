/* SPDX-License-Identifier: MIT
 *
 * office.h - a far end that speaks the JSON interface, on the loopback, over mutual TLS.
 *
 * Every request that comes and every answer it gives of its own must be one that
 * assets/api/intake-v1.openapi.json describes.
 */
#ifndef TESTS_INTAKE_OFFICE_H
#define TESTS_INTAKE_OFFICE_H

#include "kiosk/intake/https.h"
#include "tests/net/web.h"

struct office; /* opaque */

struct office *office_start(void);
/* TRUE: something was not as described, and has been said; the test has failed. */
gboolean office_stop(struct office *office);

/* Settings of a desk that it knows; owned by the office. */
const struct https_settings *office_settings(const struct office *office);
/* Likewise of a desk whose certificate is another's. */
const struct https_settings *office_stranger(const struct office *office);

/* How many requests it has under this key; how many live ones of this holder; all of them. */
guint office_count(struct office *office, const char *key);
guint office_live(struct office *office, const char *holder);
guint office_size(struct office *office);

/* Staff went on to that. */
void office_report(
	struct office *office, const char *key, const char *state, gint64 at, const char *reason);

void office_away(struct office *office, gboolean away);

enum office_fault {
	OFFICE_NO_FAULT,
	OFFICE_LOSE_ANSWER, /* do it, and close without a word */
	OFFICE_DROP,        /* do nothing, and close */
	OFFICE_SILENT,      /* do nothing, say nothing, stay */
	OFFICE_CUT_BODY,    /* read half of the body, and close */
	OFFICE_GARBLE,      /* do nothing, say what makes no sense */
	OFFICE_SAY,         /* do nothing, say what office_say() was told */
	OFFICE_FAULT_COUNT
};
/* Of the next request that comes; LOSE_ANSWER of each that writes, until another is set. */
void office_fault(struct office *office, enum office_fault fault);
/* The next request is answered so, unchecked. Texts are copied; NULL: none. */
void office_say(
	struct office *office, int status, const char *headers, const char *type, const char *body);

/* Requests that came so far. */
guint office_requests(struct office *office);

#endif
