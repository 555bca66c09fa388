/* SPDX-License-Identifier: MIT
 *
 * directory_args.c - see directory_args.h.
 */
#include "kiosk/ctl/directory_args.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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

gboolean directory_as_of(
	const struct verb *verb, const char *text, const char *path, gint64 *ret, int *ret_status)
{
	g_autoptr(GError) error = NULL;
	gint64 as_of = 0;
	if (text && !parse_as_of(text, &as_of)) {
		*ret_status = ctl_misused(verb, "expected a date YYYY-MM-DD");
		return FALSE;
	}
	if (!text && !file_time(path, &as_of, &error)) {
		*ret_status = ctl_fail(error);
		return FALSE;
	}
	/* Data of tomorrow would never be old. */
	if (as_of > g_get_real_time() / G_USEC_PER_SEC) {
		*ret_status = ctl_misused(verb, "this date is yet to come");
		return FALSE;
	}
	*ret = as_of;
	return TRUE;
}

struct bundle *directory_bundle(
	const struct ctl *ctl, const char *path, struct bundle_trust **ret_trust, GError **error)
{
	const struct config *config = ctl->config;
	if (!config->snapshot_trusted_key) {
		g_set_error(error, BUNDLE_ERROR, BUNDLE_ERROR_KEY,
			"%s: no [snapshot] trusted-key says whose bundles are to be believed",
			path);
		return NULL;
	}
	*ret_trust =
		bundle_trust_open(config->snapshot_trusted_key, config->fleet_key_file, error);
	return *ret_trust ? bundle_open(path, *ret_trust, error) : NULL;
}
