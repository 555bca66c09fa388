/* SPDX-License-Identifier: MIT
 *
 * snapshot_bundle.c - a new snapshot from a signed bundle; see snapshot.h.
 */
#include "kiosk/directory/snapshot.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "kiosk/directory/fresh.h"
#include "kiosk/directory/snapshot_writer.h"

#define CLOCKS_APART_S 600 /* as far as two machines with a clock of their own may disagree */

static gboolean fail(
	GError **error, enum bundle_error code, const struct bundle *b, const char *why)
{
	g_set_error(error, BUNDLE_ERROR, code, "%s: %s", bundle_path(b), why);
	return FALSE;
}

/* What this desk imported last; nothing where it imported nothing yet. A snapshot that is
 * there and cannot be read would have told, so it is no "nothing". */
static gboolean read_before(const struct bundle *b, const char *path, const struct keyring *keys,
	struct snapshot_info *ret, GError **error)
{
	struct stat st;
	g_autoptr(GError) cause = NULL;
	if (stat(path, &st) != 0 && errno == ENOENT)
		return TRUE;
	if (snapshot_info(path, keys, ret, &cause))
		return TRUE;
	g_set_error(error, BUNDLE_ERROR, BUNDLE_ERROR_OLD,
		"%s: cannot tell what was imported before (%s)", bundle_path(b), cause->message);
	return FALSE;
}

static gboolean check_age(const struct bundle *b, const char *path, const struct keyring *keys,
	gint64 now, GError **error)
{
	const struct bundle_info *info = bundle_get_info(b);
	struct snapshot_info before = {0};
	if (!read_before(b, path, keys, &before, error))
		return FALSE;
	if (info->as_of > now + CLOCKS_APART_S)
		return fail(error, BUNDLE_ERROR_FUTURE, b,
			"of a time that is yet to come: this clock or the issuer's is wrong");
	if (info->serial <= before.origin.newest_serial)
		return fail(error, BUNDLE_ERROR_OLD, b,
			"its serial is not newer than that of a bundle imported before");
	if (info->as_of <= before.origin.newest_as_of)
		return fail(error, BUNDLE_ERROR_OLD, b,
			"its data is not newer than that of a bundle imported before");
	return TRUE;
}

static gboolean write_fresh(
	const struct bundle *b, const char *growing, const struct keyring *keys, GError **error)
{
	const struct bundle_info *info = bundle_get_info(b);
	struct snapshot_origin origin = {
		.serial = info->serial, .newest_serial = info->serial, .newest_as_of = info->as_of};
	memcpy(origin.issuer, info->issuer, sizeof origin.issuer);
	AUTO(snapshot_writer) writer = snapshot_writer_open(growing, keys, error);
	if (!writer)
		return FALSE;
	struct import_reader *records = bundle_records(b);
	gboolean ok = snapshot_writer_add_all(writer, records, bundle_path(b), error);
	records->ops->free(records);
	/* As many records as accounts, and no two of them one account's. */
	if (ok && snapshot_writer_persons(writer) != info->persons)
		ok = fail(error, BUNDLE_ERROR_FORM, b, "the same account twice");
	return ok && snapshot_writer_finish(writer, info->as_of, &origin, error);
}

gboolean snapshot_import_bundle(const struct bundle *bundle, const char *path,
	const struct keyring *keys, gint64 now, gboolean force, GError **error)
{
	AUTO(fresh) fresh = fresh_begin(path, error);
	return fresh && (force || check_age(bundle, path, keys, now, error)) &&
	       write_fresh(bundle, fresh->growing, keys, error) && fresh_commit(fresh, error);
}
