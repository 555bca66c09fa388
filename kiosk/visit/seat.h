/* SPDX-License-Identifier: MIT
 *
 * seat.h - which of the attached readers serves whom.
 *
 * Pure.
 */
#ifndef KIOSK_VISIT_SEAT_H
#define KIOSK_VISIT_SEAT_H

#include <stddef.h>

enum seat {
	SEAT_NONE,  /* serves nobody */
	SEAT_CLERK, /* clerks' cards only */
	SEAT_ALL,   /* holders' cards, and clerks' too: a desk may have one reader */
};

/* Names or beginnings of names. */
struct seat_rules {
	const char *const *preferred; /* NULL-terminated, in order; NULL: none */
	const char *holder;           /* NULL or "": any reader is the holder's */
};

/* The seat of each of the `n` readers attached (and allowed), into `ret` of n.
 *
 * The holder's reader serves all, the others clerks. Of these others only the first
 * preferred one serves; where there is no holder's reader by name, of all of them. A
 * beginning that fits several readers means the preferred one, else the first by name,
 * so that the order of plugging in decides nothing. A holder's reader that is named and
 * missing leaves none with SEAT_ALL. */
void seat_assign(
	const struct seat_rules *rules, const char *const *names, size_t n, enum seat *ret);

#endif
