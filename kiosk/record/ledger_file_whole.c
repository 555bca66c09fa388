/* SPDX-License-Identifier: MIT
 *
 * ledger_file_whole.c - all leaf hashes in one file; see ledger_file.h.
 */
#include "kiosk/record/ledger_file_private.h"

#include <string.h>

#include "kiosk/record/seal.h"

#define HASH_CHARS  44 /* base64 of 32 bytes */
#define CHECK_BYTES 4
#define CHECK_CHARS (2 * CHECK_BYTES)
#define FAULTS_MAX  100

static void check_of(const char *line, gsize len, char ret[CHECK_CHARS + 1])
{
	guint8 hash[SEAL_HASH_SIZE];
	seal_sha256(line, len, hash);
	for (guint i = 0; i < CHECK_BYTES; i++)
		g_snprintf(ret + 2 * i, 3, "%02x", hash[i]);
}

void ledger_file_add_leaf(GString *text, guint64 place, const guint8 hash[LEDGER_HASH_SIZE])
{
	gsize begin = text->len;
	char sum[CHECK_CHARS + 1];
	g_autofree char *base64 = g_base64_encode(hash, LEDGER_HASH_SIZE);
	g_string_append_printf(text, "%" G_GUINT64_FORMAT " %s", place, base64);
	check_of(text->str + begin, text->len - begin, sum);
	g_string_append_printf(text, " %s\n", sum);
}

void ledger_file_add_opening(GString *text, guint64 place, const struct ledger_opening *opening)
{
	char line[LEDGER_OPENING_TEXT_SIZE];
	ledger_opening_text(opening, line);
	g_string_append_printf(text, "open %" G_GUINT64_FORMAT " %s\n", place, line);
}

static void add_fault(struct ledger_file *file, const char *what, guint64 n, const char *why)
{
	g_ptr_array_add(
		file->faults, g_strdup_printf("%s %" G_GUINT64_FORMAT ": %s", what, n, why));
}

/* "<place> <hash> <check>" of the leaf that comes next. */
static gboolean read_leaf(const char *line, guint64 place, guint8 ret[LEDGER_HASH_SIZE])
{
	char begin[32], sum[CHECK_CHARS + 1];
	gsize n = (gsize)g_snprintf(begin, sizeof begin, "%" G_GUINT64_FORMAT " ", place);
	if (strlen(line) != n + HASH_CHARS + 1 + CHECK_CHARS || strncmp(line, begin, n) != 0)
		return FALSE;
	check_of(line, n + HASH_CHARS, sum);
	return line[n + HASH_CHARS] == ' ' && g_str_equal(line + n + HASH_CHARS + 1, sum) &&
	       note_base64(line + n, HASH_CHARS, ret, LEDGER_HASH_SIZE);
}

/* "open <place> <opening>" */
static gboolean read_opening(const char *line, struct ledger_opened *ret)
{
	const char *place = line + strlen("open "), *space = strchr(place, ' ');
	g_autofree char *digits = space ? g_strndup(place, (gsize)(space - place)) : NULL;
	return digits && note_decimal(digits, LEDGER_SIZE_MAX, &ret->place) &&
	       ledger_opening_parse(space + 1, &ret->opening);
}

static void take_opening(struct ledger_file *file, const struct lines *lines)
{
	struct ledger_opened opened = {0};
	if (read_opening(lines->line, &opened))
		g_array_append_val(file->opened, opened);
	else
		add_fault(file, "line", lines->n, "not an opening");
}

/* A bad line is named, and counts as a leaf while no opening has come. */
static void take_leaf(struct ledger_file *file, const struct lines *lines)
{
	guint8 hash[LEDGER_HASH_SIZE] = {0};
	guint64 place = file->leaves->len / LEDGER_HASH_SIZE;
	if (file->opened->len > 0) {
		add_fault(file, "line", lines->n, "not an opening");
		return;
	}
	if (!read_leaf(lines->line, place, hash))
		add_fault(file, "leaf", place, "its line is not as it was made");
	g_byte_array_append(file->leaves, hash, sizeof hash);
}

gboolean ledger_whole_read(struct ledger_file *file, struct lines *lines, GError **error)
{
	const char *line;
	while ((line = ledger_line(lines)) && *line) {
		/* What is broken everywhere is no ledger, and must not fill the memory. */
		if (file->faults->len > FAULTS_MAX)
			return ledger_bad_line(lines, error);
		if (g_str_has_prefix(line, "open "))
			take_opening(file, lines);
		else
			take_leaf(file, lines);
	}
	return line || ledger_bad_line(lines, error);
}

static void check_opened(struct ledger_file *file, const struct ledger_opened *opened)
{
	guint8 hash[LEDGER_HASH_SIZE];
	ledger_opening_leaf(&opened->opening, hash);
	if (opened->place >= file->leaves->len / LEDGER_HASH_SIZE ||
		memcmp(hash, file->leaves->data + opened->place * LEDGER_HASH_SIZE, sizeof hash) !=
			0)
		add_fault(file, "leaf", opened->place, "not that of its opening");
}

void ledger_whole_check(struct ledger_file *file)
{
	struct ledger_edge edge = {0};
	guint8 root[LEDGER_HASH_SIZE];
	AUTO(ledger_hasher) hasher = ledger_hasher_new();
	for (guint i = 0; i < file->opened->len; i++)
		check_opened(file, &g_array_index(file->opened, struct ledger_opened, i));
	for (gsize at = 0; at < file->leaves->len; at += LEDGER_HASH_SIZE)
		ledger_hasher_append(hasher, &edge, file->leaves->data + at);
	ledger_hasher_root(hasher, &edge, root);
	if (edge.size != file->checkpoint.size ||
		memcmp(root, file->checkpoint.root, sizeof root) != 0)
		add_fault(file, "size", file->checkpoint.size,
			"the leaves do not give the root that was signed");
}
