/* SPDX-License-Identifier: MIT
 *
 * directory_args.h - what the verbs of the directory read alike.
 */
#ifndef KIOSK_CTL_DIRECTORY_ARGS_H
#define KIOSK_CTL_DIRECTORY_ARGS_H

#include "kiosk/ctl/ctl.h"
#include "kiosk/directory/bundle.h"

/* When the data was taken, seconds since 1970: `text` ("2026-11-22", "2026-11-22T06:00"), or,
 * where that is NULL, the time the file at `path` was last changed. FALSE: *ret_status is the
 * verb's, and the cause has been said. */
gboolean directory_as_of(
	const struct verb *verb, const char *text, const char *path, gint64 *ret, int *ret_status);

/* A bundle this desk believes. *ret_trust outlives it; both are the caller's. */
struct bundle *directory_bundle(
	const struct ctl *ctl, const char *path, struct bundle_trust **ret_trust, GError **error);

#endif
