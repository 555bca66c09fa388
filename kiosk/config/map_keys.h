/* SPDX-License-Identifier: MIT
 *
 * map_keys.h - the keys of a group that say which attribute holds what.
 *
 * Form and meaning of every key: assets/defaults/madoguchi.conf.
 */
#ifndef KIOSK_CONFIG_MAP_KEYS_H
#define KIOSK_CONFIG_MAP_KEYS_H

#include "kiosk/config/rows.h"
#include "kiosk/directory/map.h"

/* Refuse keys of `group` that neither `rows` nor a map knows. */
gboolean map_keys_check(const struct keyfile *kf, const char *group, const struct key_row *rows,
	gsize n, GError **error);

/* Fill `map` from `group`, on top of the preset named there or else of `preset`. What was
 * stored before an error stays stored. */
gboolean map_keys_parse(const struct keyfile *kf, const char *group, const char *preset,
	struct map *map, GError **error);

/* Free what it holds. */
void map_keys_clear(struct map *map);

#endif
