/* SPDX-License-Identifier: MIT
 *
 * handoff.h - the far end is a clerk's hand: the request waits in the desk's
 * list until it was entered into the university's menu.
 *
 * Main thread. The record is the far end: what was filed is there already, so nothing is
 * submitted, looked up or cancelled here (requests.h, outbox.h).
 */
#ifndef KIOSK_INTAKE_HANDOFF_H
#define KIOSK_INTAKE_HANDOFF_H

#include "kiosk/intake/intake.h"
#include "kiosk/record/store.h"

/* `store` is borrowed and outlives the intake. */
struct intake *handoff_new(struct store *store);

#endif
