/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/csv.h"

#include "tests/check.h"

struct reading {
	FILE *in;
	struct csv *csv;
	const char *why;
};

static void start(struct reading *r, const char *text, size_t len)
{
	r->in = fmemopen((void *)text, len, "r");
	r->csv = g_new(struct csv, 1);
	r->why = NULL;
	csv_init(r->csv, r->in);
}

static void end(struct reading *r)
{
	csv_wipe(r->csv);
	g_free(r->csv);
	fclose(r->in);
}

/* Rows of `text` as "a|b/c|d", then "!" and the cause where it is bad. */
static char *rows(const char *text, size_t len)
{
	struct reading r;
	enum csv_got got;
	GString *out = g_string_new(NULL);
	start(&r, text, len);
	while ((got = csv_next(r.csv, &r.why)) == CSV_ROW) {
		if (out->len > 0)
			g_string_append_c(out, '/');
		for (gsize i = 0; i < r.csv->n_fields; i++)
			g_string_append_printf(out, "%s%s", i > 0 ? "|" : "", r.csv->fields[i]);
	}
	if (got == CSV_BAD)
		g_string_append_printf(out, "!%u %s", r.csv->record_line, r.why);
	end(&r);
	return g_string_free(out, FALSE);
}

static void check(const char *text, const char *want)
{
	g_autofree char *got = rows(text, strlen(text));
	CHECK_STR(got, want);
}

static void rows_and_fields_are_cut_where_rfc_4180_says(void)
{
	check("a,b\r\nc,d\r\n", "a|b/c|d");
	check("a,b\nc,d", "a|b/c|d");
	check(",\n", "|");
	check("a,,b,\n", "a||b|");
	check("\"a\",\"b\"\r\n", "a|b");
	check("\"a,b\",\"c\"\"d\"\"\"\n", "a,b|c\"d\"");
	check("\"two\nlines\",x\n", "two\nlines|x");
	check("\"\"\n", "");
	check(" a , b\n", " a | b");
}

static void empty_lines_and_an_empty_file_are_no_rows(void)
{
	check("\n\r\n\na\n\n\nb\n\n", "a/b");
	check("\n", "");
	check("\r\n\r\n", "");
}

static void a_byte_order_mark_is_passed_over_once(void)
{
	check("\xef\xbb\xbf"
	      "a,b\n",
		"a|b");
	check("\xef\xbb\xbf"
	      "\"a\",b\n",
		"a|b");
	check("\xef\xbb\xbf", "");
	check("\xef\xbb"
	      "a\n",
		"\xef\xbb"
		"a");
	check("\xef"
	      "\n",
		"\xef");
	check("\xef\xbb\xbf\xef\xbb\xbf"
	      "a\n",
		"\xef\xbb\xbf"
		"a");
}

static void broken_quotes_are_named_with_their_line(void)
{
	check("a\n\nb,\"c\n", "a!3 a quoted field without its end");
	check("a\n\"b\"c\n", "a!2 text after a closing quote");
	check("a\nb\"c\n", "a!2 a quote inside an unquoted field");
	check("\"x\ny\"\nb\"\n", "x\ny!3 a quote inside an unquoted field");
}

static void nul_bytes_are_refused(void)
{
	static const char text[] = "a\nb\0c\n";
	g_autofree char *got = rows(text, sizeof text - 1);
	CHECK_STR(got, "a!2 a NUL byte");
}

static void a_lone_carriage_return_is_a_byte_like_any_other(void)
{
	check("a\rb,c\n", "a\rb|c");
	check("a\r", "a\r");
	check("\"a\"\r,b\n", "!1 text after a closing quote");
}

/* The last byte that fits, and one more. */
static void records_are_bounded(void)
{
	for (gsize extra = 0; extra < 2; extra++) {
		g_autofree char *text = g_strnfill(CSV_RECORD_SIZE - 1 + extra, 'x');
		g_autofree char *got = rows(text, strlen(text));
		if (extra == 0)
			CHECK_INT(strlen(got), CSV_RECORD_SIZE - 1);
		else
			CHECK_STR(got, "!1 a record longer than 16 KiB");
	}
	g_autofree char *many = g_strnfill(CSV_RECORD_SIZE * 2, ',');
	g_autofree char *got = rows(many, strlen(many));
	CHECK_STR(got, "!1 more than 64 fields or 16 KiB in one record");
	g_autofree char *full = g_strnfill(CSV_RECORD_SIZE, '\n');
	g_autofree char *text = g_strconcat("\"", full, NULL);
	g_autofree char *long_quoted = rows(text, strlen(text));
	CHECK_STR(long_quoted, "!1 a record longer than 16 KiB");
}

static void as_many_fields_as_the_limit_says_fit(void)
{
	g_autofree char *text = g_strnfill(CSV_FIELDS_MAX - 1, ',');
	struct reading r;
	start(&r, text, strlen(text));
	CHECK_INT(csv_next(r.csv, &r.why), CSV_ROW);
	CHECK_INT(r.csv->n_fields, CSV_FIELDS_MAX);
	CHECK_INT(csv_next(r.csv, &r.why), CSV_END);
	end(&r);
}

static void lines_are_counted_through_quoted_line_ends(void)
{
	static const char text[] = "\na\n\"b\n\nc\",d\r\ne\n";
	static const guint want[] = {2, 3, 6};
	struct reading r;
	start(&r, text, sizeof text - 1);
	for (gsize i = 0; i < G_N_ELEMENTS(want); i++) {
		CHECK_INT(csv_next(r.csv, &r.why), CSV_ROW);
		CHECK_INT(r.csv->record_line, want[i]);
	}
	CHECK_INT(csv_next(r.csv, &r.why), CSV_END);
	CHECK_INT(csv_next(r.csv, &r.why), CSV_END);
	end(&r);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"rows and fields are cut where RFC 4180 says",
			rows_and_fields_are_cut_where_rfc_4180_says},
		{"empty lines and an empty file are no rows",
			empty_lines_and_an_empty_file_are_no_rows},
		{"a byte order mark is passed over once", a_byte_order_mark_is_passed_over_once},
		{"broken quotes are named with their line",
			broken_quotes_are_named_with_their_line},
		{"NUL bytes are refused", nul_bytes_are_refused},
		{"a lone carriage return is a byte like any other",
			a_lone_carriage_return_is_a_byte_like_any_other},
		{"records are bounded", records_are_bounded},
		{"as many fields as the limit says fit", as_many_fields_as_the_limit_says_fit},
		{"lines are counted through quoted line ends",
			lines_are_counted_through_quoted_line_ends},
	};
	return CHECK_MAIN("csv", cases);
}
