/* SPDX-License-Identifier: MIT */
#include "kiosk/config/layout_steps.h"

#include <string.h>

#define KEY        "steps"
#define HEX_DIGITS "0123456789abcdefABCDEF"
#define BLOCK_MAX  255
#define USER_MAX   13     /* Lite-S: blocks 00 to 0D are the user's */
#define OFF_MAX    0x7FFF /* READ BINARY keeps the top bit of its offset for another form */
#define RECORD_LEN 256    /* one answer with a short Le */
#define SFI_MAX    30
#define RECORD_MAX 254

static gboolean parse_number(const char *text, guint base, guint64 min, guint64 max, guint64 *ret)
{
	return g_ascii_string_to_unsigned(text, base, min, max, ret, NULL);
}

static gboolean parse_code(const char *text, uint16_t *ret)
{
	guint64 code;
	if (strlen(text) != 4 || !parse_number(text, 16, 0, G_MAXUINT16, &code))
		return FALSE;
	*ret = (uint16_t)code;
	return TRUE;
}

/* "5" or "0-3" */
static gboolean add_blocks(const char *text, guint max, struct layout_step *step)
{
	g_auto(GStrv) ends = g_strsplit(text, "-", 3);
	guint n = g_strv_length(ends);
	guint64 first, last;

	if (n < 1 || n > 2 || !parse_number(ends[0], 10, 0, max, &first) ||
		!parse_number(ends[n - 1], 10, first, max, &last))
		return FALSE;
	for (guint64 block = first; block <= last; block++) {
		if (step->n_blocks == LAYOUT_BLOCKS_MAX)
			return FALSE;
		step->blocks[step->n_blocks++] = (uint8_t)block;
	}
	return TRUE;
}

static gboolean parse_blocks(char *const *words, guint max, struct layout_step *step)
{
	for (; *words; words++)
		if (!add_blocks(*words, max, step))
			return FALSE;
	return step->n_blocks > 0;
}

/* Each parser gets what stands behind its word, at least one word. */

static gboolean parse_one_code(char *const *words, struct layout_step *step)
{
	return !words[1] && parse_code(words[0], &step->code);
}

static gboolean parse_read(char *const *words, struct layout_step *step)
{
	return parse_code(words[0], &step->code) && parse_blocks(words + 1, BLOCK_MAX, step);
}

static gboolean parse_mac(char *const *words, struct layout_step *step)
{
	return parse_blocks(words, USER_MAX, step);
}

static gboolean parse_uid(char *const *words, struct layout_step *step)
{
	static const char *const lengths[] = {"4", "7", "8", "10", NULL};
	if (words[1] || !g_strv_contains(lengths, words[0]))
		return FALSE;
	step->len = (uint16_t)g_ascii_strtoull(words[0], NULL, 10);
	return TRUE;
}

static gboolean parse_select(char *const *words, struct layout_step *step)
{
	gsize digits = strlen(words[0]);
	if (words[1] || digits % 2 != 0 || digits > 2 * sizeof step->aid ||
		strspn(words[0], HEX_DIGITS) != digits)
		return FALSE;
	for (gsize i = 0; i < digits; i += 2)
		step->aid[step->aid_len++] = (uint8_t)(g_ascii_xdigit_value(words[0][i]) << 4 |
						       g_ascii_xdigit_value(words[0][i + 1]));
	return TRUE;
}

static gboolean parse_binary(char *const *words, struct layout_step *step)
{
	guint64 off, len;
	if (g_strv_length((char **)words) != 2 || !parse_number(words[0], 10, 0, OFF_MAX, &off) ||
		!parse_number(words[1], 10, 1, LAYOUT_DATA_MAX, &len))
		return FALSE;
	step->off = (uint16_t)off;
	step->len = (uint16_t)len;
	return TRUE;
}

static gboolean parse_record(char *const *words, struct layout_step *step)
{
	guint64 sfi, record, len;
	if (g_strv_length((char **)words) != 3 || !parse_number(words[0], 10, 0, SFI_MAX, &sfi) ||
		!parse_number(words[1], 10, 1, RECORD_MAX, &record) ||
		!parse_number(words[2], 10, 1, RECORD_LEN, &len))
		return FALSE;
	step->sfi = (uint8_t)sfi;
	step->record = (uint8_t)record;
	step->len = (uint16_t)len;
	return TRUE;
}

struct verb {
	gboolean (*parse)(char *const *words, struct layout_step *step);
	const char *expected;
};

static const char *const verb_words[] = {
	[LAYOUT_SYSTEM] = "system",
	[LAYOUT_READ] = "read",
	[LAYOUT_MAC] = "mac",
	[LAYOUT_UID] = "uid",
	[LAYOUT_AID] = "select",
	[LAYOUT_FILE] = "file",
	[LAYOUT_BINARY] = "binary",
	[LAYOUT_RECORD] = "record",
	NULL,
};

