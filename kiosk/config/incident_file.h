/* SPDX-License-Identifier: MIT
 *
 * incident_file.h - one incident file, turned into what the rules use.
 *
 * Form and meaning of every key: assets/samples/incidents.
 */
#ifndef KIOSK_CONFIG_INCIDENT_FILE_H
#define KIOSK_CONFIG_INCIDENT_FILE_H

#include "kiosk/config/keyfile.h"
#include "kiosk/visit/incident.h"

/* `ret` is written only on success. */
gboolean incident_parse(const struct keyfile *kf, struct incident *ret, GError **error);

#endif
