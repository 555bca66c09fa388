/* SPDX-License-Identifier: MIT
 *
 * card_thread.h - the only thread that touches PC/SC.
 *
 * Started and stopped by the main thread; reports come through a mailbox on
 * the main loop. Every read carries the visit it was asked for.
 */
#ifndef KIOSK_CARD_THREAD_H
#define KIOSK_CARD_THREAD_H

#include <glib.h>

#include "kiosk/cleanup.h"
#include "pcsc/card.h"
#include "pcsc/watch.h"

enum card_report_kind { CARD_REPORT_EVENT, CARD_REPORT_READ };

struct card_report {
	enum card_report_kind kind;
	/* EVENT */
	struct watch_event event;
	/* READ: visit, errand and reader as they were asked for */
	guint64 visit;
	guint errand;
	char reader[READER_NAME_SIZE];
	enum card_err err;
	struct card_reading reading; /* with err 0 */
	struct card_trace trace;
	gint64 took_us;
};

struct card_thread;

/* `report` is borrowed for the call and wiped after it. Main loop. */
typedef void (*card_thread_report)(const struct card_report *report, gpointer data);

/* What `job` points to and `allow` (NULL-terminated) are borrowed and outlive the thread;
 * challenge and memory are the thread's own. */
struct card_thread *card_thread_start(const struct card_job *job, const char *const *allow,
	card_thread_report report, gpointer data);

/* Ask for a read of the card in `reader`. Answered by one READ report, which gives `visit`
 * and `errand` back. */
void card_thread_read(struct card_thread *thread, const char *reader, guint64 visit, guint errand);

/* Microseconds since the thread last showed that it is alive: a call into PC/SC
 * may block without limit. */
gint64 card_thread_silent_us(struct card_thread *thread);

/* Ends and joins the thread. Accepts NULL, returns NULL. */
struct card_thread *card_thread_stop(struct card_thread *thread);

#endif
