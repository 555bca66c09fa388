/* SPDX-License-Identifier: MIT */
#include "kiosk/config/layouts.h"

#include <string.h>

#include "kiosk/config/rows.h"
#include "pcsc/reading.h"

#define CLASS_PREFIX "class."
#define WORD_CHARS   G_CSET_a_2_z G_CSET_DIGITS "-"
#define BLOCK_MAX    255
#define DATE_LEN     8
#define NAME_LEN_MAX ((READING_NAME_SIZE - 1) / 3) /* each byte may become 3 of UTF-8 */

static gboolean parse_number(const char *text, guint base, guint64 max, guint64 *ret)
{
	return g_ascii_string_to_unsigned(text, base, 0, max, ret, NULL);
}

static const char *parse_slice(char *const *items, gpointer field)
{
	struct layout_slice *slice = field;
	guint64 off, len;

	*slice = (struct layout_slice){0};
	if (!items[0])
		return NULL;
	g_auto(GStrv) parts = g_strsplit(items[0], "+", 3);
	if (g_strv_length(parts) != 2 ||
		!parse_number(parts[0], 10, LAYOUT_BLOCKS_MAX * FELICA_BLOCK_SIZE, &off) ||
		!parse_number(parts[1], 10, LAYOUT_BLOCKS_MAX * FELICA_BLOCK_SIZE, &len) ||
		len == 0)
		return items[0];
	*slice = (struct layout_slice){(uint16_t)off, (uint16_t)len};
	return NULL;
}

/* "5" or "0-3" */
static gboolean add_blocks(struct layout_step *step, const char *item)
{
	g_auto(GStrv) ends = g_strsplit(item, "-", 3);
	guint n = g_strv_length(ends);
	guint64 first, last;

	if (n < 1 || n > 2 || !parse_number(ends[0], 10, BLOCK_MAX, &first) ||
		!parse_number(ends[n - 1], 10, BLOCK_MAX, &last) || first > last)
		return FALSE;
	for (guint64 block = first; block <= last; block++) {
		if (step->n_blocks == LAYOUT_BLOCKS_MAX)
			return FALSE;
		step->blocks[step->n_blocks++] = (uint8_t)block;
	}
	return TRUE;
}

static gboolean parse_code(const char *text, uint16_t *ret)
{
	guint64 code;
	if (!text || strlen(text) != 4 || !parse_number(text, 16, G_MAXUINT16, &code))
		return FALSE;
	*ret = (uint16_t)code;
	return TRUE;
}

/* "system FE00", "read 1A8B 0-3" */
static gboolean parse_step(const char *text, struct layout_step *step)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	if (g_strv_length(words) < 2 || !parse_code(words[1], &step->code))
		return FALSE;
	if (strcmp(words[0], "system") == 0) {
		step->kind = LAYOUT_SYSTEM;
		return !words[2];
	}
	step->kind = LAYOUT_READ;
	for (char **block = words + 2; *block; block++)
		if (!add_blocks(step, *block))
			return FALSE;
	return strcmp(words[0], "read") == 0 && step->n_blocks > 0;
}

static const char *parse_steps(char *const *items, gpointer base)
{
	struct card_layout *layout = base;
	layout->n_steps = 0;
	for (; *items; items++)
		if (layout->n_steps == LAYOUT_STEPS_MAX ||
			!parse_step(*items, &layout->steps[layout->n_steps++]))
			return *items;
	return layout->n_steps > 0 ? NULL : "";
}

static const char *parse_encoding(char *const *items, gpointer field)
{
	static const char *const words[] = {[LAYOUT_ASCII] = "ascii", [LAYOUT_CP932] = "cp932"};

	for (guint i = 0; items[0] && i < G_N_ELEMENTS(words); i++) {
		if (strcmp(items[0], words[i]) == 0) {
			*(enum layout_encoding *)field = i;
			return NULL;
		}
	}
	return items[0] ? items[0] : "";
}

