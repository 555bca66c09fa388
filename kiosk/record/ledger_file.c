/* SPDX-License-Identifier: MIT
 *
 * ledger_file.c - see ledger_file.h. Writing, and reading of all but the whole.
 */
#include "kiosk/record/ledger_file_private.h"

#include <string.h>

static void add_hash(GString *text, const guint8 hash[LEDGER_HASH_SIZE])
{
	g_autofree char *base64 = g_base64_encode(hash, LEDGER_HASH_SIZE);
	g_string_append_printf(text, "%s\n", base64);
}

static char *finish(GString *text, const struct ledger_proof *proof, const char *note)
{
	for (guint i = 0; i < proof->n; i++)
		add_hash(text, proof->hash[i]);
	g_string_append_printf(text, "\n%s", note);
	return g_string_free(text, FALSE);
}

char *ledger_file_inclusion(guint64 place, const struct ledger_proof *proof,
	const struct ledger_opening *opening, const char *note)
{
	GString *text = g_string_new(INCLUSION_HEAD "\n");
	if (opening) {
		char line[LEDGER_OPENING_TEXT_SIZE];
		ledger_opening_text(opening, line);
		g_autofree char *base64 = g_base64_encode((const guint8 *)line, strlen(line));
		g_string_append_printf(text, "extra %s\n", base64);
	}
	g_string_append_printf(text, "index %" G_GUINT64_FORMAT "\n", place);
	return finish(text, proof, note);
}

char *ledger_file_consistency(
	const struct checkpoint *old, const struct ledger_proof *proof, const char *note)
{
	GString *text = g_string_new(CONSISTENCY_HEAD "\n");
	g_string_append_printf(text, "old %" G_GUINT64_FORMAT " ", old->size);
	add_hash(text, old->root);
	return finish(text, proof, note);
}

const char *ledger_line(struct lines *lines)
{
	lines->n++;
	if (lines->len == 0)
		return NULL;
	const char *end = memchr(lines->at, '\n', lines->len);
	gsize n = end ? (gsize)(end - lines->at) : 0;
	if (!end || n >= sizeof lines->line || memchr(lines->at, '\0', n))
		return NULL;
	memcpy(lines->line, lines->at, n);
	lines->line[n] = '\0';
	lines->at += n + 1;
	lines->len -= n + 1;
	return lines->line;
}

gboolean ledger_bad_line(const struct lines *lines, GError **error)
{
	return note_fail(error, NOTE_ERROR_FORM, "line %" G_GUINT64_FORMAT " is not as it was made",
		lines->n);
}

/* Hashes up to the empty line. */
static gboolean read_proof(struct lines *lines, struct ledger_proof *ret, GError **error)
{
	const char *line;
	while ((line = ledger_line(lines)) && *line) {
		if (ret->n == LEDGER_PROOF_MAX ||
			!note_base64(line, strlen(line), ret->hash[ret->n], LEDGER_HASH_SIZE))
			return ledger_bad_line(lines, error);
		ret->n++;
	}
	return line || ledger_bad_line(lines, error);
}

/* The base64 of an opening; its length is not known before. */
static gboolean read_extra(const char *base64, struct ledger_opening *ret)
{
	gsize len = 0;
	g_autofree char *text = (char *)g_base64_decode(base64, &len);
	g_autofree char *again = g_base64_encode((guint8 *)text, len);
	if (!g_str_equal(base64, again) || memchr(text, '\0', len))
		return FALSE;
	g_autofree char *line = g_strndup(text, len);
	return ledger_opening_parse(line, ret);
}

static gboolean read_inclusion(struct ledger_file *file, struct lines *lines, GError **error)
{
	struct ledger_opened opened = {0};
	const char *line = ledger_line(lines);
	if (line && g_str_has_prefix(line, "extra ")) {
		if (!read_extra(line + strlen("extra "), &opened.opening))
			return ledger_bad_line(lines, error);
		g_array_append_val(file->opened, opened);
		line = ledger_line(lines);
	}
	if (!line || !g_str_has_prefix(line, "index ") ||
		!note_decimal(line + strlen("index "), LEDGER_SIZE_MAX, &file->place))
		return ledger_bad_line(lines, error);
	if (file->opened->len > 0)
		g_array_index(file->opened, struct ledger_opened, 0).place = file->place;
	return read_proof(lines, &file->proof, error);
}

