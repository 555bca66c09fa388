/* SPDX-License-Identifier: MIT
 *
 * ledger_file_private.h - what the files of ledger_file share.
 */
#ifndef KIOSK_RECORD_LEDGER_FILE_PRIVATE_H
#define KIOSK_RECORD_LEDGER_FILE_PRIVATE_H

#include "kiosk/record/ledger_file.h"

#define INCLUSION_HEAD   "c2sp.org/tlog-proof@v1"
#define CONSISTENCY_HEAD "madoguchi-consistency@v1"
#define WHOLE_HEAD       "madoguchi-ledger@v1"

/* Longest line before the checkpoint: an opening in base64. */
#define LEDGER_LINE_SIZE 512

struct lines {
	const char *at; /* not yet read */
	gsize len;
	guint64 n; /* of the line read last, from 1 */
	char line[LEDGER_LINE_SIZE];
};

/* The next line without its newline, until the next call; NULL: none, too long, or with NUL. */
const char *ledger_line(struct lines *lines);

/* Name the line; FALSE. */
gboolean ledger_bad_line(const struct lines *lines, GError **error);

gboolean ledger_whole_read(struct ledger_file *file, struct lines *lines, GError **error);
void ledger_whole_check(struct ledger_file *file);

#endif
