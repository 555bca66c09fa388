/* SPDX-License-Identifier: MIT
 *
 * forge.h - bundles as nobody should make them: any header, any chunks, rightly signed.
 */
#ifndef TESTS_DIRECTORY_FORGE_H
#define TESTS_DIRECTORY_FORGE_H

#include "kiosk/directory/bundle_private.h"

struct forge {
	EVP_PKEY *signer;
	guint8 fleet[KEY_SIZE];
};

/* The keys PREFIX.key and PREFIX.fleet. */
void forge_take(struct forge *f, const char *prefix);
void forge_clear(struct forge *f);

/* The bytes of a bundle: `header` as it is, `n` chunks of BUNDLE_CLEAR_SIZE each out of
 * `clear`, chunk i closed for the place of chunk places[i] (NULL: its own). */
GByteArray *forge_bundle(const struct forge *f, const guint8 header[BUNDLE_HEADER_SIZE],
	const guint8 *clear, gsize n, const guint64 *places);

/* Sign what begins as a bundle anew, after a change of any byte behind the signature or in
 * front of it. */
void forge_sign(const struct forge *f, GByteArray *bundle);

#endif
