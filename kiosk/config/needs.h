/* SPDX-License-Identifier: MIT
 *
 * needs.h - what one key says of another: needed with it, or of a form only seen together.
 */
#ifndef KIOSK_CONFIG_NEEDS_H
#define KIOSK_CONFIG_NEEDS_H

#include "kiosk/config/rows.h"

/* Where `ok` is false, `key` is to blame. */
struct need {
	gboolean ok;
	const char *group, *key, *expected;
};

/* Complains of the first that is not met. */
gboolean needs_check(const struct keyfile *kf, const struct need *needs, gsize n, GError **error);

/* "https://" and something after it. */
gboolean needs_https(const char *url);

/* Place of a private key, empty: NULL. A file is seen from the configuration's folder; a
 * provider's URI stays as it is. Takes `key`; the caller frees. */
char *needs_key_place(const struct keyfile *kf, char *key);

/* An empty text becomes NULL. */
void needs_drop_empty(char **text);

/* Free the texts and paths that `rows` filled in `base`. */
void needs_free_texts(gpointer base, const struct key_row *rows, gsize n);

#endif
