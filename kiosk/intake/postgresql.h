/* SPDX-License-Identifier: MIT
 *
 * postgresql.h - the far end is a database that all desks share: assets/sql/intake-1.sql.
 *
 * libpq, asynchronous on the main loop. Clerks of any desk enter its list by hand. Envelopes
 * lie there sealed with the fleet's key: whoever runs the database reads no names.
 */
#ifndef KIOSK_INTAKE_POSTGRESQL_H
#define KIOSK_INTAKE_POSTGRESQL_H

#include "kiosk/intake/intake.h"
#include "kiosk/record/keyring.h"

/* Owned by the configuration, which outlives the intake. */
struct postgresql_settings {
	char *connection; /* libpq's own form, several hosts; a password only by its passfile */
	char *desk;       /* who writes */
	gint timeout_ms;  /* of one question, connecting included */
};

/* `fleet` is borrowed and outlives the intake. NULL with INTAKE_ERROR_SETUP where the
 * connection string is not one, or would not verify the server. */
struct intake *postgresql_open(
	const struct postgresql_settings *settings, const struct keyring *fleet, GError **error);

#endif
