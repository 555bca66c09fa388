/* SPDX-License-Identifier: MIT
 *
 * wait.h - waiting for a condition with a deadline, on the main context.
 *
 * The condition is asked again whenever something was dispatched, and at least
 * every few milliseconds for what tells nobody (files, processes, pixels).
 */
#ifndef TESTS_VISITS_WAIT_H
#define TESTS_VISITS_WAIT_H

#include <glib.h>

/* TRUE: it holds. */
typedef gboolean (*wait_condition)(gpointer data);

/* FALSE: the deadline passed (or an end was asked for by a signal). */
gboolean wait_until(wait_condition holds, gpointer data, guint deadline_ms);

/* Dispatch what is ready, without waiting. */
void wait_drain(void);

/* SIGINT, SIGTERM and SIGHUP are held from now on, and end every wait. */
void wait_end_on_signals(void);
gboolean wait_ended(void);

/* In a child, before it runs another program: signals as they were. */
void wait_release_signals(void);

#endif
