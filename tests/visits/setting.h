/* SPDX-License-Identifier: MIT
 *
 * setting.h - what a script says of its desk before anything is started: readers,
 * configuration, layouts, keys.
 */
#ifndef TESTS_VISITS_SETTING_H
#define TESTS_VISITS_SETTING_H

#include <glib.h>

#include "tests/visits/script.h"

/* All borrowed. */
struct setting_at {
	const char *source;     /* folder of the source */
	const char *dir, *data; /* of the visit's files; of the service */
	const char *socket;     /* of the service */
	const char *config;     /* file to write */
};

/* Words of the kinds of reader, first the one where a card is tapped: `readers`, or one
 * session reader. The caller frees with g_strfreev(). */
char **setting_readers(const struct script *script);

/* Write the configuration (the built-in defaults and the script's `config` lines), and what
 * `layouts` and `card-key` ask for. */
gboolean setting_write(const struct script *script, const struct setting_at *at, GError **error);

#endif
