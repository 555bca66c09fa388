/* SPDX-License-Identifier: MIT */
#include "kiosk/config/layouts.h"

#include <string.h>

#include "kiosk/config/layout_steps.h"
#include "kiosk/config/rows.h"
#include "pcsc/reading.h"

#define CLASS_PREFIX "class."
#define WORD_CHARS   G_CSET_a_2_z G_CSET_DIGITS "-"
#define STEPS_KEY    "steps"
#define PADDING_KEY  "padding"
#define DATE_LEN     8
#define REISSUE_LEN  4
#define NAME_LEN_MAX ((READING_NAME_SIZE - 1) / 3) /* each byte may become 3 of UTF-8 */

static gboolean parse_number(const char *text, guint base, guint64 max, guint64 *ret)
{
	return g_ascii_string_to_unsigned(text, base, 0, max, ret, NULL);
}

/* "2+12" */
static gboolean parse_place(const char *text, struct layout_slice *ret)
{
	g_auto(GStrv) parts = g_strsplit(text, "+", 3);
	guint64 off, len;

	if (g_strv_length(parts) != 2 || !parse_number(parts[0], 10, LAYOUT_DATA_MAX, &off) ||
		!parse_number(parts[1], 10, LAYOUT_DATA_MAX, &len) || len == 0)
		return FALSE;
	*ret = (struct layout_slice){(uint16_t)off, (uint16_t)len};
	return TRUE;
}

static const char *parse_slice(char *const *items, gpointer field)
{
	struct layout_slice *slice = field;
	*slice = (struct layout_slice){0};
	return !items[0] || parse_place(items[0], slice) ? NULL : items[0];
}

static const char *parse_number_place(char *const *items, gpointer field)
{
	return items[0] ? parse_slice(items, field) : "";
}

/* Only that there are some: layout_steps_parse() looks into them. */
static const char *want_steps(char *const *items, gpointer base)
{
	return items[0] ? NULL : "";
}

/* The place of the one item among `words`. */
static const char *parse_word(
	char *const *items, const char *const *words, guint n_words, guint *ret)
{
	for (guint i = 0; items[0] && i < n_words; i++) {
		if (strcmp(items[0], words[i]) == 0) {
			*ret = i;
			return NULL;
		}
	}
	return items[0] ? items[0] : "";
}

static const char *parse_encoding(char *const *items, gpointer field)
{
	static const char *const words[] = {[LAYOUT_ASCII] = "ascii", [LAYOUT_CP932] = "cp932"};
	guint word = LAYOUT_ASCII;
	const char *blame = parse_word(items, words, G_N_ELEMENTS(words), &word);
	*(enum layout_encoding *)field = (enum layout_encoding)word;
	return blame;
}

static const char *parse_number_form(char *const *items, gpointer field)
{
	static const char *const words[] = {[LAYOUT_TEXT] = "text",
		[LAYOUT_HEX] = "hex",
		[LAYOUT_HEX_REVERSED] = "hex-reversed"};
	guint word = LAYOUT_TEXT;
	const char *blame = parse_word(items, words, G_N_ELEMENTS(words), &word);
	*(enum layout_number_form *)field = (enum layout_number_form)word;
	return blame;
}

/* "00" */
static gboolean parse_byte(const char *text, char *ret)
{
	guint64 byte;
	if (strlen(text) != 2 || !parse_number(text, 16, G_MAXUINT8, &byte))
		return FALSE;
	*ret = (char)byte;
	return TRUE;
}

static const char *parse_stop(char *const *items, gpointer base)
{
	struct card_layout *layout = base;
	layout->has_stop = items[0] != NULL;
	return !items[0] || parse_byte(items[0], &layout->stop) ? NULL : items[0];
}

static const char *parse_padding(char *const *items, gpointer base)
{
	struct card_layout *layout = base;

	layout->n_padding = 0;
	for (; *items; items++)
		if (layout->n_padding == sizeof layout->padding ||
			!parse_byte(*items, &layout->padding[layout->n_padding++]))
			return *items;
	return NULL;
}

