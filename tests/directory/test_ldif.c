/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/ldif.h"

#include "tests/check.h"

/* Entries of `text` as "name=value|name=value/…", then "!" and the cause. */
static char *entries(const char *text, size_t len)
{
	FILE *in = fmemopen((void *)text, len, "r");
	struct ldif *ldif = g_new(struct ldif, 1);
	GString *out = g_string_new(NULL);
	const char *why = NULL;
	enum ldif_got got;
	ldif_init(ldif, in);
	while ((got = ldif_next(ldif, &why)) == LDIF_ENTRY) {
		if (out->len > 0)
			g_string_append_c(out, '/');
		for (gsize i = 0; i < ldif->n_attributes; i++)
			g_string_append_printf(out, "%s%s=%s", i > 0 ? "|" : "",
				ldif->attributes[i].name, ldif->attributes[i].value);
	}
	if (got == LDIF_BAD)
		g_string_append_printf(out, "!%u %s", ldif->entry_line, why);
	ldif_wipe(ldif);
	g_free(ldif);
	fclose(in);
	return g_string_free(out, FALSE);
}

static void check(const char *text, const char *want)
{
	g_autofree char *got = entries(text, strlen(text));
	CHECK_STR(got, want);
}

static void entries_are_cut_at_empty_lines(void)
{
	check("dn: x\na: 1\n\ndn: y\nb: 2\n", "dn=x|a=1/dn=y|b=2");
	check("version: 1\n\n\ndn: x\r\na: 1\r\n\r\n\r\n", "dn=x|a=1");
	check("version: 1\ndn: x\na: 1", "dn=x|a=1");
	check("\n\n", "");
}

static void folded_lines_are_one_line(void)
{
	check("dn: x\na: one\n  two\n three\nb: 1\n", "dn=x|a=one twothree|b=1");
	check("dn: x\r\na: o\r\n ne\r\n", "dn=x|a=one");
	check("dn: x\nlong\n Name: 1\n", "dn=x|longName=1");
}

static void comments_are_passed_over_with_their_folds(void)
{
	check("# one\n# two\nversion: 1\n# three\n\ndn: x\n# in: side\n it\na: 1\n", "dn=x|a=1");
}

static void base64_values_are_decoded(void)
{
	check("dn: x\nn:: 5p2x6YO9IOiKseWtkA==\n", "dn=x|n=東都 花子");
	check("dn:: eA==\na::eA==\n", "dn=x|a=x");
	check("dn: x\nn:: 5p2x6Y\n O9IOiK\n seWtkA==\n", "dn=x|n=東都 花子");
	check("dn: x\nn::\n", "dn=x|n=");
}

static void broken_base64_is_named(void)
{
	check("dn: x\na:: eA=\n", "!2 a base64 value");
	check("dn: x\na:: e*==\n", "!2 a base64 value");
	check("dn: x\na:: ====\n", "!2 a base64 value");
	check("dn: x\na:: e===\n", "!2 a base64 value");
	check("dn: x\na:: AAAA\n", "!2 a value without NUL bytes");
}

static void attribute_options_stay_with_the_name(void)
{
	check("dn: x\ndisplayName;lang-ja;x-a: v\n", "dn=x|displayName;lang-ja;x-a=v");
}

static void values_may_hold_colons_and_be_empty(void)
{
	check("dn: x\na: 1:2::3\nb:\nc: \n", "dn=x|a=1:2::3|b=|c=");
}

static void what_is_no_content_record_is_refused(void)
{
	check("dn: x\na:< file:///etc/passwd\n", "!2 a value in the file, not a URL");
	check("dn: x\nchangetype: modify\n", "!2 entries, not changes");
	check("a: 1\n", "!1 'dn:' before the attributes");
	check("dn: x\nnonsense\n", "!2 'attribute: value'");
	check("dn: x\n: 1\n", "!2 'attribute: value'");
	check("dn: x\na b: 1\n", "!2 'attribute: value'");
	check("dn: x\n\n folded onto nothing\n", "dn=x!3 'attribute: value'");
	check("dn: x\n-\n", "!2 'attribute: value'");
}

static void nul_bytes_are_refused(void)
{
	static const char text[] = "dn: x\na: 1\0\n";
	g_autofree char *got = entries(text, sizeof text - 1);
	CHECK_STR(got, "!2 a NUL byte");
}

static void lines_and_entries_are_bounded(void)
{
	g_autofree char *line = g_strnfill(LDIF_LINE_SIZE, 'x');
	g_autofree char *one = g_strconcat("dn: x\na: ", line, "\n", NULL);
	check(one, "!2 a line longer than 16 KiB");
	g_autofree char *folded = g_strconcat("dn: x\na: ", line + 100, "\n ", line, "\n", NULL);
	check(folded, "!2 a line longer than 16 KiB");

	GString *many = g_string_new("dn: x\n");
	for (int i = 0; i < LDIF_ATTRIBUTES_MAX; i++)
		g_string_append(many, "a: 1\n");
	check(many->str, "!257 at most 256 values in one entry");
	g_string_free(many, TRUE);

	GString *big = g_string_new("dn: x\n");
	for (int i = 0; i < 5; i++)
		g_string_append_printf(big, "a: %s\n", line + 100);
	check(big->str, "!6 at most 64 KiB in one entry");
	g_string_free(big, TRUE);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"entries are cut at empty lines", entries_are_cut_at_empty_lines},
		{"folded lines are one line", folded_lines_are_one_line},
		{"comments are passed over with their folds",
			comments_are_passed_over_with_their_folds},
		{"base64 values are decoded", base64_values_are_decoded},
		{"broken base64 is named", broken_base64_is_named},
		{"attribute options stay with the name", attribute_options_stay_with_the_name},
		{"values may hold colons and be empty", values_may_hold_colons_and_be_empty},
		{"what is no content record is refused", what_is_no_content_record_is_refused},
		{"NUL bytes are refused", nul_bytes_are_refused},
		{"lines and entries are bounded", lines_and_entries_are_bounded},
	};
	return CHECK_MAIN("ldif", cases);
}
