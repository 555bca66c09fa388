/* SPDX-License-Identifier: MIT
 *
 * ledger_prove.c - madoguchictl ledger prove NUMBER
 */
#include "kiosk/ctl/ledger.h"
#include "kiosk/record/ledger_store.h"

/* FALSE without error: the request is erased. */
static gboolean read_opening(
	struct ctl *ctl, const char *number, struct ledger_opening *ret, GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autoptr(GBytes) envelope = requests_envelope(ctl->store, number, &cause);
	if (!envelope) {
		if (!g_error_matches(cause, STORE_ERROR, STORE_ERROR_INVALID))
			g_propagate_error(error, g_steal_pointer(&cause));
		return FALSE;
	}
	return ledger_opening_of_envelope(envelope, ret, NULL, error);
}

static gboolean prove(struct ctl *ctl, const char *number, const char *out, GError **error)
{
	struct checkpoint checkpoint;
	struct ledger_opening opening;
	struct ledger_plan plan;
	struct ledger_proof proof;
	guint64 place = 0;
	GError *cause = NULL;
	g_autofree char *note = NULL;
	if (!ledger_open(ctl, error) || !ledger_store_place(ctl->store, number, &place, error))
		return FALSE;
	gboolean opened = read_opening(ctl, number, &opening, &cause);
	if (cause) {
		g_propagate_error(error, cause);
		return FALSE;
	}
	if (!ledger_checkpoint(ctl, &checkpoint, &note, error))
		return FALSE;
	if (!ledger_plan_inclusion(place, checkpoint.size, &plan))
		return note_fail(error, NOTE_ERROR_CONTENT, "%s: its leaf is not there", number);
	if (!ledger_proof_build(&plan, ledger_store_run, ctl->store, &proof, error))
		return FALSE;
	g_autofree char *text =
		ledger_file_inclusion(place, &proof, opened ? &opening : NULL, note);
	return ledger_put(out, text, error);
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *out = NULL;
	const GOptionEntry entries[] = {
		{"out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "Write it to FILE", "FILE"},
		{0},
	};
	if (!ctl_parse(ctl, &verb_ledger_prove, entries, 1, 1, &argc, &argv))
		return CTL_USAGE;
	if (!request_number_valid(argv[1]))
		return ctl_misused(&verb_ledger_prove, "not a request number");
	return prove(ctl, argv[1], out, &error) ? CTL_OK : ctl_fail(error);
}

const struct verb verb_ledger_prove = {"ledger prove", "NUMBER [--out FILE]",
	"Prove that this request is in the ledger (C2SP tlog-proof)", run};
