/* SPDX-License-Identifier: MIT
 *
 * checkpoint.c - see checkpoint.h.
 */
#include "kiosk/record/checkpoint.h"

#include <string.h>

#include "kiosk/record/ledger_proof.h"

#define LINES_MIN 3
#define LINES_MAX 64 /* with extensions, which nobody needs */

char *checkpoint_sign(const struct checkpoint *checkpoint, const struct note_key *key,
	const guint8 seed[NOTE_KEY_SIZE])
{
	g_autofree char *root = g_base64_encode(checkpoint->root, sizeof checkpoint->root);
	g_autofree char *text = g_strdup_printf(
		"%s\n%" G_GUINT64_FORMAT "\n%s\n", key->name, checkpoint->size, root);
	return note_sign(text, key, seed);
}

static gboolean parse(
	char *const *lines, const char *origin, struct checkpoint *ret, GError **error)
{
	struct checkpoint checkpoint;
	/* The text ends in a newline: the last of the pieces is empty. */
	guint n = g_strv_length((char **)lines) - 1;
	if (n < LINES_MIN || n > LINES_MAX)
		return note_fail(error, NOTE_ERROR_FORM, "checkpoint: %u lines", n);
	for (guint i = 0; i < n; i++)
		if (!*lines[i])
			return note_fail(
				error, NOTE_ERROR_FORM, "checkpoint: line %u is empty", i + 1);
	if (!g_str_equal(lines[0], origin))
		return note_fail(error, NOTE_ERROR_CONTENT, "checkpoint: of another origin");
	if (!note_decimal(lines[1], LEDGER_SIZE_MAX, &checkpoint.size))
		return note_fail(error, NOTE_ERROR_FORM, "checkpoint: line 2 is no size");
	if (!note_base64(lines[2], strlen(lines[2]), checkpoint.root, sizeof checkpoint.root))
		return note_fail(error, NOTE_ERROR_FORM, "checkpoint: line 3 is no root");
	*ret = checkpoint;
	return TRUE;
}

gboolean checkpoint_open(const char *note, gsize len, const struct note_key *key,
	struct checkpoint *ret, GError **error)
{
	g_autofree char *text = NULL;
	if (!note_open(note, len, key, &text, error))
		return FALSE;
	g_auto(GStrv) lines = g_strsplit(text, "\n", LINES_MAX + 2);
	return parse(lines, key->name, ret, error);
}