static gboolean read_consistency(struct ledger_file *file, struct lines *lines, GError **error)
{
	const char *line = ledger_line(lines);
	g_auto(GStrv) words = g_strsplit(line ? line : "", " ", 4);
	if (g_strv_length(words) != 3 || !g_str_equal(words[0], "old") ||
		!note_decimal(words[1], LEDGER_SIZE_MAX, &file->old.size) ||
		!note_base64(words[2], strlen(words[2]), file->old.root, LEDGER_HASH_SIZE))
		return ledger_bad_line(lines, error);
	return read_proof(lines, &file->proof, error);
}

/* What the file says against its checkpoint. */
static gboolean check_inclusion(
	const struct ledger_file *file, const guint8 *leaf_hash, GError **error)
{
	guint8 hash[LEDGER_HASH_SIZE];
	const struct checkpoint *checkpoint = &file->checkpoint;
	if (file->opened->len > 0)
		ledger_opening_leaf(
			&g_array_index(file->opened, struct ledger_opened, 0).opening, hash);
	else if (leaf_hash)
		memcpy(hash, leaf_hash, sizeof hash);
	else
		return note_fail(error, NOTE_ERROR_CONTENT,
			"the request is erased at the desk: its envelope is needed");
	if (leaf_hash && memcmp(hash, leaf_hash, sizeof hash) != 0)
		return note_fail(error, NOTE_ERROR_CONTENT, "the proof is of another request");
	return ledger_proof_includes(
		       &file->proof, file->place, checkpoint->size, hash, checkpoint->root) ||
	       note_fail(error, NOTE_ERROR_CONTENT,
		       "leaf %" G_GUINT64_FORMAT " is not in the tree as the proof says",
		       file->place);
}

static gboolean check_consistency(const struct ledger_file *file, GError **error)
{
	const struct checkpoint *old = &file->old, *now = &file->checkpoint;
	return ledger_proof_continues(&file->proof, old->size, old->root, now->size, now->root) ||
	       note_fail(error, NOTE_ERROR_CONTENT,
		       "the tree of %" G_GUINT64_FORMAT
		       " leaves is not a beginning of that of %" G_GUINT64_FORMAT,
		       old->size, now->size);
}

static gboolean check(struct ledger_file *file, const guint8 *leaf_hash, GError **error)
{
	switch (file->kind) {
	case LEDGER_FILE_CHECKPOINT:
		return TRUE;
	case LEDGER_FILE_INCLUSION:
		return check_inclusion(file, leaf_hash, error);
	case LEDGER_FILE_CONSISTENCY:
		return check_consistency(file, error);
	case LEDGER_FILE_WHOLE:
		ledger_whole_check(file);
		return TRUE;
	}
	return FALSE;
}

static gboolean read_body(struct ledger_file *file, struct lines *lines, GError **error)
{
	static const struct {
		const char *head;
		enum ledger_file_kind kind;
		gboolean (*read)(struct ledger_file *file, struct lines *lines, GError **error);
	} heads[] = {
		{INCLUSION_HEAD, LEDGER_FILE_INCLUSION, read_inclusion},
		{CONSISTENCY_HEAD, LEDGER_FILE_CONSISTENCY, read_consistency},
		{WHOLE_HEAD, LEDGER_FILE_WHOLE, ledger_whole_read},
	};
	struct lines whole = *lines;
	const char *head = ledger_line(lines);
	for (gsize i = 0; head && i < G_N_ELEMENTS(heads); i++) {
		if (!g_str_equal(head, heads[i].head))
			continue;
		file->kind = heads[i].kind;
		return heads[i].read(file, lines, error);
	}
	*lines = whole;
	return TRUE;
}

static struct ledger_file *new_file(void)
{
	struct ledger_file *file = g_new0(struct ledger_file, 1);
	file->leaves = g_byte_array_new();
	file->opened = g_array_new(FALSE, FALSE, sizeof(struct ledger_opened));
	file->faults = g_ptr_array_new_with_free_func(g_free);
	return file;
}

struct ledger_file *ledger_file_read(const char *text, gsize len, const struct note_key *key,
	const guint8 *leaf_hash, GError **error)
{
	struct lines lines = {.at = text, .len = len};
	AUTO(ledger_file) file = new_file();
	if (len > LEDGER_FILE_MAX) {
		note_fail(error, NOTE_ERROR_FORM, "larger than any file of a ledger");
		return NULL;
	}
	if (!read_body(file, &lines, error) ||
		!checkpoint_open(lines.at, lines.len, key, &file->checkpoint, error) ||
		!check(file, leaf_hash, error))
		return NULL;
	return g_steal_pointer(&file);
}

struct ledger_file *ledger_file_free(struct ledger_file *file)
{
	if (!file)
		return NULL;
	g_byte_array_unref(file->leaves);
	g_array_unref(file->opened);
	g_ptr_array_unref(file->faults);
	g_free(file);
	return NULL;
}
