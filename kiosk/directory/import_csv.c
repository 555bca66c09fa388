/* SPDX-License-Identifier: MIT
 *
 * import_csv.c - the columns of a CSV import; see import.h.
 */
#include "kiosk/directory/import.h"

#include <stddef.h>
#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/directory/csv.h"

enum column {
	COMMON_ID,
	NAME_JA,
	NAME_EN,
	STATUS,
	CONTACT,
	PRIVILEGED,
	PERSON_KEY,
	KEY_KIND,
	NUMBER,
	REISSUE,
	CARD_EXPIRES,
	CARD_STATUS,
	ROLE,
	AFFILIATION,
	FROM,
	UNTIL,
	COLUMN_COUNT
};

/* What one row says. */
struct row {
	struct import_record record;
	struct person_card card;
	struct person_role role;
};

#define FIELD(member) offsetof(struct row, member), sizeof(((struct row *)0)->member)

static const struct {
	const char *name;
	enum import_type type;
	gsize offset, size;
} columns[] = {
	[COMMON_ID] = {"common_id", IMPORT_COMMON_ID, FIELD(record.person.common_id)},
	[NAME_JA] = {"name_ja", IMPORT_TEXT, FIELD(record.person.name_ja)},
	[NAME_EN] = {"name_en", IMPORT_TEXT, FIELD(record.person.name_en)},
	[STATUS] = {"status", IMPORT_STATUS, FIELD(record.person.status)},
	[CONTACT] = {"contact", IMPORT_YES_NO, FIELD(record.person.contact)},
	[PRIVILEGED] = {"privileged", IMPORT_YES_NO, FIELD(record.person.privileged)},
	[PERSON_KEY] = {"person_key", IMPORT_TEXT, FIELD(record.link)},
	[KEY_KIND] = {"key_kind", IMPORT_WORD, FIELD(card.kind)},
	[NUMBER] = {"number", IMPORT_WORD, FIELD(card.number)},
	[REISSUE] = {"reissue", IMPORT_REISSUE, FIELD(card.reissue)},
	[CARD_EXPIRES] = {"card_expires", IMPORT_DATE, FIELD(card.expires)},
	[CARD_STATUS] = {"card_status", IMPORT_CARD_STATUS, FIELD(card.status)},
	[ROLE] = {"role", IMPORT_ROLE_KIND, FIELD(role.kind)},
	[AFFILIATION] = {"affiliation", IMPORT_WORD, FIELD(role.affiliation)},
	[FROM] = {"from", IMPORT_DATE, FIELD(role.from)},
	[UNTIL] = {"until", IMPORT_DATE, FIELD(role.until)},
};
G_STATIC_ASSERT(G_N_ELEMENTS(columns) == COLUMN_COUNT);

struct csv_reader {
	struct import_reader reader;
	gboolean has_header;
	gsize width;          /* fields of the header; every row has as many */
	int at[COLUMN_COUNT]; /* where each column stands; -1: it is not in this file */
	struct csv csv;
};

static enum import_got bad(
	struct import_fault *fault, guint line, const char *column, const char *why)
{
	fault->line = line;
	g_strlcpy(fault->column, column, sizeof fault->column);
	fault->why = why;
	return IMPORT_BAD;
}

static const char *take_name(struct csv_reader *r, gsize field)
{
	for (gsize i = 0; i < COLUMN_COUNT; i++) {
		if (strcmp(r->csv.fields[field], columns[i].name) != 0)
			continue;
		if (r->at[i] >= 0)
			return "the same column twice";
		r->at[i] = (int)field;
		return NULL;
	}
	return "a column name that is not known";
}

/* Without these no row could be understood. */
static const char *check_header(const struct csv_reader *r)
{
	if (r->at[COMMON_ID] < 0)
		return "no column common_id";
	if (r->at[STATUS] < 0)
		return "no column status";
	if ((r->at[KEY_KIND] < 0) != (r->at[NUMBER] < 0))
		return "key_kind and number belong together";
	if ((r->at[ROLE] < 0) != (r->at[AFFILIATION] < 0))
		return "role and affiliation belong together";
	return NULL;
}

