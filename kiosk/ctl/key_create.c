/* SPDX-License-Identifier: MIT
 *
 * key_create.c - madoguchictl key create
 */
#include "kiosk/ctl/ctl.h"

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	if (!ctl_parse(ctl, &verb_key_create, NULL, 0, 0, &argc, &argv))
		return CTL_USAGE;
	if (!ctl_load(ctl, &error) || !keyring_create(ctl->config->key_file, &error))
		return ctl_fail(error);
	g_print("%s\n", ctl->config->key_file);
	return CTL_OK;
}

const struct verb verb_key_create = {
	"key create", "", "Make the master key of this desk; one that is there stays", run};
