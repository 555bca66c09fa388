/* SPDX-License-Identifier: MIT
 *
 * fresh.h - a file that takes its name only when it is whole.
 *
 * Private to kiosk/directory. It grows beside `path` as PATH.new, ours alone, so the old
 * file stays what it is until fresh_commit(). Errors are SNAPSHOT_ERROR_FILE.
 */
#ifndef KIOSK_DIRECTORY_FRESH_H
#define KIOSK_DIRECTORY_FRESH_H

#include <glib.h>

#include "kiosk/cleanup.h"

struct fresh {
	char *path, *growing; /* the name to take; PATH.new */
	int fd;
};

/* An empty file, mode 0600, locked: a second one for the same path is refused, what a
 * killed one left behind is taken over. NULL with `error`. */
struct fresh *fresh_begin(const char *path, GError **error);

/* On the disk first, then under its name; after this it survives power loss. */
gboolean fresh_commit(struct fresh *fresh, GError **error);

/* Removes what was not committed. Accepts NULL, returns NULL. */
struct fresh *fresh_end(struct fresh *fresh);
DEFINE_CLEANUP(fresh, fresh_end)

#endif