static enum import_got read_header(struct csv_reader *r, struct import_fault *fault)
{
	const char *why = "no header line";
	if (csv_next(&r->csv, &why) != CSV_ROW)
		return bad(fault, r->csv.record_line, "", why);
	for (gsize i = 0; i < COLUMN_COUNT; i++)
		r->at[i] = -1;
	r->width = r->csv.n_fields;
	for (gsize i = 0; i < r->width; i++) {
		char place[IMPORT_WHERE_SIZE];
		g_snprintf(place, sizeof place, "%" G_GSIZE_FORMAT, i + 1);
		why = take_name(r, i);
		if (why)
			return bad(fault, r->csv.record_line, place, why);
	}
	why = check_header(r);
	if (why)
		return bad(fault, r->csv.record_line, "", why);
	r->has_header = TRUE;
	return IMPORT_RECORD;
}

static const char *value(const struct csv_reader *r, enum column column)
{
	return r->at[column] < 0 ? "" : r->csv.fields[r->at[column]];
}

/* A card or role is there when its first column says something; then its second
 * must too, and without it the others may say nothing. */
static const char *check_group(const struct csv_reader *r, enum column first, enum column last)
{
	gboolean there = *value(r, first) != '\0';
	if (there != (*value(r, first + 1) != '\0'))
		return "stands alone";
	for (enum column c = first + 2; !there && c <= last; c++)
		if (*value(r, c) != '\0')
			return "says something about nothing";
	return NULL;
}

static const char *take_groups(const struct csv_reader *r, struct row *row, enum column *column)
{
	struct person *person = &row->record.person;
	*column = KEY_KIND;
	const char *why = check_group(r, KEY_KIND, CARD_STATUS);
	if (!why && row->card.kind[0])
		why = import_add_card(person, &row->card);
	if (why)
		return why;
	*column = ROLE;
	why = check_group(r, ROLE, UNTIL);
	if (!why && row->role.affiliation[0])
		why = import_add_role(person, &row->role);
	return why;
}

static const char *take_row(const struct csv_reader *r, struct row *row, enum column *column)
{
	for (*column = 0; *column < COLUMN_COUNT; (*column)++) {
		const char *why = import_take(columns[*column].type, value(r, *column),
			(char *)row + columns[*column].offset, columns[*column].size);
		if (why)
			return why;
	}
	row->record.has_status = *value(r, STATUS) != '\0';
	row->record.has_contact = *value(r, CONTACT) != '\0';
	row->record.has_privileged = *value(r, PRIVILEGED) != '\0';
	return take_groups(r, row, column);
}

static enum import_got csv_reader_next(struct import_reader *reader, struct import_record *ret,
	guint *ret_line, struct import_fault *fault)
{
	struct csv_reader *r = (struct csv_reader *)reader;
	if (!r->has_header && read_header(r, fault) == IMPORT_BAD)
		return IMPORT_BAD;
	const char *why = NULL;
	enum csv_got got = csv_next(&r->csv, &why);
	if (got == CSV_END)
		return IMPORT_END;
	if (got == CSV_BAD)
		return bad(fault, r->csv.record_line, "", why);
	if (r->csv.n_fields != r->width)
		return bad(fault, r->csv.record_line, "", "not as many fields as the header");
	enum column column;
	struct row row = {.card.reissue = -1};
	why = take_row(r, &row, &column);
	if (!why) {
		*ret = row.record;
		*ret_line = r->csv.record_line;
	}
	OPENSSL_cleanse(&row, sizeof row);
	return why ? bad(fault, r->csv.record_line, columns[column].name, why) : IMPORT_RECORD;
}

static struct import_reader *csv_reader_free(struct import_reader *reader)
{
	struct csv_reader *r = (struct csv_reader *)reader;
	csv_wipe(&r->csv);
	g_free(r);
	return NULL;
}

struct import_reader *import_csv_new(FILE *in)
{
	static const struct import_reader_ops ops = {csv_reader_next, csv_reader_free};
	struct csv_reader *r = g_new0(struct csv_reader, 1);
	r->reader.ops = &ops;
	csv_init(&r->csv, in);
	return &r->reader;
}
