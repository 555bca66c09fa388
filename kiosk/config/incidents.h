/* SPDX-License-Identifier: MIT
 *
 * incidents.h - incident files, picked up and dropped without a restart.
 *
 * Main thread. Watches a folder (GFileMonitor); every *.incident in it is one
 * incident. A broken file is named and not used; the others stay.
 */
#ifndef KIOSK_CONFIG_INCIDENTS_H
#define KIOSK_CONFIG_INCIDENTS_H

#include <glib.h>

#include "kiosk/cleanup.h"
#include "kiosk/visit/incident.h"

struct incidents;

typedef void (*incidents_changed)(gpointer data);

/* A missing folder is no incidents. */
struct incidents *incidents_watch(const char *dir, incidents_changed changed, gpointer data);

/* The incident in force at `now`, the latest begun first; NULL: none. Borrowed
 * until the next change. */
const struct incident *incidents_at(const struct incidents *incidents, struct civil now);

/* NULL, or "file:line: key: expected …" of a file that was refused. */
const char *incidents_fault(const struct incidents *incidents);

/* Parse one file. Pure but for reading it. */
gboolean incident_load(const char *path, struct incident *ret, GError **error);

struct incidents *incidents_free(struct incidents *incidents);
DEFINE_CLEANUP(incidents, incidents_free)

#endif
