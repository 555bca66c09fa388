/* SPDX-License-Identifier: MIT
 *
 * ledger.c - see ledger.h.
 */
#include "kiosk/ctl/ledger.h"

#include <string.h>

#include <glib/gstdio.h>

#include "kiosk/record/ledger_store.h"
#include "kiosk/record/store_reader.h"

#define ORIGIN "madoguchi/" /* and the desk's id: one log for each desk */

static char *own_origin(const struct ctl *ctl)
{
	return g_strconcat(ORIGIN, ctl->config->desk, NULL);
}

gboolean ledger_open(struct ctl *ctl, GError **error)
{
	if (!ctl_load(ctl, error) || !ctl_open_keys(ctl, error))
		return FALSE;
	ctl->store = store_open_reader(ctl->config->data_dir, ctl->keys, error);
	return ctl->store != NULL;
}

gboolean ledger_own_key(struct ctl *ctl, struct note_key *ret, GError **error)
{
	g_autofree char *origin = own_origin(ctl);
	return ledger_store_key(ctl->keys, origin, ret, NULL, error);
}

gboolean ledger_checkpoint(struct ctl *ctl, struct checkpoint *ret, char **ret_note, GError **error)
{
	g_autofree char *origin = own_origin(ctl);
	return ledger_store_sign(
		ctl->store, ctl->config->data_dir, ctl->keys, origin, ret, ret_note, error);
}

gboolean ledger_put(const char *path, const char *text, GError **error)
{
	if (path)
		return g_file_set_contents(path, text, -1, error);
	g_print("%s", text);
	return TRUE;
}

gboolean ledger_get(const char *path, char **ret, gsize *ret_len, GError **error)
{
	GStatBuf st;
	if (g_stat(path, &st) == 0 && st.st_size > LEDGER_FILE_MAX)
		return note_fail(
			error, NOTE_ERROR_FORM, "%s: larger than any file of a ledger", path);
	return g_file_get_contents(path, ret, ret_len, error);
}

void ledger_say_faults(GPtrArray *faults)
{
	for (guint i = 0; i < faults->len; i++)
		g_printerr("%s\n", (const char *)g_ptr_array_index(faults, i));
}
