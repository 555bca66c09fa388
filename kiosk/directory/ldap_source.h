/* SPDX-License-Identifier: MIT
 *
 * ldap_source.h - the directory as an LDAP server: OpenLDAP, Active Directory.
 *
 * libldap over a socket and TLS of our own (net/tls): libldap's GnuTLS build takes
 * certificates it should refuse and blocks in handshakes (facts 9.2). One worker thread
 * holds one connection; a worker that does not come back is abandoned.
 */
#ifndef KIOSK_DIRECTORY_LDAP_SOURCE_H
#define KIOSK_DIRECTORY_LDAP_SOURCE_H

#include "kiosk/directory/directory.h"
#include "kiosk/directory/map.h"
#include "kiosk/net/tls.h"

enum ldap_source_bind { LDAP_SOURCE_SIMPLE, LDAP_SOURCE_EXTERNAL };
enum ldap_source_tls { LDAP_SOURCE_LDAPS, LDAP_SOURCE_STARTTLS };

/* Owned by the configuration, which outlives the source. */
struct ldap_source_settings {
	char *host;   /* name or address, as the certificate has it */
	guint16 port; /* 0: 636 or 389 */
	enum ldap_source_tls tls;
	enum ldap_source_bind bind;
	char *bind_dn;       /* simple */
	char *password_file; /* simple: credential; an empty password is refused */
	char *base;
	char *filter; /* extra, ANDed: "(objectClass=person)"; NULL: none */
	struct tls_rules rules;
	struct map map;
	gint timeout_ms;
};

/* NULL with `error` where credentials cannot be read. */
struct directory *ldap_source_open(const struct ldap_source_settings *settings, GError **error);

/* For `directory check`: ask now and say what happened, in steps. Blocking; any thread. */
struct ldap_source_probe {
	gboolean connected, tls, bound, found_base;
	gboolean indexed; /* a guess by the time searches take; few accounts look indexed */
	GError *error;    /* of the first step that failed */
	gint64 took_us;
};
void ldap_source_probe(const struct ldap_source_settings *settings, struct ldap_source_probe *ret);

#endif
