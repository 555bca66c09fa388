/* SPDX-License-Identifier: MIT
 *
 * directory_age.c - madoguchictl directory age
 */
#include "kiosk/ctl/ctl.h"
#include "kiosk/directory/snapshot.h"

#define HOUR_S 3600

static void print(const struct ctl *ctl, const struct snapshot_info *info, gint64 age)
{
	if (ctl->json) {
		GVariantDict dict;
		g_variant_dict_init(&dict, NULL);
		g_variant_dict_insert(&dict, "as-of", "x", info->as_of);
		g_variant_dict_insert(&dict, "age-seconds", "x", age);
		g_variant_dict_insert(&dict, "accounts", "t", info->persons);
		ctl_print_json(g_variant_dict_end(&dict));
		return;
	}
	g_autofree char *when = ctl_time(info->as_of);
	g_print("as of %s, %" G_GINT64_FORMAT " hours ago, %" G_GUINT64_FORMAT " accounts\n", when,
		age / HOUR_S, info->persons);
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	struct snapshot_info info;
	if (!ctl_parse(ctl, &verb_directory_age, NULL, 0, 0, &argc, &argv))
		return CTL_USAGE;
	if (!ctl_load(ctl, &error) || !ctl_open_keys(ctl, &error) ||
		!snapshot_info(ctl->config->snapshot, ctl->keys, &info, &error))
		return ctl_fail(error);
	print(ctl, &info, g_get_real_time() / G_USEC_PER_SEC - info.as_of);
	return CTL_OK;
}

const struct verb verb_directory_age = {
	"directory age", "", "Say how old the directory snapshot is", run};
