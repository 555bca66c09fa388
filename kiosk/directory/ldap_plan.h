/* SPDX-License-Identifier: MIT
 *
 * ldap_plan.h - what a worker must know of a server: a copy that outlives whoever asked.
 *
 * Private to kiosk/directory. Immutable after it was made, so any thread may read it.
 */
#ifndef KIOSK_DIRECTORY_LDAP_PLAN_H
#define KIOSK_DIRECTORY_LDAP_PLAN_H

#include "kiosk/directory/ldap_source.h"

#define LDAP_PASSWORD_SIZE 512 /* with its NUL */

struct ldap_plan {
	char *host;
	guint16 port;
	enum ldap_source_tls tls;
	enum ldap_source_bind bind;
	char *bind_dn, *password_file;
	char *base, *filter;
	struct tls_rules rules; /* strings of its own */
	char **attributes;      /* to ask for */
};

/* NULL with NET_ERROR_CREDENTIAL where settings or credentials cannot do. */
struct ldap_plan *ldap_plan_new(const struct ldap_source_settings *settings, GError **error);
struct ldap_plan *ldap_plan_ref(struct ldap_plan *plan);

/* Drops one reference. Accepts NULL, returns NULL. */
struct ldap_plan *ldap_plan_free(struct ldap_plan *plan);
DEFINE_CLEANUP(ldap_plan, ldap_plan_free)

/* The password, from its file each time: it may have been changed, and lies nowhere else.
 * One line end after it is not part of it; an empty one is refused, because servers take it
 * for a bind without a name (RFC 4513 5.1.2). The caller wipes `ret`. */
gboolean ldap_plan_password(
	const struct ldap_plan *plan, char ret[LDAP_PASSWORD_SIZE], GError **error);

#endif
