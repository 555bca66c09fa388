/* SPDX-License-Identifier: MIT
 *
 * handoff.h - the far end is a clerk's hand: the request waits in the desk's
 * list until it was entered into the university's menu.
 *
 * Main thread.
 */
#ifndef KIOSK_INTAKE_HANDOFF_H
#define KIOSK_INTAKE_HANDOFF_H

#include "kiosk/intake/intake.h"
#include "kiosk/record/store.h"

#define HANDOFF_FIELDS_MAX 64

/* One line of a sheet: code of the field, and what the clerk types. */
struct handoff_field {
	char *code;
	char *value;
};

/* `store` is borrowed and outlives the intake. */
struct intake *handoff_new(struct store *store);

/* The sheet of a queued request: struct handoff_field in the order the clerk types them.
 * Freeing the array wipes every value. Errors are of STORE_ERROR. */
gboolean handoff_sheet(
	struct intake *intake, const char *number, GPtrArray **ret_fields, GError **error);

/* The clerk entered it; `outside` is the number the menu gave. */
gboolean handoff_filed(
	struct intake *intake, const char *number, const char *outside, gint64 now, GError **error);

#endif
