/* SPDX-License-Identifier: MIT
 *
 * directory_export.c - madoguchictl directory export FROM BUNDLE
 *
 * For an administrator's machine: it needs no desk, and a configuration only where an LDAP
 * server is to be asked.
 */
#include "kiosk/config/directories.h"
#include "kiosk/ctl/ctl.h"
#include "kiosk/ctl/directory_args.h"
#include "kiosk/directory/bundle.h"
#include "kiosk/directory/import_file.h"
#include "kiosk/directory/ldap_reader.h"

#define FROM_LDAP "ldap" /* in place of a file: the server of the configuration */

struct order {
	char *keys, *issuer, *as_of;
	gint64 serial;
};

static int tell(const struct bundle_order *what, guint64 persons)
{
	g_autofree char *when = ctl_time(what->as_of);
	g_print("%" G_GUINT64_FORMAT " accounts, as of %s, serial %" G_GUINT64_FORMAT
		", issuer %s\n",
		persons, when, what->serial, what->issuer);
	return CTL_OK;
}

static int make(const char *from, const char *to, const struct bundle_order *what)
{
	g_autoptr(GError) error = NULL;
	guint64 persons = 0;
	AUTO(import_file) file = import_file_open(from, &error);
	if (!file || !bundle_export(file->reader, from, to, what, &persons, &error))
		return ctl_fail(error);
	return tell(what, persons);
}

/* --- from a server --- */

static const struct ldap_source_settings *server_of(struct ctl *ctl, GError **error)
{
	if (!ctl_load_config(ctl, error))
		return NULL;
	const struct directories *d = ctl->config->directories;
	for (gsize i = 0; i < d->n; i++)
		if (d->order[i] == DIRECTORIES_LDAP)
			return &d->ldap;
	g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_VALUE,
		"the configuration's [directory] sources do not name ldap");
	return NULL;
}

static gint32 today(void)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	return g_date_time_get_year(now) * 10000 + g_date_time_get_month(now) * 100 +
	       g_date_time_get_day_of_month(now);
}

/* Who is left out is found by nobody at a counter; the administrator must hear of it. */
static void tell_left_out(const struct import_reader *reader)
{
	const char *why = NULL;
	guint n = ldap_reader_left_out(reader, &why);
	if (n > 0)
		g_printerr(
			"madoguchictl: %u entries were left out, the last because of %s\n", n, why);
}

static int make_of_server(struct ctl *ctl, const char *to, const struct bundle_order *what)
{
	g_autoptr(GError) error = NULL;
	guint64 persons = 0;
	const struct ldap_source_settings *settings = server_of(ctl, &error);
	struct import_reader *reader =
		settings ? ldap_reader_open(settings, today(), &error) : NULL;
	if (!reader)
		return ctl_fail(error);
	gboolean ok = bundle_export(reader, FROM_LDAP, to, what, &persons, &error);
	tell_left_out(reader);
	reader->ops->free(reader);
	return ok ? tell(what, persons) : ctl_fail(error);
}

static int export(struct ctl *ctl, const struct order *order, const char *from, const char *to)
{
	gboolean server = g_str_equal(from, FROM_LDAP);
	gint64 as_of = g_get_real_time() / G_USEC_PER_SEC;
	int status;
	if (!order->keys)
		return ctl_misused(&verb_directory_export, "--keys is needed");
	if (order->serial < 0)
		return ctl_misused(&verb_directory_export, "--serial is a number above 0");
	if (!g_str_has_suffix(to, BUNDLE_ENDING))
		return ctl_misused(&verb_directory_export,
			"expected a name that ends in .bundle as the second file");
	/* A server tells what is so now. */
	if (server && order->as_of)
		return ctl_misused(&verb_directory_export, "--as-of is for files");
	if (!server &&
		!directory_as_of(&verb_directory_export, order->as_of, from, &as_of, &status))
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
	return server ? make_of_server(ctl, to, &what) : make(from, to, &what);
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
		status = export(ctl, &order, argv[1], argv[2]);
	g_free(order.keys);
	g_free(order.issuer);
	g_free(order.as_of);
	return status;
}

const struct verb verb_directory_export = {"directory export",
	"FROM BUNDLE --keys PREFIX [--issuer TEXT] [--serial N] [--as-of DATE]",
	"Make a signed bundle for the desks from a .csv or .ldif file, or from 'ldap', the server "
	"of the configuration",
	run};
