/* SPDX-License-Identifier: MIT */
#include "tests/visits/folder.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

gboolean folder_make(const char *path, GError **error)
{
	if (g_mkdir_with_parents(path, 0750) == 0)
		return TRUE;
	g_set_error(
		error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s", path, g_strerror(errno));
	return FALSE;
}

void folder_remove(const char *path)
{
	g_autoptr(GDir) dir =
		g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *child = g_build_filename(path, name, NULL);
		folder_remove(child);
	}
	g_remove(path);
}

gboolean folder_make_anew(const char *path, GError **error)
{
	folder_remove(path);
	return folder_make(path, error);
}
