/* SPDX-License-Identifier: MIT
 *
 * ledger_consistency.c - madoguchictl ledger consistency SIZE
 */
#include "kiosk/ctl/ledger.h"
#include "kiosk/record/ledger_store.h"

static gboolean prove(struct ctl *ctl, guint64 size, const char *out, GError **error)
{
	struct checkpoint now, old;
	struct ledger_plan plan;
	struct ledger_proof proof;
	g_autofree char *note = NULL;
	if (!ledger_open(ctl, error) || !ledger_checkpoint(ctl, &now, &note, error))
		return FALSE;
	if (!ledger_plan_consistency(size, now.size, &plan))
		return note_fail(error, NOTE_ERROR_CONTENT,
			"the ledger has only %" G_GUINT64_FORMAT " leaves", now.size);
	if (!ledger_store_root(ctl->store, size, &old, error) ||
		!ledger_proof_build(&plan, ledger_store_run, ctl->store, &proof, error))
		return FALSE;
	g_autofree char *text = ledger_file_consistency(&old, &proof, note);
	return ledger_put(out, text, error);
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *out = NULL;
	guint64 size = 0;
	const GOptionEntry entries[] = {
		{"out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "Write it to FILE", "FILE"},
		{0},
	};
	if (!ctl_parse(ctl, &verb_ledger_consistency, entries, 1, 1, &argc, &argv))
		return CTL_USAGE;
	if (!note_decimal(argv[1], LEDGER_SIZE_MAX, &size))
		return ctl_misused(&verb_ledger_consistency, "not a size");
	return prove(ctl, size, out, &error) ? CTL_OK : ctl_fail(error);
}

const struct verb verb_ledger_consistency = {"ledger consistency", "SIZE [--out FILE]",
	"Prove that the ledger only grew since it had SIZE leaves", run};
