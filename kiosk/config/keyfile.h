/* SPDX-License-Identifier: MIT
 *
 * keyfile.h - a GKeyFile that knows on which line everything stands.
 *
 * Every complaint reads "file:line: [group] key: expected …, got …". Text from
 * outside is bounded before it is parsed; a group or key given twice is refused.
 */
#ifndef KIOSK_CONFIG_KEYFILE_H
#define KIOSK_CONFIG_KEYFILE_H

#include <glib.h>

#include "kiosk/cleanup.h"

#define KEYFILE_SIZE_MAX   (1024 * 1024) /* far above any real file, far below trouble */
#define KEYFILE_GROUPS_MAX 512
#define KEYFILE_KEYS_MAX   16384
#define KEYFILE_ITEMS_MAX  1024 /* of one list */

struct keyfile;

/* Blocking. Refuses what is not a regular file or larger than the limit. */
struct keyfile *keyfile_read(const char *path, GError **error);

/* Parse `len` bytes; `name` stands in messages, and relative paths in the file are taken
 * from its folder. */
struct keyfile *keyfile_parse(const char *name, const char *text, gsize len, GError **error);

/* Groups in the order of the file, NULL-terminated, borrowed. */
const char *const *keyfile_groups(const struct keyfile *kf);
gsize keyfile_n_groups(const struct keyfile *kf);

/* Keys of `group` in the order of the file; the caller frees with g_strfreev(). */
char **keyfile_keys(const struct keyfile *kf, const char *group);

gboolean keyfile_has_group(const struct keyfile *kf, const char *group);
gboolean keyfile_has(const struct keyfile *kf, const char *group, const char *key);

/* The value with escapes undone and blanks stripped, or `fallback` (the same notation)
 * where the key is missing. NULL after an error. */
char *keyfile_text(const struct keyfile *kf, const char *group, const char *key,
	const char *fallback, GError **error);

/* The same as a ';' separated list; empty items are dropped. */
char **keyfile_items(const struct keyfile *kf, const char *group, const char *key,
	const char *fallback, GError **error);

/* `path` as seen from the file's folder; absolute, owned by the caller. */
char *keyfile_resolve(const struct keyfile *kf, const char *path);

/* Set `error` to the complaint about a place of the file and return FALSE. `key` NULL: about
 * the group; a key that is missing has the line of its group. `got` NULL: nothing. */
gboolean keyfile_complain(const struct keyfile *kf, const char *group, const char *key,
	const char *expected, const char *got, GError **error);

/* The same for a word that is none of `known`: the nearest one is named. */
gboolean keyfile_complain_word(const struct keyfile *kf, const char *group, const char *key,
	const char *const *known, const char *got, GError **error);

struct keyfile *keyfile_free(struct keyfile *kf);
DEFINE_CLEANUP(keyfile, keyfile_free)

#endif
