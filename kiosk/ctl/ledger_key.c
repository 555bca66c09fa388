/* SPDX-License-Identifier: MIT
 *
 * ledger_key.c - madoguchictl ledger key
 */
#include "kiosk/ctl/ledger.h"

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	struct note_key key;
	char text[NOTE_KEY_TEXT_SIZE];
	if (!ctl_parse(ctl, &verb_ledger_key, NULL, 0, 0, &argc, &argv))
		return CTL_USAGE;
	if (!ctl_load(ctl, &error) || !ctl_open_keys(ctl, &error) ||
		!ledger_own_key(ctl, &key, &error))
		return ctl_fail(error);
	note_key_text(&key, text);
	g_print("%s\n", text);
	return CTL_OK;
}

const struct verb verb_ledger_key = {
	"ledger key", "", "Print the key that verifies what this desk's ledger signs; public", run};
