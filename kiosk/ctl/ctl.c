/* SPDX-License-Identifier: MIT
 *
 * ctl.c - see ctl.h.
 */
#include "kiosk/ctl/ctl.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-glib/json-glib.h>

void ctl_add_options(struct ctl *ctl, GOptionContext *context)
{
	const GOptionEntry entries[] = {
		{"config", 'c', 0, G_OPTION_ARG_FILENAME, &ctl->config_file, "Configuration file",
			"FILE"},
		{"data", 'd', 0, G_OPTION_ARG_FILENAME, &ctl->data_dir, "Data folder", "DIR"},
		{"socket", 0, 0, G_OPTION_ARG_FILENAME, &ctl->socket, "Socket of the service",
			"PATH"},
		{"json", 0, 0, G_OPTION_ARG_NONE, &ctl->json, "Print JSON", NULL},
		{0},
	};
	g_option_context_add_main_entries(context, entries, NULL);
}

int ctl_fail(const GError *error)
{
	g_printerr("madoguchictl: %s\n", error->message);
	return CTL_FAILED;
}

int ctl_misused(const struct verb *verb, const char *why)
{
	g_printerr("madoguchictl %s: %s; usage: madoguchictl %s %s\n", verb->words, why,
		verb->words, verb->synopsis);
	return CTL_USAGE;
}

gboolean ctl_parse(struct ctl *ctl, const struct verb *verb, const GOptionEntry *entries, int least,
	int most, int *argc, char ***argv)
{
	g_autofree char *usage = g_strconcat(verb->words, " ", verb->synopsis, NULL);
	g_autoptr(GOptionContext) context = g_option_context_new(usage);
	g_autoptr(GError) error = NULL;
	g_option_context_set_summary(context, verb->summary);
	if (entries)
		g_option_context_add_main_entries(context, entries, NULL);
	ctl_add_options(ctl, context);
	const char *why = NULL;
	if (!g_option_context_parse(context, argc, argv, &error))
		why = error->message;
	else if (*argc - 1 < least)
		why = "an argument is missing";
	else if (*argc - 1 > most)
		why = "too many arguments";
	if (why)
		ctl_misused(verb, why);
	return why == NULL;
}

static gboolean fail_errno(GError **error, const char *what, int cause)
{
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(cause), "%s: %s", what,
		g_strerror(cause));
	return FALSE;
}

static gboolean become(uid_t uid, gid_t gid)
{
	const struct passwd *pw = getpwuid(uid);
	int groups = pw ? initgroups(pw->pw_name, pw->pw_gid) : setgroups(0, NULL);
	gid = pw ? pw->pw_gid : gid;
	return groups == 0 && setresgid(gid, gid, gid) == 0 && setresuid(uid, uid, uid) == 0;
}

static gboolean become_owner(const char *folder, GError **error)
{
	struct stat st;
	if (stat(folder, &st) != 0)
		return fail_errno(error, folder, errno);
	if (geteuid() != 0 || st.st_uid == 0)
		return TRUE;
	return become(st.st_uid, st.st_gid) || fail_errno(error, "changing to its owner", errno);
}

gboolean ctl_load_config(struct ctl *ctl, GError **error)
{
	ctl->config = config_load(ctl->config_file, ctl->data_dir, error);
	if (!ctl->config)
		return FALSE;
	if (ctl->socket) {
		g_free(ctl->config->socket);
		ctl->config->socket = g_strdup(ctl->socket);
	}
	return TRUE;
}

gboolean ctl_become_owner(struct ctl *ctl, GError **error)
{
	return become_owner(ctl->config->data_dir, error);
}

gboolean ctl_load(struct ctl *ctl, GError **error)
{
	return ctl_load_config(ctl, error) && ctl_become_owner(ctl, error);
}

gboolean ctl_open_keys(struct ctl *ctl, GError **error)
{
	ctl->keys = keyring_open(ctl->config->key_file, error);
	if (!ctl->keys && g_error_matches(*error, KEYRING_ERROR, KEYRING_ERROR_MISSING))
		g_prefix_error(error, "make a key first (madoguchictl key create): ");
	return ctl->keys != NULL;
}

gboolean ctl_open_record(struct ctl *ctl, GError **error)
{
	if (!ctl_load(ctl, error) || !ctl_connect(ctl, error))
		return FALSE;
	if (ctl->service)
		return TRUE;
	if (!ctl_open_keys(ctl, error))
		return FALSE;
	ctl->store = store_open(ctl->config->data_dir, ctl->keys, error);
	return ctl->store != NULL;
}

char *ctl_time(gint64 seconds)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_local(seconds);
	return when ? g_date_time_format(when, "%Y-%m-%d %H:%M") : g_strdup("-");
}

void ctl_print_json(GVariant *value)
{
	g_autoptr(GVariant) owned = g_variant_ref_sink(value);
	g_autofree char *text = json_gvariant_serialize_data(owned, NULL);
	g_print("%s\n", text);
}

void ctl_clear(struct ctl *ctl)
{
	g_clear_object(&ctl->service);
	store_free(ctl->store);
	keyring_free(ctl->keys);
	config_free(ctl->config);
	g_free(ctl->config_file);
	g_free(ctl->data_dir);
	g_free(ctl->socket);
}
