/* SPDX-License-Identifier: MIT
 *
 * layouts.h - the layout file, turned into what pcsc/ borrows.
 *
 * Form and meaning of every key: assets/defaults/layouts.conf.
 */
#ifndef KIOSK_CONFIG_LAYOUTS_H
#define KIOSK_CONFIG_LAYOUTS_H

#include "kiosk/config/keyfile.h"
#include "pcsc/layout.h"

#define LAYOUTS_MAX 32

/* At least one layout; the caller frees *ret with g_free(). Written only on success. */
gboolean layouts_parse(
	const struct keyfile *kf, struct card_layout **ret, gsize *ret_n, GError **error);

/* Each key that a layout names must be one of `names` (NULL-terminated). */
gboolean layouts_check_keys(const struct keyfile *kf, const struct card_layout *layouts, gsize n,
	char *const *names, GError **error);

#endif
