/* SPDX-License-Identifier: MIT
 *
 * ledger_checkpoint.c - madoguchictl ledger checkpoint
 */
#include "kiosk/ctl/ledger.h"

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *out = NULL, *note = NULL;
	struct checkpoint checkpoint;
	const GOptionEntry entries[] = {
		{"out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "Write it to FILE", "FILE"},
		{0},
	};
	if (!ctl_parse(ctl, &verb_ledger_checkpoint, entries, 0, 0, &argc, &argv))
		return CTL_USAGE;
	if (!ledger_open(ctl, &error) || !ledger_checkpoint(ctl, &checkpoint, &note, &error) ||
		!ledger_put(out, note, &error))
		return ctl_fail(error);
	return CTL_OK;
}

const struct verb verb_ledger_checkpoint = {"ledger checkpoint", "[--out FILE]",
	"Sign size and root of the ledger, if it continues what was signed before", run};
