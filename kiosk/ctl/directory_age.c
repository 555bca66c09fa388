/* SPDX-License-Identifier: MIT
 *
 * directory_age.c - madoguchictl directory age [BUNDLE]
 */
#include "kiosk/ctl/ctl.h"
#include "kiosk/ctl/directory_args.h"
#include "kiosk/directory/snapshot.h"

#define HOUR_S 3600

static void print_json(const struct bundle_info *info, gint64 age)
{
	GVariantDict dict;
	g_variant_dict_init(&dict, NULL);
	g_variant_dict_insert(&dict, "as-of", "x", info->as_of);
	g_variant_dict_insert(&dict, "age-seconds", "x", age);
	g_variant_dict_insert(&dict, "accounts", "t", info->persons);
	g_variant_dict_insert(&dict, "serial", "t", info->serial);
	g_variant_dict_insert(&dict, "issuer", "s", info->issuer);
	ctl_print_json(g_variant_dict_end(&dict));
}

static void print(const struct ctl *ctl, const struct bundle_info *info)
{
	gint64 age = g_get_real_time() / G_USEC_PER_SEC - info->as_of;
	if (ctl->json) {
		print_json(info, age);
		return;
	}
	g_autofree char *when = ctl_time(info->as_of);
	g_print("as of %s, %" G_GINT64_FORMAT " hours ago, %" G_GUINT64_FORMAT " accounts", when,
		age / HOUR_S, info->persons);
	if (info->serial > 0)
		g_print(", serial %" G_GUINT64_FORMAT ", issuer %s", info->serial, info->issuer);
	g_print("\n");
}

static gboolean read_snapshot(struct ctl *ctl, struct bundle_info *ret, GError **error)
{
	struct snapshot_info info;
	if (!ctl_open_keys(ctl, error) ||
		!snapshot_info(ctl->config->snapshot, ctl->keys, &info, error))
		return FALSE;
	*ret = (struct bundle_info){
		.serial = info.origin.serial, .as_of = info.as_of, .persons = info.persons};
	g_strlcpy(ret->issuer, info.origin.issuer, sizeof ret->issuer);
	return TRUE;
}

static gboolean read_bundle(
	const struct ctl *ctl, const char *path, struct bundle_info *ret, GError **error)
{
	AUTO(bundle_trust) trust = NULL;
	AUTO(bundle) bundle = directory_bundle(ctl, path, &trust, error);
	if (bundle)
		*ret = *bundle_get_info(bundle);
	return bundle != NULL;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	struct bundle_info info = {0};
	if (!ctl_parse(ctl, &verb_directory_age, NULL, 0, 1, &argc, &argv))
		return CTL_USAGE;
	if (!ctl_load(ctl, &error) || !(argc > 1 ? read_bundle(ctl, argv[1], &info, &error)
						 : read_snapshot(ctl, &info, &error)))
		return ctl_fail(error);
	print(ctl, &info);
	return CTL_OK;
}

const struct verb verb_directory_age = {
	"directory age", "[BUNDLE]", "Say how old the directory snapshot is, or a bundle", run};