static const char *parse_padding(char *const *items, gpointer base)
{
	struct card_layout *layout = base;
	guint64 byte;

	layout->n_padding = 0;
	for (; *items; items++) {
		if (strlen(*items) != 2 || !parse_number(*items, 16, G_MAXUINT8, &byte) ||
			layout->n_padding == sizeof layout->padding)
			return *items;
		layout->padding[layout->n_padding++] = (char)byte;
	}
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
#define SLICE(word, member, otherwise)                                                             \
	{                                                                                          \
		NULL, word, ROW_ITEM, AT(member), 0, 0, otherwise,                                 \
			"a place as first byte + length, such as '2+12'", NULL, parse_slice        \
	}

static const struct key_row rows[] = {
	{NULL, "steps", ROW_ITEMS, 0, 0, 0, NULL, "steps such as 'system FE00;read 1A8B 0-3'", NULL,
		parse_steps},
	SLICE("class", class_, ""),
	SLICE("number", number, NULL),
	SLICE("reissue", reissue, ""),
	SLICE("name", name_, ""),
	SLICE("school", school, ""),
	SLICE("issued", issued, ""),
	SLICE("expires", expires, ""),
	{NULL, "name-encoding", ROW_ITEM, AT(name_encoding), 0, 0, "ascii", "'ascii' or 'cp932'",
		NULL, parse_encoding},
	{NULL, "key-kind", ROW_LINE, AT(key_kind), 1, LAYOUT_NAME_SIZE - 1, NULL,
		"a word of [a-z0-9-], such as 'student-number'", WORD_CHARS, NULL},
	{NULL, "school-id", ROW_LINE, AT(school_id), 0, 15, "", "at most 15 letters or digits",
		G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS, NULL},
	{NULL, "padding", ROW_ITEMS, 0, 0, 0, "00;20",
		"at most 4 bytes of two hexadecimal digits, such as '00;20'", NULL, parse_padding},
	{NULL, "patterns", ROW_ITEMS, 0, 0, 0, NULL,
		"1 to 16 patterns of at most 31 characters, such as '99-999999' or 'XX9999'", NULL,
		parse_patterns},
	{NULL, "stable-idm", ROW_BOOL, AT(stable_idm), 0, 0, "false", NULL, NULL, NULL},
};

/* "student student-number": word of the class and, if it differs, kind of its number. */
static gboolean store_class(struct card_layout *layout, const char *code, const char *value)
{
	g_auto(GStrv) words = g_strsplit(value, " ", 3);
	struct layout_class *to = &layout->classes[layout->n_classes];
	guint n = g_strv_length(words);

	if (layout->n_classes == LAYOUT_CLASSES_MAX || n < 1 || n > 2 || !*code ||
		strlen(code) >= sizeof to->code)
		return FALSE;
	for (guint i = 0; i < n; i++)
		if (!*words[i] || strlen(words[i]) >= LAYOUT_NAME_SIZE ||
			strspn(words[i], WORD_CHARS) != strlen(words[i]))
			return FALSE;
	g_strlcpy(to->code, code, sizeof to->code);
	g_strlcpy(to->name, words[0], sizeof to->name);
	g_strlcpy(to->key_kind, n == 2 ? words[1] : "", sizeof to->key_kind);
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
				"a class word and perhaps a key kind, such as 'student "
				"student-number', under a code of 1 to 7 characters (32 at most)",
				value, error);
	}
	return TRUE;
}

/* Each field must lie within what the blocks hold and fit where the reading keeps it. */
static gboolean check_slices(const struct keyfile *kf, const struct card_layout *l, GError **error)
{
	const struct {
		const char *key;
		struct layout_slice slice;
		guint max;
	} fields[] = {
		{"class", l->class_, sizeof l->classes[0].code - 1},
		{"number", l->number, READING_NUMBER_SIZE - 1},
		{"reissue", l->reissue, 4},
		{"name", l->name_, NAME_LEN_MAX},
		{"school", l->school, sizeof l->school_id - 1},
		{"issued", l->issued, DATE_LEN},
		{"expires", l->expires, DATE_LEN},
	};
	guint size = (guint)layout_step_at(l, l->n_steps);

	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		guint off = fields[i].slice.off, len = fields[i].slice.len;
		if (off + len <= size && len <= fields[i].max)
			continue;
		g_autofree char *got = g_strdup_printf("%u+%u", off, len);
		g_autofree char *expected = g_strdup_printf(
			"at most %u bytes within the %u of the blocks", fields[i].max, size);
		return keyfile_complain(kf, l->name, fields[i].key, expected, got, error);
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
	return TRUE;
}

static gboolean parse_layout(
	const struct keyfile *kf, const char *group, struct card_layout *layout, GError **error)
{
	if (strlen(group) >= LAYOUT_NAME_SIZE || strspn(group, WORD_CHARS) != strlen(group))
		return keyfile_complain(
			kf, group, NULL, "a layout name of [a-z0-9-], at most 23", group, error);
	g_strlcpy(layout->name, group, sizeof layout->name);
	return rows_check_keys(kf, group, rows, G_N_ELEMENTS(rows), CLASS_PREFIX, error) &&
	       rows_fill(kf, group, rows, G_N_ELEMENTS(rows), layout, error) &&
	       parse_classes(kf, group, layout, error) && check_slices(kf, layout, error) &&
	       check_pairs(kf, layout, error);
}

gboolean layouts_parse(
	const struct keyfile *kf, struct card_layout **ret, gsize *ret_n, GError **error)
{
	const char *const *groups = keyfile_groups(kf);
	gsize n = keyfile_n_groups(kf);

	if (n < 1 || n > LAYOUTS_MAX)
		return keyfile_complain(kf, NULL, NULL, "1 to 16 layouts", NULL, error);
	g_autofree struct card_layout *layouts = g_new0(struct card_layout, n);
	for (gsize i = 0; i < n; i++)
		if (!parse_layout(kf, groups[i], &layouts[i], error))
			return FALSE;
	*ret = g_steal_pointer(&layouts);
	*ret_n = n;
	return TRUE;
}
