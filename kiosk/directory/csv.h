/* SPDX-License-Identifier: MIT
 *
 * csv.h - rows of an RFC 4180 file, one at a time.
 *
 * Pure but for reading the stream. Every length is bounded; one record is in
 * memory at a time. A UTF-8 byte order mark and bare LF line ends are accepted.
 */
#ifndef KIOSK_DIRECTORY_CSV_H
#define KIOSK_DIRECTORY_CSV_H

#include <stdio.h>

#include <glib.h>

#define CSV_RECORD_SIZE 16384 /* bytes of one record, quotes taken off */
#define CSV_FIELDS_MAX  64

struct csv {
	FILE *in; /* borrowed */
	guint line; /* of the next byte, from 1 */
	gboolean begun; /* the mark at the file's beginning has been looked for */
	int held[4];    /* bytes given back, the last first */
	gsize n_held;
	/* The record read last. */
	guint record_line; /* where it began */
	const char *fields[CSV_FIELDS_MAX];
	gsize n_fields;
	gsize len;
	char text[CSV_RECORD_SIZE];
};

enum csv_got { CSV_ROW, CSV_END, CSV_BAD };

/* Zero-fill, then set `in`. */
void csv_init(struct csv *csv, FILE *in);

/* The next record; empty lines are passed over. With CSV_BAD *ret_why is a
 * static text and record_line says where. */
enum csv_got csv_next(struct csv *csv, const char **ret_why);

void csv_wipe(struct csv *csv);

#endif
