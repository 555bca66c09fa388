/* SPDX-License-Identifier: MIT
 *
 * contact.h - does the contact between card and reader flap?
 *
 * A hand that trembles, metal below the reader, a card in a thick case: the
 * card comes and goes, and each time a message of its own would only confuse.
 * Pure; one for each reader. Times are milliseconds of any clock that never
 * goes back.
 */
#ifndef KIOSK_VISIT_CONTACT_H
#define KIOSK_VISIT_CONTACT_H

#include <stdbool.h>
#include <stdint.h>

#define CONTACT_BREAKS    3    /* so many broken contacts … */
#define CONTACT_WINDOW_MS 5000 /* … within this time are flapping */

enum contact_event {
	CONTACT_IN,    /* a card came into the field */
	CONTACT_OUT,   /* it left */
	CONTACT_SHORT, /* a read failed because it left */
	CONTACT_READ,  /* a read came to its end, whatever it said: this contact held */
	CONTACT_EVENT_COUNT
};

/* Zeroed is a reader at which nothing happened yet. */
struct contact {
	bool open; /* a card lies there, and this contact was neither read nor counted */
	unsigned n;
	int64_t breaks_ms[CONTACT_BREAKS]; /* the last n, oldest first */
};

/* A contact counts as broken once, however its end was noticed. One that held makes what
 * was before it forgotten. */
void contact_take(struct contact *contact, enum contact_event event, int64_t now_ms);

bool contact_flaps(const struct contact *contact, int64_t now_ms);

#endif