static const struct verb verbs[] = {
	[LAYOUT_SYSTEM] = {parse_one_code, "a system code of four hexadecimal digits, such as "
					   "'system FE00'"},
	[LAYOUT_READ] = {parse_read, "a service code of four hexadecimal digits and at most 15 "
				     "blocks of 0 to 255, such as 'read 1A8B 0-3' or "
				     "'read 1A8B 0 2-3'"},
	[LAYOUT_MAC] = {parse_mac, "at most 15 blocks of 0 to 13, such as 'mac 0-1'"},
	[LAYOUT_UID] = {parse_uid, "how many bytes the number of the chip has: 'uid 4', 'uid 7', "
				   "'uid 10', or 'uid 8' of a FeliCa chip"},
	[LAYOUT_AID] = {parse_select, "an application id of 1 to 16 bytes in hexadecimal digits, "
				      "such as 'select F0544F444149'"},
	[LAYOUT_FILE] = {parse_one_code, "a file id of four hexadecimal digits, such as "
					 "'file 011E'"},
	[LAYOUT_BINARY] = {parse_binary, "an offset of 0 to 32767 and a length of 1 to 512, such "
					 "as 'binary 0 64'"},
	[LAYOUT_RECORD] = {parse_record, "a short file id of 0 to 30, a record of 1 to 254 and a "
					 "length of 1 to 256, such as 'record 1 2 32'"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(verb_words) == G_N_ELEMENTS(verbs) + 1);

static void drop_empty(char **words)
{
	char **to = words;
	for (char **from = words; *from; from++) {
		if (**from)
			*to++ = *from;
		else
			g_free(*from);
	}
	*to = NULL;
}

static gboolean parse_step(const struct keyfile *kf, const char *group, const char *text,
	struct layout_step *step, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
	drop_empty(words);
	for (guint i = 0; verb_words[i]; i++) {
		if (strcmp(words[0], verb_words[i]) != 0)
			continue;
		step->kind = (enum layout_step_kind)i;
		return (words[1] && verbs[i].parse(words + 1, step)) ||
		       keyfile_complain(kf, group, KEY, verbs[i].expected, text, error);
	}
	return keyfile_complain_word(kf, group, KEY, verb_words, words[0], error);
}

static gboolean of_felica(enum layout_step_kind kind)
{
	return kind == LAYOUT_SYSTEM || kind == LAYOUT_READ || kind == LAYOUT_MAC;
}

/* Is one of the steps before `end` of one of the kinds (bits)? */
static gboolean has(const struct card_layout *l, gsize end, guint kinds)
{
	for (gsize i = 0; i < end; i++)
		if (kinds & 1U << l->steps[i].kind)
			return TRUE;
	return FALSE;
}
#define KIND(name) (1U << LAYOUT_##name)

/* What step `i` lacks among the others; NULL: nothing. */
static const char *lack_of(const struct card_layout *l, gsize i)
{
	const struct layout_step *step = &l->steps[i];
	guint kind = 1U << step->kind;

	if (of_felica(step->kind) != of_felica(l->steps[0].kind))
		return "steps for one kind of card: 'system', 'read', 'mac', or 'uid', 'select', "
		       "'file', 'binary', 'record'";
	if ((kind & (KIND(READ) | KIND(MAC))) && !has(l, i, KIND(SYSTEM)))
		return "a 'system' step before it";
	if (step->kind == LAYOUT_READ && step->code % 2 == 0)
		return "an odd service code: services with an even one need a key that only the "
		       "issuer has";
	if (step->kind == LAYOUT_READ && has(l, l->n_steps, KIND(MAC)))
		return "no 'read' beside 'mac': what is read without its MAC proves nothing";
	if ((kind & (KIND(BINARY) | KIND(RECORD))) && !has(l, i, KIND(AID) | KIND(FILE)))
		return "a 'select' or 'file' step before it";
	if (i + 1 == l->n_steps && layout_step_len(step) == 0)
		return "a step that reads something at the end";
	return NULL;
}

static gboolean check_size(
	const struct keyfile *kf, const char *group, const struct card_layout *l, GError **error)
{
	gsize size = layout_step_at(l, l->n_steps);
	if (size <= LAYOUT_DATA_MAX)
		return TRUE;
	g_autofree char *got = g_strdup_printf("%" G_GSIZE_FORMAT, size);
	return keyfile_complain(kf, group, KEY, "at most 512 bytes from all steps", got, error);
}

static gboolean check_key(
	const struct keyfile *kf, const char *group, const struct card_layout *l, GError **error)
{
	gboolean mac = has(l, l->n_steps, KIND(MAC));
	if (mac && !*l->mac_key)
		return keyfile_complain(kf, group, "mac-key",
			"the name of a key, since a step is 'mac'", NULL, error);
	if (!mac && *l->mac_key)
		return keyfile_complain(
			kf, group, KEY, "a 'mac' step, since mac-key is given", NULL, error);
	return TRUE;
}

gboolean layout_steps_parse(
	const struct keyfile *kf, const char *group, struct card_layout *layout, GError **error)
{
	g_auto(GStrv) items = keyfile_items(kf, group, KEY, "", error);
	guint n = items ? g_strv_length(items) : 0;

	if (!items)
		return FALSE;
	if (n < 1 || n > LAYOUT_STEPS_MAX)
		return keyfile_complain(kf, group, KEY, LAYOUT_STEPS_EXPECTED,
			n > 0 ? items[LAYOUT_STEPS_MAX] : NULL, error);
	for (guint i = 0; i < n; i++)
		if (!parse_step(kf, group, items[i], &layout->steps[i], error))
			return FALSE;
	layout->n_steps = (uint8_t)n;
	for (guint i = 0; i < n; i++) {
		const char *lack = lack_of(layout, i);
		if (lack)
			return keyfile_complain(kf, group, KEY, lack, items[i], error);
	}
	return check_size(kf, group, layout, error) && check_key(kf, group, layout, error);
}
