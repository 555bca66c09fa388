/* SPDX-License-Identifier: MIT
 *
 * ldap_worker.h - the thread that asks the server, and may be abandoned while it does.
 *
 * Private to kiosk/directory. One worker has the connection and takes orders one after the
 * other. One that does not come back (libc resolving a name, a security module) is left
 * to itself and the next order gets a new one.
 */
#ifndef KIOSK_DIRECTORY_LDAP_WORKER_H
#define KIOSK_DIRECTORY_LDAP_WORKER_H

#include "kiosk/directory/ldap_plan.h"

#define LDAP_WORKERS_LOST_MAX 3 /* abandoned at one time */

struct ldap_reply {
	guint64 id;
	enum directory_answer answer; /* of an order without filter: ONE, the base was read */
	struct entry *entry;          /* with ONE */
	GError *error;                /* with DOWN */
};

/* Main thread. `reply` is wiped and freed after the call; its entry may be stolen. */
typedef void (*ldap_worker_report)(struct ldap_reply *reply, gpointer data);

struct ldap_workers; /* opaque */

/* Main thread, all of these. */
struct ldap_workers *ldap_workers_new(
	struct ldap_plan *plan, ldap_worker_report report, gpointer data);

/* Ask by `filter` (NULL: only read the base) until `deadline_us` (monotonic). FALSE: as many
 * workers as may be are lost; nobody can be asked until one comes back. */
gboolean ldap_workers_ask(
	struct ldap_workers *workers, guint64 id, const char *filter, gint64 deadline_us);

/* No answer is wanted any more; a worker that is at it stops. */
void ldap_workers_cancel(struct ldap_workers *workers, guint64 id);

/* As above, after the deadline: a worker that is still at it is abandoned. */
void ldap_workers_give_up(struct ldap_workers *workers, guint64 id);

/* How many are abandoned and have not come back? */
guint ldap_workers_lost(struct ldap_workers *workers);

/* No report after this. Waits for a worker to sign off, but not for an abandoned one. */
struct ldap_workers *ldap_workers_free(struct ldap_workers *workers);
DEFINE_CLEANUP(ldap_workers, ldap_workers_free)

#endif
