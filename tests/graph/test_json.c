/* SPDX-License-Identifier: MIT
 *
 * test_json.c - JSON read strictly, and base64url.
 */
#include "kiosk/net/base64url.h"
#include "kiosk/net/strict_json.h"
#include "tests/check.h"

static struct strict_json *read_len(const char *text, gsize len, const char **why)
{
	*why = NULL;
	return strict_json_read(text, len, why);
}

static void check_refused(const char *text, const char *word)
{
	const char *why;
	AUTO(strict_json) json = read_len(text, strlen(text), &why);
	if (json || !why || !strstr(why, word))
		fprintf(stderr, "\"%.60s\": %s, wanted \"%s\"\n", text, why ? why : "taken", word);
	CHECK(!json && why && strstr(why, word));
}

static void values_of_every_kind_are_read(void)
{
	const char *why;
	static const char text[] = " {\"a\" : [1,-2, 3.5e1,null ,true,false,{}],\n\t\"b\":\"x\"} ";
	AUTO(strict_json) json = read_len(text, strlen(text), &why);
	CHECK(json != NULL);
	const struct json_value *v = json_member(strict_json_root(json), "a")->child;
	static const enum json_kind kinds[] = {JSON_INTEGER, JSON_INTEGER, JSON_REAL, JSON_NULL,
		JSON_TRUE, JSON_FALSE, JSON_OBJECT};
	CHECK_INT(v->integer, 1);
	CHECK_INT(v->next->integer, -2);
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++, v = v->next)
		CHECK_INT(v->kind, kinds[i]);
	CHECK(v == NULL);
	CHECK_STR(json_member_text(strict_json_root(json), "b"), "x");
	CHECK(json_member_text(strict_json_root(json), "a") == NULL);
	CHECK(json_member(strict_json_root(json), "c") == NULL);
}

static void escapes_mean_what_they_should(void)
{
	const char *why;
	static const char text[] = "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u6771\\ud83d\\ude00z\"]";
	AUTO(strict_json) json = read_len(text, strlen(text), &why);
	CHECK_STR(strict_json_root(json)->child->text, "\"\\/\b\f\n\r\tA東😀z");
}

static void what_the_grammar_does_not_have_is_refused(void)
{
	static const char *const broken[] = {"{", "[", "[1", "[1,]", "{\"a\"}", "{\"a\":}",
		"{\"a\":1,}", "{a:1}", "{'a':1}", "[01]", "[+1]", "[.5]", "[5.]", "[1e]", "[1e+]",
		"[-]", "[NaN]", "[Infinity]", "nul", "tru", "[1]x", "[1][2]", "[\"a]", "[\"\\x\"]",
		"[\"\\u12\"]", "[\"\\u12g4\"]", "/**/[]", "[1//\n]", ",", " ", "\xef\xbb\xbf{}",
		"[\"a\tb\"]", "[1 2]", "{\"a\" 1}", "]", "[0x1]", "\"\\"};
	for (gsize i = 0; i < G_N_ELEMENTS(broken); i++)
		check_refused(broken[i], "");
	check_refused("", "empty");
}

static void traps_within_the_grammar_are_refused(void)
{
	check_refused("{\"a\":1,\"a\":2}", "twice");
	check_refused("{\"a\":1,\"\\u0061\":2}", "twice");
	check_refused("[\"\\u0000\"]", "NUL");
	check_refused("[\"\\ud800\"]", "surrogate");
	check_refused("[\"\\ud800\\u0041\"]", "surrogate");
	check_refused("[\"\\udc00\\ud800\"]", "surrogate");
	check_refused("[\"\xff\"]", "UTF-8");
	check_refused("[\"\xed\xa0\x80\"]", "UTF-8");
	check_refused("[9223372036854775808]", "too large");
	check_refused("[-9223372036854775809]", "too large");
	check_refused("[100000000000000000000000000000000000]", "too long");
	check_refused("[1e99999999999999999999999999999999999]", "too long");
}

