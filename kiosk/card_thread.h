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
	guint cards, readers; /* in the field and attached, after the event */
	/* READ */
	guint64 visit;
	enum card_err err;
	struct card_reading reading; /* with err 0 */
	struct card_trace trace;
	gint64 took_us;
};

struct card_thread;

/* `report` is borrowed for the call and wiped after it. Main loop. */
typedef void (*card_thread_report)(const struct card_report *report, gpointer data);

/* `layouts` and `allow` (NULL-terminated) are borrowed and outlive the thread. */
struct card_thread *card_thread_start(const struct card_layout *layouts, gsize n_layouts,
	const char *const *allow, card_thread_report report, gpointer data);

/* Ask for a read of the card in `reader`. Answered by one READ report. */
void card_thread_read(struct card_thread *thread, const char *reader, guint64 visit);

/* Microseconds since the thread last showed that it is alive: a call into PC/SC
 * may block without limit. */
gint64 card_thread_silent_us(struct card_thread *thread);

/* Ends and joins the thread. Accepts NULL, returns NULL. */
struct card_thread *card_thread_stop(struct card_thread *thread);

#endif
