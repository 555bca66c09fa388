/* SPDX-License-Identifier: MIT
 *
 * directory_keygen.c - madoguchictl directory keygen PREFIX
 */
#include "kiosk/ctl/ctl.h"
#include "kiosk/directory/bundle.h"

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	if (!ctl_parse(ctl, &verb_directory_keygen, NULL, 1, 1, &argc, &argv))
		return CTL_USAGE;
	if (!bundle_keygen(argv[1], &error))
		return ctl_fail(error);
	g_print("%s.key: signs bundles; stays here\n"
		"%s.pub: trusted-key of each desk\n"
		"%s.fleet: fleet-key-file of each desk; secret\n",
		argv[1], argv[1], argv[1]);
	return CTL_OK;
}

const struct verb verb_directory_keygen = {
	"directory keygen", "PREFIX", "Make the keys that sign and close directory bundles", run};
