/* SPDX-License-Identifier: MIT
 *
 * key_file.h - read a secret of known length from a file that is ours alone.
 */
#ifndef KIOSK_RECORD_KEY_FILE_H
#define KIOSK_RECORD_KEY_FILE_H

#include <glib.h>

/* Where `name` lies in $CREDENTIALS_DIRECTORY; NULL if it does not. The caller frees. */
char *key_file_credential(const char *name);

/* Read exactly `len` bytes from `path`. A file of our own must belong to this process's
 * user, mode 0600, and be no link; a `credential` is systemd's to guard. Errors are of
 * KEYRING_ERROR; `ret` is wiped with any of them. */
gboolean key_file_read(
	const char *path, gboolean credential, guint8 *ret, gsize len, GError **error);

/* Set `error` to what errno `cause` means for a key at `path`; returns FALSE. */
gboolean key_file_fail(const char *path, int cause, GError **error);

#endif
