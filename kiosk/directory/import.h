/* SPDX-License-Identifier: MIT
 *
 * import.h - what a row of an import file says, whatever its form.
 *
 * Private to kiosk/directory. A record is part of a person: records of the same
 * common id are merged by import_merge(). Nothing here logs, and no message
 * repeats a value of the file.
 */
#ifndef KIOSK_DIRECTORY_IMPORT_H
#define KIOSK_DIRECTORY_IMPORT_H

#include <stdio.h>

#include <glib.h>

#include "kiosk/directory/person.h"

#define IMPORT_LINK_SIZE  64
#define IMPORT_ROWS_MAX   2000000
#define IMPORT_WHERE_SIZE 64

struct import_record {
	struct person person;                             /* `linked` is not used */
	gboolean has_status, has_contact, has_privileged; /* the record says so itself */
	char link[IMPORT_LINK_SIZE];                      /* person key (R17); may be empty */
};

/* Where a reader stands, for messages: "line:column-name". */
struct import_fault {
	guint line;
	char column[IMPORT_WHERE_SIZE]; /* empty: the whole row */
	const char *why; /* static, or the reader's: what is wrong, or what was expected */
};

enum import_got { IMPORT_RECORD, IMPORT_END, IMPORT_BAD };

struct import_reader; /* opaque; one of the two forms */

struct import_reader_ops {
	/* *ret is written only with IMPORT_RECORD, *fault only with IMPORT_BAD. */
	enum import_got (*next)(struct import_reader *reader, struct import_record *ret,
		guint *ret_line, struct import_fault *fault);
	struct import_reader *(*free)(struct import_reader *reader);
};

/* First member of both. */
struct import_reader {
	const struct import_reader_ops *ops;
};

/* `in` is borrowed. */
struct import_reader *import_csv_new(FILE *in);
struct import_reader *import_ldif_new(FILE *in);

/* What a field holds, and the type of `ret` it is read into. */
enum import_type {
	IMPORT_TEXT,        /* char[size]: printable UTF-8 */
	IMPORT_WORD,        /* char[size]: [A-Za-z0-9._-] */
	IMPORT_COMMON_ID,   /* char[PERSON_ID_SIZE]; the only one that may not be empty */
	IMPORT_DATE,        /* int32_t */
	IMPORT_REISSUE,     /* int32_t */
	IMPORT_YES_NO,      /* bool */
	IMPORT_STATUS,      /* enum person_status */
	IMPORT_CARD_STATUS, /* enum person_card_status */
	IMPORT_ROLE_KIND,   /* enum person_role_kind */
};

/* NULL when taken, else a static text that says what is expected. An empty value
 * is a value that is not there and leaves *ret as it is. */
const char *import_take(enum import_type type, const char *value, void *ret, gsize size);

/* Add to a record; NULL when taken. A role or card that is there already is not added twice. */
const char *import_add_card(struct person *person, const struct person_card *card);
const char *import_add_role(struct person *person, const struct person_role *role);

/* Add what `more` says to `into`, which is what earlier records said. Two records
 * that contradict each other are refused; *ret_column says where. */
const char *import_merge(
	struct import_record *into, const struct import_record *more, const char **ret_column);

void import_record_wipe(struct import_record *record);

#endif
