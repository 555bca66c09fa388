/* SPDX-License-Identifier: MIT
 *
 * strict_json.c - see strict_json.h.
 *
 * Texts are decoded where they stand in a copy of the document: no escape is shorter than
 * what it means, and the closing quote makes room for the NUL.
 */
#include "kiosk/net/strict_json.h"

#include <string.h>

#include <openssl/crypto.h>

struct strict_json {
	gsize len, n_values, room;
	char *text; /* `len` bytes and a NUL */
	struct json_value *values;
};

struct reader {
	struct strict_json *json;
	char *at, *end;
	guint depth;
	const char *why;
};

static gboolean refuse(struct reader *r, const char *why)
{
	if (!r->why)
		r->why = why;
	return FALSE;
}

static void skip_blanks(struct reader *r)
{
	while (r->at < r->end &&
		(*r->at == ' ' || *r->at == '\t' || *r->at == '\r' || *r->at == '\n'))
		r->at++;
}

static gboolean take(struct reader *r, char c)
{
	if (r->at >= r->end || *r->at != c)
		return FALSE;
	r->at++;
	return TRUE;
}

static gboolean take_word(struct reader *r, const char *word)
{
	gsize len = strlen(word);
	if ((gsize)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
		return FALSE;
	r->at += len;
	return TRUE;
}

static gboolean read_hex(struct reader *r, guint32 *ret)
{
	guint32 unit = 0;
	if (r->end - r->at < 4)
		return FALSE;
	for (int i = 0; i < 4; i++) {
		int digit = g_ascii_xdigit_value(*r->at++);
		if (digit < 0)
			return FALSE;
		unit = unit << 4 | (guint32)digit;
	}
	*ret = unit;
	return TRUE;
}

/* What follows "\u"; two of them for one character beyond the basic plane. */
static gboolean read_unicode(struct reader *r, char **to)
{
	guint32 unit, low;
	if (!read_hex(r, &unit))
		return refuse(r, "a broken escape");
	if (unit >= 0xd800 && unit < 0xdc00) {
		if (!take_word(r, "\\u") || !read_hex(r, &low) || low < 0xdc00 || low > 0xdfff)
			return refuse(r, "half a surrogate pair");
		unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
	} else if (unit >= 0xdc00 && unit < 0xe000) {
		return refuse(r, "half a surrogate pair");
	} else if (unit == 0) {
		return refuse(r, "a NUL in a text");
	}
	*to += g_unichar_to_utf8(unit, *to);
	return TRUE;
}

static gboolean read_escape(struct reader *r, char **to)
{
	static const char from[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	if (take(r, 'u'))
		return read_unicode(r, to);
	const char *found = r->at < r->end && *r->at ? strchr(from, *r->at) : NULL;
	if (!found)
		return refuse(r, "a broken escape");
	r->at++;
	*(*to)++ = meant[found - from];
	return TRUE;
}

/* After the opening quote. */
static gboolean read_text(struct reader *r, const char **ret, gsize *ret_len)
{
	char *begin = r->at, *to = r->at;
	while (r->at < r->end && *r->at != '"') {
		if ((guchar)*r->at < 0x20)
			return refuse(r, "a control character in a text");
		if (!take(r, '\\'))
			*to++ = *r->at++;
		else if (!read_escape(r, &to))
			return FALSE;
	}
	if (r->at >= r->end)
		return refuse(r, "it ends within a text");
	r->at++;
	*to = '\0';
	*ret = begin;
	*ret_len = (gsize)(to - begin);
	return TRUE;
}

static gsize take_digits(struct reader *r)
{
	const char *begin = r->at;
	while (r->at < r->end && g_ascii_isdigit(*r->at))
		r->at++;
	return (gsize)(r->at - begin);
}

/* Fraction and exponent. */
static gboolean read_rest(struct reader *r, enum json_kind *kind)
{
	if (take(r, '.')) {
		*kind = JSON_REAL;
		if (take_digits(r) == 0)
			return FALSE;
	}
	if (take(r, 'e') || take(r, 'E')) {
		*kind = JSON_REAL;
		if (!take(r, '-'))
			take(r, '+');
		return take_digits(r) > 0;
	}
	return TRUE;
}

static gboolean read_number(struct reader *r, struct json_value *v)
{
	char copy[STRICT_JSON_DIGITS_MAX + 1];
	const char *begin = r->at;
	v->kind = JSON_INTEGER;
	take(r, '-');
	if (!take(r, '0') && take_digits(r) == 0)
		return refuse(r, "no value where one is due");
	if (!read_rest(r, &v->kind))
		return refuse(r, "a broken number");
	gsize len = (gsize)(r->at - begin);
	if (len >= sizeof copy)
		return refuse(r, "a number too long");
	memcpy(copy, begin, len);
	copy[len] = '\0';
	if (v->kind == JSON_INTEGER &&
		!g_ascii_string_to_signed(copy, 10, G_MININT64, G_MAXINT64, &v->integer, NULL))
		return refuse(r, "a number too large");
	return TRUE;
}

static gboolean read_value(struct reader *r, struct json_value *v);

static struct json_value *add_value(
	struct reader *r, struct json_value *parent, struct json_value *last)
{
	struct strict_json *json = r->json;
	if (json->n_values >= json->room) {
		refuse(r, "too many values");
		return NULL;
	}
	struct json_value *v = &json->values[json->n_values++];
	if (last)
		last->next = v;
	else
		parent->child = v;
	return v;
}

static gboolean read_name(struct reader *r, const struct json_value *object, struct json_value *v)
{
	guint n = 0;
	gsize len = 0;
	const char *name = NULL;
	skip_blanks(r);
	if (!take(r, '"'))
		return refuse(r, "a member without a name");
	if (!read_text(r, &name, &len))
		return FALSE;
	for (const struct json_value *other = object->child; other != v; other = other->next, n++)
		if (other->name_len == len && memcmp(other->name, name, len) == 0)
			return refuse(r, "a name twice in one object");
	if (n >= STRICT_JSON_MEMBERS_MAX)
		return refuse(r, "too many members");
	v->name = name;
	v->name_len = len;
	skip_blanks(r);
	return take(r, ':') || refuse(r, "a member without a value");
}

/* Members or elements, after the opening bracket. */
static gboolean read_children(struct reader *r, struct json_value *v, char close)
{
	struct json_value *child = NULL;
	if (r->depth >= STRICT_JSON_DEPTH_MAX)
		return refuse(r, "nested too deep");
	skip_blanks(r);
	if (take(r, close))
		return TRUE;
	r->depth++;
	do {
		child = add_value(r, v, child);
		if (!child || (v->kind == JSON_OBJECT && !read_name(r, v, child)) ||
			!read_value(r, child))
			return FALSE;
		skip_blanks(r);
	} while (take(r, ','));
	r->depth--;
	return take(r, close) || refuse(r, "a list without its end");
}

/* FALSE: nothing that begins with a letter; `r` stays. */
static gboolean read_word(struct reader *r, struct json_value *v)
{
	static const struct {
		const char *word;
		enum json_kind kind;
	} words[] = {{"null", JSON_NULL}, {"false", JSON_FALSE}, {"true", JSON_TRUE}};
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (take_word(r, words[i].word)) {
			v->kind = words[i].kind;
			return TRUE;
		}
	return FALSE;
}

static gboolean read_value(struct reader *r, struct json_value *v)
{
	gsize len;
	skip_blanks(r);
	if (take(r, '"')) {
		v->kind = JSON_TEXT;
		return read_text(r, &v->text, &len);
	}
	if (take(r, '{')) {
		v->kind = JSON_OBJECT;
		return read_children(r, v, '}');
	}
	if (take(r, '[')) {
		v->kind = JSON_ARRAY;
		return read_children(r, v, ']');
	}
	return read_word(r, v) || read_number(r, v);
}

/* Each value but the first stands after one of these. */
static gsize count_values(const char *text, gsize len)
{
	gsize n = 1;
	for (gsize i = 0; i < len; i++)
		n += text[i] == ',' || text[i] == '[' || text[i] == '{';
	return MIN(n, STRICT_JSON_VALUES_MAX);
}

static struct strict_json *copy_document(const void *bytes, gsize len)
{
	struct strict_json *json = g_new0(struct strict_json, 1);
	json->len = len;
	json->text = g_malloc(len + 1);
	memcpy(json->text, bytes, len);
	json->text[len] = '\0';
	json->room = count_values(json->text, len);
	json->values = g_new0(struct json_value, json->room);
	return json;
}

struct strict_json *strict_json_read(const void *bytes, gsize len, const char **ret_why)
{
	if (len == 0 || len > STRICT_JSON_SIZE_MAX) {
		*ret_why = len == 0 ? "empty" : "too long";
		return NULL;
	}
	AUTO(strict_json) json = copy_document(bytes, len);
	struct reader r = {.json = json, .at = json->text, .end = json->text + len};
	json->n_values = 1;
	if (!g_utf8_validate_len(json->text, len, NULL))
		refuse(&r, "not UTF-8");
	else if (read_value(&r, json->values)) {
		skip_blanks(&r);
		if (r.at < r.end)
			refuse(&r, "more behind its end");
	}
	if (r.why) {
		*ret_why = r.why;
		return NULL;
	}
	return g_steal_pointer(&json);
}

const struct json_value *strict_json_root(const struct strict_json *json)
{
	return json->values;
}

const struct json_value *json_member(const struct json_value *value, const char *name)
{
	if (!value || value->kind != JSON_OBJECT)
		return NULL;
	for (const struct json_value *v = value->child; v; v = v->next)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

const char *json_member_text(const struct json_value *value, const char *name)
{
	const struct json_value *v = json_member(value, name);
	return v && v->kind == JSON_TEXT ? v->text : NULL;
}

struct strict_json *strict_json_free(struct strict_json *json)
{
	if (!json)
		return NULL;
	OPENSSL_cleanse(json->text, json->len);
	g_free(json->text);
	OPENSSL_cleanse(json->values, json->room * sizeof *json->values);
	g_free(json->values);
	g_free(json);
	return NULL;
}
