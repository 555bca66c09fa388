/* SPDX-License-Identifier: MIT
 *
 * directory_import.c - madoguchictl directory import FILE
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "kiosk/ctl/ctl.h"
#include "kiosk/directory/snapshot.h"

/* "2026-11-22", with a time where the day is not enough: "2026-11-22T06:00". */
static gboolean parse_as_of(const char *text, gint64 *ret)
{
	const char *rest[] = {"T00:00:00", ":00", ""};
	const gsize lengths[] = {strlen("2026-11-22"), strlen("2026-11-22T06:00")};
	gsize n = strlen(text), form = n == lengths[0] ? 0 : n == lengths[1] ? 1 : 2;
	g_autoptr(GTimeZone) here = g_time_zone_new_local();
	g_autofree char *whole = g_strconcat(text, rest[form], NULL);
	g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(whole, here);
	if (when)
		*ret = g_date_time_to_unix(when);
	return when != NULL;
}

/* An export is as old as its file. */
static gboolean file_time(const char *path, gint64 *ret, GError **error)
{
	struct stat st;
	if (stat(path, &st) == 0) {
		*ret = st.st_mtime;
		return TRUE;
	}
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path,
		g_strerror(errno));
	return FALSE;
}

static int import(struct ctl *ctl, const char *file, gint64 as_of)
{
	g_autoptr(GError) error = NULL;
	guint64 persons;
	if (!ctl_load(ctl, &error) || !ctl_open_keys(ctl, &error) ||
		(as_of == 0 && !file_time(file, &as_of, &error)) ||
		!snapshot_import(file, ctl->config->snapshot, ctl->keys, as_of, &persons, &error))
		return ctl_fail(error);
	g_autofree char *when = ctl_time(as_of);
	g_print("%" G_GUINT64_FORMAT " accounts, as of %s\n", persons, when);
	return CTL_OK;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autofree char *as_of_text = NULL;
	gint64 as_of = 0;
	const GOptionEntry entries[] = {
		{"as-of", 0, 0, G_OPTION_ARG_STRING, &as_of_text,
			"When the data was taken; otherwise the file's time", "DATE"},
		{0},
	};
	if (!ctl_parse(ctl, &verb_directory_import, entries, 1, 1, &argc, &argv))
		return CTL_USAGE;
	if (as_of_text && !parse_as_of(as_of_text, &as_of))
		return ctl_misused(&verb_directory_import, "expected a date YYYY-MM-DD");
	/* Data of tomorrow would never be old. */
	if (as_of > g_get_real_time() / G_USEC_PER_SEC)
		return ctl_misused(&verb_directory_import, "this date is yet to come");
	return import(ctl, argv[1], as_of);
}

const struct verb verb_directory_import = {"directory import", "FILE [--as-of DATE]",
	"Replace the directory snapshot by a .csv or .ldif file", run};
