/* SPDX-License-Identifier: MIT
 *
 * cards.h - a private pcscd with virtual readers, and the hand that lays sample cards
 * on them.
 */
#ifndef TESTS_VISITS_CARDS_H
#define TESTS_VISITS_CARDS_H

#include <glib.h>

struct cards;

struct cards_at {
	const char *source, *build; /* folders of the source and of the programs */
	const char *dir;            /* short path for sockets */
	const char *log;
	const char *const *kinds; /* of the readers (vcard_reader.h); NULL-terminated */
};

/* Start pcscd and point our environment (PCSCLITE_CSOCK_NAME) at it. */
struct cards *cards_open(const struct cards_at *at, GError **error);

/* Ends pcscd. Accepts NULL; always returns NULL. */
struct cards *cards_close(struct cards *cards);

guint cards_readers(struct cards *cards);

/* Lay the sample card on a reader and wait until the reader has it. Looked for in the folders
 * cards and cards-field of tests/virtual, then in tests/visits/cards. */
gboolean cards_lay(struct cards *cards, guint reader, const char *sample, GError **error);

/* Take the card away. */
void cards_take(struct cards *cards, guint reader);

/* Number printed on the card laid last; NULL: none is. */
const char *cards_face(struct cards *cards);

#endif
