/* SPDX-License-Identifier: MIT
 *
 * rig_hand.h - a rig, with both hands: the fields themselves, the door itself.
 *
 * For what an ordinary visitor does not do on purpose: cards slid over each
 * other, an APDU that is held, a pcscd that does not answer.
 */
#ifndef TESTS_COUNTER_RIG_HAND_H
#define TESTS_COUNTER_RIG_HAND_H

#include "tests/counter/rig.h"
#include "tests/virtual/field.h"

/* Borrowed. */
struct field *rig_field(struct rig *rig, unsigned n);
GDBusConnection *rig_door(struct rig *rig);

/* The sample card `name`, to be changed and held out with field_insert(); ends with
 * vcard_free(). */
struct vcard *rig_card(const char *name);

void rig_take_at(struct rig *rig, unsigned n);

/* The card at reader `n` answers nothing until it is let go; set before it is laid down.
 * Whoever holds lets go before the reader's patience ends (READER_ANSWER_MS). */
struct rig_hold;
struct rig_hold *rig_hold(struct rig *rig, unsigned n);
void rig_let_go(struct rig_hold *hold); /* every answer from now on comes at once */
struct rig_hold *rig_hold_free(struct rig_hold *hold);

/* Another peer at the door, as madoguchictl is one; the caller unrefs. */
GDBusConnection *rig_peer(struct rig *rig);

/* pcscd stands still: it is there, and answers nothing. */
void rig_freeze_pcscd(struct rig *rig, gboolean frozen);

/* Wait until the service has ended by itself; its status as waitpid() gives it, or -1. */
int rig_wait_end(struct rig *rig, unsigned ms);

/* How often `part` stands in the service's log. */
unsigned rig_log_count(const struct rig *rig, const char *part);

/* Wait until it stands there `n` times. */
gboolean rig_wait_log(struct rig *rig, const char *part, unsigned n);

/* Let so much time pass, where the promise is about time. */
void rig_pass(unsigned ms);

#endif
