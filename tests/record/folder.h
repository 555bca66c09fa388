/* SPDX-License-Identifier: MIT
 *
 * folder.h - a data folder for one test, and a look at every byte in it.
 */
#ifndef TESTS_RECORD_FOLDER_H
#define TESTS_RECORD_FOLDER_H

#include "kiosk/record/requests.h"
#include "kiosk/record/store.h"

#define DAY  20261122
#define NOON 1795316400 /* of that day, seconds since 1970 */

struct folder {
	char *path;     /* a new folder; the master key lies beside the data */
	char *key_path; /* outside of it */
	struct keyring *keys;
	struct store *store;
};

void folder_make(struct folder *f);   /* with its store open */
void folder_reopen(struct folder *f); /* close and open again; must succeed */
void folder_close(struct folder *f);  /* the store only */
void folder_remove(struct folder *f);
char *folder_file(const struct folder *f, const char *name);

/* Open the closed store expecting a refusal: its code, or -1 if it opened. */
int folder_refusal(struct folder *f);

/* How many files of the folder hold these bytes. */
guint folder_holding(const struct folder *f, gconstpointer bytes, gsize len);

/* One number of a query, -1 without a row. */
gint64 folder_number(const struct folder *f, const char *sql);

/* File for this holder; the payload names person and number. TRUE: committed. */
gboolean folder_file_request(struct folder *f, const char *common_id, gint32 date,
	struct request_receipt *ret, GError **error);

#define SAMPLE_ID     "3141592653"
#define SAMPLE_ID_2   "2718281828"
#define SAMPLE_NAME   "東都 花子"
#define SAMPLE_NUMBER "37-246801"

#endif
