/* SPDX-License-Identifier: MIT
 *
 * keyring.h - the desk's master key and the keys derived from it.
 *
 * The master key is 32 random bytes in a file (mode 0600, owner = this
 * process) or a systemd credential. Nothing else derives keys.
 */
#ifndef KIOSK_RECORD_KEYRING_H
#define KIOSK_RECORD_KEYRING_H

#include <glib.h>

#include "kiosk/cleanup.h"

#define KEY_SIZE 32

#define KEYRING_ERROR (keyring_error_quark())
GQuark keyring_error_quark(void);
enum keyring_error {
	KEYRING_ERROR_MISSING, /* no such file or credential */
	KEYRING_ERROR_MODE,    /* readable by others, or not ours */
	KEYRING_ERROR_FORM,    /* not 32 bytes */
	KEYRING_ERROR_IO,
};

struct keyring;

/* Open the master key at `path`. With $CREDENTIALS_DIRECTORY/madoguchi.key
 * present, that is taken and `path` is not looked at. */
struct keyring *keyring_open(const char *path, GError **error);

/* The key that all desks share; likewise with $CREDENTIALS_DIRECTORY/fleet.key. MISSING: this
 * desk stands alone. */
struct keyring *keyring_open_fleet(const char *path, GError **error);

/* Make a new master key at `path`; refuses to overwrite. */
gboolean keyring_create(const char *path, GError **error);

/* HKDF-SHA256 of the master key with `purpose` as info: always the same 32 bytes. */
void keyring_derive(const struct keyring *keys, const char *purpose, guint8 ret[KEY_SIZE]);

/* Wipes. Accepts NULL, returns NULL. */
struct keyring *keyring_free(struct keyring *keys);
DEFINE_CLEANUP(keyring, keyring_free)

#endif
