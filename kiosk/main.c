/* SPDX-License-Identifier: MIT
 *
 * main.c - madoguchid: put the parts of the counter service together and run them.
 */
#include <glib-unix.h>
#include <locale.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include "kiosk/counter.h"
#include "kiosk/directory/build.h"
#include "kiosk/door/door.h"
#include "kiosk/intake/handoff.h"
#include "kiosk/record/card_keys.h"
#include "kiosk/visit/problem.h"
#include "kiosk/zero_free.h"

#define EXIT_USAGE    2
#define EXIT_INSTANCE 3 /* another service has the data folder */

/* Everything the service owns, in the order it was made. */
struct service {
	struct config *config;
	struct keyring *keys;
	struct card_key *card_keys;
	gsize n_card_keys;
	struct store *store;
	struct directory *directory;
	struct intake *intake;
	struct counter *counter;
	struct door *door;
	enum problem broken;
	char *detail;
	GMainLoop *loop;
	guint watchdog;
};

static void note_broken(struct service *s, enum problem problem, const GError *error)
{
	g_warning("%s: %s", problem_row(problem)->id, error->message);
	if (s->broken != PROBLEM_NONE)
		return;
	s->broken = problem;
	s->detail = g_strdup(error->message);
}

/* A broken configuration closes the counter but not the door: the screens must be able
 * to say what is wrong. */
static gboolean load_config(struct service *s, const char *path, const char *data)
{
	g_autoptr(GError) error = NULL;
	s->config = config_load(path, data, &error);
	if (s->config)
		return TRUE;
	note_broken(s, PROBLEM_BAD_CONFIG, error);
	g_clear_error(&error);
	s->config = config_load(NULL, data, &error);
	if (!s->config)
		g_critical("the embedded defaults are broken: %s", error->message);
	return s->config != NULL;
}

/* FALSE: another instance runs, and this one has no business here. */
static gboolean open_record(struct service *s)
{
	g_autoptr(GError) error = NULL;
	if (s->broken != PROBLEM_NONE)
		return TRUE;
	s->keys = keyring_open(s->config->key_file, &error);
	if (!s->keys || !card_keys_load(s->config, &s->card_keys, &s->n_card_keys, &error)) {
		note_broken(s, PROBLEM_NO_KEY, error);
		return TRUE;
	}
	s->store = store_open(s->config->data_dir, s->keys, &error);
	if (!s->store) {
		enum problem problem = counter_problem_of(error);
		note_broken(s, problem, error);
		return problem != PROBLEM_SECOND_INSTANCE;
	}
	s->directory = directory_build(s->config, s->keys, &error);
	if (!s->directory)
		note_broken(s, PROBLEM_BAD_CONFIG, error);
	s->intake = handoff_new(s->store);
	return TRUE;
}

static gboolean open_door(struct service *s)
{
	g_autoptr(GError) error = NULL;
	const struct door_options options = {
		.socket = s->config->socket,
		.uids = s->config->uids,
		.n_uids = s->config->n_uids,
		.admin_gid = s->config->admin_gid,
		.locked = s->store != NULL,
		.counter = s->counter,
		.store = s->store,
	};
	s->door = door_open(&options, &error);
	if (!s->door)
		g_critical("the door does not open: %s", error->message);
	return s->door != NULL;
}

static gboolean on_signal(gpointer data)
{
	g_main_loop_quit(data);
	return G_SOURCE_CONTINUE;
}

static gboolean on_watchdog(gpointer data)
{
	sd_notify(0, "WATCHDOG=1");
	return G_SOURCE_CONTINUE;
}

static void tell_supervisor(struct service *s)
{
	uint64_t watchdog_us = 0;
	sd_notify(0, "READY=1");
	if (sd_watchdog_enabled(0, &watchdog_us) > 0)
		s->watchdog = g_timeout_add((guint)(watchdog_us / 3000), on_watchdog, NULL);
}

static void run(struct service *s)
{
	guint term, intr;
	s->loop = g_main_loop_new(NULL, FALSE);
	term = g_unix_signal_add(SIGTERM, on_signal, s->loop);
	intr = g_unix_signal_add(SIGINT, on_signal, s->loop);
	counter_start(s->counter);
	tell_supervisor(s);
	g_main_loop_run(s->loop);
	sd_notify(0, "STOPPING=1");
	g_source_remove(term);
	g_source_remove(intr);
	g_clear_handle_id(&s->watchdog, g_source_remove);
	g_main_loop_unref(s->loop);
}

static int serve(struct service *s)
{
	if (!open_record(s))
		return EXIT_INSTANCE;
	const struct counter_parts parts = {
		.config = s->config,
		.store = s->store,
		.directory = s->directory,
		.intake = s->intake,
		.card_keys = s->card_keys,
		.n_card_keys = s->n_card_keys,
		.broken = s->broken,
		.broken_detail = s->detail,
	};
	s->counter = counter_new(&parts);
	if (!open_door(s))
		return EXIT_FAILURE;
	run(s);
	return EXIT_SUCCESS;
}

static void service_clear(struct service *s)
{
	door_close(s->door);
	counter_free(s->counter);
	intake_free(s->intake);
	directory_free(s->directory);
	store_free(s->store);
	card_keys_free(s->card_keys, s->n_card_keys);
	keyring_free(s->keys);
	config_free(s->config);
	g_free(s->detail);
}

int main(int argc, char **argv)
{
	g_autofree char *config = NULL, *data = NULL;
	gboolean version = FALSE;
	const GOptionEntry entries[] = {
		{"config", 'c', 0, G_OPTION_ARG_FILENAME, &config, "Configuration file", "FILE"},
		{"data", 'd', 0, G_OPTION_ARG_FILENAME, &data, "Data folder", "DIR"},
		{"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL},
		{0},
	};
	g_autoptr(GOptionContext) options = g_option_context_new("- counter service");
	g_autoptr(GError) error = NULL;
	struct service service = {0};
	int status = EXIT_FAILURE;

	zero_free_begin(argv);
	/* No setting of the machine for other LDAP programs is ours; before any thread. */
	g_setenv("LDAPNOINIT", "1", TRUE);
	setlocale(LC_ALL, "");
	umask(027);
	g_option_context_add_main_entries(options, entries, NULL);
	if (!g_option_context_parse(options, &argc, &argv, &error) || argc > 1) {
		g_printerr("madoguchid: %s\n", error ? error->message : "no arguments expected");
		return EXIT_USAGE;
	}
	if (version) {
		g_print("madoguchid %s\n", MADOGUCHI_VERSION);
		return EXIT_SUCCESS;
	}
	if (load_config(&service, config, data))
		status = serve(&service);
	service_clear(&service);
	return status;
}
