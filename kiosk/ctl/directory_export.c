/* SPDX-License-Identifier: MIT
 *
 * directory_export.c - madoguchictl directory export FILE BUNDLE
 *
 * For an administrator's machine: it needs neither a configuration nor a desk.
 */
#include "kiosk/ctl/ctl.h"
#include "kiosk/ctl/directory_args.h"
#include "kiosk/directory/bundle.h"
#include "kiosk/directory/import_file.h"

struct order {
	char *keys, *issuer, *as_of;
	gint64 serial;
};

static int make(const char *from, const char *to, const struct bundle_order *what)
{
	g_autoptr(GError) error = NULL;
	guint64 persons = 0;
	AUTO(import_file) file = import_file_open(from, &error);
	if (!file || !bundle_export(file->reader, from, to, what, &persons, &error))
		return ctl_fail(error);
	g_autofree char *when = ctl_time(what->as_of);
	g_print("%" G_GUINT64_FORMAT " accounts, as of %s, serial %" G_GUINT64_FORMAT
		", issuer %s\n",
		persons, when, what->serial, what->issuer);
	return CTL_OK;
}

static int export(const struct order *order, const char *from, const char *to)
{
	gint64 as_of;
	int status;
	if (!order->keys)
		return ctl_misused(&verb_directory_export, "--keys is needed");
	if (order->serial < 0)
		return ctl_misused(&verb_directory_export, "--serial is a number above 0");
	if (!g_str_has_suffix(to, BUNDLE_ENDING))
		return ctl_misused(&verb_directory_export,
			"expected a name that ends in .bundle as the second file");
	if (!directory_as_of(&verb_directory_export, order->as_of, from, &as_of, &status))
		return status;
	g_autofree char *signing_key = g_strconcat(order->keys, ".key", NULL);
	g_autofree char *fleet_key = g_strconcat(order->keys, ".fleet", NULL);
	/* Time only grows, so that it can count the bundles where nobody else does. */
	const struct bundle_order what = {.signing_key = signing_key,
		.fleet_key = fleet_key,
		.issuer = order->issuer ? order->issuer : g_get_host_name(),
		.serial = order->serial > 0 ? (guint64)order->serial
					    : (guint64)(g_get_real_time() / G_USEC_PER_SEC),
		.as_of = as_of};
	return make(from, to, &what);
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	struct order order = {0};
	const GOptionEntry entries[] = {
		{"keys", 0, 0, G_OPTION_ARG_FILENAME, &order.keys,
			"PREFIX.key signs, PREFIX.fleet closes (directory keygen)", "PREFIX"},
		{"issuer", 0, 0, G_OPTION_ARG_STRING, &order.issuer,
			"Who made it, as desks show it; otherwise this machine's name", "TEXT"},
		{"serial", 0, 0, G_OPTION_ARG_INT64, &order.serial,
			"Above that of every bundle before; otherwise the time in seconds", "N"},
		{"as-of", 0, 0, G_OPTION_ARG_STRING, &order.as_of,
			"When the data was taken; otherwise the file's time", "DATE"},
		{0},
	};
	int status = CTL_USAGE;
	if (ctl_parse(ctl, &verb_directory_export, entries, 2, 2, &argc, &argv))
		status = export(&order, argv[1], argv[2]);
	g_free(order.keys);
	g_free(order.issuer);
	g_free(order.as_of);
	return status;
}

const struct verb verb_directory_export = {"directory export",
	"FILE BUNDLE --keys PREFIX [--issuer TEXT] [--serial N] [--as-of DATE]",
	"Make a signed bundle for the desks from a .csv or .ldif file", run};
