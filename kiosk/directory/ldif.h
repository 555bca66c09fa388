/* SPDX-License-Identifier: MIT
 *
 * ldif.h - entries of an RFC 2849 content file, one at a time.
 *
 * Pure but for reading the stream. Every length is bounded; one entry is in
 * memory at a time. Values by URL (":<") and change records are refused.
 */
#ifndef KIOSK_DIRECTORY_LDIF_H
#define KIOSK_DIRECTORY_LDIF_H

#include <stdio.h>

#include <glib.h>

#define LDIF_ENTRY_SIZE     65536 /* bytes of one entry: names, decoded values, their NULs */
#define LDIF_LINE_SIZE      16384 /* one line after unfolding */
#define LDIF_ATTRIBUTES_MAX 256

struct ldif_attribute {
	const char *name;  /* as written, options included: "displayName;lang-ja" */
	const char *value; /* no NUL inside; UTF-8 is for the caller to check */
	guint line;
};

struct ldif {
	FILE *in;   /* borrowed */
	guint line; /* of the next byte, from 1 */
	gboolean begun;
	/* The entry read last. */
	guint entry_line; /* where it began; after LDIF_BAD the line that is bad */
	struct ldif_attribute attributes[LDIF_ATTRIBUTES_MAX];
	gsize n_attributes;
	gsize len;
	char text[LDIF_ENTRY_SIZE];
	char unfolded[LDIF_LINE_SIZE];
};

enum ldif_got { LDIF_ENTRY, LDIF_END, LDIF_BAD };

void ldif_init(struct ldif *ldif, FILE *in);

/* The next entry, its "dn" first among the attributes. With LDIF_BAD *ret_why
 * is a static text and entry_line says where. */
enum ldif_got ldif_next(struct ldif *ldif, const char **ret_why);

void ldif_wipe(struct ldif *ldif);

#endif
