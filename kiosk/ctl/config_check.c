/* SPDX-License-Identifier: MIT
 *
 * config_check.c - madoguchictl config check
 */
#include "kiosk/config/incidents.h"
#include "kiosk/ctl/ctl.h"
#include "kiosk/directory/snapshot.h"
#include "kiosk/record/card_keys.h"

/* Each fault is said; the verb fails if there was one. */
struct check {
	struct ctl *ctl;
	guint faults;
};

static void fault(struct check *check, const GError *error)
{
	ctl_fail(error);
	check->faults++;
}

static void print_config(const struct ctl *ctl)
{
	const struct config *c = ctl->config;
	g_print("configuration: %s\n", ctl->config_file ? ctl->config_file : "built in");
	g_print("desk: %s\noffice: %s\n", c->desk, c->own_office->code);
	g_print("data folder: %s\nmaster key: %s\n", c->data_dir, c->key_file);
	g_print("socket: %s\nsnapshot: %s\n", c->socket, c->snapshot);
	g_print("incidents: %s\n", c->incident_dir);
	for (gsize i = 0; i < c->n_layouts; i++)
		g_print("layout: %s (%s, %u steps)\n", c->layouts[i].name,
			layout_is_felica(&c->layouts[i]) ? "FeliCa" : "ISO 14443",
			c->layouts[i].n_steps);
	g_print("offices: %" G_GSIZE_FORMAT "\n", c->offices.n);
	g_print("idle: holder %d s, clerk %d s, signed out after %d s\n", c->holder_idle_s,
		c->clerk_idle_s, c->clerk_gone_s);
}

/* A broken incident file keeps none of the others from being checked. */
static void check_incidents(struct check *check)
{
	g_autoptr(GDir) dir = g_dir_open(check->ctl->config->incident_dir, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autoptr(GError) error = NULL;
		g_autofree char *path =
			g_build_filename(check->ctl->config->incident_dir, name, NULL);
		g_autofree struct incident *incident = g_new0(struct incident, 1);
		if (!g_str_has_suffix(name, ".incident"))
			continue;
		if (incident_load(path, incident, &error))
			g_print("incident: %s\n", name);
		else
			fault(check, error);
	}
}

static void check_card_keys(struct check *check)
{
	g_autoptr(GError) error = NULL;
	struct card_key *keys = NULL;
	gsize n = 0;
	if (!card_keys_load(check->ctl->config, &keys, &n, &error))
		fault(check, error);
	for (gsize i = 0; i < n; i++)
		g_print("card key: %s\n", keys[i].name);
	card_keys_free(keys, n);
}

static void check_data(struct check *check)
{
	g_autoptr(GError) error = NULL;
	struct snapshot_info info;
	check_card_keys(check);
	if (!ctl_open_keys(check->ctl, &error)) {
		fault(check, error);
		return;
	}
	if (!snapshot_info(check->ctl->config->snapshot, check->ctl->keys, &info, &error)) {
		fault(check, error);
		return;
	}
	g_autofree char *when = ctl_time(info.as_of);
	g_print("directory: %" G_GUINT64_FORMAT " accounts as of %s\n", info.persons, when);
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	struct check check = {ctl, 0};
	if (!ctl_parse(ctl, &verb_config_check, NULL, 0, 0, &argc, &argv))
		return CTL_USAGE;
	gboolean owner = ctl_load(ctl, &error);
	if (!ctl->config)
		return ctl_fail(error);
	print_config(ctl);
	check_incidents(&check);
	if (owner)
		check_data(&check);
	else
		fault(&check, error);
	return check.faults > 0 ? CTL_FAILED : CTL_OK;
}

const struct verb verb_config_check = {
	"config check", "", "Say what is in force, or what is wrong with file, line and key", run};
