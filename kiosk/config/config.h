/* SPDX-License-Identifier: MIT
 *
 * config.h - everything that differs from desk to desk.
 *
 * GKeyFile form; an error names file, line, key and what is expected. Read once
 * at start, except incidents. Without a file the embedded defaults are used.
 */
#ifndef KIOSK_CONFIG_CONFIG_H
#define KIOSK_CONFIG_CONFIG_H

#include <glib.h>

#include "kiosk/cleanup.h"
#include "kiosk/visit/identity.h"
#include "kiosk/visit/office.h"
#include "pcsc/layout.h"
#include "pcsc/reading.h"

struct directories; /* kiosk/config/directories.h */
struct intakes;     /* kiosk/config/intakes.h */

#define CONFIG_ERROR (config_error_quark())
GQuark config_error_quark(void);
enum config_error {
	CONFIG_ERROR_FILE,  /* cannot be read */
	CONFIG_ERROR_VALUE, /* "file:line: [group] key: expected …" */
};

struct config {
	/* [counter] */
	char *desk;   /* [A-Z0-9]{1,12}: stands in request numbers */
	char *office; /* code of the office table */
	char *data_dir;
	char *key_file;
	char *fleet_key_file; /* one for all desks; default data_dir/fleet.key */
	char *socket;
	guint32 *uids; /* allowed peers; n_uids 0: only our own uid */
	gsize n_uids;
	guint32 admin_gid; /* G_MAXUINT32: only uid 0 and our own */
	/* [readers] */
	char **allow;     /* NULL-terminated reader names or beginnings; empty: all */
	char **preferred; /* likewise, in order of preference; empty: none */
	char *holder;     /* name or beginning of the one on the holder's side; "": any is */
	/* [cards] */
	char **mac_keys;               /* NULL-terminated names; the keys themselves: card_keys.h */
	char *key_dir;                 /* folder of NAME.key files */
	enum card_assurance assurance; /* the least that a holder's card must have */
	/* [directory] */
	char *snapshot;                  /* path; default data_dir/directory.db */
	gint directory_say_hours;        /* OLD_DIRECTORY is said above this age; -1 never */
	gint directory_refuse_hours;     /* refused above this age; -1 never */
	gint lookup_ms;                  /* deadline of a look-up */
	struct directories *directories; /* whom to ask, and how; owned, never NULL */
	struct intakes *intakes;         /* who takes the requests; likewise */
	/* [snapshot] */
	char *snapshot_trusted_key; /* public keys of who may sign a bundle; NULL: nobody */
	bool snapshot_allow_plain;  /* CSV and LDIF too, with a trusted key set */
	/* [visit] */
	gint holder_idle_s, holder_warn_s; /* 60 (30–600), 20 */
	gint clerk_idle_s, clerk_gone_s;   /* 180, 600 */
	gint consent_away_ms;              /* 700 */
	struct digits_format digits;       /* face-length 18, face-offset 8, digits 3 */
	char **documents;                  /* kinds accepted without card, by code */
	/* [files] */
	char *incident_dir;

	/* From the other two files. Owned. */
	struct card_layout *layouts;
	gsize n_layouts;
	struct office_table offices;
	const struct office *own_office; /* within offices; never NULL */
};

/* `path` NULL: embedded defaults. `data_dir` NULL or an override that wins over
 * the file. Relative paths are taken from the file's folder. The layout and
 * office files named in [files] are read as well. */
struct config *config_load(const char *path, const char *data_dir, GError **error);

struct config *config_free(struct config *config);
DEFINE_CLEANUP(config, config_free)

#endif
