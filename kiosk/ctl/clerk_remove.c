/* SPDX-License-Identifier: MIT
 *
 * clerk_remove.c - madoguchictl clerk remove
 */
#include "kiosk/ctl/ctl.h"
#include "kiosk/record/clerks.h"

static gboolean remove_clerk(struct ctl *ctl, const char *common_id, GError **error)
{
	if (!ctl_open_record(ctl, error))
		return FALSE;
	if (ctl->service)
		return ctl_called(
			door_admin1_call_clerk_remove_sync(ctl->service, common_id, NULL, error),
			error);
	return clerks_remove(ctl->store, common_id, error);
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	if (!ctl_parse(ctl, &verb_clerk_remove, NULL, 1, 1, &argc, &argv))
		return CTL_USAGE;
	return remove_clerk(ctl, argv[1], &error) ? CTL_OK : ctl_fail(error);
}

const struct verb verb_clerk_remove = {
	"clerk remove", "COMMONID", "Remove a clerk: from now on the card signs nobody in", run};
