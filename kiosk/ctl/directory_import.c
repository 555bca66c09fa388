/* SPDX-License-Identifier: MIT
 *
 * directory_import.c - madoguchictl directory import FILE
 */
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <syslog.h>
#include <unistd.h>

#include "kiosk/ctl/ctl.h"
#include "kiosk/ctl/directory_args.h"
#include "kiosk/directory/snapshot.h"

/* Major numbers of the kernel's list (admin-guide/devices.txt) that stand for a terminal at
 * the machine itself. A pseudo terminal, as ssh gives one, is none of them. */
static const struct {
	unsigned major, minor_from, minor_to;
} console_lines[] = {
	{4, 0, 255},   /* tty0 … ttyS191 */
	{5, 1, 1},     /* console */
	{204, 0, 255}, /* serial lines of boards */
	{229, 0, 255}, /* hypervisor consoles */
};

struct order {
	const char *file;
	char *as_of;
	gboolean force;
};

/* --force undoes what keeps an old directory from coming back, so it wants somebody who
 * stands before the machine. */
static gboolean is_root_at_the_console(void)
{
	struct stat st;
	if (getuid() != 0 || geteuid() != 0 || !isatty(STDIN_FILENO) ||
		fstat(STDIN_FILENO, &st) != 0)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(console_lines); i++)
		if (major(st.st_rdev) == console_lines[i].major &&
			minor(st.st_rdev) >= console_lines[i].minor_from &&
			minor(st.st_rdev) <= console_lines[i].minor_to)
			return TRUE;
	return FALSE;
}

/* In the log of the machine before it is done: who looks later must find it. */
static void say_forced(const struct ctl *ctl, const struct bundle_info *info)
{
	struct snapshot_info before = {0};
	snapshot_info(ctl->config->snapshot, ctl->keys, &before, NULL);
	openlog("madoguchictl", LOG_PID, LOG_AUTHPRIV);
	syslog(LOG_WARNING,
		"directory import --force: serial %" G_GUINT64_FORMAT " as of %" G_GINT64_FORMAT
		" over serial %" G_GUINT64_FORMAT " as of %" G_GINT64_FORMAT,
		info->serial, info->as_of, before.origin.newest_serial, before.origin.newest_as_of);
	closelog();
}

static int import_bundle(struct ctl *ctl, const struct order *order)
{
	g_autoptr(GError) error = NULL;
	AUTO(bundle_trust) trust = NULL;
	AUTO(bundle) bundle = directory_bundle(ctl, order->file, &trust, &error);
	if (!bundle)
		return ctl_fail(error);
	const struct bundle_info *info = bundle_get_info(bundle);
	if (order->force)
		say_forced(ctl, info);
	if (!snapshot_import_bundle(bundle, ctl->config->snapshot, ctl->keys,
		    g_get_real_time() / G_USEC_PER_SEC, order->force, &error))
		return ctl_fail(error);
	g_autofree char *when = ctl_time(info->as_of);
	g_print("%" G_GUINT64_FORMAT " accounts, as of %s, serial %" G_GUINT64_FORMAT
		", issuer %s\n",
		info->persons, when, info->serial, info->issuer);
	return CTL_OK;
}

static int import_plain(struct ctl *ctl, const struct order *order)
{
	g_autoptr(GError) error = NULL;
	guint64 persons;
	gint64 as_of;
	int status;
	if (ctl->config->snapshot_trusted_key && !ctl->config->snapshot_allow_plain) {
		g_printerr("madoguchictl: %s: this desk takes signed bundles only ([snapshot] "
			   "trusted-key, allow-plain)\n",
			order->file);
		return CTL_FAILED;
	}
	if (!directory_as_of(&verb_directory_import, order->as_of, order->file, &as_of, &status))
		return status;
	if (!snapshot_import(
		    order->file, ctl->config->snapshot, ctl->keys, as_of, &persons, &error))
		return ctl_fail(error);
	g_autofree char *when = ctl_time(as_of);
	g_print("%" G_GUINT64_FORMAT " accounts, as of %s\n", persons, when);
	return CTL_OK;
}

static const char *misuse_of(const struct order *order, gboolean bundle)
{
	if (bundle && order->as_of)
		return "a bundle says itself when it was taken";
	if (!bundle && order->force)
		return "--force is for bundles";
	if (order->force && !is_root_at_the_console())
		return "--force is for root at the machine's console";
	return NULL;
}

static int import(struct ctl *ctl, const struct order *order)
{
	g_autoptr(GError) error = NULL;
	gboolean bundle = g_str_has_suffix(order->file, BUNDLE_ENDING);
	const char *why = misuse_of(order, bundle);
	gint64 as_of;
	int status;
	if (why)
		return ctl_misused(&verb_directory_import, why);
	/* A date that is none is told before anything is opened. */
	if (order->as_of &&
		!directory_as_of(&verb_directory_import, order->as_of, NULL, &as_of, &status))
		return status;
	if (!ctl_load(ctl, &error) || !ctl_open_keys(ctl, &error))
		return ctl_fail(error);
	return bundle ? import_bundle(ctl, order) : import_plain(ctl, order);
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	struct order order = {0};
	const GOptionEntry entries[] = {
		{"as-of", 0, 0, G_OPTION_ARG_STRING, &order.as_of,
			"When the data was taken; otherwise the file's time", "DATE"},
		{"force", 0, 0, G_OPTION_ARG_NONE, &order.force,
			"Take a bundle that is not newer (root, at the machine's console)", NULL},
		{0},
	};
	int status = CTL_USAGE;
	if (ctl_parse(ctl, &verb_directory_import, entries, 1, 1, &argc, &argv)) {
		order.file = argv[1];
		status = import(ctl, &order);
	}
	g_free(order.as_of);
	return status;
}

const struct verb verb_directory_import = {"directory import", "FILE [--as-of DATE] [--force]",
	"Replace the directory snapshot by a .bundle, .csv or .ldif file", run};