static void check_repeated(const char *open, gsize n, const char *close, const char *word)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (gsize i = 0; i < n; i++)
		g_string_append(text, open);
	g_string_append(text, close);
	check_refused(text->str, word);
}

static void every_limit_holds(void)
{
	check_repeated("[", 9, "", "too deep");
	check_repeated("[", 200000, "", "too deep");
	check_repeated("{\"a\":", 100000 / 5, "", "too deep");
	g_autoptr(GString) many = g_string_new("[0");
	for (int i = 0; i < STRICT_JSON_VALUES_MAX; i++)
		g_string_append(many, ",0");
	g_string_append(many, "]");
	check_refused(many->str, "too many values");
	g_string_assign(many, "{");
	for (int i = 0; i <= STRICT_JSON_MEMBERS_MAX; i++)
		g_string_append_printf(many, "%s\"%d\":0", i ? "," : "", i);
	g_string_append(many, "}");
	check_refused(many->str, "too many members");
	g_autofree char *huge = g_strnfill(STRICT_JSON_SIZE_MAX + 1, ' ');
	check_refused(huge, "too long");
}

static void eight_levels_and_whole_numbers_to_64_bits_are_taken(void)
{
	const char *why;
	static const char *const fine[] = {"[[[[[[[[1]]]]]]]]", "[9223372036854775807]",
		"[-9223372036854775808]", "0", "\"a\"", "null", "{}", "[]", "[-0]", "[1E-2]"};
	for (gsize i = 0; i < G_N_ELEMENTS(fine); i++) {
		AUTO(strict_json) json = read_len(fine[i], strlen(fine[i]), &why);
		CHECK(json != NULL);
	}
}

static void every_beginning_of_a_document_is_refused(void)
{
	const char *why;
	static const char text[] = "{\"value\":[{\"id\":\"a\\u6771\",\"on\":true,\"n\":-12.5e3}]}";
	for (gsize len = 0; len < strlen(text); len++) {
		AUTO(strict_json) json = read_len(text, len, &why);
		CHECK(json == NULL);
	}
}

/* RFC 4648 section 10, in the alphabet of section 5. */
static void base64url_is_that_of_the_rfc(void)
{
	static const struct {
		const char *clear, *coded;
	} rows[] = {{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"},
		{"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"}};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gsize len = 0;
		g_autofree char *coded = base64url_encode(rows[i].clear, strlen(rows[i].clear));
		g_autofree guint8 *back = base64url_decode(coded, strlen(coded), &len);
		CHECK_STR(coded, rows[i].coded);
		CHECK_INT(len, strlen(rows[i].clear));
		CHECK_STR((const char *)back, rows[i].clear);
	}
}

static void other_base64_is_refused(void)
{
	static const char *const bad[] = {
		"Z", "Zg==", "Zm8=", "+//+", "Zh", "Zm9", "Zm 9v", "Zm9v\n"};
	gsize len;
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		CHECK(base64url_decode(bad[i], strlen(bad[i]), &len) == NULL);
	CHECK(base64url_decode("Zg\0A", 4, &len) == NULL);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"values of every kind are read", values_of_every_kind_are_read},
		{"escapes mean what they should", escapes_mean_what_they_should},
		{"what the grammar does not have is refused",
			what_the_grammar_does_not_have_is_refused},
		{"traps within the grammar are refused", traps_within_the_grammar_are_refused},
		{"every limit holds", every_limit_holds},
		{"eight levels and whole numbers to 64 bits are taken",
			eight_levels_and_whole_numbers_to_64_bits_are_taken},
		{"every beginning of a document is refused",
			every_beginning_of_a_document_is_refused},
		{"base64url is that of the RFC", base64url_is_that_of_the_rfc},
		{"other base64 is refused", other_base64_is_refused},
	};
	return CHECK_MAIN("strict json", cases);
}
