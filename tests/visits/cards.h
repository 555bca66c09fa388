/* SPDX-License-Identifier: MIT
 *
 * cards.h - a private pcscd with one virtual reader, and the hand that lays sample cards
 * on it.
 */
#ifndef TESTS_VISITS_CARDS_H
#define TESTS_VISITS_CARDS_H

#include <glib.h>

struct cards;

struct cards_at {
	const char *source, *build; /* folders of the source and of the programs */
	const char *dir;            /* short path for sockets */
	const char *log;
};

/* Start pcscd and point our environment (PCSCLITE_CSOCK_NAME) at it. */
struct cards *cards_open(const struct cards_at *at, GError **error);

/* Ends pcscd. Accepts NULL; always returns NULL. */
struct cards *cards_close(struct cards *cards);

/* Lay the sample card on the reader and wait until the reader has it. */
gboolean cards_lay(struct cards *cards, const char *sample, GError **error);

/* Take the card away. */
void cards_take(struct cards *cards);

/* Number printed on the card laid last; NULL: none is. */
const char *cards_face(struct cards *cards);

#endif
