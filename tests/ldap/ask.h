/* SPDX-License-Identifier: MIT
 *
 * ask.h - look-ups of tests: on the main loop, with a deadline, and timed.
 */
#ifndef TESTS_LDAP_ASK_H
#define TESTS_LDAP_ASK_H

#include "kiosk/directory/ldap_source.h"

/* The main loop stood still for longer than this: no screen may notice a look-up. */
#define ASK_STILL_MS 200

struct asked {
	enum directory_answer answer;
	struct person person;
	gint64 took_ms;
	gint64 still_ms; /* the longest the main loop did nothing */
};

/* g_error() if no answer comes within ten seconds. */
struct asked ask(struct directory *dir, const char *kind, const char *value);

/* The same with a source made for it alone; *ret_word (may be NULL): the word of what was
 * wrong, "" if nothing, in static storage. */
struct asked ask_fresh(const struct ldap_source_settings *settings, const char *kind,
	const char *value, const char **ret_word);

/* What directory_ready() says is wrong; "" if nothing. */
const char *ask_fault(struct directory *dir);

/* Let the main loop turn until `when`, ten seconds at most. FALSE: it did not come. */
gboolean ask_until(gboolean (*when)(gpointer data), gpointer data);

#endif
