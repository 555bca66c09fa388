/* SPDX-License-Identifier: MIT
 *
 * ldap_worker.h - threads that connect, and may be abandoned while they do.
 *
 * Private to kiosk/directory. Connecting may take as long as it likes: libc resolving a
 * name, a security module that holds our key. One that does not come back is left to
 * itself; what it brings home later is closed.
 */
#ifndef KIOSK_DIRECTORY_LDAP_WORKER_H
#define KIOSK_DIRECTORY_LDAP_WORKER_H

#include "kiosk/directory/ldap_wire.h"

#define LDAP_WORKERS_LOST_MAX 3 /* abandoned at one time */

/* Main thread. Takes `wire`; NULL: `error`, which is taken too, says why. */
typedef void (*ldap_worker_report)(struct ldap_wire *wire, GError *error, gpointer data);

struct ldap_workers; /* opaque */

/* Main thread, all of these. */
struct ldap_workers *ldap_workers_new(
	struct ldap_plan *plan, ldap_worker_report report, gpointer data);

/* Connect until `deadline_us` (monotonic). One at a time. FALSE: as many workers as may be
 * are lost; nobody can be sent until one comes back. */
gboolean ldap_workers_connect(struct ldap_workers *workers, gint64 deadline_us);

/* Is one at it? */
gboolean ldap_workers_are_busy(const struct ldap_workers *workers);

/* Abandon the one that is at it after its deadline. Nothing is reported. */
void ldap_workers_give_up(struct ldap_workers *workers);

/* No report after this. Waits half a second for a worker to stop, not for an abandoned one. */
struct ldap_workers *ldap_workers_free(struct ldap_workers *workers);
DEFINE_CLEANUP(ldap_workers, ldap_workers_free)

#endif
