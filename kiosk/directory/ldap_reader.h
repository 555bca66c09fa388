/* SPDX-License-Identifier: MIT
 *
 * ldap_reader.h - everybody an LDAP server knows, page by page (RFC 2696), as records of an
 * import.
 *
 * For an administrator's machine: blocking, and each page has LDAP_READER_PAGE_S. What the
 * attribute map cannot read as a person is left out and counted: a desk then finds nobody,
 * and never somebody else. Whatever ends the list early is a fault, so that half of a
 * university is never taken for the whole.
 */
#ifndef KIOSK_DIRECTORY_LDAP_READER_H
#define KIOSK_DIRECTORY_LDAP_READER_H

#include "kiosk/directory/import.h"
#include "kiosk/directory/ldap_source.h"

#define LDAP_READER_PAGE   250 /* entries; their messages stay below LDAP_ANSWER_MAX */
#define LDAP_READER_PAGE_S 30

/* Connects and signs in. `settings` is borrowed for the call and its map until the reader is
 * freed; `now_date` (YYYYMMDD) judges whether accounts have expired. NULL with NET_ERROR. */
struct import_reader *ldap_reader_open(
	const struct ldap_source_settings *settings, gint32 now_date, GError **error);

/* How many entries were left out; *ret_why: of the last, "attribute: expected …", borrowed,
 * or NULL. */
guint ldap_reader_left_out(const struct import_reader *reader, const char **ret_why);

#endif
