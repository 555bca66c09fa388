/* SPDX-License-Identifier: MIT
 *
 * ldap_wire.h - one connection to an LDAP server: connected, encrypted, signed in.
 *
 * Private to kiosk/directory. Belongs to one thread at a time. libldap sees our socket and
 * our TLS and opens nothing itself; what it sends and receives never blocks.
 */
#ifndef KIOSK_DIRECTORY_LDAP_WIRE_H
#define KIOSK_DIRECTORY_LDAP_WIRE_H

#include <ldap.h>

#include "kiosk/directory/ldap_dial.h"
#include "kiosk/directory/ldap_plan.h"

#define LDAP_MESSAGE_MAX (256 * 1024)  /* bytes of one message; more ends the connection */
#define LDAP_ANSWER_MAX  (1024 * 1024) /* bytes of all messages of one question */

/* How far opening came. */
enum ldap_stage { LDAP_STAGE_NONE, LDAP_STAGE_CONNECTED, LDAP_STAGE_TLS, LDAP_STAGE_BOUND };

struct ldap_wire; /* opaque */

/* Blocking within `limit`, on a thread that does not take SIGPIPE. NULL with NET_ERROR.
 * *ret_stage, where not NULL, is always written. */
struct ldap_wire *ldap_wire_open(const struct ldap_plan *plan, const struct ldap_limit *limit,
	enum ldap_stage *ret_stage, GError **error);

/* A connection over `fd`, without TLS and not signed in: for what reads the protocol from
 * elsewhere. Takes `fd`. */
struct ldap_wire *ldap_wire_plain(int fd, GError **error);

/* To send operations with. */
LDAP *ldap_wire_handle(struct ldap_wire *wire);

/* To wait for POLLIN at; -1: it is broken. */
int ldap_wire_descriptor(const struct ldap_wire *wire);

/* A message of any operation that is there by now, which the caller frees with
 * ldap_msgfree(). NULL without `error`: none yet. */
LDAPMessage *ldap_wire_poll(struct ldap_wire *wire, GError **error);

/* Blocking within `limit`: the next message of operation `id`, which the caller frees with
 * ldap_msgfree(). NULL with NET_ERROR, or G_IO_ERROR_CANCELLED. */
LDAPMessage *ldap_wire_next(
	struct ldap_wire *wire, int id, const struct ldap_limit *limit, GError **error);

/* A new question: what the last one used of LDAP_ANSWER_MAX is free again. */
void ldap_wire_begin(struct ldap_wire *wire);

/* Set `error` to what libldap's code means for a person; returns FALSE. */
gboolean ldap_wire_fail(struct ldap_wire *wire, int code, GError **error);

/* Did it break, so that the same question on a new one may be answered? */
gboolean ldap_wire_is_lost(const struct ldap_wire *wire);

/* Signs off and disconnects, without waiting. Accepts NULL, returns NULL. */
struct ldap_wire *ldap_wire_close(struct ldap_wire *wire);
DEFINE_CLEANUP(ldap_wire, ldap_wire_close)

#endif
