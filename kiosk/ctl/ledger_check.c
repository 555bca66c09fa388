/* SPDX-License-Identifier: MIT
 *
 * ledger_check.c - madoguchictl ledger check FILE --key KEY
 *
 * Needs nothing of a desk but its public key.
 */
#include "kiosk/ctl/ledger.h"
#include "kiosk/record/seal.h"

#include <string.h>

#define KEY_FILE_MAX 4096

struct check {
	char *key, *envelope; /* options */
};

/* The key itself, or a file that holds it as one line. */
static gboolean read_key(const char *text, struct note_key *ret, GError **error)
{
	g_autofree char *line = NULL;
	gsize len = 0;
	if (note_key_parse(text, ret, NULL))
		return TRUE;
	if (!g_file_test(text, G_FILE_TEST_EXISTS))
		return note_key_parse(text, ret, error);
	if (!ledger_get(text, &line, &len, error))
		return FALSE;
	return note_key_parse(g_strchomp(line), ret, error);
}

/* The leaf of an envelope as the far end has it. */
static gboolean read_leaf(const char *path, guint8 ret[LEDGER_HASH_SIZE], GError **error)
{
	struct ledger_opening opening;
	char *text = NULL;
	gsize len = 0;
	if (!ledger_get(path, &text, &len, error))
		return FALSE;
	g_autoptr(GBytes) envelope = seal_secret(text, len);
	if (!ledger_opening_of_envelope(envelope, &opening, NULL, error))
		return FALSE;
	ledger_opening_leaf(&opening, ret);
	return TRUE;
}

static void say(const struct ledger_file *file)
{
	const struct checkpoint *now = &file->checkpoint;
	g_autofree char *root = g_base64_encode(now->root, sizeof now->root);
	g_print("signed: %" G_GUINT64_FORMAT " leaves, root %s\n", now->size, root);
	if (file->kind == LEDGER_FILE_CONSISTENCY) {
		g_autofree char *old = g_base64_encode(file->old.root, sizeof file->old.root);
		g_print("grown from: %" G_GUINT64_FORMAT " leaves, root %s\n", file->old.size, old);
	}
	for (guint i = 0; i < file->opened->len; i++) {
		const struct ledger_opened *opened =
			&g_array_index(file->opened, struct ledger_opened, i);
		g_print("leaf %" G_GUINT64_FORMAT ": %s\n", opened->place, opened->opening.number);
	}
	if (file->kind == LEDGER_FILE_INCLUSION && file->opened->len == 0)
		g_print("leaf %" G_GUINT64_FORMAT ": that of the envelope\n", file->place);
}

static gboolean check(const struct check *c, const char *path, GError **error)
{
	struct note_key key;
	guint8 leaf[LEDGER_HASH_SIZE];
	g_autofree char *text = NULL;
	gsize len = 0;
	if (!read_key(c->key, &key, error) || !ledger_get(path, &text, &len, error) ||
		(c->envelope && !read_leaf(c->envelope, leaf, error)))
		return FALSE;
	AUTO(ledger_file)
	file = ledger_file_read(text, len, &key, c->envelope ? leaf : NULL, error);
	if (!file)
		return FALSE;
	say(file);
	ledger_say_faults(file->faults);
	return file->faults->len == 0 ||
	       note_fail(error, NOTE_ERROR_CONTENT, "%s: %u faults", path, file->faults->len);
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	struct check c = {0};
	g_autoptr(GError) error = NULL;
	const GOptionEntry entries[] = {
		{"key", 'k', 0, G_OPTION_ARG_STRING, &c.key,
			"What \"ledger key\" printed at the desk, or a file with it", "KEY"},
		{"envelope", 0, 0, G_OPTION_ARG_FILENAME, &c.envelope,
			"The request as the far end has it", "FILE"},
		{0},
	};
	int status = CTL_USAGE;
	if (!ctl_parse(ctl, &verb_ledger_check, entries, 1, 1, &argc, &argv))
		status = CTL_USAGE;
	else if (!c.key)
		status = ctl_misused(&verb_ledger_check, "--key is needed");
	else
		status = check(&c, argv[1], &error) ? CTL_OK : ctl_fail(error);
	g_free(c.key);
	g_free(c.envelope);
	return status;
}

const struct verb verb_ledger_check = {"ledger check", "FILE --key KEY [--envelope FILE]",
	"Check a checkpoint, a proof or an export; needs no desk", run};
