/* SPDX-License-Identifier: MIT
 *
 * clerk_pin.h - a PIN's slow hash, and how long wrong tries keep the next one waiting.
 *
 * Pure but for the salt's randomness; clerk_pin_hash() may run in any thread.
 */
#ifndef KIOSK_RECORD_CLERK_PIN_H
#define KIOSK_RECORD_CLERK_PIN_H

#include "kiosk/record/keyring.h"
#include "kiosk/record/seal.h"

#define CLERK_PIN_KDF       1 /* scrypt N=2^15 r=8 p=1 over HMAC(pepper, PIN) */
#define CLERK_PIN_SALT_SIZE 16
#define CLERK_PIN_TRIES     10 /* this many wrong ones lock */

/* 6 to 32 digits. */
gboolean clerk_pin_valid(const char *pin);

/* HMAC of the PIN: the PIN itself need not live any longer. */
void clerk_pin_pepper(const struct keyring *keys, const char *pin, guint8 ret[SEAL_HASH_SIZE]);

/* About 80 ms and 32 MiB. */
void clerk_pin_hash(const guint8 peppered[SEAL_HASH_SIZE], const guint8 salt[CLERK_PIN_SALT_SIZE],
	guint8 ret[SEAL_HASH_SIZE]);

/* Seconds the next try waits after `tries` wrong ones. */
guint clerk_pin_delay(gint64 tries);

#endif
