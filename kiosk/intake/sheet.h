/* SPDX-License-Identifier: MIT
 *
 * sheet.h - a request as a clerk types it into the university's menu.
 *
 * Pure.
 */
#ifndef KIOSK_INTAKE_SHEET_H
#define KIOSK_INTAKE_SHEET_H

#include <glib.h>

#define SHEET_FIELDS_MAX 64

/* One line: code of the field, and what the clerk types. */
struct sheet_field {
	char *code;
	char *value;
};

/* Of an envelope (record/envelope.h): struct sheet_field in the order the clerk types them.
 * Freeing the array wipes every value. NULL: it is not a request. */
GPtrArray *sheet_read(GBytes *envelope);

#endif
