/* SPDX-License-Identifier: MIT
 *
 * slapd.h - a real OpenLDAP server on loopback, with people of a university in it.
 *
 * Everything it needs lies in a folder of its own; any user may run it. What cannot be
 * set up ends the test: g_error().
 */
#ifndef TESTS_LDAP_SLAPD_H
#define TESTS_LDAP_SLAPD_H

#include <gio/gio.h>

#include "kiosk/directory/ldap_source.h"

#define SLAPD_BASE    "ou=people,dc=example,dc=ac,dc=jp"
#define SLAPD_BIND_DN "cn=kiosk,ou=services,dc=example,dc=ac,dc=jp"

/* People who are always there; the others are "37-NNNNNN" and "0NNNNNN" from 500000 on. */
#define SLAPD_HANAKO   "37-246801" /* Japanese name by an attribute option; common id 3141592653 */
#define SLAPD_JIRO     "0012345"   /* staff */
#define SLAPD_TWICE    "37-222222" /* two accounts */
#define SLAPD_NOT_TEXT "37-333333" /* a card status that is not UTF-8 */
#define SLAPD_NO_ID    "37-444444" /* no common id */
/* One human with two accounts, told by employeeNumber; the other is 4000000002. A third entry
 * with it has no common id. */
#define SLAPD_SABURO  "37-555555"
#define SLAPD_CROWD   "37-666666" /* one of six accounts with one employeeNumber */
#define SLAPD_MANY    500000      /* number of the first of the many */
#define SLAPD_MANY_ID 7000000000  /* and common id */

struct slapd_options {
	guint many;         /* people besides */
	gboolean unindexed; /* every search reads everybody */
	gboolean lists;     /* the kiosk's account may list everybody, page by page */
};

struct slapd {
	char *folder;
	char *ca, *cert, *key;        /* of the kiosk */
	char *other_cert, *other_key; /* a certificate that is nobody's account */
	char *password_file, *wrong_file, *empty_file;
	guint16 port, port_tls;
	char *uris;
	GSubprocess *process; /* NULL: not running */
};

/* NULL: slapd is not installed. Returns when it answers. */
struct slapd *slapd_start(const struct slapd_options *options);

/* As a power cut does; slapd_again() starts it on the same ports with the same people. */
void slapd_kill(struct slapd *slapd);
void slapd_again(struct slapd *slapd);

struct slapd *slapd_stop(struct slapd *slapd);

/* Settings to reach it by; `ret` is filled with what `slapd` owns. */
void slapd_settings(const struct slapd *slapd, enum ldap_source_tls tls, enum ldap_source_bind bind,
	struct ldap_source_settings *ret);

/* The map those settings have. */
void slapd_map(struct map *ret);

#endif
