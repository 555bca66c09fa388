/* SPDX-License-Identifier: MIT
 *
 * entry.h - one account as a server told it: names and values, nothing decided yet.
 *
 * Pure. LDAP entries and Graph objects both become one. Every length is bounded;
 * values are UTF-8 without control characters, or left out and counted.
 */
#ifndef KIOSK_DIRECTORY_ENTRY_H
#define KIOSK_DIRECTORY_ENTRY_H

#include <glib.h>

#include "kiosk/cleanup.h"

#define ENTRY_VALUES_MAX        128  /* in all */
#define ENTRY_VALUES_OF_ONE_MAX 64   /* of one name: long lists of groups push nothing out */
#define ENTRY_VALUE_MAX         1024 /* bytes of one */
#define ENTRY_NAME_MAX          63   /* bytes of a name, options included */

struct entry; /* opaque */

struct entry *entry_new(void);

/* Add a value as a server gave it: any bytes. FALSE: too long, too many, not text, or with
 * characters that turn the direction of writing; it is left out and the entry is marked.
 * Names are printable ASCII and compare without case, options included. A range of a long
 * list ("member;range=0-1499", Active Directory) is its name's, which is marked. */
gboolean entry_add(struct entry *entry, const char *name, const void *value, gsize len);

/* Value `i` of `name`; NULL after the last. */
const char *entry_get(const struct entry *entry, const char *name, gsize i);

/* Was something left out? */
gboolean entry_is_damaged(const struct entry *entry);

/* Was it a value of `name`, or one of which the name is not known any more? */
gboolean entry_is_damaged_at(const struct entry *entry, const char *name);

/* Wipes. */
struct entry *entry_free(struct entry *entry);
DEFINE_CLEANUP(entry, entry_free)

#endif