static gboolean is_pattern(const char *text)
{
	static const char chars[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-";
	size_t len = strlen(text);
	return len < READING_NUMBER_SIZE && strspn(text, chars) == len;
}

static const char *parse_patterns(char *const *items, gpointer base)
{
	struct card_layout *layout = base;

	layout->n_patterns = 0;
	for (; *items; items++) {
		if (!is_pattern(*items) || layout->n_patterns == LAYOUT_PATTERNS_MAX)
			return *items;
		g_strlcpy(layout->patterns[layout->n_patterns++].text, *items, LAYOUT_PATTERN_SIZE);
	}
	return layout->n_patterns > 0 ? NULL : "";
}

#define AT(member) G_STRUCT_OFFSET(struct card_layout, member)
#define PLACE      "a place as first byte + length, such as '2+12'"
#define SLICE(word, member)                                                                        \
	{                                                                                          \
		NULL, word, ROW_ITEM, AT(member), 0, 0, "", PLACE, NULL, parse_slice               \
	}

static const struct key_row rows[] = {
	{NULL, STEPS_KEY, ROW_ITEMS, 0, 0, 0, NULL, LAYOUT_STEPS_EXPECTED, NULL, want_steps},
	{NULL, "mac-key", ROW_LINE, AT(mac_key), 0, LAYOUT_NAME_SIZE - 1, "",
		"the name of a key, at most 23 of [a-z0-9-]", WORD_CHARS, NULL},
	SLICE("class", class_),
	{NULL, "number", ROW_ITEM, AT(number), 0, 0, NULL, PLACE, NULL, parse_number_place},
	SLICE("reissue", reissue),
	SLICE("name", name_),
	SLICE("school", school),
	SLICE("issued", issued),
	SLICE("expires", expires),
	{NULL, "name-encoding", ROW_ITEM, AT(name_encoding), 0, 0, "ascii", "'ascii' or 'cp932'",
		NULL, parse_encoding},
	{NULL, "key-kind", ROW_LINE, AT(key_kind), 1, LAYOUT_NAME_SIZE - 1, NULL,
		"a word of [a-z0-9-], such as 'student-number'", WORD_CHARS, NULL},
	{NULL, "school-id", ROW_LINE, AT(school_id), 0, 15, "", "at most 15 letters or digits",
		G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS, NULL},
	{NULL, "number-form", ROW_ITEM, AT(number_form), 0, 0, "text",
		"'text', 'hex' or 'hex-reversed'", NULL, parse_number_form},
	{NULL, "stop", ROW_ITEM, 0, 0, 0, "", "a byte of two hexadecimal digits, such as '00'",
		NULL, parse_stop},
	{NULL, PADDING_KEY, ROW_ITEMS, 0, 0, 0, "00;20",
		"at most 4 bytes of two hexadecimal digits, such as '00;20'", NULL, parse_padding},
	{NULL, "patterns", ROW_ITEMS, 0, 0, 0, NULL,
		"1 to 16 patterns of at most 31 characters, such as '99-999999' or 'XX9999'", NULL,
		parse_patterns},
	{NULL, "stable-idm", ROW_BOOL, AT(stable_idm), 0, 0, "false", NULL, NULL, NULL},
};

static gboolean is_word(const char *text)
{
	gsize len = strlen(text);
	return len > 0 && len < LAYOUT_NAME_SIZE && strspn(text, WORD_CHARS) == len;
}

/* "staff staff-number 2+6": word of the class and, where they differ from the layout's,
 * kind and place of its number. */
static gboolean store_class(struct card_layout *layout, const char *code, const char *value)
{
	g_auto(GStrv) words = g_strsplit(value, " ", 4);
	struct layout_class *to = &layout->classes[layout->n_classes];
	guint n = g_strv_length(words);

	if (layout->n_classes == LAYOUT_CLASSES_MAX || !*code || strlen(code) >= sizeof to->code ||
		n < 1 || n > 3 || !is_word(words[0]) || (n > 1 && !is_word(words[1])) ||
		(n > 2 && !parse_place(words[2], &to->number)))
		return FALSE;
	g_strlcpy(to->code, code, sizeof to->code);
	g_strlcpy(to->name, words[0], sizeof to->name);
	g_strlcpy(to->key_kind, n > 1 ? words[1] : "", sizeof to->key_kind);
	layout->n_classes++;
	return TRUE;
}

static gboolean parse_classes(
	const struct keyfile *kf, const char *group, struct card_layout *layout, GError **error)
{
	g_auto(GStrv) keys = keyfile_keys(kf, group);

	for (char **key = keys; *key; key++) {
		if (!g_str_has_prefix(*key, CLASS_PREFIX))
			continue;
		g_autofree char *value = keyfile_text(kf, group, *key, "", error);
		if (!value)
			return FALSE;
		if (!store_class(layout, *key + strlen(CLASS_PREFIX), value))
			return keyfile_complain(kf, group, *key,
				"a class word and perhaps the kind and the place of its number, "
				"such as 'staff staff-number 2+6', under a code of 1 to 7 "
				"characters (32 at most)",
				value, error);
	}
	return TRUE;
}

/* Each field must lie within what the steps bring and fit where the reading keeps it. */
static gboolean check_slice(const struct keyfile *kf, const struct card_layout *l, const char *key,
	struct layout_slice slice, guint max, GError **error)
{
	guint size = (guint)layout_step_at(l, l->n_steps);

	if ((guint)slice.off + slice.len <= size && slice.len <= max)
		return TRUE;
	g_autofree char *got = g_strdup_printf("%u+%u", slice.off, slice.len);
	g_autofree char *expected =
		g_strdup_printf("at most %u bytes within the %u that the steps bring", max, size);
	return keyfile_complain(kf, l->name, key, expected, got, error);
}

/* A byte becomes two digits where the number is no text. */
static guint number_max(const struct card_layout *l)
{
	guint max = READING_NUMBER_SIZE - 1;
	return l->number_form == LAYOUT_TEXT ? max : max / 2;
}

static gboolean check_slices(const struct keyfile *kf, const struct card_layout *l, GError **error)
{
	const struct {
		const char *key;
		struct layout_slice slice;
		guint max;
	} fields[] = {
		{"class", l->class_, sizeof l->classes[0].code - 1},
		{"number", l->number, number_max(l)},
		{"reissue", l->reissue, REISSUE_LEN},
		{"name", l->name_, NAME_LEN_MAX},
		{"school", l->school, sizeof l->school_id - 1},
		{"issued", l->issued, DATE_LEN},
		{"expires", l->expires, DATE_LEN},
	};

	for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
		if (!check_slice(kf, l, fields[i].key, fields[i].slice, fields[i].max, error))
			return FALSE;
	for (gsize i = 0; i < l->n_classes; i++) {
		g_autofree char *key = g_strconcat(CLASS_PREFIX, l->classes[i].code, NULL);
		if (!check_slice(kf, l, key, l->classes[i].number, number_max(l), error))
			return FALSE;
	}
	return TRUE;
}

/* What only makes sense together. */
static gboolean check_pairs(const struct keyfile *kf, const struct card_layout *l, GError **error)
{
	if (l->n_classes > 0 && l->class_.len == 0)
		return keyfile_complain(
			kf, l->name, "class", "a place, since classes are named", NULL, error);
	if (*l->school_id && l->school.len == 0)
		return keyfile_complain(
			kf, l->name, "school", "a place, since school-id is given", NULL, error);
	if (l->has_stop && l->number_form != LAYOUT_TEXT)
		return keyfile_complain(
			kf, l->name, "number-form", "'text', since stop is given", NULL, error);
	return TRUE;
}

static gboolean parse_layout(
	const struct keyfile *kf, const char *group, struct card_layout *layout, GError **error)
{
	if (strlen(group) >= LAYOUT_NAME_SIZE || strspn(group, WORD_CHARS) != strlen(group))
		return keyfile_complain(
			kf, group, NULL, "a layout name of [a-z0-9-], at most 23", group, error);
	g_strlcpy(layout->name, group, sizeof layout->name);
	gboolean padded = keyfile_has(kf, group, PADDING_KEY);
	if (!rows_check_keys(kf, group, rows, G_N_ELEMENTS(rows), CLASS_PREFIX, error) ||
		!rows_fill(kf, group, rows, G_N_ELEMENTS(rows), layout, error) ||
		!layout_steps_parse(kf, group, layout, error) ||
		!parse_classes(kf, group, layout, error))
		return FALSE;
	if (!padded && layout->number_form != LAYOUT_TEXT)
		layout->n_padding = 0; /* 00 and 20 are digits like any other there */
	return check_slices(kf, layout, error) && check_pairs(kf, layout, error);
}

gboolean layouts_parse(
	const struct keyfile *kf, struct card_layout **ret, gsize *ret_n, GError **error)
{
	const char *const *groups = keyfile_groups(kf);
	gsize n = keyfile_n_groups(kf);

	if (n < 1 || n > LAYOUTS_MAX)
		return keyfile_complain(kf, NULL, NULL, "1 to 32 layouts", NULL, error);
	g_autofree struct card_layout *layouts = g_new0(struct card_layout, n);
	for (gsize i = 0; i < n; i++)
		if (!parse_layout(kf, groups[i], &layouts[i], error))
			return FALSE;
	*ret = g_steal_pointer(&layouts);
	*ret_n = n;
	return TRUE;
}

gboolean layouts_check_keys(const struct keyfile *kf, const struct card_layout *layouts, gsize n,
	char *const *names, GError **error)
{
	for (gsize i = 0; i < n; i++) {
		const struct card_layout *l = &layouts[i];
		if (*l->mac_key && !g_strv_contains((const char *const *)names, l->mac_key))
			return keyfile_complain(kf, l->name, "mac-key",
				"a name that stands in mac-keys of [cards]", l->mac_key, error);
	}
	return TRUE;
}
