/* SPDX-License-Identifier: MIT
 *
 * ledger_export.c - madoguchictl ledger export FILE
 */
#include "kiosk/ctl/ledger.h"
#include "kiosk/record/ledger_store.h"

static gboolean add_openings(struct ctl *ctl, GString *text, char *const *numbers, GError **error)
{
	for (guint i = 0; numbers && numbers[i]; i++) {
		struct ledger_opening opening;
		guint64 place = 0;
		g_autoptr(GBytes) envelope = NULL;
		if (!ledger_store_place(ctl->store, numbers[i], &place, error) ||
			!(envelope = requests_envelope(ctl->store, numbers[i], error)) ||
			!ledger_opening_of_envelope(envelope, &opening, NULL, error)) {
			g_prefix_error(error, "%s: ", numbers[i]);
			return FALSE;
		}
		ledger_file_add_opening(text, place, &opening);
	}
	return TRUE;
}

static void add_leaf(gpointer data, guint64 place, const guint8 hash[LEDGER_HASH_SIZE])
{
	ledger_file_add_leaf(data, place, hash);
}

static gboolean export(struct ctl *ctl, const char *path, char *const *numbers, GError **error)
{
	struct checkpoint checkpoint;
	g_autofree char *note = NULL;
	if (!ledger_open(ctl, error) || !ledger_checkpoint(ctl, &checkpoint, &note, error))
		return FALSE;
	g_autoptr(GString) text = g_string_new(LEDGER_FILE_HEAD);
	if (!ledger_store_each(ctl->store, add_leaf, text, error) ||
		!add_openings(ctl, text, numbers, error))
		return FALSE;
	g_string_append_printf(text, "\n%s", note);
	return g_file_set_contents(path, text->str, (gssize)text->len, error);
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) numbers = NULL;
	const GOptionEntry entries[] = {
		{"open", 0, 0, G_OPTION_ARG_STRING_ARRAY, &numbers,
			"Open the leaf of this request too; its holder has agreed", "NUMBER"},
		{0},
	};
	if (!ctl_parse(ctl, &verb_ledger_export, entries, 1, 1, &argc, &argv))
		return CTL_USAGE;
	return export(ctl, argv[1], numbers, &error) ? CTL_OK : ctl_fail(error);
}

const struct verb verb_ledger_export = {"ledger export", "FILE [--open NUMBER …]",
	"Write all leaf hashes and a signed checkpoint; no personal data", run};
