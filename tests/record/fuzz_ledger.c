/* SPDX-License-Identifier: MIT
 *
 * fuzz_ledger.c - files of the ledger, notes, verifier keys and envelopes from anywhere.
 *
 * No signature can be guessed: the body is read with a checkpoint that is signed here, and
 * whatever was accepted must be the same when it is written again.
 */
#include <stdlib.h>
#include <string.h>

#include "kiosk/record/ledger_file.h"
#include "tests/visit/fuzz.h"

#define NAME "madoguchi/ENG1"

static void check(gboolean ok)
{
	if (!ok)
		abort();
}

static void read_key(const char *text)
{
	struct note_key key;
	char again[NOTE_KEY_TEXT_SIZE];
	if (!note_key_parse(text, &key, NULL))
		return;
	note_key_text(&key, again);
	check(g_str_equal(text, again));
}

static void read_opening(const char *text)
{
	struct ledger_opening opening;
	char again[LEDGER_OPENING_TEXT_SIZE];
	if (!ledger_opening_parse(text, &opening))
		return;
	ledger_opening_text(&opening, again);
	check(g_str_equal(text, again));
}

static void read_envelope(const guint8 *data, gsize size)
{
	struct ledger_opening opening;
	guint8 leaf[LEDGER_HASH_SIZE];
	g_autoptr(GBytes) envelope = g_bytes_new(data, size);
	if (ledger_opening_of_envelope(envelope, &opening, NULL, NULL))
		ledger_opening_leaf(&opening, leaf);
}

/* The input up to its first empty line, before a good checkpoint. */
static void read_body(const char *text, const struct note_key *key, const guint8 *seed)
{
	const struct checkpoint checkpoint = {.size = 3};
	static const guint8 leaf[LEDGER_HASH_SIZE] = {1};
	g_autofree char *note = checkpoint_sign(&checkpoint, key, seed);
	const char *empty = strstr(text, "\n\n");
	g_autofree char *body = empty ? g_strndup(text, (gsize)(empty - text)) : g_strdup(text);
	g_autofree char *whole = g_strconcat(body, "\n\n", note, NULL);
	AUTO(ledger_file) file = ledger_file_read(whole, strlen(whole), key, leaf, NULL);
	/* Three leaves with a root of zeros: nobody has them. */
	check(!file || file->kind == LEDGER_FILE_CHECKPOINT || file->faults->len > 0 ||
		file->kind == LEDGER_FILE_CONSISTENCY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const guint8 seed[NOTE_KEY_SIZE] = {1, 2, 3, 4, 5};
	struct note_key key;
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autofree char *note = NULL;
	check(note_key_of_seed(NAME, seed, &key));
	AUTO(ledger_file) file = ledger_file_read((const char *)data, size, &key, NULL, NULL);
	/* note_open() alone: what it takes was signed by this key. */
	check(!file || file->faults != NULL);
	if (note_open((const char *)data, size, &key, &note, NULL))
		check(note[strlen(note) - 1] == '\n');
	read_key(text);
	read_opening(text);
	read_envelope(data, size);
	read_body(text, &key, seed);
	return 0;
}
