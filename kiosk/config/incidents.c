/* SPDX-License-Identifier: MIT */
#include "kiosk/config/incidents.h"

#include <gio/gio.h>
#include <string.h>

#include "kiosk/config/config.h"
#include "kiosk/config/incident_file.h"

#define SETTLE_MS 100 /* an editor writes in several steps; one reading is enough */
#define SUFFIX    ".incident"

struct incidents {
	char *dir;
	incidents_changed changed;
	gpointer data;
	GFileMonitor *monitor;
	guint settle; /* source id, 0: none */
	struct incident *all;
	gsize n;
	char *fault;
};

/* The first fault found is the one that is told. */
static void blame(struct incidents *is, const char *fault)
{
	if (!is->fault)
		is->fault = g_strdup(fault);
}

static gboolean known_id(const struct incidents *is, const char *id)
{
	for (gsize i = 0; i < is->n; i++)
		if (strcmp(is->all[i].id, id) == 0)
			return TRUE;
	return FALSE;
}

static void add_file(struct incidents *is, const char *name)
{
	g_autofree char *path = g_build_filename(is->dir, name, NULL);
	g_autoptr(GError) error = NULL;
	struct incident *to = &is->all[is->n];
	g_autofree char *fault = NULL;

	if (is->n == INCIDENT_MAX)
		fault = g_strdup_printf("%s: expected at most %d files", path, INCIDENT_MAX);
	else if (!incident_load(path, to, &error))
		fault = g_strdup(error->message);
	else if (known_id(is, to->id))
		fault = g_strdup_printf(
			"%s: [incident] id: expected one no other file has, got '%s'", path,
			to->id);
	else
		is->n++;
	if (fault)
		blame(is, fault);
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of the files in order, so that every desk makes the same of one folder. */
static GPtrArray *list(const char *dir)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GDir *folder = g_dir_open(dir, 0, NULL);
	const char *name;

	while (folder && (name = g_dir_read_name(folder)) != NULL)
		if (*name != '.' && g_str_has_suffix(name, SUFFIX))
			g_ptr_array_add(names, g_strdup(name));
	if (folder)
		g_dir_close(folder);
	g_ptr_array_sort(names, by_name);
	return names;
}

static void read_all(struct incidents *is)
{
	g_autoptr(GPtrArray) names = list(is->dir);

	g_clear_pointer(&is->fault, g_free);
	memset(is->all, 0, INCIDENT_MAX * sizeof *is->all);
	is->n = 0;
	for (guint i = 0; i < names->len; i++)
		add_file(is, names->pdata[i]);
}

static gboolean on_settled(gpointer data)
{
	struct incidents *is = data;
	is->settle = 0;
	read_all(is);
	if (is->changed)
		is->changed(is->data);
	return G_SOURCE_REMOVE;
}

static void on_changed(
	GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer data)
{
	struct incidents *is = data;
	if (is->settle == 0)
		is->settle = g_timeout_add(SETTLE_MS, on_settled, is);
}

struct incidents *incidents_watch(const char *dir, incidents_changed changed, gpointer data)
{
	struct incidents *is = g_new0(struct incidents, 1);
	g_autoptr(GFile) folder = g_file_new_for_path(dir);
	g_autoptr(GError) error = NULL;

	is->dir = g_strdup(dir);
	is->changed = changed;
	is->data = data;
	is->all = g_new0(struct incident, INCIDENT_MAX + 1);
	read_all(is);
	is->monitor = g_file_monitor_directory(folder, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
	if (is->monitor)
		g_signal_connect(is->monitor, "changed", G_CALLBACK(on_changed), is);
	else
		blame(is, error->message);
	return is;
}

static gboolean begins_later(const struct incident *a, const struct incident *b)
{
	if (a->from.date != b->from.date)
		return a->from.date > b->from.date;
	return a->from.minute > b->from.minute;
}

const struct incident *incidents_at(const struct incidents *incidents, struct civil now)
{
	const struct incident *best = NULL;

	for (gsize i = 0; i < incidents->n; i++) {
		const struct incident *incident = &incidents->all[i];
		if (incident_in_force(incident, now) && (!best || begins_later(incident, best)))
			best = incident;
	}
	return best;
}

const char *incidents_fault(const struct incidents *incidents)
{
	return incidents->fault;
}

gboolean incident_load(const char *path, struct incident *ret, GError **error)
{
	AUTO(keyfile) kf = keyfile_read(path, error);
	return kf && incident_parse(kf, ret, error);
}

struct incidents *incidents_free(struct incidents *incidents)
{
	if (!incidents)
		return NULL;
	if (incidents->settle)
		g_source_remove(incidents->settle);
	if (incidents->monitor) {
		g_signal_handlers_disconnect_by_data(incidents->monitor, incidents);
		g_object_unref(incidents->monitor);
	}
	g_free(incidents->dir);
	g_free(incidents->all);
	g_free(incidents->fault);
	g_free(incidents);
	return NULL;
}
