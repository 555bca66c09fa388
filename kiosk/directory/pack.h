/* SPDX-License-Identifier: MIT
 *
 * pack.h - the clear text inside a snapshot's boxes: little-endian numbers and
 * counted strings.
 *
 * Pure. Both cursors are bounded and stay failed once they failed, so a caller
 * checks once, at the end.
 */
#ifndef KIOSK_DIRECTORY_PACK_H
#define KIOSK_DIRECTORY_PACK_H

#include <glib.h>

#include "kiosk/directory/person.h"

/* A packed person never needs more; sizeof counts every field at its longest. */
#define PACK_PERSON_MAX (sizeof(struct person) + 128)

struct packer {
	guint8 *at, *end;
	gboolean ok;
};

struct unpacker {
	const guint8 *at, *end;
	gboolean ok;
};

void pack_u8(struct packer *p, guint8 value);
void pack_i64(struct packer *p, gint64 value);
void pack_text(struct packer *p, const char *text); /* at most 255 bytes */

/* 0 or "" after a failure. */
guint8 unpack_u8(struct unpacker *u);
gint64 unpack_i64(struct unpacker *u);
void unpack_text(struct unpacker *u, char *ret, gsize size); /* fails where it does not fit */

/* `linked` is not packed: it is a join, not a property of the account. */
void pack_person(struct packer *p, const struct person *person);

/* FALSE: not a packed person; `ret` is then untouched. Bytes after it are left to the caller. */
gboolean unpack_person(struct unpacker *u, struct person *ret);

#endif
