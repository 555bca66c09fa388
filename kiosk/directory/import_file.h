/* SPDX-License-Identifier: MIT
 *
 * import_file.h - the records of a CSV or LDIF file, told apart by its ending.
 */
#ifndef KIOSK_DIRECTORY_IMPORT_FILE_H
#define KIOSK_DIRECTORY_IMPORT_FILE_H

#include "kiosk/cleanup.h"
#include "kiosk/directory/import.h"

struct import_file {
	char *path;
	FILE *in;
	char *buffer; /* of the stream: it holds names */
	struct import_reader *reader;
};

/* NULL with SNAPSHOT_ERROR_FILE. */
struct import_file *import_file_open(const char *path, GError **error);

/* Wipes. Accepts NULL, returns NULL. */
struct import_file *import_file_free(struct import_file *file);
DEFINE_CLEANUP(import_file, import_file_free)

#endif
