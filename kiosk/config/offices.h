/* SPDX-License-Identifier: MIT
 *
 * offices.h - the office file, turned into the table the rules use.
 *
 * Form and meaning of every key: assets/defaults/offices.conf.
 */
#ifndef KIOSK_CONFIG_OFFICES_H
#define KIOSK_CONFIG_OFFICES_H

#include "kiosk/config/keyfile.h"
#include "kiosk/visit/office.h"

/* At least one office. `ret` is written only on success; free with offices_clear(). */
gboolean offices_parse(const struct keyfile *kf, struct office_table *ret, GError **error);

void offices_clear(struct office_table *table);

#endif
