/* SPDX-License-Identifier: MIT
 *
 * seats.h - what stands at the desk: each attached reader, whom it serves and
 * whether a card lies on it.
 *
 * Kept from the events of the watch alone. Main thread.
 */
#ifndef KIOSK_SEATS_H
#define KIOSK_SEATS_H

#include <glib.h>

#include "kiosk/visit/contact.h"
#include "kiosk/visit/seat.h"
#include "pcsc/watch.h"

struct seat_row {
	char reader[READER_NAME_SIZE]; /* empty: the row is free */
	enum seat seat;
	gboolean card;
	struct contact contact;
};

/* Zeroed: no reader. */
struct seats {
	struct seat_row rows[READER_MAX];
};

/* NULL: no such reader. */
struct seat_row *seats_find(struct seats *seats, const char *reader);

/* Bring the rows up to `event`, and assign seats anew where readers came or went. */
void seats_take(
	struct seats *seats, const struct watch_event *event, const struct seat_rules *rules);

/* Readers with this seat, and those of them on which a card lies. */
guint seats_readers(const struct seats *seats, enum seat seat);
guint seats_cards(const struct seats *seats, enum seat seat);

/* The one reader with this seat on which a card lies; NULL: none, or several. */
const struct seat_row *seats_alone(const struct seats *seats, enum seat seat);

/* Names of all attached readers, comma separated; free it. */
char *seats_names(const struct seats *seats);

#endif
