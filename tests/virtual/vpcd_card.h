/* SPDX-License-Identifier: MIT
 *
 * vpcd_card.h - the hand at a reader of Debian's vpcd, a driver that is not ours.
 *
 * vpcd listens within the network of its pcscd; a card is one TCP connection, served by a
 * thread of its own. vpcd asks every 400 ms whether the card is still there, so a card
 * laid on or taken away is seen that much later. It has no word for "does not answer":
 * for what a silent card owes, ATR or answer, it waits as long as the card lies there.
 * A card that flaps (VCARD_FLAPS) leaves. Functions may be called from one thread at a
 * time.
 */
#ifndef TESTS_VIRTUAL_VPCD_CARD_H
#define TESTS_VIRTUAL_VPCD_CARD_H

#include <stdbool.h>
#include <sys/types.h>

#include "vcard.h"
#include "vcard_reader.h"

enum vpcd_state {
	VPCD_EMPTY,
	VPCD_WAITING, /* held out; vpcd has not looked yet */
	VPCD_ON,      /* vpcd has asked for the ATR */
	VPCD_POWERED, /* … and switched the card on */
	VPCD_LEFT,    /* the card left by itself, or vpcd hung up */
};

/* Opaque. */
struct vpcd_card;

/* For the reader of `pcscd` whose first slot listens at `port`. */
struct vpcd_card *vpcd_card_new(pid_t pcscd, unsigned port, enum reader_kind kind);

/* Take the card away. Accepts NULL; always returns NULL. */
struct vpcd_card *vpcd_card_free(struct vpcd_card *v);

/* Hold a card out (copied); one that lies there is taken away first: a quick swap.
 * False: vpcd's port cannot be reached. */
bool vpcd_card_insert(struct vpcd_card *v, const struct vcard *card);

/* Take the card away. When this returns, vpcd's end is closed. */
void vpcd_card_remove(struct vpcd_card *v);

/* Wait until the state is `state` (for ON, POWERED will do); false when `timeout_ms`
 * passed first. */
bool vpcd_card_wait(struct vpcd_card *v, enum vpcd_state state, unsigned timeout_ms);

/* APDUs that came, and those of them answered, since the hand was made. */
unsigned vpcd_card_commands(struct vpcd_card *v);
unsigned vpcd_card_answers(struct vpcd_card *v);

/* Wait until more than `before` APDUs have come; false when `timeout_ms` passed first. */
bool vpcd_card_wait_command(struct vpcd_card *v, unsigned before, unsigned timeout_ms);

/* vpcd 3.3 sends length and body apart, and the second waits for the acknowledgement of
 * the first, which TCP delays by 40 ms. The hand acknowledges at once unless told not to. */
void vpcd_card_set_quick(struct vpcd_card *v, bool quick);

#endif
