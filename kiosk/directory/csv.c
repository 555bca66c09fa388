/* SPDX-License-Identifier: MIT
 *
 * csv.c - see csv.h.
 */
#include "kiosk/directory/csv.h"

#include <openssl/crypto.h>

/* How a field ended. */
enum field_end { END_COMMA, END_LINE, END_FILE, END_BAD };

void csv_init(struct csv *csv, FILE *in)
{
	*csv = (struct csv){.in = in, .line = 1, .record_line = 1};
}

void csv_wipe(struct csv *csv)
{
	OPENSSL_cleanse(csv, sizeof *csv);
}

static int next_byte(struct csv *csv)
{
	int c = csv->n_held > 0 ? csv->held[--csv->n_held] : getc_unlocked(csv->in);
	if (c == '\n')
		csv->line++;
	return c;
}

/* At most three in a row: a byte order mark that was none. */
static void give_back(struct csv *csv, int c)
{
	if (c == '\n')
		csv->line--;
	csv->held[csv->n_held++] = c;
}

/* CRLF is one line end; a lone CR is a byte like any other. */
static int next_char(struct csv *csv)
{
	int c = next_byte(csv);
	if (c != '\r')
		return c;
	int after = next_byte(csv);
	if (after == '\n')
		return after;
	give_back(csv, after);
	return c;
}

static const char *keep(struct csv *csv, int c)
{
	if (c == '\0')
		return "a NUL byte";
	/* One byte stays for the field's own NUL. */
	if (csv->len + 1 >= sizeof csv->text)
		return "a record longer than 16 KiB";
	csv->text[csv->len++] = (char)c;
	return NULL;
}

static enum field_end ended_by(int c)
{
	return c == ',' ? END_COMMA : c == '\n' ? END_LINE : END_FILE;
}

static gboolean ends_field(int c)
{
	return c == ',' || c == '\n' || c == EOF;
}

/* After the opening quote, up to what follows the closing one. */
static enum field_end quoted(struct csv *csv, const char **why)
{
	for (;;) {
		int c = next_byte(csv);
		if (c == EOF) {
			*why = "a quoted field without its end";
			return END_BAD;
		}
		if (c == '"') {
			c = next_char(csv);
			if (ends_field(c))
				return ended_by(c);
			if (c != '"') {
				*why = "text after a closing quote";
				return END_BAD;
			}
		}
		*why = keep(csv, c);
		if (*why)
			return END_BAD;
	}
}

static enum field_end plain(struct csv *csv, int c, const char **why)
{
	for (; !ends_field(c); c = next_char(csv)) {
		*why = c == '"' ? "a quote inside an unquoted field" : keep(csv, c);
		if (*why)
			return END_BAD;
	}
	return ended_by(c);
}

static enum field_end field(struct csv *csv, const char **why)
{
	if (csv->n_fields == CSV_FIELDS_MAX || csv->len + 1 >= sizeof csv->text) {
		*why = "more than 64 fields or 16 KiB in one record";
		return END_BAD;
	}
	csv->fields[csv->n_fields++] = csv->text + csv->len;
	int c = next_char(csv);
	enum field_end end = c == '"' ? quoted(csv, why) : plain(csv, c, why);
	/* keep() left room for this one. */
	csv->text[csv->len++] = '\0';
	return end;
}

/* The byte order mark some spreadsheets write. */
static void pass_mark(struct csv *csv)
{
	static const int mark[] = {0xef, 0xbb, 0xbf};
	csv->begun = TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(mark); i++) {
		int c = next_byte(csv);
		if (c == mark[i])
			continue;
		give_back(csv, c);
		while (i > 0)
			give_back(csv, mark[--i]);
		return;
	}
}

static enum csv_got record(struct csv *csv, const char **ret_why)
{
	const char *why = NULL;
	enum field_end end;
	do {
		end = field(csv, &why);
	} while (end == END_COMMA);
	if (end != END_BAD && !ferror(csv->in))
		return CSV_ROW;
	*ret_why = why ? why : "a read error";
	return CSV_BAD;
}

enum csv_got csv_next(struct csv *csv, const char **ret_why)
{
	if (!csv->begun)
		pass_mark(csv);
	int c;
	while ((c = next_char(csv)) == '\n')
		;
	if (c == EOF && !ferror(csv->in))
		return CSV_END;
	if (c == EOF) {
		*ret_why = "a read error";
		return CSV_BAD;
	}
	give_back(csv, c);
	csv->record_line = csv->line;
	csv->n_fields = csv->len = 0;
	return record(csv, ret_why);
}
