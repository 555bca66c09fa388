/* SPDX-License-Identifier: MIT
 *
 * rows.h - one row per key of a file: type, place in a struct, range, default.
 *
 * The tables of config, layouts, offices and incidents all go through here, so
 * that every value is bounded and every complaint looks the same.
 */
#ifndef KIOSK_CONFIG_ROWS_H
#define KIOSK_CONFIG_ROWS_H

#include "kiosk/config/keyfile.h"

enum row_type {
	ROW_INT,    /* gint; min … max */
	ROW_BOOL,   /* bool */
	ROW_STRING, /* char *, min … max bytes, no control characters */
	ROW_PATH,   /* char *, seen from the file's folder; empty: NULL */
	ROW_LINE,   /* char[max + 1], min … max bytes, no control characters */
	ROW_TEXT,   /* the same, line breaks allowed */
	ROW_ITEM,   /* parse() gets the one value */
	ROW_ITEMS,  /* parse() gets the list */
};

struct key_row {
	const char *group; /* NULL: the group the caller names */
	const char *key;
	enum row_type type;
	gsize offset;
	gint64 min, max;
	const char *fallback; /* as it would stand in the file; NULL: the key is required */
	const char *expected; /* in words, for complaints; NULL: made from the type */
	const char *chars;    /* STRING, LINE: all that may occur; NULL: anything */
	/* ITEM, ITEMS: store what `items` (NULL-terminated) say at `field`. Returns NULL, or
	 * the item to blame. An empty ITEM comes as no item. */
	const char *(*parse)(char *const *items, gpointer field);
};

/* Fill `base` from `group` of the file by every row whose group is NULL or `group`. What
 * was stored before an error stays stored. */
gboolean rows_fill(const struct keyfile *kf, const char *group, const struct key_row *rows, gsize n,
	gpointer base, GError **error);

/* Refuse keys of `group` that no row knows, naming the nearest. Keys that begin with
 * `prefix` (may be NULL) are let through. */
gboolean rows_check_keys(const struct keyfile *kf, const char *group, const struct key_row *rows,
	gsize n, const char *prefix, GError **error);

/* Refuse groups that are none of `known` (NULL-terminated). */
gboolean rows_check_groups(const struct keyfile *kf, const char *const *known, GError **error);

#endif
